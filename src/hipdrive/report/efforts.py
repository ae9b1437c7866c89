"""Best efforts in words: the fastest stretch over each distance, of the whole record and of the latest quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipdrive.measure.season_bests import best_over
from hipdrive.report import words
from hipdrive.report.gate import device_changes, may_say
from hipdrive.report.habits import habits

if TYPE_CHECKING:
    from hipdrive.measure.season_bests import Best
    from hipdrive.report.findings import Findings

MILE_M = 1609.344
_LONG = {21_097.5: "half marathon", 42_195.0: "marathon"}
_DISTANCES = {
    "metric": {1000.0: "1 km", 5000.0: "5 km", 10_000.0: "10 km", **_LONG},
    "imperial": {MILE_M: "mile", 5000.0: "5K", 10_000.0: "10K", **_LONG},
}
LEAD_WITH = (5000.0, 10_000.0, 1000.0, MILE_M)  # the first that there is; a longer one is run all-out too seldom


def distances() -> dict[float, str]:
    """The distances a reader knows, in metres, with their names."""
    return _DISTANCES[habits().units]


def best_of(findings: Findings, target_m: float) -> Best | None:
    """The best of one distance; None where no run is that long."""
    return None if findings.best_efforts is None else best_over(findings.best_efforts, target_m)


def efforts_of_one_quarter(findings: Findings) -> list[str]:
    """Distances with one quarter's best, which make no picture yet, in words."""
    found = (best_of(findings, target) for target in distances())
    return [
        f"Fastest {distances()[best.target_m]}{on_which_devices(findings, best)}: {words.clock(best.time_s)}, "
        f"on {words.day(best.day)}{_doubt(best)}"
        for best in found
        if best is not None and best.quarters == 1
    ]


def best_effort_words(findings: Findings) -> str | None:
    """One sentence for the first screen; None without any."""
    best = next(filter(None, (best_of(findings, target) for target in LEAD_WITH if target in distances())), None)
    if best is None:
        return None
    devices = on_which_devices(findings, best)
    said = f"Your fastest {distances()[best.target_m]} within a run{devices}: {words.clock(best.time_s)}"
    said += f", on {words.day(best.day)}"
    doubt = _doubt(best)
    if best.is_of_latest:
        return f"{said}{doubt}." if best.quarters == 1 or devices else f"{said}, the best of your record{doubt}."
    if not may_say(findings, "best of this quarter"):
        return f"{said}{doubt}."
    return f"{said}{doubt}; this quarter {words.clock(best.latest_s)}."


def on_which_devices(findings: Findings, best: Best) -> str:
    """With which devices a best was run, where they changed: it is none across a change; empty where they did not."""
    changes = device_changes(findings)
    if not changes:
        return ""
    return " with the newest devices" if best.day >= changes[-1] else " with earlier devices"


def _doubt(best: Best) -> str:
    """What to think of a best that is far ahead of the runner's next."""
    if best.over_next_fraction is None:
        return ""
    ahead = words.percent(best.over_next_fraction)
    return f" (doubtful: {ahead} faster than your next, so the watch may have measured too long)"
