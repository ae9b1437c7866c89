"""The catalogue of exercises: what each is, how much hip extension is in it, and who says so."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import dataframely as dy
import polars as pl

from hipdrive.catalogue.names import ReadName, Words, load_words
from hipdrive.errors import BrokenContract
from hipdrive.tables.strength import Exercise

# What a full set of an exercise is where its entry does not say otherwise (docs/strength.md).
DEFAULTS: Mapping[str, object] = {
    "quantity": "reps",
    "reps_min": 5.0,  # repetitions of a full set of a lift
    "hold_min_s": 30.0,
    "distance_min_m": 50.0,
    "in_programme": False,
    "is_lift": False,
    "hip_extension_weight": 0.0,
    "reps_max": None,
    "distance_max_m": None,
    "rep_s": None,
    "unloaded": None,
    "cue": None,
}
# Upper-body, core and calf work is the same exercise on one side or with another implement, for all that is asked here.
_INDIFFERENT_KINDS = ("upper", "core", "plantarflexor", "mobility", "whole_body")
# Of these “seated” and “standing” are the same exercise; a squat or a sit-up is another one lying down.
_POSITION_INDIFFERENT_KINDS = ("upper", "mobility")
ANY = "any"
LEFT_OUT = "left_out"
BARE = "bare"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write an exercise (or, with `exercise` null, one thing that is not an exercise), read into its words.

    `unloaded` is the exercise that this name means where neither load nor equipment was logged: a “squat” without a
    load is the body-weight squat, a “back squat” is not. `could_be` lists the exercises that share the name: then it is
    none of them until the athlete says which.
    """

    text: str
    name: ReadName
    exercise: str | None
    is_label: bool
    equipment: frozenset[str]
    is_side_indifferent: bool
    is_hip: bool
    is_position_indifferent: bool
    why_excluded: str | None = None
    unloaded: str | None = None
    could_be: tuple[str, ...] = ()

    def admits_equipment(self, equipment: frozenset[str]) -> bool:
        """Whether a name with this equipment still means this exercise."""
        missing = self.name.equipment - equipment
        return not missing and (ANY in self.equipment or equipment <= self.equipment | self.name.equipment)

    def admits_legs(self, name: ReadName) -> bool:
        """Whether one leg or two agrees."""
        return self.is_side_indifferent or self.name.is_single_leg == name.is_single_leg


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The shipped exercises, every way to write them, and the watch's categories.

    Attributes:
        exercises: one row an exercise.
        forms: every name of every exercise, and the names of what is left out on purpose (`why_excluded`).
        words: how names are read.
        watch: FIT category → number of the exercise, or `default` → key, or null where it is left out on purpose.
        watch_bare: FIT category → numbers that say as little of a load as the category alone.
        sources: the short names of papers in `source` → what they are.
    """

    exercises: dy.DataFrame[Exercise]
    forms: tuple[Form, ...]
    words: Words
    watch: Mapping[str, Mapping[str, str | None]]
    watch_bare: Mapping[str, frozenset[int]]
    sources: Mapping[str, str]

    @property
    def keys(self) -> frozenset[str]:
        """Every exercise's key."""
        return frozenset(self.exercises["exercise"])

    def unloaded(self) -> dict[str, str]:
        """Exercise → what it is when neither load nor equipment was logged."""
        rows = self.exercises.filter(pl.col("unloaded").is_not_null())
        return dict(zip(rows["exercise"], rows["unloaded"], strict=True))


@cache
def load_catalogue() -> Catalogue:
    """The shipped catalogue, checked: a weight without a source, or one name for two exercises, does not load.

    Made once a process, which is a fifth of a small night: many athletes' nights share it.

    Raises:
        BrokenContract: an entry breaks a rule; it names the rules.
    """
    return build_catalogue(_shipped("exercises"), _shipped("watch"), load_words())


def load_exercises() -> dy.DataFrame[Exercise]:
    """The shipped exercises alone, one row each, without the names that they go by: a fraction of the work.

    Raises:
        BrokenContract: a weight has no source.
    """
    return _exercises(_rows(_shipped("exercises")))


def catalogue_text() -> str:
    """All that the catalogue is made of, to tell whether it changed, without making it."""
    written = (entry for entry in files("hipdrive.catalogue").iterdir() if entry.name.endswith(".toml"))
    texts = (entry.read_text(encoding="utf-8") for entry in sorted(written, key=lambda entry: entry.name))
    return "\n".join((repr(dict(DEFAULTS)), *texts))


