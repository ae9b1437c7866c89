"""Numbers as people write them, the one vocabulary: percent, paces, signs, dates, counts, units, intervals.

Rounded by their uncertainty, never finer. The second half says the same to Vega, which writes axes and tooltips itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hipdrive.estimate.quantity import pace_change_s_per_km
from hipdrive.report.habits import habits, units

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

MINUS = "\u2212"
NO_BREAK = "\u00a0"
THIN = "\u202f"  # narrow space that does not break, between a number and its unit
WIDE_HALF_WIDTH = 0.10  # intervals wider than this either way are given in whole percent
WEEKS_OF_A_YEAR, WEEKS_TOLD_IN_YEARS = 52.18, 104
LONG_AGO_DAYS, MONTHS_TOLD_IN_YEARS = 91, 24
HEADLINE_TENTHS_BELOW = 0.01
INCHES_OF_A_METRE = 1 / 0.0254
_MAIL_ADDRESS = re.compile(r"[\w.+%-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def signed_percent(fraction: float, half_width: float = 0.0) -> str:
    """`+3.4 %` of 0.034; whole percent where the half-width of the interval is 10 % or more."""
    decimals = 0 if half_width >= WIDE_HALF_WIDTH else 1
    number = f"{abs(fraction) * 100:.{decimals}f}"
    if float(number) == 0:
        return f"0{THIN}%"
    return f"{'+' if fraction > 0 else MINUS}{number}{THIN}%"


def exact_percent(fraction: float) -> str:
    """`+4 %` of 0.04: a number that was set and not measured, so with the decimals it has."""
    return f"{'+' if fraction > 0 else MINUS if fraction < 0 else ''}{abs(fraction) * 100:.4g}{THIN}%"


def percent(fraction: float) -> str:
    """`71 %` of 0.708."""
    return f"{fraction * 100:.0f}{THIN}%"


def percent_fine(fraction: float) -> str:
    """`4.6 %` of 0.046; whole percent from 10 % on."""
    return percent(fraction) if fraction >= WIDE_HALF_WIDTH else f"{fraction * 100:.1f}{THIN}%"


def interval_in_percent(lo: float, hi: float) -> str:
    """`+0.9 % to +5.9 %`, rounded by its own width."""
    half_width = (hi - lo) / 2
    return f"{signed_percent(lo, half_width)} to {signed_percent(hi, half_width)}"


def pace(s_per_km: float) -> str:
    """`5:10/km` of 310 s/km, to others `8:19/mi`."""
    return f"{minutes(s_per_km)}{a_pace()}"


def minutes(s_per_km: float) -> str:
    """`5:10` of 310 s/km, to others `8:19`, where its unit stands elsewhere."""
    minutes, seconds = divmod(seconds_of_pace(s_per_km), 60)
    return f"{minutes}:{seconds:02d}"


def seconds_of_pace(s_per_km: float) -> int:
    """Whole seconds a kilometre or a mile."""
    return round(s_per_km * units().pace_factor)


def a_pace() -> str:
    """`/km` or `/mi`."""
    return f"/{units().distance.name}"


def pace_unit() -> str:
    """`min/km` or `min/mi`, for an axis."""
    return f"min{a_pace()}"


def a_distance() -> str:
    """`a km` or `a mile`."""
    return units().a_distance


def distance(metres: float) -> str:
    """`10.2 km` of 10,200 m, to others `6.3 mi`."""
    unit = units().distance
    return measured(metres * unit.per_si, unit.name, 1)


def session_distance(metres: float) -> str:
    """`20 m` or `70 ft` of an exercise: in steps of 5 m or 10 ft, for nobody paces out 51 m."""
    unit, step = units().short, units().session_step
    return f"{plain_number(round(metres * unit.per_si / step) * step)}{THIN}{unit.name}"


def step_length(metres: float) -> str:
    """`112.4 cm`, to others `3.69 ft`."""
    unit = units().step_length
    return measured(metres * unit.per_si, unit.name, units().step_length_decimals)


def body_length(metres: float) -> str:
    """`1.75 m` of a body or a leg, to others `5 ft 9 in`."""
    if habits().units == "metric":
        return measured(metres, "m", 2)
    feet, inches = divmod(round(metres * INCHES_OF_A_METRE), 12)
    return f"{feet}{THIN}ft {inches}{THIN}in"


def exercised(value: float, unit: str) -> str:
    """`40 kg`, `12 repetitions`, `30 s` of an exercise, to others `88 lb`."""
    read_in = {"kg": units().mass, "m": units().short}.get(unit)
    if read_in is None:
        return f"{number(value)}{NO_BREAK}{unit}"
    return f"{number(value * read_in.per_si)}{NO_BREAK}{read_in.name}"


def mass(kilogrammes: float) -> str:
    """`70 kg`, to others `154 lb`."""
    unit = units().mass
    return measured(kilogrammes * unit.per_si, unit.name)


def warmer(degrees_c: float) -> str:
    """`3 °C` of a difference, to others `5 °F`."""
    unit = units().warmer
    return measured(abs(degrees_c) * unit.per_si, unit.name)


def age(days: int) -> str:
    """`17 months old`; under three months in weeks, from two years on in whole years."""
    if days < LONG_AGO_DAYS:
        return f"{count(days // 7, 'week')} old"
    months_old = round(days / 30.44)
    return f"{count(months_old, 'month') if months_old < MONTHS_TOLD_IN_YEARS else count(days // 365, 'year')} old"


def estimate_with_ends(estimate: float, lo: float, hi: float) -> str:
    """`+4.2 % (+1.4 to +7.3)`, rounded by its own width."""
    half_width = (hi - lo) / 2
    ends = (signed_percent(end, half_width).removesuffix(f"{THIN}%") for end in (lo, hi))
    return f"{signed_percent(estimate, half_width)} ({' to '.join(ends)})"


def months(first: date, last: date) -> str:
    """`Mar to Jun 2025`, `Oct 2023`, `Nov 2024 to Jan 2025`."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{last:%b %Y}"
    return f"{first:%b} to {last:%b %Y}" if first.year == last.year else f"{first:%b %Y} to {last:%b %Y}"


