"""A logged name → the catalogue's key, how it was matched, and in words why.

Rules, in this order: the user's own alias; the catalogue's label or key; one of the catalogue's other names; a name of
what is left out on purpose; parts of the name that say the same; then likeness. A name that two exercises share asks.

A likeness is only looked for between names that hold the same movement words once misspelt ones are mended, so it
cannot cross a contradiction: a word the other name lacks (thrust or abduction, curl or press), other equipment, one leg
against two. Words that nobody knows and manners of doing it (paused, wide grip) cost points. Nothing is drawn or
learned: the same name always gives the same answer.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import polars as pl
from rapidfuzz import fuzz, process

from hipdrive.catalogue.catalogue import Catalogue, Form
from hipdrive.catalogue.likeness import LikenessFinder
from hipdrive.catalogue.names import ReadName, plain
from hipdrive.errors import BrokenSettings
from hipdrive.tables.strength import MATCHES

Match = Literal["exact", "alias", "fuzzy", "watch", "excluded", "none"]

FULL_SCORE = 100.0
# “A1. Squat”, “2) Squat”; and what belongs to the set and not to the name: “Squat 3x8 @ 60 kg”.
_LIST_LABEL = re.compile(r"^\s*(?:[A-Za-z]?\d{1,2}[a-z]?|[A-Z])\s*[.):]\s+|^[A-H]\d\s+")
_DOSE = re.compile(
    r"@.*$|\b\d+\s*[x\u00d7]\s*\d+\s?\w*|\b\d+(?:[.,]\d+)?\s?(?:kgs?|lbs?|reps?|mins?|secs?|rpe|rir)\b", re.IGNORECASE
)
_BETWEEN_PARTS = re.compile(r"\s*[/|:;()\[\]\u2013\u2014]\s*|\s+-\s+|,\s+")
NEAREST = 3
# Beside shared words, which count up to 1: equipment and legs that agree, and likeness of the letters.
_FIT_SHARE, _LETTER_SHARE, _RARITY_SHARE = 0.05, 0.2, 0.1


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
        unloaded: the exercise that it is where no load was logged, or null where a load changes nothing. A name with
            equipment, and the user's own alias, leave no such doubt.
    """

    exercise: str | None
    match: Match
    match_score: float | None
    reason: str
    nearest: tuple[str, ...] = ()
    equipment: str | None = None
    side: Literal["left", "right"] | None = None
    unloaded: str | None = None


