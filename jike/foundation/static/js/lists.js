// Tables whose rows open something: j and k move, Enter opens, a click anywhere in the row follows its first link.
// The drawer says which row of the page it shows, and goes to the one before and after.

const rows = () => [...document.querySelectorAll("main .dt[data-rows] tbody tr")];
const link = (row) => row?.querySelector("a[href]");

document.addEventListener("click", (event) => {
  const row = event.target.closest(".dt[data-rows] tbody tr");
  if (!row || event.target.closest("a, button, input, label, select, summary") || getSelection().toString()) return;
  link(row)?.click();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.contains(document.activeElement));
  link(all[Math.min(Math.max(at + step, 0), all.length - 1)])?.focus();
  event.preventDefault();
});

// Table rows and cards alike lead to the drawer.
const openers = () => [...document.querySelectorAll('main a[hx-target="#aside"]')];

document.addEventListener("htmx:afterSwap", (event) => {
  const drawer = event.target.id === "aside" && event.target.querySelector(".drawer[data-uid]");
  if (!drawer) return;
  const all = openers(), at = all.findIndex((one) => one.getAttribute("href").includes(drawer.dataset.uid));
  for (const shown of document.querySelectorAll("main .shown")) shown.classList.remove("shown");
  if (at < 0) return;
  all[at].closest("tr, .kc")?.classList.add("shown");
  drawer.querySelector("[data-position]").textContent = `${at + 1} / ${all.length}`;
  for (const button of drawer.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.disabled = !all[at + Number(button.dataset.step)];
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest(".drawer [data-step]");
  if (!button) return;
  const uid = button.closest(".drawer").dataset.uid, all = openers();
  const at = all.findIndex((one) => one.getAttribute("href").includes(uid));
  all[at + Number(button.dataset.step)]?.click();
});
