"""What people write into one cell of a log: a load with its unit or as plates on a bar, or a whole line of sets.

Loads: “225lb”, “100 kg”, “15 each”, “20 + 2x15” (a bar and its plates), “BW+10”. Sets: “3x8@60”, “5/5/5”, “30 s”.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from hipdrive.read.strength.moments import MONTHS
from hipdrive.read.strength.units import Quantity, unit_of
from hipdrive.read.strength.values import parse_duration_s, parse_number

SETS_IN_A_CELL_MAX = 20
_BODY = (
    r"(?:bw|body ?weight|body|korpergewicht|eigengewicht|kg kg|peso corporal|peso corporeo|corpo libero|"
    r"poids du corps|pdc|lichaamsgewicht|kroppsvikt|masa ciala)"
)
_ONE_OF_TWO = re.compile(
    r"\s*(?:\b(?:each|ea|per|pro|por|par|je|cada|chaque|ciascuno|elk|varje|na)\b\.?\s*)"
    r"(?:side|hand|arm|leg|dumbbell|db|seite|hantel|bein|lado|mano|uno|cote|main|lato|kant|been|sida|ben|strone)?s?$"
    r"|\s*/\s*(?:side|hand|arm|leg|seite|bein|lado|cote|lato)s?$"
)
_NUMBER = r"[+-]?(?:\d[\d.,'\s\u00a0\u202f]*|[.,]\d+)"
_TERM = re.compile(rf"^(?:(\d{{1,2}})\s*[x\u00d7*]\s*)?({_NUMBER})\s*([^\W\d_]+\.?|#)?$")
_TIMES = re.compile(r"^(\d{1,2})\s*(?:x|\u00d7|\*|sets? of|mal|sets? a|series? de|serie da)\s*(.+)$")
_AT = re.compile(r"^(.*?)\s*@\s*(rpe)?\s*(.+)$")
_REPS_WORDS = re.compile(
    r"\s*(?:x|\u00d7|reps?|repetitions?|times|wdh\.?|wiederholung(?:en)?|repeticion(?:es)?|repetition(?:s)?|"
    r"ripetizion[ei]|repetic(?:ao|oes)|herhalingen|repetitioner|powtorzen(?:ia)?|回|次)$"
)
_LIST = re.compile(r"\s*(?:/|;|\||(?<=\d)-(?=\d)|,\s|\s)\s*")
_UNSPACED_LIST = re.compile(r"^\d{1,3}(?:,\d{1,3}){2,}$")
# “5/8/26” may be what a spreadsheet made of a plan of 5 to 8; “20/20/25” is not a day of any calendar.
_IS_DATE = re.compile(
    r"^(?:(?:0?[1-9]|1[0-2])([/-])(?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])([/-])(?:0?[1-9]|1[0-2]))[/-](?:2\d|3[0-5])$"
)
_SECONDS = re.compile(
    r"^\d+(?:[.,]\d+)?\s*(?:s|sec|secs|seconds?|sek|sekunden?|segundos?|secondi|secondes?|sekunder|秒|''|″)\.?$"
)
_MINUTES = re.compile(
    r"^(?:\d+:\d{2}(?::\d{2})?|\d+(?:[.,]\d+)?\s*(?:min|mins|minutes?|minuten|minutos?|minuti)\.?(?:\s*\d+\s*s\w*)?)$"
)
_DISTANCE = re.compile(r"^(\d+(?:[.,]\d+)?)\s*(m|km|mi|ft|yd|yds|yards?|met(?:er|re)s?|metros|metri|miles?)\.?$")


@dataclass(frozen=True, slots=True)
class Load:
    """A quantity as its cell states it: without a value where it says body weight, without a unit where it has none."""

    value: float | None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class CellSet:
    """One set of those that a cell spells out; what it does not say is null."""

    reps: float | None = None
    hold_s: float | None = None
    distance: float | None = None
    distance_unit: str | None = None
    load: Load | None = None
    rpe: float | None = None


def fold(text: str) -> str:
    """A cell in small letters without accents, its spaces single."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return " ".join("".join(letter for letter in letters if not "\u0300" <= letter <= "\u036f").split())


