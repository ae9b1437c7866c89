"""What an app's mark on a set means: warm-up, drop set, set to failure, or a row that is not a set; many languages."""

from __future__ import annotations

import re

import polars as pl

from hipdrive.read.strength.headings import heading

_LETTERS = {"w": "warmup", "d": "drop", "f": "failure"}
_REST = "rest|pause|ruhe|descanso|recupero|riposo|repos|rust|vila|przerwa|odpoczynek|отдых"
# The first stem that a mark holds decides: “Rest Timer” is not a set, whatever else it is called.
_STEMS: tuple[tuple[str, str], ...] = (
    ("rest", rf"\b({_REST})\b|\b(rest ?timer|rusttimer)|休憩|レスト|インターバル|タイマー|组间|休息|휴식"),
    ("note", r"\b(note|notiz|nota|anteckning|notatka|opmerking|замет)|メモ|ノート|备注|메모"),
    ("warmup", r"warm|calent|echauff|riscald|aquec|rozgrzew|разминк|ウォーム|ウォーミング|热身|웜업"),
    ("drop", r"drop|degress|descend|reduktion|stripping|ドロップ|递减|드롭"),
    ("failure", r"fail|versag|echec|fallo|cediment|falha|upadek|отказ|限界|失敗|力竭|실패"),
)
_NORMAL = ("normal", "normal set", "working", "working set", "work set", "regular", "standard", "amrap", "set")
_A_LETTER = r"[^\W\d_]"
_A_WORD = rf"{_A_LETTER}{{4,}}|[\u3040-\u9fff\uac00-\ud7af]"


def set_type_of(mark: str) -> str | None:
    """The type of set that a mark names, or null for a mark that names none (“1”, “normal”, “A”)."""
    word = heading(mark)
    return _LETTERS.get(word) or next((kind for kind, stem in _STEMS if re.search(stem, word)), None)


def set_types(marks: pl.Series) -> pl.Series:
    """A column of marks as types of sets; what names none is a normal set."""
    found = {mark: set_type_of(mark) or "normal" for mark in marks.drop_nulls().unique()}
    return marks.replace_strict(found, default="normal", return_dtype=pl.String).fill_null("normal")


def is_word(marks: pl.Series) -> pl.Series:
    """Whether a mark is a word of another kind than a set, where sets are numbered or have a letter."""
    named = [mark for mark in marks.drop_nulls().unique() if heading(mark) in _NORMAL]
    return (marks.str.contains(_A_WORD) & ~marks.is_in(named)).fill_null(value=False)
