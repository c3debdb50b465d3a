// Clocks go on while the page stands open: [data-left] holds the seconds that were left when the server wrote it.
// What passed since is counted by the browser's steady clock, so that a wrong time of day does no harm.

const words = document.getElementById("clock-words")?.dataset;
const ends = new WeakMap();
const EVERY = 5000, MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

const filled = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

function span(seconds) {
  const days = Math.floor(seconds / DAY), hours = Math.floor((seconds % DAY) / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  if (days) return filled(words.days, { days, hours });
  if (hours) return filled(words.hours, { hours, minutes });
  return filled(minutes === 1 ? words.one : words.many, { number: minutes });
}

function tick() {
  const now = performance.now() / 1000;
  for (const clock of document.querySelectorAll("[data-left]")) {
    if (!ends.has(clock)) ends.set(clock, now + Number(clock.dataset.left));
    const left = Math.floor(ends.get(clock) - now);
    const text = filled(left < 0 ? words.over : words.left, { span: span(Math.abs(left)) });
    if (clock.textContent !== text) clock.textContent = text;
    const face = clock.closest(".clk")?.classList;
    face?.toggle("clk-bad", left < 0);
    face?.toggle("clk-warn", left >= 0 && left < Number(words.soon));
  }
}

if (words) {
  setInterval(tick, EVERY);
  document.addEventListener("visibilitychange", tick);
  document.addEventListener("htmx:load", tick);
  tick();
}
