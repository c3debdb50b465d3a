// Grids of lines: cells are inputs, keys as in a spreadsheet, rows come from Excel by paste. The server works out what follows.
// Moving: a cell is chosen whole and typing replaces it; F2 or a click into it edits within. Nothing is stored before "Save".

const PATIENCE = 250;
const MOST_ROWS = 300;
const grids = new WeakMap();

const cellsOf = (row) => [...row.querySelectorAll("td[data-column]")];
const inputOf = (cell) => cell?.querySelector("input.sh-i");
const bodyOf = (grid) => grid.querySelector("tbody");
const rowsOf = (grid) => [...bodyOf(grid).rows];
const textOf = (cell) => (inputOf(cell) ? inputOf(cell).value : cell.textContent.trim());

function placeOf(input) {
  const cell = input.closest("td"), row = cell.closest("tr");
  return { row: rowsOf(row.closest("[data-grid]")).indexOf(row), column: cellsOf(row).indexOf(cell) };
}

function state(grid) {
  if (!grids.has(grid)) grids.set(grid, { editing: false, before: "", anchor: null, undo: [], sent: 0, timer: 0, offered: new Map() });
  return grids.get(grid);
}

function go(grid, row, column, step = 1) {
  const rows = rowsOf(grid);
  const at = rows[Math.min(Math.max(row, 0), rows.length - 1)];
  if (!at) return null;
  const cells = cellsOf(at);
  let place = Math.min(Math.max(column, 0), cells.length - 1);
  while (cells[place] && !inputOf(cells[place])) place += step;
  const input = inputOf(cells[place]);
  input?.focus();
  return input;
}

function number(grid) {
  for (const [place, row] of rowsOf(grid).entries()) {
    row.querySelector("[data-number]").textContent = place + 1;
    for (const cell of cellsOf(row)) inputOf(cell)?.setAttribute("aria-label", `${cell.dataset.label} ${place + 1}`);
  }
}

function addRow(grid, after = null) {
  if (rowsOf(grid).length >= MOST_ROWS) return null;
  const row = grid.querySelector("template").content.querySelector("tr").cloneNode(true);
  if (after) after.after(row);
  else bodyOf(grid).append(row);
  number(grid);
  return row;
}

function takeOut(grid, row) {
  remember(grid);
  const uid = row.querySelector('input[name$=".uid"]').value;
  if (uid) {
    const gone = document.createElement("input");
    Object.assign(gone, { type: "hidden", name: `${grid.dataset.grid}.gone`, value: uid });
    grid.append(gone);
  }
  const place = rowsOf(grid).indexOf(row);
  row.remove();
  number(grid);
  altered(grid);
  if (!go(grid, place, 0)) grid.querySelector("[data-add]").focus();
}

function move(grid, row, step) {
  const beside = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!beside || !row.querySelector("[data-up]")) return;
  remember(grid);
  const focused = document.activeElement;
  if (step < 0) beside.before(row);
  else beside.after(row);
  number(grid);
  altered(grid);
  focused?.focus();
}

// What a step back restores: every row as it is, and who was taken out.
function remember(grid) {
  const body = bodyOf(grid);
  for (const input of grid.querySelectorAll("tbody input")) input.setAttribute("value", input.value);
  const gone = [...grid.querySelectorAll(':scope > input[name$=".gone"]')].map((one) => one.value);
  state(grid).undo.push({ rows: [...body.rows].map((row) => row.cloneNode(true)), gone });
  if (state(grid).undo.length > 50) state(grid).undo.shift();
}

function stepBack(grid) {
  const kept = state(grid).undo.pop();
  if (!kept) return;
  bodyOf(grid).replaceChildren(...kept.rows);
  for (const one of grid.querySelectorAll(':scope > input[name$=".gone"]')) if (!kept.gone.includes(one.value)) one.remove();
  number(grid);
  altered(grid);
  go(grid, 0, 0);
}

