// Folding the navigation (the cookie lets the server draw it folded at once), printing, and tabs that are in sight.

const app = document.getElementById("app");
const fold = document.getElementById("fold");

fold?.addEventListener("click", () => {
  const slim = app.classList.toggle("slim");
  fold.setAttribute("aria-expanded", String(!slim));
  for (const item of app.querySelectorAll(".nav-a")) item.title = slim ? item.textContent.trim() : "";
  document.cookie = `jike_side=${slim ? "slim" : "wide"}; path=/; max-age=31536000; samesite=lax`;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});

// Of tabs that need more room than there is, the one that is open is in sight.
function intoSight() {
  const strip = document.querySelector("main .tabs"), here = strip?.querySelector("[aria-current]");
  if (here) strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
}
intoSight();
document.addEventListener("htmx:afterSettle", intoSight);
