"""Numbers as people write them, the one vocabulary: percent, paces, signs, dates, counts, units, intervals.

Rounded by their uncertainty, never finer. The second half says the same to Vega, which writes axes and tooltips itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hipdrive.estimate.quantity import pace_change_s_per_km

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
    """`5:10/km` of 310 s/km."""
    minutes, seconds = divmod(round(s_per_km), 60)
    return f"{minutes}:{seconds:02d}/km"


def minutes(s_per_km: float) -> str:
    """`5:10` of 310 s/km, where its unit stands elsewhere."""
    return pace(s_per_km).removesuffix("/km")


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
    ends = [round(pace_s_per_km - pace_s_per_km / (1 + change)) for change in (lo, hi)]
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
    """`10 s/km faster` of +3.4 % at 310 s/km; `0 s/km` where it rounds to nothing."""
    change = round(pace_s_per_km / (1 + speed_change_fraction) - pace_s_per_km)
    if change == 0:
        return "0 s/km"
    return f"{abs(change)} s/km {'faster' if change < 0 else 'slower'}"


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
    """`0.031` of a p; a q, which is coarser, has two decimals of its own."""
    return f"{value:.3f}"


def q_value(value: float) -> str:
    """`0.12`."""
    return f"{value:.2f}"


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
    """What a change of speed is at a pace, as people say it: `6 s faster` of +2 % at 300 s/km."""
    change = round(pace_change_s_per_km(speed_change_fraction, pace_s_per_km))
    if change == 0:
        return "0 s"
    return f"{abs(change)} s {'slower' if change > 0 else 'faster'}"


def day(value: date) -> str:
    """`3 March 2026`."""
    return f"{value.day} {value:%B %Y}"


def short_day(value: date) -> str:
    """`3 Mar 2026`."""
    return f"{value.day} {value:%b %Y}"


def day_and_month(value: date) -> str:
    """`3 Mar`."""
    return f"{value.day} {value:%b}"


def month(value: date) -> str:
    """`March 2026`."""
    return f"{value:%B %Y}"


def moment(value_utc: datetime) -> str:
    """`2026-03-03 03:30 UTC`."""
    return f"{value_utc:%Y-%m-%d %H:%M} UTC"


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
DAY_AND_MONTH, MONTH_AND_YEAR = "%-d %b", "%b %Y"
SHORT_DAY, WEEKDAY_AND_DAY, WEEK_OF = "%-d %b %Y", "%A %-d %b %Y", "week of %-d %b %Y"
# January is written as its year; a tick inside a month says its day.
MONTH_LABEL = (
    "utcdate(datum.value) != 1 ? utcFormat(datum.value, '%-d %b') : "
    "utcmonth(datum.value) == 0 ? utcFormat(datum.value, '%Y') : utcFormat(datum.value, '%b')"
)
SIGNED_LABEL = "datum.value == 0 ? '0' : format(datum.value, '+~g')"
PACE_LABEL = "floor(round(datum.value)/60) + ':' + pad(round(datum.value)%60, 2, '0', 'left')"
CLOCK_OF_TIME = (
    "(datum.time_s >= 3600 ? floor(round(datum.time_s) / 3600) + ':' : '') + "
    "pad(floor(round(datum.time_s) % 3600 / 60), 2, '0', 'left') + ':' + "
    "pad(round(datum.time_s) % 60, 2, '0', 'left')"
)
QUARTER_OF_SEASON = (
    "'Q' + ceil((utcmonth(toDate(datum.season_start)) + 1) / 3) + ' ' + utcyear(toDate(datum.season_start))"
)


def written(field: str, number_format: str) -> str:
    """The expression that writes a field of the table as a number."""
    return f"format(datum.{field}, '{number_format}')"


def day_written(field: str, date_format: str) -> str:
    """The expression that writes a date of the table."""
    return f"utcFormat(toDate(datum.{field}), '{date_format}')"


def scaled_label(scale: float, decimals: int) -> str:
    """The expression that labels an axis whose values stand in another unit than people read."""
    return f"format(datum.value * {scale}, '.{decimals}f')"
