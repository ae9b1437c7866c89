"""What every reader of a strength log gives back."""

from __future__ import annotations

from dataclasses import dataclass

import dataframely as dy

from hipdrive.tables.strength import RawStrengthSet, RejectedRow


@dataclass(frozen=True, slots=True)
class RawStrength:
    """One log, read.

    Attributes:
        format: which app's export it is, such as `strong`.
        sets: the rows that could be read, in the order of the file.
        rejects: the rows that could not, with line and cause.
        rows: data rows met; `sets.height + rejects.height` for a log with one set a row.
        remarks: what the reader had to assume, one sentence each.
    """

    format: str
    sets: dy.DataFrame[RawStrengthSet]
    rejects: dy.DataFrame[RejectedRow]
    rows: int
    remarks: tuple[str, ...] = ()
