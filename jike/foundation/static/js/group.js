// The group tree: rows open and close, are moved by dragging or from the keyboard; its picture folds, zooms and fits.

const rowsOf = (grid) => [...grid.querySelectorAll("tbody tr")];
const levelOf = (row) => Number(row.dataset.level);

function below(row) {
  const found = [];
  for (let next = row.nextElementSibling; next && levelOf(next) > levelOf(row); next = next.nextElementSibling) found.push(next);
  return found;
}

function close(row) {
  for (const one of below(row)) one.remove();
  row.setAttribute("aria-expanded", "false");
}

function focusRow(row) {
  if (!row) return;
  for (const one of row.closest("tbody").rows) one.tabIndex = -1;
  row.tabIndex = 0;
  row.focus();
}

// The button of an open row closes it; only a closed one asks the server.
document.addEventListener("htmx:beforeRequest", (event) => {
  const row = event.target.closest?.("[data-group] tr");
  if (!row || !event.target.matches("[data-open]") || row.getAttribute("aria-expanded") !== "true") return;
  event.preventDefault();
  close(row);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const row = event.target.closest?.("[data-group] tr");
  if (row && event.target.matches("[data-open]") && event.detail.successful) row.setAttribute("aria-expanded", "true");
});

function parentOf(row) {
  let above = row.previousElementSibling;
  while (above && levelOf(above) >= levelOf(row)) above = above.previousElementSibling;
  return above;
}

function key(event) {
  const row = event.target.closest("[data-group] tbody tr");
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target !== row && event.key !== "Escape") return;
  const rows = rowsOf(row.closest("[data-group]")), at = rows.indexOf(row), open = row.getAttribute("aria-expanded");
  const acts = {
    ArrowDown: () => focusRow(rows[at + 1]),
    ArrowUp: () => focusRow(rows[at - 1]),
    Home: () => focusRow(rows[0]),
    End: () => focusRow(rows.at(-1)),
    ArrowRight: () => (open === "false" ? row.querySelector("[data-open]").click() : open === "true" && focusRow(rows[at + 1])),
    ArrowLeft: () => (open === "true" ? close(row) : focusRow(parentOf(row))),
    Enter: () => row.querySelector("a, button")?.closest("tr").querySelector("a")?.click(),
    m: () => row.querySelector("[data-move-to]")?.click(),
    M: () => row.querySelector("[data-move-to]")?.click(),
    Escape: () => focusRow(row),
  };
  if (!acts[event.key]) return;
  event.preventDefault();
  event.stopPropagation();
  acts[event.key]();
}

let dragged = null;

function targetOf(event) {
  if (!dragged) return null;
  const out = event.target.closest?.("[data-drop-out]");
  if (out) return out;
  const row = event.target.closest?.("[data-group] tbody tr[data-node]");
  return !row || row === dragged || below(dragged).includes(row) || row === parentOf(dragged) ? null : row;
}

function unmark() {
  for (const one of document.querySelectorAll(".drop-on")) one.classList.remove("drop-on");
}

document.addEventListener("dragstart", (event) => {
  const row = event.target.closest?.("tr[data-drop]");
  if (!row) return;
  dragged = row;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", row.querySelector("a").textContent);
  const out = document.querySelector("[data-drop-out]");
  if (out) out.hidden = !parentOf(row);
});
document.addEventListener("dragover", (event) => {
  const target = targetOf(event);
  unmark();
  if (!target) return;
  event.preventDefault();
  target.classList.add("drop-on");
});
document.addEventListener("drop", (event) => {
  const target = targetOf(event);
  if (!target) return;
  event.preventDefault();
  htmx.ajax("POST", dragged.dataset.drop, { source: dragged, target: "#notice", swap: "none", values: { parent: target.dataset.node ?? "" } });
});
document.addEventListener("dragend", () => {
  dragged = null;
  unmark();
  const out = document.querySelector("[data-drop-out]");
  if (out) out.hidden = true;
});
document.addEventListener("keydown", key, true);

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-group-tree], [data-group-picture]");
  if (!chosen) return;
  const pictured = chosen.matches("[data-group-picture]");
  for (const one of chosen.parentElement.children) one.setAttribute("aria-pressed", String(one === chosen));
  document.getElementById("group-tree").hidden = pictured;
  document.getElementById("group-picture").hidden = !pictured;
});

// The picture: folded beyond what one sees at once, as high as its open leaves need, so that five hundred can be read.
const LEAF = 22, FIRST_OPEN = 40, WIDE = 640;
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const leaves = (node) => (node.folded || !node.children.length ? 1 : node.children.reduce((sum, one) => sum + leaves(one), 0));
const depth = (node) => (node.folded || !node.children.length ? 1 : 1 + Math.max(...node.children.map(depth)));

