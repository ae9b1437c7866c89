const DAY_MS = 86400000;
const page = JSON.parse(document.getElementById("page-data").textContent);

const isoDay = (time) => new Date(time).toISOString().slice(0, 10);
// A column as it was written: plain values, days by their steps, or words that come again.
const values = (column) => {
  if (Array.isArray(column)) return column;
  if ("words" in column) return column.at.map((place) => column.words[place]);
  let day = 0;
  return column.days.map((step) => isoDay(DAY_MS * (day += step)));
};
const rowsOf = (figure) => {
  const columns = Object.values(figure.columns).map((place) => values(page.columns[place]));
  return columns[0].map((_, row) => columns.map((column) => column[row]));
};
const records = (figure) => {
  const names = Object.keys(figure.columns);
  return rowsOf(figure).map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
};

// A cell that a spreadsheet would take for a formula is made text.
const cell = (value) => {
  if (value === null) return "";
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? "'" + value : String(value);
  return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
};
const csv = (figure) => [Object.keys(figure.columns), ...rowsOf(figure)].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";

for (const link of document.querySelectorAll("a[data-csv]")) {
  const name = link.dataset.csv;
  link.href = URL.createObjectURL(new Blob([csv(page.figures[name])], { type: "text/csv" }));
  link.download = name + ".csv";
}

// Weeks selected in one figure over time are selected in all of them.
const timed = [];
const range = document.getElementById("range");
const told = range.querySelector("output");
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const known = (rows, column) => rows.map((row) => row[column]).filter((value) => value !== null);
const pace = (seconds) => {
  const whole = Math.round(seconds * page.habits.pace);
  return Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0") + page.habits.per;
};
const dayOf = new Intl.DateTimeFormat(page.habits.days, {
  day: "numeric", month: page.habits.days === "sv-SE" ? "2-digit" : "short", year: "numeric", timeZone: "UTC",
});

const using = range.querySelector(".use");
const showAll = range.querySelector("button[data-zoom=out]");
let selected = null, zoomed = null;
const isWithin = (span, monday) => Date.parse(monday) + 3.5 * DAY_MS >= span.from && Date.parse(monday) + 3.5 * DAY_MS <= span.to;

const tell = (span) => {
  selected = span;
  using.hidden = span === null;
  range.classList.toggle("selected", span !== null || zoomed !== null);
  for (const button of range.querySelectorAll("button[data-weeks]"))
    button.setAttribute("aria-pressed", String(span === null ? button.dataset.weeks === "0" : button.dataset.weeks === span.weeks));
  if (span === null) {
    told.textContent = "";
    return;
  }
  const inside = (name) =>
    name in page.figures ? records(page.figures[name]).filter((row) => isWithin(span, row.week_start)) : [];
  const doses = known(inside("dose"), "hip_dose");
  const paces = known(inside("speed"), "pace_s_per_km");
  const weeks = Math.max(inside("dose").length, inside("speed").length);
  const said = [`${dayOf.format(span.from)} to ${dayOf.format(span.to)}: ${weeks} ${weeks === 1 ? "week" : "weeks"}`];
  if (doses.length) said.push(`dose ${mean(doses).toFixed(2)} a week`);
  if (paces.length) said.push(`${pace(mean(paces))} at the same heart rate`);
  told.textContent = said.join(", ");
};

let isCarrying = false;
const select = (span, origin) => {
  isCarrying = true;
  for (const { view } of timed) {
    if (view === origin) continue;
    const x = view.scale("x");
    view.signal("brush_x", span === null ? [0, 0] : [x(span.from), x(span.to)]).run();
  }
  isCarrying = false;
  tell(span);
};
const follow = (name, view) => {
  timed.push({ name, view });
  if (zoomed !== null) rescale(name, view);
  view.addSignalListener("brush_x", (_, ends) => {
    if (isCarrying) return;
    const x = view.scale("x");
    const times = (ends || []).map((end) => Number(x.invert(end))).sort((one, other) => one - other);
    select(times.length === 2 && times[1] - times[0] > DAY_MS ? { from: times[0], to: times[1] } : null, view);
  });
};

