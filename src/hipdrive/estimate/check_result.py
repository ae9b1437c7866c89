"""The one shape in which every attack on the estimate reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CheckResult:
    """What one check found.

    Attributes:
        name: key of the check.
        is_passed: None where the check is shown and no pass mark, or where it could not be computed.
        p_value: two-sided, where the check has one.
        estimate: its own estimate, as a fraction of speed at a sustained full dose; of `training_load`, what a cause
            like it would leave.
        lo: lower end of its 95 % interval.
        hi: upper end.
        value: the check's own measure where it is not an effect.
        benchmark: what that measure is held against.
    """

    name: str
    is_passed: bool | None = None
    p_value: float | None = None
    estimate: float | None = None
    lo: float | None = None
    hi: float | None = None
    value: float | None = None
    benchmark: float | None = None