def build_catalogue(entries: Mapping[str, object], watch: Mapping[str, object], words: Words) -> Catalogue:
    """A catalogue from its parsed files; `load_catalogue` calls this with the shipped ones.

    Raises:
        BrokenContract: an entry breaks a rule; it names the rules.
    """
    rows = _rows(entries)
    exercises = _exercises(rows)
    shared = _tables(entries, "could_be")
    forms = (
        *_forms_of_exercises(rows, words),
        *_forms_left_out(_tables(entries, "left_out"), words),
        *_forms_of_several(shared, words),
    )
    _refuse_double_meanings(forms)
    keys = set(exercises["exercise"])
    categories = {category: dict(_numbers(entry)) for category, entry in watch.items()}
    bare = {category: frozenset(_bare_numbers(entry)) for category, entry in watch.items()}
    strangers = {key for numbers in categories.values() for key in numbers.values() if key and key not in keys}
    strangers |= {key for key in exercises["unloaded"].drop_nulls() if key not in keys}
    strangers |= {key for group in shared for key in _texts(group["exercises"]) if key not in keys}
    if strangers:
        raise BrokenContract("exercises.toml", {f"{key}: named, but no exercise": 1 for key in sorted(strangers)})
    sources = entries.get("sources", {})
    return Catalogue(exercises, forms, words, categories, bare, sources if isinstance(sources, dict) else {})


def _shipped(name: str) -> dict[str, object]:
    return tomllib.loads(files("hipdrive.catalogue").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def _rows(entries: Mapping[str, object]) -> list[dict[str, object]]:
    return [{**DEFAULTS, **entry} for entry in _tables(entries, "exercise")]


def _exercises(rows: list[dict[str, object]]) -> dy.DataFrame[Exercise]:
    schema = Exercise.create_empty().schema
    unsourced = [str(row.get("exercise")) for row in rows if not row.get("source")]
    if unsourced:
        raise BrokenContract("exercises.toml", {f"{key}: a weight needs a source": 1 for key in unsourced})
    return Exercise.validate(
        pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema, orient="row")
    )


def _tables(entries: Mapping[str, object], name: str) -> list[dict[str, object]]:
    found = entries.get(name, [])
    return [dict(entry) for entry in found] if isinstance(found, list) else []


def _numbers(entry: object) -> Iterator[tuple[str, str | None]]:
    """One category of `watch.toml`: its default, and every number with its exercise; `left_out` is null."""
    for key, numbers in entry.items() if isinstance(entry, dict) else ():
        if key == "default":
            yield key, None if numbers == LEFT_OUT else str(numbers)
        elif key != BARE:
            yield from ((str(number), None if key == LEFT_OUT else str(key)) for number in numbers)


def _bare_numbers(entry: object) -> Iterator[int]:
    numbers = entry.get(BARE, []) if isinstance(entry, dict) else []
    yield from (int(number) for number in numbers)


def _texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list) else []


def _forms_of_exercises(rows: list[dict[str, object]], words: Words) -> Iterator[Form]:
    for row in rows:
        indifferent = row["kind"] in _INDIFFERENT_KINDS
        equipment = frozenset(_texts(row.get("equipment", [ANY] if indifferent else [])))
        key, label = str(row["exercise"]), str(row["label"])
        loaded, unloaded = _texts(row.get("loaded_names")), row["unloaded"]
        seen = set()
        keys = [key.replace("_", " ")] if row.get("key_is_a_name", True) else []
        for text in (label, *keys, *_texts(row.get("names")), *loaded):
            name = words.read(text)
            if (name.phrase, name.equipment, name.is_single_leg) in seen:
                continue
            seen.add((name.phrase, name.equipment, name.is_single_leg))
            is_label = text in {label, *keys}
            either_side = bool(row.get("either_side", indifferent))
            is_hip = row["hip_extension_weight"] != 0.0
            seats = row["kind"] in _POSITION_INDIFFERENT_KINDS
            bare = str(unloaded) if unloaded and text not in loaded else None
            yield Form(text, name, key, is_label, equipment, either_side, is_hip, seats, unloaded=bare)


def _forms_left_out(groups: list[dict[str, object]], words: Words) -> Iterator[Form]:
    for group in groups:
        for text in _texts(group["names"]):
            name, why = words.read(text), str(group["why"])
            yield Form(text, name, None, False, frozenset({ANY}), True, False, False, why)


def _forms_of_several(groups: list[dict[str, object]], words: Words) -> Iterator[Form]:
    for group in groups:
        for text in _texts(group["names"]):
            name, keys = words.read(text), tuple(_texts(group["exercises"]))
            equipment = name.equipment or frozenset({"machine", "weighted"})
            yield Form(text, name, None, False, equipment, True, False, False, could_be=keys)


def _refuse_double_meanings(forms: tuple[Form, ...]) -> None:
    owner: dict[object, Form] = {}
    clashes = {f"“{form.text}” holds no movement word": 1 for form in forms if not form.name.words}
    for form in forms:
        known = owner.setdefault((form.name.phrase, form.name.equipment, form.name.is_single_leg), form)
        if known.exercise != form.exercise:
            clashes[f"“{form.text}” is {form.exercise}, and as “{known.text}” {known.exercise}"] = 1
    if clashes:
        raise BrokenContract("exercises.toml", clashes)
