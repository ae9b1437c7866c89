"""Texts of numbers and durations, in the spellings that apps and phones use, to values."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from hipdrive.catalogue.names import plain
from hipdrive.read.strength.moments import MONTHS

_NUMBER = re.compile(r"^[+-]?\d[\d.,'\s\u00a0\u202f]*|^[+-]?[.,]\d+")
# Units and words that may follow a number: “12,5 kg”, “20 ripetizioni”, “8x”.
_AFTER = re.compile(r"^\s*[^\W\d_%°]{0,14}\.?$")
_SPOKEN_DURATION = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)")
# “1:30” and “1:30 min” are minutes and seconds, “1:30 h” hours and minutes.
_CLOCK_DURATION = re.compile(r"^(?:(\d+):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)\s*([^\W\d_]*)\.?$")
_SECONDS_IN = {"h": 3600.0, "m": 60.0, "s": 1.0}

# What apps and people write for “yes”, in six languages.
YES = ("true", "1", "1.0", "yes", "y", "x", "si", "sí", "ja", "oui", "sim", "vrai", "wahr", "verdadero", "vero")
_GROUPED = {",": re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+$"), ".": re.compile(r"^[+-]?\d{1,3}(?:\.\d{3})+$")}
# One mark, and not before just three digits: this one is decimal.
_DECIMAL = re.compile(r"^[+-]?\d*([.,])(?:\d{1,2}|\d{4,})(?![\d.,])")


def parse_number(text: str) -> float | None:
    """A number with its decimal mark, point or comma, or null where the text is not a number.

    Where both marks occur the last one is the decimal mark; a single comma is one too, because logged quantities are
    small: “12,500” is 12.5, as a phone that writes commas means it. “5 Aug” is a date that a spreadsheet made of 5-8,
    and what overflows is not a number either.
    """
    match = _NUMBER.match(text.strip())
    after = text.strip()[match.end() :] if match else ""
    if match is None or not _AFTER.match(after) or plain(after) in MONTHS:
        return None
    digits = re.sub(r"['\s\u00a0\u202f]", "", match.group())
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        digits = digits.replace("." if comma > point else ",", "")
    digits = digits.replace(",", ".")
    try:
        number = float(digits)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def grouping_mark(texts: Iterable[str]) -> str | None:
    """The mark that only groups thousands in a column of numbers, or null where the column does not tell.

    “1,000” is a thousand where others write “62.5”, and “1.000” where others write “62,5”; alone, a mark is decimal.
    """
    decimal = {match[1] for match in map(_DECIMAL.match, texts) if match}
    return {".": ",", ",": "."}[decimal.pop()] if len(decimal) == 1 else None


def ungrouped(text: str, mark: str) -> str:
    """A number's text without the marks that group its thousands."""
    return text.replace(mark, "") if _GROUPED[mark].match(text) else text


def parse_duration_s(text: str) -> float | None:
    """Seconds of “1h 7m”, “31min”, “20 s”, “1 Std. 5 Min.”, “01:23:45”, “23:45” (minutes first) or plain seconds."""
    stripped = text.strip()
    clock = _CLOCK_DURATION.match(stripped)
    if clock:
        *parts, unit = clock.groups()
        hours, minutes, seconds = (float(part or 0) for part in parts)
        if parts[0] is None and _is_hours(unit):
            hours, minutes, seconds = minutes, seconds, 0.0
        return 3600 * hours + 60 * minutes + seconds
    spoken = _SPOKEN_DURATION.findall(stripped)
    if spoken:
        factors = [_SECONDS_IN["h"] if _is_hours(unit) else _SECONDS_IN.get(plain(unit)[:1]) for _, unit in spoken]
        if None in factors:
            return None
        return sum(
            float(amount.replace(",", ".")) * (factor or 0.0)
            for (amount, _), factor in zip(spoken, factors, strict=True)
        )
    return parse_number(stripped)


def _is_hours(unit: str) -> bool:
    """“Std.”, “hrs” and “ore” all mean hours; German is the one language whose hour begins like a second."""
    return plain(unit).startswith(("h", "st", "or"))
