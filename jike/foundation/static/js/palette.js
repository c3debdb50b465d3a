// Ctrl-K. Places and actions are in the page and are filtered here; records come from the search address as options in groups.

const palette = document.getElementById("palette");
const input = palette.querySelector("input[role=combobox]");
const found = palette.querySelector("[data-found]");
const none = palette.querySelector("[data-none]");
const own = [...palette.querySelectorAll("[data-own]")];
const WAIT = 120;
let timer = 0;
let asked = null;

const options = () => [...palette.querySelectorAll("[role=option]")].filter((one) => !one.closest("[hidden]"));
const chosen = () => palette.querySelector("[role=option][aria-selected=true]");

function choose(option) {
  chosen()?.removeAttribute("aria-selected");
  input.removeAttribute("aria-activedescendant");
  if (!option) return;
  option.id ||= `option-${Math.random().toString(36).slice(2)}`;
  option.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function filterOwn(text, actsOnly) {
  for (const group of own) {
    let any = false;
    for (const option of group.querySelectorAll("[role=option]")) {
      const fits = !text || option.dataset.words.toLowerCase().includes(text);
      option.hidden = !fits;
      any ||= fits;
    }
    group.hidden = !any || (actsOnly && !group.hasAttribute("data-acts"));
  }
}

async function ask(text) {
  asked?.abort();
  if (!palette.dataset.search) return found.replaceChildren();
  asked = new AbortController();
  try {
    const address = `${palette.dataset.search}?${new URLSearchParams({ q: text })}`;
    const answer = await fetch(address, { signal: asked.signal, headers: { "HX-Request": "true" } });
    if (answer.ok) found.innerHTML = await answer.text();
  } catch (error) {
    if (error.name !== "AbortError") throw error;
    return undefined;
  }
  return settle();
}

function settle() {
  none.hidden = options().length > 0;
  choose(options()[0]);
}

function typed() {
  const actsOnly = input.value.startsWith(">");
  const text = input.value.replace(/^>/, "").trim().toLowerCase();
  filterOwn(text, actsOnly);
  clearTimeout(timer);
  if (actsOnly) found.replaceChildren();
  else timer = setTimeout(() => ask(text), WAIT);
  settle();
}

function inDrawer(option) {
  palette.close();
  htmx.ajax("GET", option.dataset.drawer, "#aside");
}

function open() {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  input.value = "";
  found.replaceChildren();
  typed();
  palette.showModal();
}

input.addEventListener("input", typed);
input.addEventListener("keydown", (event) => {
  const all = options();
  const at = all.indexOf(chosen());
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && all.length) choose(all[(at + step + all.length) % all.length]);
  else if (event.key === "Enter" && event.ctrlKey && chosen()?.dataset.drawer) inDrawer(chosen());
  else if (event.key === "Enter" && !event.isComposing) chosen()?.click();
  else return;
  event.preventDefault();
});
palette.addEventListener("click", (event) => {
  if (event.target.closest("[role=option]")) palette.close();
});
palette.addEventListener("pointermove", (event) => {
  const option = event.target.closest("[role=option]");
  if (option && option !== chosen()) choose(option);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette]")) open();
});
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (palette.open) palette.close();
  else open();
});
// A page without the frame (a 404) sends people here to search.
if (location.hash === "#search") {
  history.replaceState(null, "", location.pathname + location.search);
  open();
}
