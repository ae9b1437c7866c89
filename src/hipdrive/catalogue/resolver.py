"""A logged name → the catalogue's key, how it was matched, and in words why.

Rules, in this order: the user's own alias; the catalogue's label or key; one of the catalogue's other names; a name of
what is left out on purpose; then likeness. A likeness is only looked for between names that hold the same movement
words once misspelt ones are mended, so it cannot cross a contradiction: a word the other name lacks (thrust or
abduction, curl or press), other equipment, one leg against two. Words that nobody knows and manners of doing it
(paused, wide grip) cost points. Nothing is drawn or learned: the same name always gives the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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
_BRACKETS = re.compile(r"(.+?)\s*\(([^()]+)\)")
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
        read = self.catalogue.words.read(name)
        found = self._by_alias(name) or self._by_form(read) or self._by_brackets(name) or self._by_likeness(name)
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
        if form.why_excluded is not None:
            return Resolution(None, "excluded", None, form.why_excluded)
        match: Match = "exact" if read.phrase in self._labels[form.exercise or ""] else "alias"
        reason = f"the catalogue's name “{form.text}”"
        return Resolution(form.exercise, match, FULL_SCORE, reason, unloaded=form.unloaded)

    def _by_brackets(self, name: str) -> Resolution | None:
        """“Butterfly (Pec Deck)”: two names that each say the same exercise."""
        match = _BRACKETS.fullmatch(name.strip())
        if match is None:
            return None
        outside, inside = (self._by_form(self.catalogue.words.read(part)) for part in match.groups())
        if outside is None or inside is None or outside.exercise is None or outside.exercise != inside.exercise:
            return None
        return Resolution(outside.exercise, "alias", FULL_SCORE, "outside and inside of the brackets say the same")

    def _by_likeness(self, name: str) -> Resolution | None:
        found = self._likeness.find(name)
        if found is None:
            return None
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
