"""A logged name → the catalogue's key, how it was matched, and in words why.

Rules, in this order: the user's own alias; the catalogue's label or key; one of the catalogue's other names; a name of
what is left out on purpose; then likeness. A likeness is only looked for between names that hold the same movement
words once misspelt ones are mended, so it cannot cross a contradiction: a word the other name lacks (thrust or
abduction, curl or press), other equipment, one leg against two. Words that nobody knows and manners of doing it
(paused, wide grip) cost points. Nothing is drawn or learned: the same name always gives the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import polars as pl
from rapidfuzz import fuzz, process

from hipdrive.catalogue.catalogue import Catalogue, Form
from hipdrive.catalogue.names import ReadName, plain
from hipdrive.errors import BrokenSettings
from hipdrive.tables.strength import MATCHES

Match = Literal["exact", "alias", "fuzzy", "watch", "excluded", "none"]

LIKENESS_THRESHOLD = 85.0  # points of 100 below which a likeness is no match
MEND_THRESHOLD = 80.0  # likeness of a misspelt word to a known one; one wrong letter in five
MEND_LETTERS = 4  # shorter words are not mended: too many are one letter apart
UNKNOWN_WORD_COST = 5.0  # points for a word that nobody knows (“Leg Press Keller”)
UNKNOWN_WORDS_ALLOWED = 2  # and never beside a movement of a single word
MANNER_COST = 1.0  # points for a manner that the catalogue's name does not have (“paused”)
FULL_SCORE = 100.0
NEAREST = 3


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a logged name is.

    Attributes:
        exercise: key in the catalogue, or null.
        match: how it was found; `excluded` is left out on purpose, `none` is not understood.
        match_score: likeness in points of 100, null where nothing matched.
        reason: the rule that decided, in a sentence.
        nearest: for an unknown name the three likeliest keys, likeliest first; empty otherwise.
        equipment: read from the name.
        side: the one side that the name speaks of, or null.
    """

    exercise: str | None
    match: Match
    match_score: float | None
    reason: str
    nearest: tuple[str, ...] = ()
    equipment: str | None = None
    side: Literal["left", "right"] | None = None


