// Bars from the JSON beside them ({labels, values, subject}): the library comes only when a chart is on the page, is drawn anew
// when the theme changes, and every chart has its table twin ([data-twin]).

const library = document.querySelector("script[data-library]").dataset.library;
let loading = null;

function load() {
  loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = library;
    script.onload = () => done(window.echarts);
    script.onerror = failed;
    document.head.append(script);
  });
  return loading;
}

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function options({ labels, values, subject }) {
  const from = values.length - subject;
  const highest = values.indexOf(Math.max(...values));
  const font = { color: token("--ink-3"), fontSize: 12, fontFamily: token("--font") };
  return {
    animation: false,
    grid: { left: 4, right: 4, top: 22, bottom: 22 },
    xAxis: { type: "category", data: labels, axisTick: { show: false }, axisLine: { lineStyle: { color: token("--line-2") } }, axisLabel: { ...font, interval: (at) => at === 0 || at === from || at === values.length - 1 } },
    yAxis: { type: "value", min: 0, show: false },
    tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: token("--surface"), borderColor: token("--line-2"), textStyle: { color: token("--ink"), fontSize: 12 }, axisPointer: { type: "none" } },
    series: [{
      type: "bar", barCategoryGap: "28%",
      data: values.map((value, at) => ({ value, itemStyle: { color: token(at < from ? "--d6" : "--d1") }, label: { show: at === highest || at === values.length - 1, position: "top", ...font } })),
    }],
  };
}

async function draw(place) {
  const echarts = await load();
  echarts.getInstanceByDom(place)?.dispose();
  echarts.init(place, null, { renderer: "svg" }).setOption(options(JSON.parse(document.getElementById(place.dataset.chart).textContent)));
}

const all = (where) => where.querySelectorAll?.("[data-chart]").forEach(draw);
all(document);
document.addEventListener("htmx:afterSettle", (event) => all(event.target));
document.addEventListener("jike:theme", () => all(document));
addEventListener("resize", () => document.querySelectorAll("[data-chart]").forEach((place) => window.echarts?.getInstanceByDom(place)?.resize()));

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-twin]");
  if (!button) return;
  const shown = document.getElementById(button.dataset.twin).classList.toggle("on");
  button.setAttribute("aria-pressed", String(shown));
  button.closest("section").querySelector("[data-chart]").hidden = shown;
});
