"""What can be wrong inside a FIT file, as values: nothing in the bytes ever raises."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Strictness(Enum):
    """How much of a faulty file is believed; its faults are listed whatever the choice."""

    RECOVER = "recover"  # everything readable: wrong sizes are worked around, reading resumes after a corrupt message
    PREFIX = "prefix"  # what stands before the first fault in the messages
    SOUND = "sound"  # nothing of a file that has any fault


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with a file: at which byte it was met, and a sentence that says what it is and what was done."""

    offset: int
    reason: str

    def __str__(self) -> str:
        return f"byte {self.offset}: {self.reason}"
