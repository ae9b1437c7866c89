"""How alike a logged name and a catalogue's name are, and why two names may not be compared at all.

Two names are only compared where the logged one, once misspelt words are mended, holds every movement word of the
catalogue's and nothing else but manners (paused, wide grip), positions (seated; for upper-body work and stretches only)
and words that nobody knows. A word that the catalogue knows and this name lacks is a contradiction, and so are other
equipment and one leg against two. Names of hip exercises are read more strictly, because a wrong match there makes a
dose out of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product

from rapidfuzz import fuzz, process

from hipdrive.catalogue.catalogue import Catalogue, Form
from hipdrive.catalogue.names import ReadName, plain

THRESHOLD = 85.0  # points of 100 below which a likeness is not a match
MEND_THRESHOLD = 80.0  # likeness of a misspelt word to a known one: one wrong letter in five
NEAR_THRESHOLD = 85.0  # the same where a name is only shown as near
MEND_LETTERS = 4  # shorter words are not mended: too many are one letter apart
MENDINGS_A_WORD = 3
MENDINGS_A_NAME = 16
UNKNOWN_WORD_COST = 7.0  # points for a word that nobody knows (“Leg Press Keller”)
UNKNOWN_WORDS_ALLOWED = 2
UNKNOWN_WORDS_ALLOWED_HIP = 1
MANNER_COST = 1.0  # points for a manner or position that the catalogue's name does not have


@dataclass(frozen=True, slots=True)
class Likeness:
    """One catalogue name that a logged name is like: points of 100, and which words were mended to which."""

    form: Form
    score: float
    mended: tuple[tuple[str, str], ...]


class LikenessFinder:
    """Finds the name of the catalogue that a logged name is most like."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def find(self, name: str) -> Likeness | None:
        """The likest name at or above the threshold; equal scores go to the longer name, then by the alphabet."""
        found = [
            Likeness(form, score, self._used(mended, form))
            for mended in self._mendings(name)
            for form, score in self._scored(name, mended)
            if score >= THRESHOLD
        ]
        if not found:
            return None
        return min(
            found, key=lambda one: (-one.score, -len(one.form.name.words), one.form.exercise or "", one.form.text)
        )

    def knows_any(self, words: Iterable[str]) -> bool:
        """Whether the catalogue knows one of these words as a movement, a manner or a position."""
        return not self._vocabulary.isdisjoint(words)

    def mend(self, word: str) -> str:
        """The known word that a misspelt one is likest to, or the word itself."""
        if word in self._vocabulary or len(word) < MEND_LETTERS:
            return word
        hit = process.extractOne(word, self._spellings, scorer=fuzz.ratio, score_cutoff=NEAR_THRESHOLD)
        return next(iter(self._catalogue.words.read(hit[0]).words), word) if hit else word

    def _scored(self, name: str, mended: dict[str, str]) -> Iterator[tuple[Form, float]]:
        logged = self._catalogue.words.read(name, mended)
        as_written = self._catalogue.words.read(name)
        unknown = {word for word in logged.words if word not in self._vocabulary}
        # Every word of a form must be in the name, so its first one must.
        for form in (form for word in ("", *logged.words) for form in self._forms_by_word.get(word, ())):
            score = _likeness(form, logged, as_written, unknown)
            if score is not None:
                yield form, score

    def _mendings(self, name: str) -> Iterator[dict[str, str]]:
        """Every way to read the words that nobody knows, the name as it stands first."""
        strangers = [word for word in dict.fromkeys(plain(name).split()) if self._is_unknown(word)]
        choices = [
            [
                None,
                *(
                    hit[0]
                    for hit in process.extract(
                        word, self._spellings, scorer=fuzz.ratio, score_cutoff=MEND_THRESHOLD, limit=MENDINGS_A_WORD
                    )
                ),
            ]
            for word in strangers
        ]
        for choice in islice(product(*choices), MENDINGS_A_NAME):
            yield {word: target for word, target in zip(strangers, choice, strict=True) if target is not None}

    def _is_unknown(self, word: str) -> bool:
        read = self._catalogue.words.read(word)
        return len(word) >= MEND_LETTERS and word.isalpha() and bool(set(read.words) - self._vocabulary)

    def _used(self, mended: dict[str, str], form: Form) -> tuple[tuple[str, str], ...]:
        """The mendings that the match rests on."""
        return tuple(
            (wrong, right)
            for wrong, right in sorted(mended.items())
            if not set(self._catalogue.words.read(right).words).isdisjoint(form.name.words)
        )

    @cached_property
    def _forms_by_word(self) -> dict[str, list[Form]]:
        """The catalogue's names by their first word."""
        forms: dict[str, list[Form]] = {}
        for form in self._catalogue.forms:
            forms.setdefault(next(iter(form.name.words), ""), []).append(form)
        return forms

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        """Words of the catalogue's names, of manners, and those that always mean something."""
        named = frozenset(word for form in self._catalogue.forms for word in form.name.words)
        return named | self._catalogue.words.known_words

    @cached_property
    def _spellings(self) -> list[str]:
        return sorted(
            word for word in self._vocabulary | self._catalogue.words.single_words if len(word) >= MEND_LETTERS
        )


def _likeness(form: Form, logged: ReadName, as_written: ReadName, unknown: set[str]) -> float | None:
    """Points of 100, or null where the two names contradict each other."""
    words = set(form.name.words)
    if not words <= set(logged.words) or not form.admits_equipment(logged.equipment) or not form.admits_legs(logged):
        return None
    extra = set(logged.words) - words
    manners, strangers = extra & logged.qualifiers, extra & unknown
    positions = extra & logged.positions if form.is_position_indifferent and len(words) > 1 else set()
    allowed = UNKNOWN_WORDS_ALLOWED_HIP if form.is_hip else UNKNOWN_WORDS_ALLOWED
    if extra - manners - positions - strangers or len(strangers) > (allowed if len(words) > 1 else 0):
        return None
    written = " ".join(word for word in as_written.words if word not in extra)
    likeness = fuzz.token_sort_ratio(written, " ".join(form.name.words))
    return likeness - MANNER_COST * len(manners | positions) - UNKNOWN_WORD_COST * len(strangers)
