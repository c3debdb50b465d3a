// Short messages. The server sends HX-Trigger: {"toast": {"text": "…", "undo": "/address"}}; undo posts there.
// A toast may lead somewhere instead: "link": {"text": "…", "url": "/address"}.

const place = document.getElementById("toasts");
const STAY = 6000;

function vanish(toast) {
  let timer = setTimeout(() => toast.remove(), STAY);
  const hold = () => clearTimeout(timer);
  const release = () => { timer = setTimeout(() => toast.remove(), STAY); };
  toast.addEventListener("mouseenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("mouseleave", release);
  toast.addEventListener("focusout", release);
}

function show({ text, undo, bad, link }) {
  const toast = document.createElement("div");
  toast.className = bad ? "toast-j bad" : "toast-j";
  toast.append(text);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "undo";
    button.textContent = place.dataset.undo;
    button.addEventListener("click", () => {
      toast.remove();
      htmx.ajax("POST", undo, { target: "#notice", swap: "innerHTML" });
    });
    toast.append(button);
  }
  if (link) {
    const anchor = document.createElement("a");
    anchor.className = "undo";
    anchor.href = link.url;
    anchor.textContent = link.text;
    toast.append(anchor);
  }
  place.append(toast);
  vanish(toast);
}

for (const toast of place.children) vanish(toast);
document.addEventListener("toast", (event) => show(event.detail));

// A request that never arrived: nothing was stored, and what was typed is still there.
document.addEventListener("htmx:sendError", () => show({ text: place.dataset.offline, bad: true }));

// A button that only says something.
document.addEventListener("click", (event) => {
  const speaker = event.target.closest("[data-toast]");
  if (speaker) show({ text: speaker.dataset.toast });
});
