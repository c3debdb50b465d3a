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

// A strip of tabs fades on the side where more of them wait.
function hintAtMore(strip) {
  strip.classList.toggle("more-l", strip.scrollLeft > 1);
  strip.classList.toggle("more-r", strip.scrollLeft + strip.clientWidth < strip.scrollWidth - 1);
}
const hintAtAll = () => document.querySelectorAll(".tabs, .vtabs").forEach(hintAtMore);
hintAtAll();
addEventListener("resize", hintAtAll);
document.addEventListener("htmx:afterSettle", hintAtAll);
document.addEventListener("scroll", (event) => event.target.matches?.(".tabs, .vtabs") && hintAtMore(event.target), true);

// Text that its place cuts short is told whole to whoever points at it.
document.addEventListener("mouseover", (event) => {
  const cut = event.target.closest?.("span, a, b, td, li, p, h1, h2, h3, div");
  if (!cut || cut.closest("[title]") || cut.scrollWidth <= cut.clientWidth + 1) return;
  if (getComputedStyle(cut).textOverflow === "ellipsis") cut.title = cut.textContent.trim().replace(/\s+/g, " ");
});
