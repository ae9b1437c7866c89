"""Numbers as people write them: paces, percent, dates. Rounded by their uncertainty, never finer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

MINUS = "\u2212"
NO_BREAK = "\u00a0"
THIN = "\u202f"  # narrow space that does not break, between a number and its unit
WIDE_HALF_WIDTH = 0.10  # intervals wider than this either way are given in whole percent
WEEKS_OF_A_YEAR, WEEKS_TOLD_IN_YEARS = 52.18, 104
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


def day(value: date) -> str:
    """`3 March 2026`."""
    return f"{value.day} {value:%B %Y}"


def short_day(value: date) -> str:
    """`3 Mar 2026`."""
    return f"{value.day} {value:%b %Y}"


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
