"""What every reader of a strength log gives back."""

from __future__ import annotations

from dataclasses import dataclass, field

import dataframely as dy

from hipdrive.tables.strength import RawNoneSpan, RawStrengthSet, RejectedRow


@dataclass(frozen=True, slots=True)
class RawStrength:
    """One log, read.

    Attributes:
        format: which app's export it is, such as `strong`.
        sets: the rows that could be read, in the order of the file.
        rejects: the rows that could not, with line and cause.
        rows: data rows met; `sets.height + rejects.height` for a log with one set a row.
        remarks: what the reader had to assume, one sentence each.
        none_spans: days that the log says were without strength work.
    """

    format: str
    sets: dy.DataFrame[RawStrengthSet]
    rejects: dy.DataFrame[RejectedRow]
    rows: int
    remarks: tuple[str, ...] = ()
    none_spans: dy.DataFrame[RawNoneSpan] = field(default_factory=RawNoneSpan.create_empty)
