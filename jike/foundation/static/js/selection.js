// Rows chosen in a list: the bar that floats above the foot, "all on this page", "every match", and dialogs that arrive.
// A phone shows no boxes until a row is pressed long or "Select" is tapped; from then on a tap chooses.

const bar = () => document.getElementById("bulk-bar");
const list = () => document.getElementById("list");
const boxes = () => [...document.querySelectorAll('input[name="row"][form="bulk-bar"]')];
const choosing = () => Boolean(list()?.classList.contains("choosing"));

function update() {
  const form = bar();
  if (!form) return;
  const all = boxes();
  const chosen = all.filter((box) => box.checked);
  const every = form.elements.every;
  if (chosen.length < all.length) every.value = "";
  form.hidden = !chosen.length && !choosing();
  form.querySelector("[data-number]").textContent = every.value ? form.dataset.every : form.dataset.some.replace("0", chosen.length);
  form.querySelector("button[data-every]").hidden = Boolean(every.value) || chosen.length < all.length;
  form.querySelector("[data-page]").hidden = chosen.length === all.length;
  for (const act of form.querySelectorAll("[hx-post]")) act.disabled = !chosen.length;
  for (const box of all) box.closest("tr").setAttribute("aria-selected", String(box.checked));
  const head = document.querySelector("[data-all]");
  if (head) {
    head.checked = all.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
}

function choose(some, on) {
  for (const box of some) box.checked = on;
  update();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) choose(boxes(), event.target.checked);
  else if (event.target.matches('input[name="row"]')) update();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-choose]")) {
    list().classList.add("choosing");
    event.target.closest("details")?.removeAttribute("open");
    update();
  }
  if (event.target.closest("[data-page]")) choose(boxes(), true);
  if (event.target.closest("button[data-every]")) {
    bar().elements.every.value = "1";
    update();
  }
  if (event.target.closest("[data-none]")) {
    bar().elements.every.value = "";
    list().classList.remove("choosing");
    choose(boxes(), false);
  }
});

// Shift-click chooses everything between this row and the one chosen before.
let before = null;
document.addEventListener("click", (event) => {
  if (!event.target.matches('input[name="row"]')) return;
  const all = boxes();
  if (event.shiftKey && before?.isConnected) {
    const [from, to] = [all.indexOf(before), all.indexOf(event.target)].sort((a, b) => a - b);
    choose(all.slice(from, to + 1), event.target.checked);
  }
  before = event.target;
});

// A finger that rests on a row begins the choosing; the tap that its lifting makes is not another one.
const REST_MS = 500;
let resting = 0, begun = false;
const rowOf = (event) => event.target.closest?.("#list tr[data-uid]");
const lift = () => clearTimeout(resting);

document.addEventListener("pointerdown", (event) => {
  const row = rowOf(event);
  begun = false;
  lift();
  if (event.pointerType !== "touch" || !row || choosing()) return;
  resting = setTimeout(() => {
    begun = true;
    list().classList.add("choosing");
    choose([row.querySelector('input[name="row"]')], true);
  }, REST_MS);
});
for (const end of ["pointerup", "pointercancel", "scroll"]) document.addEventListener(end, lift, true);

document.addEventListener("contextmenu", (event) => {
  if (begun && rowOf(event)) event.preventDefault();
});

// Caught on its way down, before the row's link follows it.
document.addEventListener("click", (event) => {
  const row = rowOf(event);
  if (!row || !choosing() || event.target.matches("input")) return;
  event.preventDefault();
  event.stopPropagation();
  const box = row.querySelector('input[name="row"]');
  if (!begun) choose([box], !box.checked);
  begun = false;
}, true);

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "list") return;
  event.target.classList.remove("choosing");
  update();
});
