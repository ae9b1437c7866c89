"""Texts of numbers, durations and dates, in the spellings that apps and phones use, to values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hipdrive.catalogue.names import plain

_NUMBER = re.compile(r"^[+-]?\d[\d.,'\s\u00a0\u202f]*|^[+-]?[.,]\d+")
# Units and words that may follow a number: “12,5 kg”, “20 ripetizioni”, “8x”.
_AFTER = re.compile(r"^\s*[^\W\d_%°]{0,14}\.?$")
_SPOKEN_DURATION = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)")
_CLOCK_DURATION = re.compile(r"^(?:(\d+):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)$")
_SECONDS_IN = {"h": 3600.0, "m": 60.0, "s": 1.0}

_MONTH_NAMES = {
    1: "jan january januar ene enero janv janvier gen gennaio janeiro",
    2: "feb february februar febrero fev fevr fevrier febbraio fevereiro",
    3: "mar march marz mrz maerz marzo mars marco",
    4: "apr april abr abril avr avril aprile",
    5: "may mai mayo mag maggio maio",
    6: "jun june juni junio juin giu giugno junho",
    7: "jul july juli julio juil juillet lug luglio julho",
    8: "aug august ago agosto aout",
    9: "sep sept september septiembre septembre set settembre setembro",
    10: "oct october okt oktober octubre octobre ott ottobre out outubro",
    11: "nov november noviembre novembre novembro",
    12: "dec december dez dezember dic diciembre decembre dicembre dezembro",
}
MONTHS = {name: month for month, names in _MONTH_NAMES.items() for name in names.split()}
_CENTURY = 2000
_PM = re.compile(r"\bp\s?\.?m\b\.?", re.IGNORECASE)
_AM = re.compile(r"\ba\s?\.?m\b\.?", re.IGNORECASE)
_TIME = re.compile(r"(?:^|[\sT,])(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
_OFFSET = re.compile(r"(?:(Z)|([+-])(\d{2}):?(\d{2}))$")
_YEAR_FIRST = re.compile(r"^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR_LAST = re.compile(r"^\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")
_MONTH_WORD = re.compile(r"[^\W\d_]{3,}")


def parse_number(text: str) -> float | None:
    """A number with its decimal mark, point or comma, or null where the text is no number.

    Where both marks occur the last one is the decimal mark; a single comma is one too, because logged quantities are
    small: “12,500” is 12.5, as a phone that writes commas means it.
    """
    match = _NUMBER.match(text.strip())
    if match is None or not _AFTER.match(text.strip()[match.end() :]):
        return None
    digits = re.sub(r"['\s\u00a0\u202f]", "", match.group())
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        digits = digits.replace("." if comma > point else ",", "")
    digits = digits.replace(",", ".")
    try:
        return float(digits)
    except ValueError:
        return None


def parse_duration_s(text: str) -> float | None:
    """Seconds of “1h 7m”, “31min”, “20 s”, “1 Std. 5 Min.”, “01:23:45”, “23:45” (minutes first) or plain seconds."""
    stripped = text.strip()
    clock = _CLOCK_DURATION.match(stripped)
    if clock:
        hours, minutes, seconds = clock.groups()
        return 3600 * float(hours or 0) + 60 * float(minutes) + float(seconds)
    parts = _SPOKEN_DURATION.findall(stripped)
    if parts:
        letters = [(amount, plain(unit)[:1]) for amount, unit in parts]
        # “Std.”, “hrs” and “ore” all mean hours; German is the one language whose hour begins like a second.
        factors = [
            3600.0 if plain(unit).startswith(("st", "or")) else _SECONDS_IN.get(letter)
            for (_, unit), (_, letter) in zip(parts, letters, strict=True)
        ]
        if None in factors:
            return None
        return sum(
            float(amount.replace(",", ".")) * (factor or 0.0)
            for (amount, _), factor in zip(parts, factors, strict=True)
        )
    return parse_number(stripped)


@dataclass(frozen=True, slots=True)
class Moment:
    """A start as logged: on the athlete's clock or in UTC, and whether a time of day was given."""

    local: datetime | None
    utc: datetime | None
    has_clock: bool