class Resolver:
    """Resolves names by one catalogue and the user's aliases.

    Args:
        catalogue: the exercises and their names.
        aliases: name as logged → key in the catalogue, from `[aliases]` in `hipdrive.toml`.

    Raises:
        BrokenSettings: an alias names no exercise of the catalogue.
    """

    def __init__(self, catalogue: Catalogue, aliases: Mapping[str, str]) -> None:
        self.catalogue = catalogue
        keys = catalogue.keys
        for name, key in aliases.items():
            if key not in keys:
                near = ", ".join(hit[0] for hit in process.extract(key, sorted(keys), scorer=fuzz.ratio, limit=NEAREST))
                raise BrokenSettings(
                    "hipdrive.toml",
                    f"aliases: “{name}” points to “{key}”, which is no exercise; the nearest are {near}",
                )
        self._aliases = {plain(name): key for name, key in aliases.items()}
        self._forms_by_phrase: dict[tuple[str, ...], list[Form]] = {}
        self._forms_by_letters: dict[str, list[Form]] = {}
        for form in catalogue.forms:
            self._forms_by_phrase.setdefault(form.name.phrase, []).append(form)
            self._forms_by_letters.setdefault("".join(form.name.words), []).append(form)
        self._known: dict[str, Resolution] = {}

    def resolve(self, name: str) -> Resolution:
        """What this name is, and why."""
        resolution = self._known.get(name)
        if resolution is None:
            resolution = self._known[name] = self._resolve(name)
        return resolution

    def resolve_names(self, names: Iterable[str]) -> pl.DataFrame:
        """One row per different name: `exercise_name exercise equipment match match_score named_side`."""
        unique = sorted(set(names))
        found = [self.resolve(name) for name in unique]
        return pl.DataFrame(
            {
                "exercise_name": unique,
                "exercise": [one.exercise for one in found],
                "equipment": [one.equipment for one in found],
                "match": [one.match for one in found],
                "match_score": [one.match_score for one in found],
                "named_side": [one.side for one in found],
            },
            schema={
                "exercise_name": pl.String,
                "exercise": pl.String,
                "equipment": pl.String,
                "match": pl.Enum(MATCHES),
                "match_score": pl.Float64,
                "named_side": pl.String,
            },
        )

    def resolve_watch(self, category: str | None, number: int | None) -> Resolution:
        """What a FIT category (by name or number) and exercise number of a watch's first guess mean."""
        numbers = self.catalogue.watch.get(category or "")
        if category is None or category == "unknown" or numbers is None:
            return Resolution(None, "none", None, "the watch did not recognise the exercise")
        if number is not None and str(number) in numbers:
            key, said = numbers[str(number)], f"the watch's category {category}, exercise {number}"
        else:
            key, said = numbers.get("default"), f"the watch's category {category}"
            if "default" not in numbers:
                return Resolution(None, "none", None, f"{said} says too little")
        if key is None:
            return Resolution(None, "excluded", None, f"{said} is left out on purpose")
        return Resolution(key, "watch", None, f"{said}, a guess of the watch unless its wearer corrected it")

    def resolve_watch_guesses(self, guesses: pl.DataFrame) -> pl.DataFrame:
        """One row per different `watch_category watch_exercise`: these and `watch_name exercise match`."""
        unique = guesses.unique().sort("watch_category", "watch_exercise")
        pairs = unique.rows()
        found = [self.resolve_watch(category, number) for category, number in pairs]
        return unique.with_columns(
            pl.Series("watch_name", [_watch_name(*pair) for pair in pairs], pl.String),
            pl.Series("exercise", [one.exercise for one in found], pl.String),
            pl.Series("match", [one.match for one in found], pl.Enum(MATCHES)),
        )

    def _resolve(self, name: str) -> Resolution:
        if not plain(name):
            return Resolution(None, "none", None, "there is no name")
        read = self.catalogue.words.read(name)
        found = self._by_alias(name) or self._by_form(read) or self._by_likeness(name, read)
        found = found or Resolution(None, "none", None, self._why_not(read), self._nearest(read))
        return replace(found, equipment=read.equipment_label, side=read.side)

    def _by_alias(self, name: str) -> Resolution | None:
        key = self._aliases.get(plain(name))
        return (key and Resolution(key, "alias", FULL_SCORE, "your alias in hipdrive.toml")) or None

    def _by_form(self, read: ReadName) -> Resolution | None:
        forms = self._forms_by_phrase.get(read.phrase) or self._forms_by_letters.get("".join(read.words), [])
        fitting = [form for form in forms if form.admits_equipment(read.equipment) and form.admits_legs(read)]
        if not fitting:
            return None
        # The form that says most about equipment and legs decides; the label before other names.
        form = max(
            fitting,
            key=lambda one: (len(one.name.equipment), one.name.is_single_leg == read.is_single_leg, one.is_label),
        )
        if form.why_excluded is not None:
            return Resolution(None, "excluded", None, form.why_excluded)
        match: Match = "exact" if form.is_label else "alias"
        return Resolution(form.exercise, match, FULL_SCORE, f"the catalogue's name “{form.text}”")

    def _by_likeness(self, name: str, read: ReadName) -> Resolution | None:
        mended = self._mend(name)
        again = self.catalogue.words.read(name, mended) if mended else read
        unknown = {word for word in again.words if word not in self._vocabulary}
        ranked = sorted(
            (-score, form.exercise or "", form.text, form)
            for form in self.catalogue.forms
            if (score := self._likeness(form, again, read, unknown)) is not None and score >= LIKENESS_THRESHOLD
        )
        if not ranked:
            return None
        negative_score, _, _, form = ranked[0]
        if form.why_excluded is not None:
            return Resolution(None, "excluded", -negative_score, form.why_excluded)
        reason = f"like the catalogue's name “{form.text}” ({-negative_score:.0f} of 100)"
        if mended:
            reason += ", reading " + ", ".join(f"{wrong} as {right}" for wrong, right in sorted(mended.items()))
        return Resolution(form.exercise, "fuzzy", -negative_score, reason)

    def _likeness(self, form: Form, mended: ReadName, read: ReadName, unknown: set[str]) -> float | None:
        """Points of 100, or null where the two names contradict each other."""
        words = set(form.name.words)
        if (
            not words <= set(mended.words)
            or not form.admits_equipment(mended.equipment)
            or not form.admits_legs(mended)
        ):
            return None
        extra = set(mended.words) - words
        manners, strangers = extra & mended.qualifiers, extra & unknown
        if extra - manners - strangers or len(strangers) > (UNKNOWN_WORDS_ALLOWED if len(words) > 1 else 0):
            return None
        logged = " ".join(word for word in read.words if word not in extra)
        likeness = fuzz.token_sort_ratio(logged, " ".join(form.name.words))
        return likeness - MANNER_COST * len(manners) - UNKNOWN_WORD_COST * len(strangers)

    def _mend(self, name: str) -> dict[str, str]:
        mended = {}
        for word in plain(name).split():
            if len(word) < MEND_LETTERS or word.isdigit() or self.catalogue.words.read(word).words == ():
                continue
            if set(self.catalogue.words.read(word).words) <= self._vocabulary:
                continue
            hit = process.extractOne(word, self._spellings, scorer=fuzz.ratio, score_cutoff=MEND_THRESHOLD)
            if hit is not None:
                mended[word] = hit[0]
        return mended

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return frozenset(word for form in self.catalogue.forms for word in form.name.words)

    @cached_property
    def _spellings(self) -> list[str]:
        return sorted(
            word for word in self._vocabulary | self.catalogue.words.single_words if len(word) >= MEND_LETTERS
        )

    def _why_not(self, read: ReadName) -> str:
        for form in self._forms_by_phrase.get(read.phrase, []):
            if not form.admits_legs(read):
                legs = "one leg" if form.name.is_single_leg else "two legs"
                return f"“{form.text}” is done on {legs}, and this is not"
            return f"“{form.text}” is not done with {read.equipment_label or 'no equipment'}"
        return "no name in the catalogue holds the same movement words"

    def _nearest(self, read: ReadName) -> tuple[str, ...]:
        logged = " ".join((*read.words, *sorted(read.equipment)))
        best: dict[str, float] = {}
        for form in self.catalogue.forms:
            if form.exercise is not None:
                text = " ".join((*form.name.words, *sorted(form.name.equipment)))
                best[form.exercise] = max(best.get(form.exercise, 0.0), fuzz.token_sort_ratio(logged, text))
        return tuple(sorted(best, key=lambda key: (-best[key], key))[:NEAREST])


def _watch_name(category: str | None, number: int | None) -> str | None:
    """A watch's guess as a name to show: “watch: squat, exercise 3”."""
    if category is None:
        return None
    return f"watch: {category}" + ("" if number is None else f", exercise {number}")
