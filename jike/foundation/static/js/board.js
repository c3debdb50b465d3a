// Kanban: cards are dragged between columns; the server decides, and the list shows itself anew with what it decided.

const lists = (place) => (place.matches?.(".kb-l") ? [place] : [...(place.querySelectorAll?.("[data-movable] .kb-l") ?? [])]);
const anew = () => document.body.dispatchEvent(new CustomEvent("list-changed"));

function dropped({ item, from, to }) {
  if (from === to) return;
  const values = { state: to.dataset.state, version: item.dataset.version };
  htmx.ajax("POST", item.dataset.move, { target: "#dialog", swap: "innerHTML", values }).catch(anew);
}

function begin(list) {
  if (list.dataset.begun) return;
  list.dataset.begun = "yes";
  Sortable.create(list, {
    group: "cards", sort: false, draggable: ".kb-k", animation: 120, delay: 150, delayOnTouchOnly: true, filter: "button", preventOnFilter: false, onEnd: dropped,
  });
}

const all = (place) => lists(place).forEach(begin);
addEventListener("DOMContentLoaded", () => all(document));
if (document.readyState !== "loading" && window.Sortable) all(document);
document.addEventListener("htmx:afterSettle", (event) => all(event.target));

// A question left unanswered moves nothing: the card goes back.
document.addEventListener("close", (event) => {
  if (event.target.matches?.("dialog[data-moving]")) anew();
}, true);
// What was moved, or refused, leaves no dialog behind.
document.body.addEventListener("list-changed", () => {
  for (const dialog of document.querySelectorAll("#dialog dialog")) dialog.remove();
});
