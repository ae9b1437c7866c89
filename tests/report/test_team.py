from __future__ import annotations

from hipdrive.estimate.team import LeftOut
from hipdrive.report.team import why_left_out
from hipdrive.tables.teams import LEFT_OUT


def test_every_reason_to_be_left_out_has_words() -> None:
    said = [why_left_out(LeftOut("a", reason, 3)) for reason in LEFT_OUT]
    assert len(set(said)) == len(LEFT_OUT)
    assert why_left_out(LeftOut("a", "few_weeks", 20)) == "20 weeks of known dose; it takes 26"
