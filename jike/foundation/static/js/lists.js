// Tables whose rows open something: j and k move, Enter opens, a click anywhere in the row follows its first link.

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
