// Menus (<details data-menu>), dialogs ([data-dialog="id"] opens, [data-close] closes) and the drawer.

const openMenus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;

  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    for (const menu of openMenus()) menu.open = false;
    document.getElementById(opener.dataset.dialog)?.showModal();
  }
  if (event.target.closest(".pop :is([hx-target='#dialog'], [hx-target='#bulk'])")) for (const menu of openMenus()) menu.open = false;
  if (event.target.closest("[data-close]")) close(event.target);
  if (event.target instanceof HTMLDialogElement && !event.target.hasAttribute("data-modal")) event.target.close();
});

// What is to be typed into an opened menu can be typed at once; a filter's fields come by htmx.
document.addEventListener("toggle", (event) => {
  if (event.target.open && event.target.matches("[data-menu]")) event.target.querySelector("[data-first]")?.focus();
}, true);
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "filter" && !event.target.contains(document.activeElement)) event.target.querySelector("select")?.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = [...openMenus()].pop();
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
  } else if (!document.querySelector("dialog[open]")) {
    document.querySelector(".drawer [data-close]")?.click();
  }
});

// A drawer arrives by htmx in #aside; focus goes in, and back to what opened it when it closes.
let before = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id === "aside" && !document.querySelector(".drawer")) before = document.activeElement;
});
document.addEventListener("htmx:afterSwap", (event) => {
  for (const dialog of event.target.querySelectorAll("dialog[data-open]:not([open])")) {
    dialog.showModal();
    if (matchMedia("(min-width: 768px)").matches) begin(dialog.querySelector(".dlg-b"));
  }
  if (event.target.id === "aside") event.target.querySelector(".drawer")?.focus();
});

// A fact that begins to be edited, and a dialog where the keyboard is no screen of its own, take what is typed at once.
function begin(place) {
  const first = place?.querySelector("input:not([type=hidden]), select, textarea");
  if (first?.matches("input:not([type=checkbox], [type=radio], [type=file], [data-day]), textarea")) first.focus();
}
document.addEventListener("htmx:load", (event) => {
  if (event.target.matches?.("form.fact.on")) begin(event.target);
});

function close(element) {
  const dialog = element.closest("dialog");
  if (dialog) return dialog.close();
  const drawer = element.closest(".drawer");
  if (!drawer) return undefined;
  drawer.remove();
  before?.focus();
  before = null;
  return undefined;
}
