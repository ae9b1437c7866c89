"""The article's claims, one by one: what a watch can say about each, and what these data say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hipdrive.report import words
from hipdrive.report.description import RECENT_WEEKS, adherence, found_tonight, programme_done

if TYPE_CHECKING:
    from hipdrive.report.findings import Findings


@dataclass(frozen=True)
class Claim:
    """One claim: what it says, what a watch and a log can show of it, and what tonight's data say."""

    claim: str
    testable: str
    found: str


def list_claims(findings: Findings) -> list[Claim]:
    """All six, in the article's order."""
    return [
        Claim(
            "The more powerful the hip extension, the faster the runner.",
            "Only whether more hip work goes with faster running at the same heart rate. Power is not measured; a "
            "cause shows only in randomised blocks.",
            _main(findings),
        ),
        Claim(
            "How far the leg travels behind the body matters.",
            "Half the angle that the leg sweeps on the ground, from speed and contact time; front and back cannot be "
            "told apart. Economical runners sweep less, so more is not better by itself.",
            "Not drawn on this page.",
        ),
        Claim(
            "Travel behind the body goes with the force of the drive.",
            "Little: both would be worked out from the same speed and contact time, so most of any correlation is "
            "built in. No force was measured.",
            "Not drawn on this page.",
        ),
        Claim(
            "The faster you run, the closer the heel comes to the buttock.", "Not testable with a watch.", "Nothing."
        ),
        Claim(
            "Five exercises, at these doses.",
            "Whether they were done, not whether they were done well.",
            _items(findings),
        ),
        Claim(
            "The hamstrings do about 7 % of their work in recovery.",
            "Not testable: no muscle was measured.",
            "Nothing.",
        ),
    ]


def _main(findings: Findings) -> str:
    found = found_tonight(findings, "achieved")
    if found is None:
        return "No estimate yet."
    return (
        f"From your low to your high weeks of hip work: {words.signed_percent(found.value, found.half_width)} speed "
        f"({words.interval_in_percent(found.lo, found.hi)})."
    )


def _items(findings: Findings) -> str:
    items = adherence(findings)
    done = programme_done(items)
    if done is None:
        return "No complete week is logged yet."
    weeks = words.count(min(RECENT_WEEKS, items[0].weeks), "week")
    return f"{words.percent(done)} of the four strengthening items done over the last {weeks}."
