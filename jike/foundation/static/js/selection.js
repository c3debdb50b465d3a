// Rows chosen in a list: the bar that floats above the foot, "all on this page", "every match", and dialogs that arrive.

const bar = () => document.getElementById("bulk-bar");
const boxes = () => [...document.querySelectorAll('input[name="row"][form="bulk-bar"]')];

function update() {
  const form = bar();
  if (!form) return;
  const all = boxes();
  const chosen = all.filter((box) => box.checked);
  const every = form.elements.every;
  if (chosen.length < all.length) every.value = "";
  form.hidden = !chosen.length;
  form.querySelector("[data-number]").textContent = every.value ? form.dataset.every : form.dataset.some.replace("0", chosen.length);
  form.querySelector("[data-every]").hidden = Boolean(every.value) || chosen.length < all.length;
  for (const box of all) box.closest("tr").setAttribute("aria-selected", String(box.checked));
  const head = document.querySelector("[data-all]");
  if (head) {
    head.checked = all.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) for (const box of boxes()) box.checked = event.target.checked;
  if (event.target.matches('[data-all], input[name="row"]')) update();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-every]")) {
    bar().elements.every.value = "1";
    update();
  }
  if (event.target.closest("[data-none]")) {
    bar().elements.every.value = "";
    for (const box of boxes()) box.checked = false;
    update();
  }
});

// Shift-click chooses everything between this row and the one chosen before.
let before = null;
document.addEventListener("click", (event) => {
  if (!event.target.matches('input[name="row"]')) return;
  const all = boxes();
  if (event.shiftKey && before?.isConnected) {
    const [from, to] = [all.indexOf(before), all.indexOf(event.target)].sort((a, b) => a - b);
    for (const box of all.slice(from, to + 1)) box.checked = event.target.checked;
    update();
  }
  before = event.target;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "list") update();
});