def seconds_between(lo: float, hi: float, pace_s_per_km: float) -> str:
    """An interval of a change of speed as people say it: `2 to 22 s faster`, `4 s slower to 9 s faster`."""
    ends = [seconds_of_pace(pace_s_per_km - pace_s_per_km / (1 + change)) for change in (lo, hi)]
    if min(ends) >= 0 or max(ends) <= 0:
        near, far = sorted(abs(end) for end in ends)
        return f"{near} to {far} s {'faster' if max(ends) > 0 else 'slower'}"
    return f"{-ends[0]} s slower to {ends[1]} s faster"


def rounded_percent(fraction: float) -> str:
    """`+5 %` of 0.048 in a headline; tenths where it is under one percent."""
    if abs(fraction) < HEADLINE_TENTHS_BELOW:
        return signed_percent(fraction)
    return f"{'+' if fraction > 0 else MINUS}{abs(fraction) * 100:.0f}{THIN}%"


def about(estimate: float, lo: float, hi: float) -> str:
    """`about +5 % speed (+2 to +8)`."""
    ends = " to ".join(rounded_percent(end).removesuffix(f"{THIN}%") for end in (lo, hi))
    return f"about {rounded_percent(estimate)} speed ({ends})"


def clock(seconds: float) -> str:
    """`24:31` of 1471 s, `1:45:02` of 6302 s."""
    hours, rest = divmod(round(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def seconds_a_km(speed_change_fraction: float, pace_s_per_km: float) -> str:
    """`10 s/km faster` of +3.4 % at 310 s/km, to others `16 s/mi faster`; `0 s/km` where it rounds to nothing."""
    change = seconds_of_pace(pace_s_per_km / (1 + speed_change_fraction) - pace_s_per_km)
    if change == 0:
        return f"0 s{a_pace()}"
    return f"{abs(change)} s{a_pace()} {'faster' if change < 0 else 'slower'}"


def with_minus(text: str) -> str:
    """A hyphen before a number that follows no letter or digit is a minus; the space before a % does not break."""
    return re.sub(r"(?<=\d) %", f"{THIN}%", re.sub(r"(?<![\w-])-(?=\d)", MINUS, text))


def number(value: float, decimals: int = 0) -> str:
    """`168` of 168.2; with so many decimals where it is finer than whole."""
    return f"{value:,.{decimals}f}"


def measured(value: float, unit: str, decimals: int = 0) -> str:
    """`252 ms`: a number and its unit, never parted at the end of a line."""
    return f"{number(value, decimals)}{THIN}{unit}"


def signed(value: float, decimals: int = 2) -> str:
    """`+0.42` of a correlation or a change; `0.00` where it rounds to nothing."""
    text = f"{abs(value):.{decimals}f}"
    return text if float(text) == 0 else f"{'+' if value > 0 else MINUS}{text}"


def points(percent: float) -> str:
    """`4.6` points of a percentage, whole from ten on: three digits would be two too many."""
    return f"{percent:.1f}" if percent < WIDE_HALF_WIDTH * 100 else f"{percent:.0f}"


def p_value(value: float) -> str:
    """`0.031`."""
    return f"{value:.3f}"


def faster_or_slower(speed_change_fraction: float) -> str:
    """A change of speed as people say it: `2.1 % faster`, `0.4 % slower`."""
    size = tenths(abs(speed_change_fraction))
    if size == tenths(0):
        return "unchanged"
    return f"{size} {'faster' if speed_change_fraction > 0 else 'slower'}"


def tenths(fraction: float) -> str:
    """`2.1 %` of 0.0213, to the tenth of a percent whatever its size."""
    return f"{fraction * 100:.1f} %"


def seconds_faster_or_slower(speed_change_fraction: float, pace_s_per_km: float) -> str:
    """What a change of speed is at a pace, as people say it: `6 s faster` a km of +2 % at 300 s/km."""
    change = seconds_of_pace(pace_change_s_per_km(speed_change_fraction, pace_s_per_km))
    if change == 0:
        return "0 s"
    return f"{abs(change)} s {'slower' if change > 0 else 'faster'}"


def day(value: date) -> str:
    """`3 March 2026`, to others `March 3, 2026` or `2026-03-03`."""
    return {
        "day_month": f"{value.day} {value:%B %Y}",
        "month_day": f"{value:%B} {value.day}, {value:%Y}",
        "iso": f"{value:%Y-%m-%d}",
    }[habits().date_style]


def short_day(value: date) -> str:
    """`3 Mar 2026`, to others `Mar 3, 2026` or `2026-03-03`."""
    return {
        "day_month": f"{value.day} {value:%b %Y}",
        "month_day": f"{value:%b} {value.day}, {value:%Y}",
        "iso": f"{value:%Y-%m-%d}",
    }[habits().date_style]


def day_and_month(value: date) -> str:
    """`3 Mar`, to others `Mar 3` or `03-03`."""
    return {
        "day_month": f"{value.day} {value:%b}",
        "month_day": f"{value:%b} {value.day}",
        "iso": f"{value:%m-%d}",
    }[habits().date_style]


def month(value: date) -> str:
    """`March 2026`."""
    return f"{value:%B %Y}"


def moment(value_utc: datetime) -> str:
    """`3 Mar 2026, 03:30 UTC`."""
    return f"{short_day(value_utc)}, {value_utc:%H:%M} UTC"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """`1 week`, `12 weeks`, `1,204 runs`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def span(weeks: int) -> str:
    """`60 weeks`; from two years on `2.5 years`."""
    return (
        count(weeks, "week")
        if weeks < WEEKS_TOLD_IN_YEARS
        else f"{weeks / WEEKS_OF_A_YEAR:.1f}".removesuffix(".0") + " years"
    )


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def without_addresses(text: str) -> str:
    """The text with e-mail addresses masked: Garmin's own file names hold the owner's."""
    return _MAIL_ADDRESS.sub("(address)", text)


def plain_number(value: float) -> str:
    """`15` of 15.0, `7.5` of 7.5."""
    return f"{value:g}"


# The same in the language of Vega: formats of numbers and of dates in UTC, and expressions over `datum.value`.
ONE_DECIMAL, TWO_DECIMALS, WHOLE = ".1f", ".2f", ".0f"
SIGNED_ONE_DECIMAL, SIGNED_TWO_DECIMALS = "+.1f", "+.2f"
WHOLE_PERCENT = ".0%"
MONTH_AND_YEAR = "%b %Y"
# A day in the reader's style, by what is told of it.
DAY_AND_MONTH, SHORT_DAY, WEEKDAY_AND_DAY, WEEK_OF = "day and month", "short day", "weekday and day", "week of"
_DAY_FORMATS = {
    "day_month": {DAY_AND_MONTH: "%-d %b", SHORT_DAY: "%-d %b %Y"},
    "month_day": {DAY_AND_MONTH: "%b %-d", SHORT_DAY: "%b %-d, %Y"},
    "iso": {DAY_AND_MONTH: "%m-%d", SHORT_DAY: "%Y-%m-%d"},
}
WHOLE_AXIS = "d"
SIGNED_LABEL = "datum.value == 0 ? '0' : format(datum.value, '+~g')"
CLOCK_OF_TIME = (
    "(datum.time_s >= 3600 ? floor(round(datum.time_s) / 3600) + ':' : '') + "
    "pad(floor(round(datum.time_s) % 3600 / 60), 2, '0', 'left') + ':' + "
    "pad(round(datum.time_s) % 60, 2, '0', 'left')"
)
QUARTER_OF_SEASON = (
    "'Q' + ceil((utcmonth(toDate(datum.season_start)) + 1) / 3) + ' ' + utcyear(toDate(datum.season_start))"
)


def date_format(told: str) -> str:
    """Vega's format of a day, such as `SHORT_DAY`, in the reader's style."""
    formats = _DAY_FORMATS[habits().date_style]
    lead = {WEEKDAY_AND_DAY: "%A ", WEEK_OF: "week of "}.get(told)
    return formats[told] if lead is None else lead + formats[SHORT_DAY]


def month_label() -> str:
    """The expression that labels an axis of days: January by its year, a tick inside a month by its day."""
    return (
        f"utcdate(datum.value) != 1 ? utcFormat(datum.value, '{date_format(DAY_AND_MONTH)}') : "
        "utcmonth(datum.value) == 0 ? utcFormat(datum.value, '%Y') : utcFormat(datum.value, '%b')"
    )


def pace_factor() -> str:
    """Seconds of the reader's distance to a second a kilometre, as an expression has it."""
    return f"{units().pace_factor:.8g}"


def pace_label(value: str = "datum.value") -> str:
    """The expression that writes a pace in s/km as minutes and seconds of the reader's distance."""
    seconds = f"round({value} * {pace_factor()})"
    return f"floor({seconds} / 60) + ':' + pad({seconds} % 60, 2, '0', 'left')"


def distance_label(field: str) -> str:
    """The expression that writes a distance of the table in metres as kilometres or miles."""
    return f"format(datum.{field} * {units().distance.per_si:.8g}, '{ONE_DECIMAL}')"


def written(field: str, number_format: str) -> str:
    """The expression that writes a field of the table as a number."""
    return f"format(datum.{field}, '{number_format}')"


def day_written(field: str, told: str) -> str:
    """The expression that writes a date of the table, told as `SHORT_DAY` and the like."""
    return f"utcFormat(toDate(datum.{field}), '{date_format(told)}')"


def week_label(is_short: str) -> str:
    """The expression that labels an axis of weeks: by their Monday where little is shown, else by month and year."""
    return f"utcFormat(datum.value, {is_short} ? '{date_format(DAY_AND_MONTH)}' : '{MONTH_AND_YEAR}')"


def scaled_label(scale: float, decimals: int) -> str:
    """The expression that labels an axis whose values stand in another unit than people read."""
    return f"format(datum.value * {scale}, '.{decimals}f')"
