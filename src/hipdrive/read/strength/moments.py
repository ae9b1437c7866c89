"""Texts of dates, in the spellings that apps and phones use, to moments; which of two days a doubtful one is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

# Short and full names of the months in English, German, Spanish, French, Italian, Portuguese, Dutch, Swedish, Danish,
# Norwegian, Polish, Turkish and Russian, without accents. No name means two months.
_MONTH_NAMES = """
 1 ene enero gen gennaio jan janeiro januar januari january janv janvier oca ocak sty styczen stycznia янв январь
 1 января
 2 feb febbraio febrero februar februari february fev fevereiro fevr fevrier lut lutego luty sub subat фев февр
 2 февраль февраля
 3 maart maerz mar marca march marco mars mart marts marz marzec marzo mrt mrz мар март марта
 4 abr abril apr april aprile avr avril kwi kwiecien kwietnia nis nisan апр апрель апреля
 5 mag maggio mai maio maj maja may mayis mayo mei маи май мая
 6 cze czerwca czerwiec giu giugno haz haziran juin jun june junho juni junio июн июнь июня
 7 juil juillet jul julho juli julio july lip lipca lipiec lug luglio tem temmuz июл июль июля
 8 ago agosto agu agustos aout aug august augusti augustus sie sierpien sierpnia авг август августа
 9 eyl eylul sep sept september septembre septiembre set setembro setiembre sett settembre wrz wrzesien wrzesnia сен
 9 сент сентябрь сентября
10 eki ekim oct october octobre octubre okt oktober ott ottobre out outubro paz pazdziernik pazdziernika окт октябрь
10 октября
11 kas kasim lis listopad listopada nov november novembre novembro noviembre ноя нояб ноябрь ноября
12 ara aralik dec december decembre des desember dez dezember dezembro dic dicembre diciembre gru grudnia grudzien дек
12 декабрь декабря
"""
MONTHS = {
    name: int(number)
    for number, *names in (line.split() for line in _MONTH_NAMES.split("\n") if line)
    for name in names
}
_CENTURY = 2000
_PM = re.compile(r"\bp\.?\s?m\b\.?|午後|下午|오후", re.IGNORECASE)
_AM = re.compile(r"\ba\.?\s?m\b\.?|午前|上午|오전", re.IGNORECASE)
_TIME = re.compile(r"(?:^|[\sT,])(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
# “18h30” and “18.30”: only at the end of a text, because a date may begin with “18.3.”.
_LAST_TIME = re.compile(r"[\s,](\d{1,2})\s?[h.]\s?(\d{2})(?:\.(\d{2}))?\s*(?:uhr)?$", re.IGNORECASE)
_OFFSET = re.compile(r"(?:(Z)|([+-])(\d{2}):?(\d{2}))$")
_YEAR_FIRST = re.compile(r"^\D*?(\d{4})[-/.年년]\s?(\d{1,2})[-/.月월]\s?(\d{1,2})")
_YEAR_LAST = re.compile(r"^\D*?(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_MONTH_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Moment:
    """A start as logged: on the athlete's clock or in UTC, and whether a time of day was given."""

    local: datetime | None
    utc: datetime | None
    has_clock: bool


@dataclass(frozen=True, slots=True)
class DateOrder:
    """How one file writes dates such as “03/04/2026”: day first, month first, or null for nobody knows.

    `remark` says what decided where a date of the file could have been two days.
    """

    day_first: bool | None
    remark: str | None = None


def parse_moments(texts: Sequence[str], order: DateOrder) -> dict[str, Moment | str]:
    """Every different date text of one file → its moment, or the cause why it is none.

    Args:
        texts: the date texts, with or without a time.
        order: of day and month, as `date_order` finds it.
    """
    return {text: _moment(text, order.day_first) for text in dict.fromkeys(texts)}