function each(node, act, level = 0) {
  act(node, level);
  for (const one of node.children) each(one, act, level + 1);
}

function foldFrom(top, most) {
  let shown = 1;
  each(top, (node) => { node.folded = true; });
  const waiting = [top];
  while (waiting.length) {
    const node = waiting.shift();
    if (node !== top && shown + node.children.length > most) continue;
    node.folded = false;
    shown += node.children.length;
    waiting.push(...node.children);
  }
}

function drawn(node, words) {
  const tone = node.health === null ? "--ink-3" : node.health >= 80 ? "--ok-dot" : node.health >= 60 ? "--warn-dot" : "--bad-dot";
  const border = words[node.crossing], closed = node.folded && node.children.length;
  const marks = [border && `{mark|${border}}`, node.cancelled && `{mark|${words.cancelled}}`, closed && `{more|+${node.customers - 1}}`, node.more && `{more|+${node.more} ${words.more}}`];
  const name = node.name.length > 18 ? `${node.name.slice(0, 17)}…` : node.name;
  return {
    name: node.name, uid: node.uid, source: node,
    symbol: "circle", symbolSize: node.current ? 12 : 9,
    itemStyle: { color: token(closed ? tone : "--surface"), borderColor: token(tone), borderWidth: 2 },
    label: { formatter: [`{${node.current ? "own" : "name"}|${name}}`, ...marks.filter(Boolean)].join(" ") },
    children: node.folded ? [] : node.children.map((one) => drawn(one, words)),
  };
}

async function picture(place) {
  const library = document.querySelector("script[data-library]").dataset.library;
  if (!window.echarts) await new Promise((done, failed) => { const script = document.createElement("script"); Object.assign(script, { src: library, onload: done, onerror: failed }); document.head.append(script); });
  const top = JSON.parse(place.dataset.picture), words = JSON.parse(place.dataset.words);
  if (!top.children) return;
  foldFrom(top, FIRST_OPEN);
  const go = (uid) => { location.href = place.dataset.record.replace(/0{8}-[0-]+/, uid); };
  const show = () => {
    window.echarts.getInstanceByDom(place)?.dispose();
    place.style.height = `${Math.max(280, leaves(top) * LEAF + 40)}px`;
    place.style.width = `${Math.max(place.parentElement.clientWidth, depth(top) * (place.parentElement.clientWidth < WIDE ? 170 : 220))}px`;
    const chart = window.echarts.init(place, null, { renderer: "svg" });
    const font = { color: token("--ink"), fontSize: 12, fontFamily: token("--font") };
    const tag = { fontSize: 11, padding: [1, 4], borderRadius: 3, color: token("--ink-2"), backgroundColor: token("--surface-3") };
    chart.setOption({
      animation: false,
      tooltip: { renderMode: "richText", backgroundColor: token("--surface"), borderColor: token("--line-2"), textStyle: { color: token("--ink"), fontSize: 12 }, formatter: ({ data }) => `${data.name}\n${data.source.customers} ${words.customers} · ${(data.source.revenue / 10000).toFixed(1)} ${words.revenue}` },
      series: [{
        type: "tree", data: [drawn(top, words)], left: 16, right: 232, top: 12, bottom: 12, roam: true, expandAndCollapse: false, edgeShape: "curve",
        lineStyle: { color: token("--line-2"), width: 1 }, emphasis: { focus: "ancestor" },
        label: { ...font, position: "right", align: "left", verticalAlign: "middle", distance: 8, textBorderColor: token("--surface"), textBorderWidth: 3, rich: { name: font, own: { ...font, fontWeight: 600, color: token("--acc-ink") }, mark: { ...tag, color: token("--warn"), backgroundColor: token("--warn-bg") }, more: tag } },
      }],
    });
    chart.on("click", ({ data }) => {
      if (!data.source.children.length) return go(data.uid);
      data.source.folded = !data.source.folded;
      return show();
    });
    chart.on("dblclick", ({ data }) => go(data.uid));
  };
  place.closest("#group-picture").querySelectorAll("[data-unfold]").forEach((button) => button.addEventListener("click", () => {
    if (button.dataset.unfold === "all") each(top, (node) => { node.folded = false; });
    else foldFrom(top, 1);
    show();
  }));
  document.addEventListener("jike:theme", () => place.isConnected && show());
  show();
  place.parentElement.scrollTop = (place.parentElement.scrollHeight - place.parentElement.clientHeight) / 2;
}

document.addEventListener("htmx:afterSettle", (event) => event.target.querySelectorAll?.("[data-picture]").forEach(picture));
