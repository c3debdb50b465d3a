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

// What was typed survives a session that ended, or a network that was lost, between typing and saving: it waits in this
// tab until the form is there again, and goes once something else is.
const TYPED = "typed:";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.hasAttribute("data-guard") || form.hasAttribute("hx-post")) return;
  const typed = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !["csrfmiddlewaretoken", "version", "base"].includes(name));
  try {
    sessionStorage.setItem(TYPED + location.pathname, JSON.stringify(typed));
  } catch {
    // A full or forbidden store: the server's own draft remains.
  }
});

for (const key of Object.keys(sessionStorage).filter((one) => one.startsWith(TYPED))) {
  // Signing in, or an error told without the frame: the form will come.
  if (location.pathname.startsWith("/account/") || document.querySelector(".gate")) break;
  const form = key === TYPED + location.pathname && document.querySelector("form[data-guard]:not([hx-post])");
  // A page that answers the form itself, refusing it, already holds what was typed, beside what others saved meanwhile.
  const refusing = document.body.hasAttribute("data-answering");
  if (form && !refusing) bringBack(form, JSON.parse(sessionStorage.getItem(key)));
  sessionStorage.removeItem(key);
}

function bringBack(form, typed) {
  const places = new Map();
  for (const [name, value] of typed) {
    const all = [...form.elements].filter((one) => one.name === name), place = places.get(name) ?? 0;
    places.set(name, place + 1);
    const field = all[0]?.type === "radio" ? all.find((one) => one.value === value) : all[place];
    if (field?.type === "radio") {
      field.checked = true;
      continue;
    }
    if (!field || field.value === value) continue;
    if (field.matches("select[data-choices]") && ![...field.options].some((one) => one.value === value)) continue;
    if (field.type === "checkbox") field.checked = true;
    else field.value = value;
    changed.add(form);
  }
}

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

// What was chosen stands beside the chooser, which is the page's own. Where a file is dropped, drop.js says so.
document.addEventListener("change", ({ target }) => {
  const said = target.matches(".pickf input[type=file]") && target.parentElement.querySelector("[data-chosen]");
  if (!said) return;
  said.dataset.none ??= said.textContent;
  said.textContent = [...target.files].map((file) => file.name).join(" · ") || said.dataset.none;
});