// The cells between the anchor and the one in hand.
function chosen(grid, input) {
  const at = placeOf(input), from = state(grid).anchor ?? at;
  const rows = [Math.min(at.row, from.row), Math.max(at.row, from.row)];
  const columns = [Math.min(at.column, from.column), Math.max(at.column, from.column)];
  return rowsOf(grid).slice(rows[0], rows[1] + 1).map((row) => cellsOf(row).slice(columns[0], columns[1] + 1));
}

function mark(grid, input) {
  for (const cell of grid.querySelectorAll(".cell-in, .cell-on")) cell.classList.remove("cell-in", "cell-on");
  if (!input) return;
  input.closest("td").classList.add("cell-on");
  if (state(grid).anchor) for (const row of chosen(grid, input)) for (const cell of row) cell.classList.add("cell-in");
}

function say(grid, input) {
  const cell = input.closest("td");
  const number = cell.closest("tr").querySelector("[data-number]").textContent;
  grid.querySelector("[data-place]").textContent = `${grid.dataset.rowWord} ${number} · ${cell.dataset.label}`;
  const problem = cell.querySelector(".sh-e")?.textContent ?? "";
  const said = grid.querySelector("[data-said]");
  said.textContent = problem;
  said.classList.toggle("c-bad", Boolean(problem));
}

function put(input, text) {
  input.value = text;
  forget(input);
}

// The row chosen before no longer counts once its name is typed over.
function forget(input) {
  const uid = input.parentElement.querySelector(`input[name="${CSS.escape(input.name)}.uid"]`);
  if (uid) uid.value = "";
}

function readTable(text) {
  const rows = [[]];
  let cell = "", quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign === '"' && text[at + 1] === '"') { cell += '"'; at += 1; } else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t") { rows.at(-1).push(cell); cell = ""; } else if (sign === "\n") { rows.at(-1).push(cell); cell = ""; rows.push([]); } else if (sign !== "\r") cell += sign;
  }
  rows.at(-1).push(cell);
  if (rows.length > 1 && rows.at(-1).length === 1 && rows.at(-1)[0] === "") rows.pop();
  return rows;
}

function paste(grid, input, table) {
  remember(grid);
  const range = state(grid).anchor ? chosen(grid, input) : null;
  const single = table.length === 1 && table[0].length === 1;
  if (single && range) {
    for (const row of range) for (const cell of row) if (inputOf(cell)) put(inputOf(cell), table[0][0].trim());
    return altered(grid);
  }
  const start = range ? placeOf(inputOf(range[0].find(inputOf)) ?? input) : placeOf(input);
  for (const [down, line] of table.entries()) {
    const row = rowsOf(grid)[start.row + down] ?? addRow(grid);
    if (!row) break;
    const cells = cellsOf(row);
    for (const [right, text] of line.entries()) {
      const target = inputOf(cells[start.column + right]);
      if (target) put(target, text.replaceAll(/\s*\n\s*/g, " ").trim());
    }
  }
  return altered(grid);
}

function altered(grid) {
  grid.closest("form")?.dispatchEvent(new Event("input", { bubbles: true }));
  const known = state(grid);
  clearTimeout(known.timer);
  known.timer = setTimeout(() => workOut(grid), PATIENCE);
}