def parse_moments(texts: Iterable[str], *, day_first: bool | None = None) -> dict[str, Moment | str]:
    """Every different date text of one file → its moment, or the cause why it is none.

    “03/04/2025” could be two days. It is read by the order that the file's other dates show (a number above 12 tells),
    else by `day_first` where the format fixes it; where neither decides, the text is a cause, not a guess.

    Args:
        texts: the date texts, with or without a time.
        day_first: the format's own rule for dates with the year last; null where it has none.
    """
    unique = sorted(set(texts))
    shown = _order_shown(unique)
    order = shown if shown is not None else day_first
    return {text: _moment(text, order) for text in unique}


def _order_shown(texts: list[str]) -> bool | None:
    """True for day first, False for month first, null where the file does not tell or contradicts itself."""
    pairs = [(int(match[1]), int(match[2])) for match in map(_YEAR_LAST.match, texts) if match]
    day_first = any(first > 12 >= second for first, second in pairs)  # noqa: PLR2004  months end at 12
    month_first = any(second > 12 >= first for first, second in pairs)  # noqa: PLR2004
    return None if day_first == month_first else day_first


def _moment(text: str, day_first: bool | None) -> Moment | str:  # noqa: FBT001  three-valued, not a switch
    date = _date_parts(text, day_first)
    if isinstance(date, str):
        return date
    clock = _TIME.search(text)
    hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    if clock and _PM.search(text) and hour < 12:  # noqa: PLR2004  noon
        hour += 12
    elif clock and _AM.search(text) and hour == 12:  # noqa: PLR2004
        hour = 0
    try:
        moment = datetime(*date, hour, minute, second)  # noqa: DTZ001  the athlete's own clock
    except ValueError:
        return f"“{text}” is no date of the calendar"
    offset = _OFFSET.search(text.strip()) if clock else None
    if offset is None:
        return Moment(moment, None, clock is not None)
    shift = timedelta(0)
    if offset[2]:
        shift = timedelta(hours=int(offset[3]), minutes=int(offset[4])) * (-1 if offset[2] == "-" else 1)
        return Moment(moment, (moment - shift).replace(tzinfo=UTC), has_clock=True)
    return Moment(None, moment.replace(tzinfo=UTC), has_clock=True)


def _date_parts(text: str, day_first: bool | None) -> tuple[int, int, int] | str:  # noqa: FBT001
    year_first = _YEAR_FIRST.match(text)
    if year_first:
        return int(year_first[1]), int(year_first[2]), int(year_first[3])
    year_last = _YEAR_LAST.match(text)
    if year_last:
        first, second, year = (int(part) for part in year_last.groups())
        year += _CENTURY if year < 100 else 0  # noqa: PLR2004  two digits
        if first > 12 or (day_first and second <= 12):  # noqa: PLR2004
            return year, second, first
        if second > 12 or day_first is False or first == second:  # noqa: PLR2004
            return year, first, second
        return f"“{text}” could be two days, and no other date of the file tells which; write dates as 2025-04-03"
    return _spoken_date(text)


def _spoken_date(text: str) -> tuple[int, int, int] | str:
    month = next((MONTHS[word] for word in map(plain, _MONTH_WORD.findall(text)) if word in MONTHS), None)
    numbers = [int(number) for number in re.findall(r"\d+", _TIME.sub(" ", text))]
    years = [number for number in numbers if number >= 1900]  # noqa: PLR2004
    days = [number for number in numbers if 1 <= number <= 31]  # noqa: PLR2004
    if month is None or not years or not days:
        return f"“{text}” is no date that hipdrive can read"
    return years[0], month, days[0]
