// Keys that work everywhere: ? lists them, g then a letter goes, / finds in the list. The letters stand in the navigation (data-go).

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
  } else {
    return;
  }
  event.preventDefault();
});