async function workOut(grid) {
  if (!grid.dataset.check || !grid.isConnected) return;
  const known = state(grid), turn = (known.sent += 1);
  const sent = new FormData();
  for (const input of grid.querySelectorAll("input[name]")) sent.append(input.name, input.value);
  const rows = rowsOf(grid);
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  const answer = await fetch(grid.dataset.check, { method: "POST", body: sent, headers: { ...token, Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || turn !== known.sent) return;
  const told = await answer.json();
  for (const [number, place] of told.places.entries()) show(rows[place], told.rows[number]);
  for (const [name, text] of Object.entries(told.totals)) {
    const total = grid.querySelector(`[data-total="${CSS.escape(name)}"]`);
    if (total) total.textContent = text;
  }
  const wrong = told.rows.filter((row) => Object.keys(row.problems).length).length;
  grid.querySelector("[data-status]").textContent = wrong ? told.rows.flatMap((row) => Object.values(row.problems)).slice(0, 3).join(" ") : "";
  if (grid.contains(document.activeElement) && document.activeElement.matches(".sh-i")) say(grid, document.activeElement);
}

function show(row, told) {
  if (!row || !told) return;
  const own = row.querySelector("[data-row-problem]");
  if (own) own.textContent = told.problems[""] ?? "";
  for (const cell of cellsOf(row)) {
    const name = cell.dataset.column, input = inputOf(cell), follows = cell.querySelector("[data-follows]");
    if (follows && name in told.follows) follows.innerHTML = told.follows[name];
    if (!input) continue;
    // A cell that is being typed in is not yet wrong.
    const problem = input === document.activeElement ? "" : (told.problems[name] ?? "");
    const place = cell.querySelector(".sh-e");
    place.textContent = problem;
    place.hidden = !problem;
    input.toggleAttribute("aria-invalid", false);
    if (problem) input.setAttribute("aria-invalid", "true");
    input.title = problem;
    input.placeholder = told.filled[name] ?? "";
  }
}

// Names are offered as they are typed; what is chosen is sent with its uid.
async function offer(grid, input) {
  const list = input.list;
  if (!list?.dataset.kind || !input.value.trim()) return;
  const answer = await fetch(`/choices/${list.dataset.kind}/?q=${encodeURIComponent(input.value)}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const { choices } = await answer.json();
  list.replaceChildren(...choices.map((one) => Object.assign(document.createElement("option"), { value: one.text, label: one.context })));
  const names = choices.map((one) => one.text);
  for (const one of choices) if (names.filter((name) => name === one.text).length === 1) state(grid).offered.set(`${list.id} ${one.text}`, one.value);
}

function settle(grid, input) {
  const uid = input.parentElement.querySelector(`input[name="${CSS.escape(input.name)}.uid"]`);
  const known = input.list && state(grid).offered.get(`${input.list.id} ${input.value}`);
  if (uid && known) uid.value = known;
}

document.addEventListener("focusin", (event) => {
  const input = event.target.closest?.(".sh-i");
  for (const other of document.querySelectorAll("[data-grid]")) if (!input || !other.contains(input)) mark(other, null);
  if (!input) return;
  const grid = input.closest("[data-grid]"), known = state(grid);
  known.editing = false;
  known.before = input.value;
  if (!known.extending) known.anchor = null;
  known.extending = false;
  input.select();
  mark(grid, input);
  say(grid, input);
});

document.addEventListener("dblclick", (event) => {
  const input = event.target.closest?.(".sh-i");
  if (input) state(input.closest("[data-grid]")).editing = true;
});

document.addEventListener("input", (event) => {
  const input = event.target.closest?.(".sh-i");
  if (!input || event.target !== input) return;
  const grid = input.closest("[data-grid]");
  state(grid).editing = true;
  forget(input);
  settle(grid, input);
  altered(grid);
  offer(grid, input);
});

document.addEventListener("change", (event) => {
  const input = event.target.closest?.(".sh-i");
  if (input) altered(input.closest("[data-grid]"));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-grid] button");
  if (!button) return;
  const grid = button.closest("[data-grid]"), row = button.closest("tr");
  if (button.matches("[data-add]")) {
    remember(grid);
    inputOf(cellsOf(addRow(grid) ?? rowsOf(grid).at(-1)).find(inputOf))?.focus();
  } else if (button.matches("[data-out]")) takeOut(grid, row);
  else if (button.matches("[data-up], [data-down]")) move(grid, row, button.matches("[data-up]") ? -1 : 1);
});

document.addEventListener("copy", (event) => copy(event));
document.addEventListener("cut", (event) => {
  if (!copy(event)) return;
  const input = event.target.closest(".sh-i"), grid = input.closest("[data-grid]");
  remember(grid);
  for (const row of chosen(grid, input)) for (const cell of row) if (inputOf(cell)) put(inputOf(cell), "");
  altered(grid);
});

function copy(event) {
  const input = event.target.closest?.(".sh-i");
  if (!input) return false;
  const grid = input.closest("[data-grid]");
  if (state(grid).editing || (!state(grid).anchor && input.selectionStart !== input.selectionEnd && input.selectionEnd - input.selectionStart < input.value.length)) return false;
  const text = chosen(grid, input).map((row) => row.map(textOf).join("\t")).join("\n");
  event.clipboardData.setData("text/plain", text);
  event.preventDefault();
  return true;
}

document.addEventListener("paste", (event) => {
  const input = event.target.closest?.(".sh-i");
  if (!input) return;
  const grid = input.closest("[data-grid]"), text = event.clipboardData.getData("text/plain");
  if (state(grid).editing && !/[\t\n]/.test(text.trimEnd())) return;
  event.preventDefault();
  paste(grid, input, readTable(text));
});

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

document.addEventListener("keydown", (event) => {
  const input = event.target.closest?.(".sh-i");
  if (!input || event.isComposing) return;
  const grid = input.closest("[data-grid]"), known = state(grid), row = input.closest("tr");
  const handled = event.altKey ? withAlt(grid, row, event) : within(grid, input, event, known);
  if (!handled) return;
  event.preventDefault();
  event.stopPropagation();
});

function withAlt(grid, row, event) {
  if (event.key === "ArrowUp" || event.key === "ArrowDown") move(grid, row, event.key === "ArrowUp" ? -1 : 1);
  else if (event.key === "Delete") takeOut(grid, row);
  else if (event.key === "Insert") go(grid, rowsOf(grid).indexOf(addRow(grid, row)), 0);
  else return false;
  return true;
}

function within(grid, input, event, known) {
  const at = placeOf(input), control = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && !control) {
    if (!event.shiftKey && at.row === rowsOf(grid).length - 1 && input.value) addRow(grid);
    go(grid, at.row + (event.shiftKey ? -1 : 1), at.column);
    if (placeOf(document.activeElement.closest(".sh-i") ?? input).row === at.row) input.select();
    return true;
  }
  if (event.key === "Escape") {
    if (!known.editing && !known.anchor) return false;
    if (known.editing) { input.value = known.before; altered(grid); }
    known.editing = false;
    known.anchor = null;
    input.select();
    mark(grid, input);
    return true;
  }
  if (event.key === "F2") {
    known.editing = true;
    input.setSelectionRange(input.value.length, input.value.length);
    return true;
  }
  if (known.editing) return false;
  if (event.key in STEPS) {
    const [down, right] = STEPS[event.key], all = rowsOf(grid).length;
    const row = control && down ? (down < 0 ? 0 : all - 1) : at.row + down;
    const column = control && right ? (right < 0 ? 0 : cellsOf(rowsOf(grid)[at.row]).length - 1) : at.column + right;
    if (event.shiftKey) { known.anchor ??= at; known.extending = true; }
    go(grid, row, column, right < 0 || (control && right > 0) ? -1 : 1) ?? input.select();
    known.extending = false;
    return true;
  }
  if (event.key === "Home" || event.key === "End") {
    const last = cellsOf(rowsOf(grid)[at.row]).length - 1;
    go(grid, control ? (event.key === "Home" ? 0 : rowsOf(grid).length - 1) : at.row, event.key === "Home" ? 0 : last, event.key === "Home" ? 1 : -1);
    return true;
  }
  if (event.key === "Delete" || event.key === "Backspace") {
    remember(grid);
    for (const row of chosen(grid, input)) for (const cell of row) if (inputOf(cell)) put(inputOf(cell), "");
    altered(grid);
    return true;
  }
  if (control && event.key.toLowerCase() === "z" && known.undo.length) {
    stepBack(grid);
    return true;
  }
  return false;
}
