
// Two periods compared by their weekly values; the method is told in estimate/two_periods.py.
const offered = page.periods;
const inputs = Object.fromEntries([...document.querySelectorAll("#periods input")].map((input) => [input.dataset.end, input]));
const signs = (value, decimals) => {
  const text = Math.abs(value).toFixed(decimals);
  return Number(text) === 0 ? text : (value > 0 ? "+" : "\u2212") + text;
};

// The weeks of a period that have a value, by their number, and their mean.
const summary = (one, period) => {
  const start = Date.parse(offered.first);
  const isInside = (week) => isWithin(period, new Date(start + week * 7 * DAY_MS).toISOString());
  const weeks = one.values.map((_, week) => week).filter((week) => one.values[week] !== null && isInside(week));
  return { weeks, mean: weeks.length < offered.fewest ? null : mean(weeks.map((week) => one.values[week])) };
};
const halfWidth = ({ alike, reach }, first, second) => {
  if (reach === null) return null;
  const weighed = [...first.weeks.map((week) => [week, -1 / first.weeks.length]), ...second.weeks.map((week) => [week, 1 / second.weeks.length])];
  const likeness = (apart) => (apart === 0 ? 1 : (alike[apart - 1] ?? 0));
  let sum = 0, least = 0;
  for (const [week, weight] of weighed) {
    least += weight * weight * (1 - (alike[0] ?? 0));
    for (const [other, its] of weighed) sum += weight * its * likeness(Math.abs(week - other));
  }
  return reach * Math.sqrt(Math.max(sum, least));
};

// How a mean, a difference and its ends are written, by kind.
const inSeconds = (change, pace) => Math.round((pace - pace / Math.exp(change)) * page.habits.pace);
const fasterBy = (seconds) => (seconds === 0 ? "0 s" : `${Math.abs(seconds)} s ${seconds > 0 ? "faster" : "slower"}`);
const between = (low, high) =>
  low >= 0 || high <= 0
    ? `${Math.min(Math.abs(low), Math.abs(high))} to ${Math.max(Math.abs(low), Math.abs(high))} s ${high > 0 ? "faster" : "slower"}`
    : `${-low} s slower to ${high} s faster`;
const paceOf = (logSpeed) => 1000 / Math.exp(logSpeed);
const KINDS = {
  dose: { write: (_, value) => value.toFixed(2), apart: (_, change) => signs(change, 2), ends: () => "as logged" },
  pace: {
    write: (_, value) => pace(paceOf(value)),
    apart: (_, change, first) => fasterBy(inSeconds(change, paceOf(first))),
    ends: (_, low, high, first) => between(inSeconds(low, paceOf(first)), inSeconds(high, paceOf(first))),
  },
  stride: {
    write: (one, value) => `${(value * one.scale).toFixed(one.decimals)} ${one.unit}`,
    apart: (one, change) => `${signs(change * one.scale, one.decimals)} ${one.unit}`,
    ends: (one, low, high) => `${signs(low * one.scale, one.decimals)} to ${signs(high * one.scale, one.decimals)}`,
  },
};

const differs = (one, first, second, isOneDevice) => {
  if (first.mean === null || second.mean === null) return ["too few weeks", ""];
  const change = second.mean - first.mean, kind = KINDS[one.kind];
  if (one.kind === "dose") return [kind.apart(one, change), kind.ends()];
  if (!isOneDevice) return ["another watch or sensor", ""];
  const half = halfWidth(one, first, second);
  if (half === null) return ["too few weeks to tell", ""];
  const scale = one.kind === "pace" ? 1 : Math.abs(first.mean);
  if (Math.max(Math.abs(change - half), Math.abs(change + half)) > offered.widest * scale) return ["known too loosely", ""];
  return [kind.apart(one, change, first.mean), kind.ends(one, change - half, change + half, first.mean)];
};

const COLUMNS = ["", "First", "Second", "Difference", "Likely range"];
const compare = () => {
  const span = (name) => ({ from: Date.parse(inputs[`${name}_from`].value), to: Date.parse(inputs[`${name}_to`].value) + DAY_MS - 1 });
  const periods = [span("first"), span("second")];
  const said = document.getElementById("periods-said"), body = document.querySelector("#compared tbody");
  const wrong = periods.some(({ from, to }) => !(to > from)) ? "Each period needs two days, the earlier one first." :
    periods[0].from <= periods[1].to && periods[1].from <= periods[0].to ? "The two periods share days: nothing to compare." : "";
  said.textContent = wrong;
  body.replaceChildren();
  if (wrong) return;
  const [begin, end] = [Math.min(periods[0].from, periods[1].from), Math.max(periods[0].to, periods[1].to)];
  const isOneDevice = !offered.changes.some((day) => Date.parse(day) > begin && Date.parse(day) <= end);
  for (const one of offered.measures) {
    const found = periods.map((period) => summary(one, period));
    const told = found.map(({ weeks, mean: middle }) => `${middle === null ? "\u2013" : KINDS[one.kind].write(one, middle)}, ${weeks.length} ${weeks.length === 1 ? "week" : "weeks"}`);
    const row = body.insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = one.name;
    row.append(head);
    [...told, ...differs(one, ...found, isOneDevice)].forEach((text, index) => {
      const cell = row.insertCell();
      cell.textContent = text;
      if (text) cell.dataset.head = COLUMNS[index + 1];
    });
  }
};

const takePeriod = (name, span) => {
  const [low, high] = ["min", "max"].map((bound) => Date.parse(inputs[`${name}_from`][bound]));
  const clipped = (time) => isoDay(Math.min(high, Math.max(low, time)));
  inputs[`${name}_from`].value = clipped(span.from);
  inputs[`${name}_to`].value = clipped(span.to);
  compare();
  document.getElementById("h-periods").scrollIntoView({ block: "start" });
};
if (offered !== null) {
  for (const input of Object.values(inputs)) input.addEventListener("change", compare);
  compare();
}