// To zoom is to show the selected weeks alone: every figure over time gets their rows, and its axes follow.
const rescale = (name, view) => {
  const rows = records(page.figures[name]);
  const inside = zoomed === null ? rows : rows.filter((row) => isWithin(zoomed, row.week_start));
  view.data(name, inside.length ? inside : rows).run();
};
const zoom = (span) => {
  zoomed = span;
  select(null, null);
  for (const { name, view } of timed) rescale(name, view);
  showAll.hidden = span === null;
  range.classList.toggle("selected", span !== null);
  if (span !== null) told.textContent = `Shown: ${dayOf.format(span.from)} to ${dayOf.format(span.to)}`;
};
range.addEventListener("click", (event) => {
  const { weeks, zoom: way, period } = event.target.dataset;
  if (way === "out") zoom(null);
  if (way === "in" && selected !== null) { zoom(selected); showAll.focus(); }
  if (period !== undefined && selected !== null) takePeriod(period, selected);
  if (weeks === undefined || !timed.length) return;
  const to = Number(timed[0].view.scale("x").domain()[1]);
  select(weeks === "0" ? null : { from: to - Number(weeks) * 7 * DAY_MS, to, weeks }, null);
});

// How much of the first screen's curve is shown; its axes follow.
const spanned = (view) => {
  const buttons = [...document.querySelectorAll("button[data-span]")];
  for (const button of buttons)
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      view.signal("shown", button.dataset.span).run();
    });
};

// Figures follow the reader's text size: every size of the config is for letters of 16 pixels.
const larger = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
const scaled = (value) =>
  value === null || typeof value !== "object" || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, /fontSize$/i.test(key) ? one * larger : scaled(one)]));
const config = scaled(page.config);

const embed = (place, spec, name, rows) =>
  // `ast` evaluates expressions without building functions from text, which the page's policy forbids.
  window.vegaEmbed(place, { ...spec, datasets: { [name]: rows } }, { actions: false, renderer: "svg", ast: true, defaultStyle: false, config });

const draw = async (place) => {
  const name = place.dataset.figure;
  const figure = page.figures[name];
  const spec = { ...figure.spec };
  // The first screen's curve is lower on a phone, so that number, curve and answer are seen at once.
  if (place.dataset.low && place.clientWidth < 500) spec.height = Number(place.dataset.low);
  // A figure is as wide as its place, and a place in a closed drawer has no width.
  const drawer = place.closest("details:not([open])");
  if (drawer) drawer.open = true;
  const { view } = await embed(place, spec, name, records(figure));
  drawn.push({ place, view });
  if (drawer) drawer.open = false;
  if (name === "curve") spanned(view);
  if ((figure.spec.params || []).some((param) => param.name === "brush")) follow(name, view);
  leadFrom(view);
  place.dataset.drawn = "yes";
};

// On paper a figure is as wide as its column of an A4 page, so that its letters keep their size.
const PAGE_WIDTH = 660, COLUMN_WIDTH = 310;
const drawn = [];
const widen = (widthOf) => {
  for (const { place, view } of drawn) view.width(widthOf(place)).run();
};

// One of several figures is shown; the others are drawn when they are chosen first.
const chosen = [...document.querySelectorAll("[data-chosen]")];
const choices = [...document.querySelectorAll("button[data-choice]")];
for (const button of choices)
  button.addEventListener("click", async () => {
    for (const other of choices) other.setAttribute("aria-pressed", String(other === button));
    for (const part of chosen) part.hidden = part.dataset.chosen !== button.dataset.choice;
    const place = chosen.find((part) => !part.hidden).querySelector("[data-figure]");
    if (!place.dataset.drawn) await draw(place);
  });

const offerWeeks = () => {
  if (!timed.length) return;
  const [from, to] = timed[0].view.scale("x").domain().map(Number);
  const isShort = (button) => button.dataset.weeks !== "0" && Number(button.dataset.weeks) * 7 * DAY_MS >= to - from;
  for (const button of range.querySelectorAll("button[data-weeks]")) button.hidden = isShort(button);
  const isOffered = range.querySelector("button[data-weeks]:not([hidden]):not([data-weeks='0'])") !== null;
  for (const part of range.querySelectorAll(".or, button[data-weeks='0']")) part.hidden = !isOffered;
  range.hidden = false;
};

// What is seen is drawn first; the figures in closed drawers follow.
const drawAll = async () => {
  const places = [...document.querySelectorAll("[data-figure]")].filter((place) => !place.closest("[data-chosen][hidden]"));
  const isPutAway = (place) => place.closest("details:not([open])") !== null;
  const later = places.filter(isPutAway);
  for (const place of places) if (!later.includes(place)) await draw(place);
  offerWeeks();
  document.documentElement.dataset.seen = "all";
  await new Promise((resolve) => setTimeout(resolve));
  for (const place of later) await draw(place);
  document.documentElement.dataset.drawn = "all";
};

window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  widen((place) => (place.closest(".figure.small") ? COLUMN_WIDTH : PAGE_WIDTH));
});
window.addEventListener("afterprint", () => widen((place) => place.clientWidth));