def date_order(texts: Sequence[str], *, by_settings: bool | None = None, by_format: bool | None = None) -> DateOrder:
    """Whether a file writes the day or the month first, by the first of these that tells.

    A date of the file with a number above 12; points between the numbers (nobody writes a month first with them); the
    order of the rows, because exports run through time in one direction; the settings; the rule of the format. A file
    with dates of both kinds contradicts itself and leaves its doubtful dates open.

    Args:
        texts: different date texts in the order of the file.
        by_settings: what the user says of logs that do not show it; null for nothing.
        by_format: the format's own rule; null where it has none.
    """
    dates = [(int(match[1]), int(match[3])) for match in map(_YEAR_LAST.match, texts) if match]
    doubtful = next((text for text in texts if _is_doubtful(text)), None)
    if doubtful is None:
        return DateOrder(None)
    day_shown = any(first > 12 >= second for first, second in dates)  # noqa: PLR2004  months end at 12
    month_shown = any(second > 12 >= first for first, second in dates)  # noqa: PLR2004
    if day_shown and month_shown:
        return DateOrder(None)
    evidence: list[tuple[bool | None, str | None]] = [
        (day_shown if day_shown != month_shown else None, "as another date of the file shows"),
        (True if _has_points(doubtful) else None, None),
        (_order_of_rows(texts), "because only so the rows follow in time"),
        (by_settings, "as strength.date_order in hipdrive.toml says"),
        (by_format, "as this app writes them; strength.date_order in hipdrive.toml can say otherwise"),
    ]
    for day_first, why in evidence:
        if day_first is not None:
            return DateOrder(day_first, why and f"“{doubtful}” is read {'day' if day_first else 'month'} first, {why}")
    return DateOrder(None)


def _is_doubtful(text: str) -> bool:
    match = _YEAR_LAST.match(text)
    return match is not None and max(int(match[1]), int(match[3])) <= 12 and match[1] != match[3]  # noqa: PLR2004


def _has_points(text: str) -> bool:
    match = _YEAR_LAST.match(text)
    return match is not None and match[2] == "."


def _order_of_rows(texts: Sequence[str]) -> bool | None:
    """The one reading of at least three days in which the rows run forwards or backwards in time throughout."""
    runs = {}
    for day_first in (True, False):
        parts = [_date_parts(text, day_first) for text in texts]
        days = [day for day in parts if isinstance(day, tuple)]
        forwards, backwards = (
            all(earlier <= later for earlier, later in pairwise(ordered)) for ordered in (days, days[::-1])
        )
        runs[day_first] = len(set(days)) > 2 and (forwards or backwards)  # noqa: PLR2004  two days are always in order
    return None if runs[True] == runs[False] else runs[True]


def _moment(text: str, day_first: bool | None) -> Moment | str:  # noqa: FBT001  three-valued, not a switch
    date = _date_parts(text, day_first)
    if isinstance(date, str):
        return date
    clock = _TIME.search(text) or _LAST_TIME.search(text.strip())
    hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    if clock and _PM.search(text) and hour < 12:  # noqa: PLR2004  noon
        hour += 12
    elif clock and _AM.search(text) and hour == 12:  # noqa: PLR2004
        hour = 0
    try:
        moment = datetime(*date, hour, minute, second)  # noqa: DTZ001  the athlete's own clock
    except ValueError:
        return f"“{text}” is not a date of the calendar"
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
        first, second, year = int(year_last[1]), int(year_last[3]), int(year_last[4])
        year += _CENTURY if year < 100 else 0  # noqa: PLR2004  two digits
        if first > 12 or (day_first and second <= 12):  # noqa: PLR2004
            return year, second, first
        if second > 12 or day_first is False or first == second:  # noqa: PLR2004
            return year, first, second
        return (
            f"“{text}” could be two days, and nothing else in the file tells which; "
            "set strength.date_order in hipdrive.toml"
        )
    return _spoken_date(text)


def _spoken_date(text: str) -> tuple[int, int, int] | str:
    """A date with the month as a word; the last such word counts, because a day of the week may stand before it."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("\u0131", "i"))
    words = _MONTH_WORD.findall("".join(letter for letter in letters if not unicodedata.combining(letter)))
    month = next((MONTHS[word] for word in reversed(words) if word in MONTHS), None)
    numbers = [int(number) for number in re.findall(r"\d+", _LAST_TIME.sub(" ", _TIME.sub(" ", text)))]
    years = [number for number in numbers if number >= 1900]  # noqa: PLR2004
    days = [number for number in numbers if 1 <= number <= 31]  # noqa: PLR2004
    if month is None or not years or not days:
        return f"“{text}” is not a date that hipdrive can read"
    return years[0], month, days[0]