def nearest_keys(catalogue: Catalogue, key: str) -> list[str]:
    """Of a key that the catalogue does not have, the three that are written most like it."""
    return [hit[0] for hit in process.extract(key, sorted(catalogue.keys), scorer=fuzz.ratio, limit=NEAREST)]


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
                raise BrokenSettings(
                    "hipdrive.toml",
                    f"aliases: “{name}” points to “{key}”, which is not an exercise; the nearest are "
                    f"{', '.join(nearest_keys(catalogue, key))}",
                )
        self._aliases = {plain(name): key for name, key in aliases.items()}
        self._forms_by_phrase: dict[tuple[str, ...], list[Form]] = {}
        self._forms_by_letters: dict[str, list[Form]] = {}
        self._labels: dict[str, set[tuple[str, ...]]] = {}
        for form in catalogue.forms:
            if form.is_label:
                self._labels.setdefault(form.exercise or "", set()).add(form.name.phrase)
            self._forms_by_phrase.setdefault(form.name.phrase, []).append(form)
            self._forms_by_letters.setdefault("".join(form.name.words), []).append(form)
        self._likeness = LikenessFinder(catalogue)
        self._known: dict[str, Resolution] = {}

    def resolve(self, name: str) -> Resolution:
        """What this name is, and why."""
        resolution = self._known.get(name)
        if resolution is None:
            resolution = self._known[name] = self._resolve(name)
        return resolution

    def resolve_names(self, names: Iterable[str]) -> pl.DataFrame:
        """One row per different name: `exercise_name exercise unloaded equipment match match_score named_side`."""
        unique = sorted(set(names))
        found = [self.resolve(name) for name in unique]
        return pl.DataFrame(
            {
                "exercise_name": unique,
                "exercise": [one.exercise for one in found],
                "unloaded": [one.unloaded for one in found],
                "equipment": [one.equipment for one in found],
                "match": [one.match for one in found],
                "match_score": [one.match_score for one in found],
                "named_side": [one.side for one in found],
            },
            schema={
                "exercise_name": pl.String,
                "exercise": pl.String,
                "unloaded": pl.String,
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
        is_bare = number is None or number in self.catalogue.watch_bare.get(category, ())
        unloaded = self.catalogue.unloaded().get(key) if is_bare else None
        reason = f"{said}, a guess of the watch unless its wearer corrected it"
        return Resolution(key, "watch", None, reason, unloaded=unloaded)

    def resolve_watch_guesses(self, guesses: pl.DataFrame) -> pl.DataFrame:
        """One row per different `watch_category watch_exercise`: these and `watch_name exercise unloaded match`."""
        unique = guesses.unique().sort("watch_category", "watch_exercise")
        pairs = unique.rows()
        found = [self.resolve_watch(category, number) for category, number in pairs]
        return unique.with_columns(
            pl.Series("watch_name", [_watch_name(*pair) for pair in pairs], pl.String),
            pl.Series("exercise", [one.exercise for one in found], pl.String),
            pl.Series("unloaded", [one.unloaded for one in found], pl.String),
            pl.Series("match", [one.match for one in found], pl.Enum(MATCHES)),
        )

    def _resolve(self, name: str) -> Resolution:
        if not plain(name):
            return Resolution(None, "none", None, "there is no name")
        found = self._by_alias(name)
        name = _DOSE.sub(" ", _LIST_LABEL.sub("", name)) if found is None else name
        read = self.catalogue.words.read(name)
        found = found or self._by_form(read) or self._by_parts(name, read) or self._by_likeness(name)
        found = found or Resolution(None, "none", None, self._why_not(read), self._nearest(read))
        unloaded = None if read.equipment else found.unloaded
        return replace(found, equipment=read.equipment_label, side=read.side, unloaded=unloaded)

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
        if form.could_be:
            return _asking(form)
        if form.why_excluded is not None:
            return Resolution(None, "excluded", None, form.why_excluded)
        match: Match = "exact" if read.phrase in self._labels[form.exercise or ""] else "alias"
        reason = f"the catalogue's name “{form.text}”"
        return Resolution(form.exercise, match, FULL_SCORE, reason, unloaded=form.unloaded)

    def _by_parts(self, name: str, whole: ReadName) -> Resolution | None:
        """“Butterfly (Pec Deck)”, “Legs - Squat”, “Żuraw / Nordic curl”: one part says it, and no other says otherwise.

        A part may be a body part, equipment alone, or words that nobody knows, such as the same in another language.
        """
        words = self.catalogue.words
        parts = [part for part in _BETWEEN_PARTS.split(name) if plain(part)]
        if len(parts) < 2:  # noqa: PLR2004  a whole has no parts
            return None
        found: dict[str, Resolution] = {}
        for part in parts:
            if words.is_group(part):
                continue
            read = replace(words.read(part), equipment=whole.equipment, is_single_leg=whole.is_single_leg)
            one = self._by_form(read) if read.words else None
            if one is not None and one.exercise is not None:
                found[one.exercise] = one
            elif one is not None or self._likeness.knows_any(read.words):
                return None
        if len(found) != 1:
            return None
        (one,) = found.values()
        return replace(one, match="alias", reason=f"a part of the name is {one.reason}")

    def _by_likeness(self, name: str) -> Resolution | None:
        found = self._likeness.find(name)
        if found is None:
            return None
        if found.form.could_be:
            return _asking(found.form)
        if found.form.why_excluded is not None:
            return Resolution(None, "excluded", found.score, found.form.why_excluded)
        reason = f"like the catalogue's name “{found.form.text}” ({found.score:.0f} of 100)"
        if found.mended:
            reason += ", reading " + ", ".join(f"{wrong} as {right}" for wrong, right in found.mended)
        return Resolution(found.form.exercise, "fuzzy", found.score, reason, unloaded=found.form.unloaded)

    def _why_not(self, read: ReadName) -> str:
        for form in self._forms_by_phrase.get(read.phrase, []):
            if not form.admits_legs(read):
                legs = "one leg" if form.name.is_single_leg else "two legs"
                return f"“{form.text}” is done on {legs}, and this is not"
            return f"“{form.text}” is not done with {read.equipment_label or 'no equipment'}"
        return "no name in the catalogue holds the same movement words"

    def _nearest(self, read: ReadName) -> tuple[str, ...]:
        """The keys whose names share most with this one: words of movement, then equipment, legs and letters."""
        logged = {self._likeness.mend(word) for word in read.words}
        letters = " ".join((*read.words, *sorted(read.equipment)))
        best: dict[str, float] = {}
        of_logged = self._weight(logged)
        for form, words, weight, text in self._movements:
            of_both = 0.0 if logged.isdisjoint(words) else self._weight(logged & words)
            shared = of_both / (of_logged + weight - of_both)
            fits = form.admits_equipment(read.equipment) + form.admits_legs(read)
            score = shared + _FIT_SHARE * fits + _LETTER_SHARE * fuzz.token_sort_ratio(letters, text) / FULL_SCORE
            best[str(form.exercise)] = max(best.get(str(form.exercise), 0.0), score)
        return tuple(sorted(best, key=lambda key: (-best[key], key))[:NEAREST])

    @cached_property
    def _movements(self) -> list[tuple[Form, frozenset[str], float, str]]:
        """Names of exercises: the form, its words, their weight, and they with its equipment as one text."""
        return [
            (form, words, self._weight(words), " ".join((*form.name.words, *sorted(form.name.equipment))))
            for form in self._named
            for words in (frozenset(form.name.words),)
        ]

    @property
    def _named(self) -> list[Form]:
        return [form for form in self.catalogue.forms if form.exercise is not None]

    def _weight(self, words: Iterable[str]) -> float:
        """How much words tell: one that few exercises have tells a little more."""
        weights, unknown = self._weights
        return sum(weights.get(word, unknown) for word in words)

    @cached_property
    def _weights(self) -> tuple[dict[str, float], float]:
        """Word of a movement → its weight, by how many exercises have it in a name; and that of a word of none."""
        pairs = {(word, form.exercise) for form in self._named for word in form.name.words}
        exercises_of = Counter(word for word, _ in pairs)

        def weight(exercises: int) -> float:
            return 1 + _RARITY_SHARE * math.log(1 + len(exercises_of) / (1 + exercises))

        return {word: weight(count) for word, count in exercises_of.items()}, weight(0)


def _asking(form: Form) -> Resolution:
    keys = " or ".join(form.could_be)
    return Resolution(None, "none", None, f"“{form.text}” could be {keys}; an alias settles which", form.could_be)


def _watch_name(category: str | None, number: int | None) -> str | None:
    """A watch's guess as a name to show: “watch: squat, exercise 3”."""
    if category is None:
        return None
    return f"watch: {category}" + ("" if number is None else f", exercise {number}")
