
// The list of runs: sorted by any column, long or short, and each of the newest opened minute by minute.
const table = document.querySelector("table.runs");
const runRows = table === null ? [] : [...table.tBodies[0].rows];
const more = document.getElementById("all-runs");
let isWhole = false, order = runRows;

const lay = () => {
  const atFirst = Number(table.dataset.atFirst);
  order.forEach((row, index) => {
    table.tBodies[0].append(row, ...(row.opened ? [row.opened] : []));
    row.hidden = !isWhole && index >= atFirst;
    if (row.opened) row.opened.hidden = row.hidden;
  });
  more.hidden = isWhole || order.length <= atFirst;
};

const keyOf = (row, column) => {
  if (column === 0) return row.dataset.day;
  const cell = row.cells[column];
  const text = cell.dataset.by ?? cell.textContent;
  return text === "\u2013" ? null : Number.isNaN(Number(text)) ? text : Number(text);
};
const sortBy = (column, heading) => {
  const isUp = heading.getAttribute("aria-sort") !== "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", isUp ? "ascending" : "descending");
  const way = isUp ? 1 : -1;
  order = [...runRows].sort((one, other) => {
    const [left, right] = [keyOf(one, column), keyOf(other, column)];
    if (left === null || right === null) return (left === null) - (right === null);
    return left < right ? -way : left > right ? way : 0;
  });
  lay();
};

const open = async (row, button) => {
  const isOpen = row.opened !== undefined && row.opened !== null;
  button.setAttribute("aria-expanded", String(!isOpen));
  if (isOpen) {
    row.opened.remove();
    row.opened = null;
    return;
  }
  const run = page.minutes.runs[row.dataset.run];
  const minutes = run.minute.map((minute, index) => ({ minute, pace: run.pace[index], heart_rate: run.heart_rate[index], cadence: run.cadence[index] }));
  row.opened = document.createElement("tr");
  row.opened.className = "opened";
  const cell = row.opened.insertCell();
  cell.colSpan = row.cells.length;
  row.after(row.opened);
  const grid = document.createElement("div");
  grid.className = "grid minutes";
  cell.append(grid);
  const missing = [];
  for (const [name, spec] of Object.entries(page.minutes.specs)) {
    const values = known(minutes, name);
    if (values.length < 2) {
      missing.push(page.minutes.names[name].toLowerCase());
      continue;
    }
    const write = (value) => (name === "pace" ? pace(value) : `${value} ${page.minutes.units[name]}`);
    const figure = document.createElement("figure");
    const title = document.createElement("figcaption");
    title.textContent = page.minutes.names[name];
    const chart = document.createElement("div"), place = document.createElement("div");
    chart.className = "chart";
    chart.setAttribute("role", "img");
    chart.setAttribute("aria-label", `${page.minutes.names[name]} by minute, ${values.length} minutes: from ${write(Math.min(...values))} to ${write(Math.max(...values))}`);
    place.setAttribute("aria-hidden", "true");
    chart.append(place);
    figure.append(title, chart);
    grid.append(figure);
    await embed(place, spec, "minutes", minutes);
  }
  if (missing.length) {
    const note = document.createElement("p");
    note.className = "note";
    note.textContent = `Not recorded: ${missing.join(", ")}.`;
    cell.append(note);
  }
};

// A dot of a figure over time leads to the runs of its week or day.
const found = document.getElementById("found-runs");
const leadToRuns = (item) => {
  const datum = item && item.mark && item.mark.marktype === "symbol" ? item.datum : null;
  const day = datum && (datum.local_date || datum.week_start || (["week", "run", "not counted"].includes(datum.what) && datum.day));
  if (!day || table === null) return;
  const time = Number(new Date(day)), isWeek = !datum.local_date && datum.what !== "run" && datum.what !== "not counted";
  const from = datum.what === "week" ? time - 3 * DAY_MS : time, to = isWeek ? from + 6 * DAY_MS : from;
  isWhole = true;
  lay();
  const its = runRows.filter((row) => Date.parse(row.dataset.day) >= from && Date.parse(row.dataset.day) <= to);
  for (const row of runRows) row.classList.toggle("found", its.includes(row));
  const when = isWeek ? `in the week of ${dayOf.format(from)}` : `on ${dayOf.format(from)}`;
  found.textContent = its.length ? `${its.length} ${its.length === 1 ? "run" : "runs"} ${when}` : `None of these runs was ${when}.`;
  if (!its.length) {
    found.scrollIntoView({ block: "center" });
    return;
  }
  const target = its[its.length - 1].querySelector("button") || its[its.length - 1].cells[0];
  if (target.tagName !== "BUTTON") target.tabIndex = -1;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
};

// A click is told by where it began: by its end the brush's own mark lies over the dot.
const leadFrom = (view) => {
  let began = null;
  view.addEventListener("pointerdown", (event, item) => (began = { item, x: event.clientX, y: event.clientY }));
  view.addEventListener("pointerup", (event) => {
    if (began !== null && Math.hypot(event.clientX - began.x, event.clientY - began.y) < 4) leadToRuns(began.item);
    began = null;
  });
};

if (table !== null) {
  [...table.tHead.rows[0].cells].forEach((heading, column) =>
    heading.querySelector("button").addEventListener("click", () => sortBy(column, heading)));
  for (const row of runRows) {
    const button = row.querySelector("button[aria-expanded]");
    if (button) button.addEventListener("click", () => open(row, button));
  }
  more.addEventListener("click", () => {
    const first = runRows.length && order[Number(table.dataset.atFirst)];
    isWhole = true;
    lay();
    const target = first && (first.querySelector("button") || first.cells[0]);
    if (target) { target.tabIndex = target.tagName === "BUTTON" ? 0 : -1; target.focus(); }
  });
  lay();
}
