// Keys that work everywhere: ? lists them, g then a letter goes, c creates, e edits, / finds in the list. The letters stand in
// the navigation (data-go).

const typing = (element) => element.closest("input, textarea, select, [contenteditable], dialog");
const PATIENCE = 3000;
let going = 0;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "?") {
    document.getElementById("keys")?.showModal();
  } else if (event.key === "/") {
    const find = document.querySelector("main [data-find]");
    if (!find) return;
    find.focus();
    find.select();
  } else if (event.key === "g") {
    going = event.timeStamp;
  } else if (going && event.timeStamp - going < PATIENCE) {
    going = 0;
    document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)?.click();
  } else if (event.key === "c") {
    create();
  } else if (event.key === "e") {
    // The record in the drawer lies above the page's own.
    [".drawer", "main"].map((place) => document.querySelector(`${place} [data-edit]`)).find(Boolean)?.click();
  } else {
    return;
  }
  event.preventDefault();
});

// A list makes one more of its own; elsewhere the menu of what one may create opens, its first line ready for Enter.
function create() {
  const own = document.querySelector("main [data-new]");
  if (own) return own.click();
  const menu = document.querySelector("[data-create]");
  if (!menu) return undefined;
  menu.parentElement.open = true;
  return menu.parentElement.querySelector("a")?.focus();
}
