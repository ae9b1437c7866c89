"""An exercise's name as people log it, read word by word: movement, equipment, one leg or two, and what may be ignored.

The words of six languages are data (`words.toml`). Nothing is dropped unread: brackets are words like any other,
equipment and sides are set apart because they can contradict, and what is left in order is the movement.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Literal, get_args

from hipdrive.errors import BrokenContract

Role = Literal["word", "equipment", "single_leg", "side", "qualifier", "position", "filler"]
ROLES: tuple[Role, ...] = get_args(Role)

_GENITIVE = re.compile(r"'s\b")  # “farmer's” is one word, “dell'anca” two
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
# “45°” and “45º” lose their mark with all else that is not a letter; letters that do not decompose are named here.
_LETTERS = str.maketrans({"ø": "o", "œ": "oe", "æ": "ae", "ł": "l", "\u2019": "'", "\u00b4": "'", "`": "'"})
_SHORTEST_WITH_ES = 5  # “axes”
_SHORTEST_WITH_S = 3  # “ups”


@dataclass(frozen=True, slots=True)
class ReadName:
    """One name, read. `words` keep their order and include manners and positions, but neither equipment nor legs."""

    words: tuple[str, ...]
    equipment: frozenset[str]
    is_single_leg: bool
    side: Literal["left", "right"] | None
    qualifiers: frozenset[str]
    positions: frozenset[str]

    @property
    def phrase(self) -> tuple[str, ...]:
        """The movement regardless of the order of its words, by which names are looked up."""
        return tuple(sorted(self.words))

    @property
    def equipment_label(self) -> str | None:
        """The equipment as one word for a table: `barbell`, or `band+barbell` where a name has two."""
        return "+".join(sorted(self.equipment)) or None


def plain(text: str) -> str:
    """A name without case, accents and punctuation: “Hüft-Thrust ” and “huft thrust” are one."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(_NOT_A_WORD.sub(" ", _GENITIVE.sub("s", letters)).split())


def singular(word: str) -> str:
    """A word without its English plural ending, the same way on both sides of a comparison: “crunches” → “crunch”."""
    if len(word) >= _SHORTEST_WITH_ES and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) >= _SHORTEST_WITH_S and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _split(text: str) -> tuple[str, ...]:
    return tuple(singular(word) for word in plain(text).split())


class Words:
    """The meanings of words and phrases, from `words.toml`.

    Args:
        meanings: role → canonical word → the forms it takes in logs. A form of several words is one phrase.
        distinct: words that always mean something, although no exercise has them.
        groups: names of body parts under which people file their exercises.

    Raises:
        BrokenContract: one form has two meanings.
    """

    def __init__(
        self,
        meanings: Mapping[Role, Mapping[str, Iterable[str]]],
        distinct: Iterable[str] = (),
        groups: Iterable[str] = (),
    ) -> None:
        self._distinct = frozenset(singular(word) for word in distinct)
        self._groups = frozenset(singular(word) for word in groups)
        self._meaning: dict[tuple[str, ...], tuple[Role, tuple[str, ...]]] = {}
        clashes: dict[str, int] = {}
        for role, forms_of in meanings.items():
            for canonical, forms in forms_of.items():
                target = tuple(canonical.split()) if role == "word" else (canonical,)
                for form in (canonical, *forms):
                    phrase = _split(form)
                    known = self._meaning.setdefault(phrase, (role, target))
                    if known != (role, target) and not known[0] == role == "filler":
                        clashes[f"“{form}” is {canonical}, and {' '.join(known[1])}"] = 1
        if clashes:
            raise BrokenContract("words.toml", clashes)
        self._longest = max(map(len, self._meaning), default=1)

    @cached_property
    def single_words(self) -> frozenset[str]:
        """Every word that has a meaning by itself, for mending misspelt ones."""
        return frozenset(phrase[0] for phrase in self._meaning if len(phrase) == 1)

    @cached_property
    def known_words(self) -> frozenset[str]:
        """The words that are known though no exercise needs them: manners, positions and distinct words."""
        manners = (target for role, target in self._meaning.values() if role in {"qualifier", "position"})
        return self._distinct | {word for target in manners for word in target}

    def is_group(self, text: str) -> bool:
        """Whether a text names nothing but body parts: “Legs”, “Chest & Back”."""
        return set(_split(text)) <= self._groups

    def read(self, text: str, mended: Mapping[str, str] | None = None) -> ReadName:
        """Read a name; the longest phrase that begins at a word wins.

        Args:
            text: the name as logged.
            mended: misspelt word → the word it stands for.
        """
        rest = tuple((mended or {}).get(word, word) for word in _split(text))
        words: list[str] = []
        found: dict[Role, list[str]] = {}
        while rest:
            for length in range(min(self._longest, len(rest)), 0, -1):
                meaning = self._meaning.get(rest[:length])
                if meaning is not None:
                    role, target = meaning
                    found.setdefault(role, []).extend(target)
                    if role in {"word", "qualifier", "position"}:
                        words.extend(target)
                    rest = rest[length:]
                    break
            else:
                words.append(rest[0])
                rest = rest[1:]
        sides = set(found.get("side", []))
        return ReadName(
            words=tuple(words),
            equipment=frozenset(found.get("equipment", [])),
            is_single_leg="single_leg" in found,
            side=("left" if "left" in sides else "right") if len(sides) == 1 else None,
            qualifiers=frozenset(found.get("qualifier", [])),
            positions=frozenset(found.get("position", [])),
        )


def load_words() -> Words:
    """The shipped meanings."""
    meanings = tomllib.loads(files("hipdrive.catalogue").joinpath("words.toml").read_text(encoding="utf-8"))
    roles: dict[Role, Mapping[str, Iterable[str]]] = {role: meanings.get(role, {}) for role in ROLES}
    return Words(roles, meanings["distinct"]["words"], meanings["group"]["words"])
