// Bars from the JSON beside them ({labels, values, subject}), or a board's chart ({shape, marks, series, links, …}): the library comes only when a chart is on the page, is drawn anew
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

// What htmx brings comes without its script elements, data among them: that is kept from the answer itself.
const brought = new Map();
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  for (const [, id, text] of (detail.serverResponse ?? "").matchAll(/<script id="([\w-]+)" type="application\/json">(.*?)<\/script>/gs)) brought.set(id, text);
});
const dataOf = (id) => JSON.parse(document.getElementById(id)?.textContent ?? brought.get(id));

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

const shown = (value) => (value === null || value === undefined ? "–" : value.toLocaleString("en"));

// A label wider than its bar stands above all the bars that it spans, and within the chart.
function above(chart, values) {
  return ({ dataIndex, labelRect }) => {
    const across = (at) => chart.convertToPixel({ xAxisIndex: 0 }, at), half = labelRect.width / 2 + 2;
    const x = Math.min(across(dataIndex), chart.getWidth() - half);
    const spanned = values.filter((_, at) => at === dataIndex || Math.abs(across(at) - x) < half + 12);
    return { x, y: Math.min(...spanned.map((value) => chart.convertToPixel({ yAxisIndex: 0 }, value ?? 0))) - 6, align: "center", verticalAlign: "bottom" };
  };
}

// A board's chart: bars by month, lying rows by name, or lines; labels stand at the marks, context is grey, the subject has the accent.
function figure({ shape, marks, series, stacked, target, accent }, chart) {
  const font = { color: token("--ink-3"), fontSize: 12, fontFamily: token("--font") };
  const rows = shape === "rows", lines = shape === "lines", many = series.length > 1;
  const chosen = accent ?? marks.length - 1;
  const totals = marks.map((_, at) => series.reduce((sum, one) => sum + (one.values[at] ?? 0), 0));
  const names = { type: "category", data: marks, inverse: rows, axisTick: { show: false }, axisLine: { show: !rows, lineStyle: { color: token("--line-2") } }, axisLabel: { ...font, ...(rows ? { width: Math.min(168, 0.4 * chart.getWidth()), overflow: "break" } : { hideOverlap: true }) } };
  const values = { type: "value", ...(lines ? { scale: true, minInterval: 5, min: ({ min }) => Math.floor(min / 5) * 5, max: ({ max }) => Math.max(100, Math.ceil(max / 5) * 5) } : {}), splitNumber: 4, splitLine: { show: !rows, lineStyle: { color: token("--line") } }, axisLabel: { ...font, show: !rows } };
  const aim = target === null ? {} : { markLine: { silent: true, symbol: "none", lineStyle: { type: "dashed", color: token("--ink-3") }, label: { ...font, formatter: String(target), position: rows ? "end" : "insideEndTop" }, data: [rows ? { xAxis: target } : { yAxis: target }] } };
  const last = (at) => at === marks.length - 1;
  return {
    animation: false,
    grid: { left: rows ? 4 : 8, right: rows ? 56 : 12, top: many ? 34 : 22, bottom: rows ? 4 : 4, containLabel: true },
    legend: many ? { top: 0, ...(lines ? { left: 4 } : { right: 4 }), itemWidth: 10, itemHeight: 10, textStyle: font, data: series.map((one) => one.name) } : undefined,
    xAxis: rows ? values : names,
    yAxis: rows ? names : values,
    tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: token("--surface"), borderColor: token("--line-2"), textStyle: { color: token("--ink"), fontSize: 12 }, axisPointer: { type: lines ? "line" : "none" }, valueFormatter: shown },
    series: series.map((one, order) => ({
      name: one.name, type: lines ? "line" : "bar", stack: stacked ? "all" : undefined, barMaxWidth: rows ? 16 : 22, barCategoryGap: "32%", cursor: "pointer",
      symbol: "circle", symbolSize: 6, connectNulls: true, lineStyle: { width: 2, color: token(`--${one.tone}`) }, itemStyle: { color: token(`--${one.tone}`), borderRadius: stacked ? 0 : 2 },
      ...(order === 0 ? aim : {}), ...(lines ? { labelLayout: { moveOverlap: "shiftY" } } : rows ? {} : { labelLayout: above(chart, one.values) }),
      data: one.values.map((value, at) => ({
        value,
        ...(many || lines ? {} : { itemStyle: { color: token(at === chosen ? "--d1" : "--d6") } }),
        label: {
          ...font, show: rows ? order === series.length - 1 : lines ? last(at) : !many && (last(at) || (value === Math.max(...one.values) && (marks.length < 9 || at < marks.length - 3))),
          position: rows ? "right" : "top", color: font.color, formatter: () => shown(rows && stacked ? totals[at] : value),
        },
      })),
    })),
  };
}

// A chosen mark opens the strip at the panel's foot, which leads to the list behind it.
function drill(place, { marks, series, links }, at) {
  const strip = place.closest("section")?.querySelector("[data-drill]");
  if (!strip || !links[at]) return;
  strip.querySelector("b").textContent = marks[at];
  const told = series.map((one) => {
    const part = document.createElement(one.links?.[at] ? "a" : "span");
    if (one.links?.[at]) Object.assign(part, { href: one.links[at], className: "lk" });
    part.textContent = `${one.name} ${shown(one.values[at])}`;
    return part;
  });
  strip.querySelector("span").replaceChildren(...told.flatMap((part, place) => (place ? [" · ", part] : [part])));
  strip.querySelector("a.btn").href = links[at];
  strip.hidden = false;
}

async function draw(place) {
  const echarts = await load();
  echarts.getInstanceByDom(place)?.dispose();
  const spec = dataOf(place.dataset.chart);
  const chart = echarts.init(place, null, { renderer: "svg" });
  chart.setOption(spec.series ? figure(spec, chart) : options(spec));
  if (!spec.series) return;
  const along = spec.shape === "rows" ? "y" : "x";
  chart.getZr().on("click", ({ offsetX, offsetY }) => {
    const at = chart.convertFromPixel({ [`${along}AxisIndex`]: 0 }, along === "x" ? offsetX : offsetY);
    drill(place, spec, Math.min(Math.max(Math.round(at), 0), spec.marks.length - 1));
  });
}

// A part of a page that has a script of its own names it; it is loaded once, when the part comes.
const all = (where) => {
  where.querySelectorAll?.("[data-chart]").forEach(draw);
  where.querySelectorAll?.("[data-module]").forEach((part) => import(part.dataset.module));
};
all(document);
document.addEventListener("htmx:afterSettle", (event) => all(event.target));
document.addEventListener("jike:theme", () => document.querySelectorAll("[data-chart]").forEach(draw));
addEventListener("resize", () => document.querySelectorAll("[data-chart]").forEach((place) => window.echarts?.getInstanceByDom(place)?.resize()));

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-twin]");
  if (!button) return;
  const shown = document.getElementById(button.dataset.twin).classList.toggle("on");
  button.setAttribute("aria-pressed", String(shown));
  button.closest("section").querySelector("[data-chart]").hidden = shown;
});
