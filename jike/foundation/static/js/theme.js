// Chooses light or dark before the first paint when the person leaves it to the system. Loaded without defer, so that nothing flashes.
(() => {
  const root = document.documentElement;
  if (root.dataset.theme !== "auto") return;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    root.dataset.bsTheme = dark.matches ? "dark" : "light";
    root.dispatchEvent(new CustomEvent("jike:theme", { bubbles: true }));
  };
  apply();
  dark.addEventListener("change", apply);
})();
