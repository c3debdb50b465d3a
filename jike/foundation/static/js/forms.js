// Forms: Ctrl-Enter saves, a second click does not send twice, unsaved typing asks before leaving, passwords can be shown.

const changed = new Set();

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest("form")?.requestSubmit();
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) changed.add(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent && !form.hasAttribute("data-again")) return event.preventDefault();
  const question = event.submitter?.dataset.ask ?? form.dataset.ask;
  if (question && !confirm(question)) return event.preventDefault();
  changed.delete(form);
  if (form.method === "post" && !form.hasAttribute("hx-post")) form.dataset.sent = "yes";
  return undefined;
});

addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const reveal = event.target.closest("[data-reveal]");
  if (!reveal) return;
  const input = document.getElementById(reveal.dataset.reveal);
  const hidden = input.type === "password";
  input.type = hidden ? "text" : "password";
  reveal.setAttribute("aria-pressed", String(hidden));
  for (const drawing of reveal.children) drawing.toggleAttribute("hidden");
});

// A choice that is its own form (filters above a list) is sent when it changes.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-send]")) event.target.form.requestSubmit();
});

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (!copy) return;
  await navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).innerText.trim());
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: copy.dataset.said } }));
});