def parse_load(text: str) -> Load | str:
    """A load, or why the text is none. Of two dumbbells “each” is one; plates on a bar are added up."""
    cell = fold(text)
    if re.fullmatch(_BODY, cell):
        return Load(None)
    with_body = re.match(rf"{_BODY}\s*(?=[+-])", cell)
    cell = _ONE_OF_TWO.sub("", cell[with_body.end() :] if with_body else cell)
    cell = re.sub(r"^-\s+", "-", cell)
    parts = [part.strip() for part in cell.lstrip("+ ").split("+")]
    terms = [_TERM.match(part) for part in parts]
    total, units = 0.0, set()
    for term in terms:
        number = parse_number(term[2]) if term else None
        if term is None or number is None:
            return _not_a("weight", text)
        total += number * (int(term[1] or 1) if len(terms) > 1 else 1)
        word = (term[3] or "").rstrip(".")
        if word and word not in {"bar", "total", "totale", "gesamt"}:
            unit = unit_of(word, "weight")
            if unit is None:
                return _no_unit("weight", word, text)
            units.add(unit)
    if len(units) > 1:
        return f"weight “{_short(text)}” has two units"
    return Load(total, units.pop() if units else None)


def parse_distance(text: str) -> Load | str:
    """A distance, or why the text is none."""
    term = _TERM.match(fold(text))
    number = parse_number(term[2]) if term else None
    if term is None or number is None or term[1]:
        return _not_a("distance", text)
    word = (term[3] or "").rstrip(".")
    unit = unit_of(word, "distance") if word else None
    return _no_unit("distance", word, text) if word and unit is None else Load(number, unit)


def parse_sets(text: str) -> list[CellSet] | str:
    """The sets that a cell of repetitions spells out, or why it cannot be read.

    “10”, “15 each”, “30 s” and “50 m” are one set; “3x8”, “3x8@60” and “5/5/5” are three. “8/8” could be two sets or
    both sides, and “5-8” is a plan: neither is guessed.
    """
    cell = fold(text)
    at = _AT.match(cell)
    common = CellSet()
    if at:
        cell = at[1]
        load = parse_load(at[3])
        if isinstance(load, str):
            return load
        common = CellSet(rpe=load.value) if at[2] else CellSet(load=load)
    times = _TIMES.match(cell)
    count, cell = (int(times[1]), times[2]) if times else (1, cell)
    amounts = _amounts(cell, text) if count == 1 else _amount(cell, text)
    if isinstance(amounts, str):
        return amounts
    amounts = (amounts if isinstance(amounts, list) else [amounts]) * count
    if not 1 <= len(amounts) <= SETS_IN_A_CELL_MAX:
        return f"“{_short(text)}” would be {len(amounts)} sets"
    return [replace(one, load=common.load, rpe=common.rpe) for one in amounts]


def _amounts(cell: str, text: str) -> list[CellSet] | str:
    parts = cell.split(",") if _UNSPACED_LIST.match(cell) else [part for part in _LIST.split(cell) if part]
    is_list = len(parts) > 2 and all(re.fullmatch(r"\d{1,3}|-", part) for part in parts)  # noqa: PLR2004  two: both sides?
    if not is_list or _IS_DATE.match(cell):
        one = _amount(cell, text)
        return one if isinstance(one, str) else [one]
    return [CellSet(reps=float(part)) for part in parts if part not in {"-", "0"}]


def _amount(cell: str, text: str) -> CellSet | str:
    cell = _ONE_OF_TWO.sub("", cell).strip()
    if _SECONDS.match(cell) or _MINUTES.match(cell):
        return CellSet(hold_s=parse_duration_s(re.sub(r"''|″|秒", "s", cell)))
    distance = _DISTANCE.match(cell)
    if distance:
        return CellSet(distance=parse_number(distance[1]), distance_unit=unit_of(distance[2], "distance"))
    bare = _REPS_WORDS.sub("", cell)
    number = parse_number(bare) if re.fullmatch(_NUMBER, bare) else None
    return _not_a("reps", text) if number is None else CellSet(reps=number)


def _not_a(what: str, text: str) -> str:
    if re.fullmatch(r"\s*\d{20,}\s*", text):
        return f"{what} “{_short(text)}” is not possible"
    noun = "count of repetitions" if what == "reps" else "number"
    return f"{what} “{_short(text)}” is not a {noun}{_because_of_a_sheet(text)}"


def _no_unit(kind: Quantity, word: str, text: str) -> str:
    if word in MONTHS:
        return _not_a(kind, text)
    return f"“{word}” is not a unit of {kind}"


def _because_of_a_sheet(text: str) -> str:
    """A spreadsheet turns “5-8” into the fifth of August."""
    words = set(re.findall(r"[^\W\d_]+", fold(text)))
    is_date = bool(words & MONTHS.keys()) or re.search(r"\d[-/.]\d+[-/.]\d", text) is not None
    return "; a spreadsheet turned it into a date" if is_date else ""


def _short(text: str) -> str:
    limit = 24
    return text if len(text) <= limit else text[: limit - 1] + "…"
