"""What `hipdrive plan` reckons from the runner's own weeks, once there are some."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hipdrive.cli.planning import show_prospects
from hipdrive.estimate.experiment import declare_experiment
from hipdrive.settings import Home
from hipdrive.warehouse import Declared, Warehouse, all_plans
from hipdrive.warehouse.stream import Stream
from tests.makers.findings import make_findings

TONIGHT = date(2026, 11, 18)


@pytest.fixture
def filled(home: Home) -> Home:
    """A home whose warehouse holds forty weeks of a made-up runner."""
    findings = make_findings(40)
    views = {"weeks": findings.weeks, "runs": findings.runs, "days": findings.days}
    with Warehouse(home) as copy:
        copy.remember({"tonight": TONIGHT.isoformat()})
        copy.build_views()
        for name, frame in views.items():
            copy._run(f'DROP VIEW "{name}"')
            copy._run(f'CREATE TABLE "{name}" AS SELECT * FROM rows', rows=Stream(frame))
        copy.swap("build")
    return home


def test_the_runners_own_noise_tells_how_long_it_takes(filled: Home, capsys: pytest.CaptureFixture[str]) -> None:
    show_prospects(filled, "me", TONIGHT, all_plans(filled))
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("Measured in your own 40 weeks: beside what is taken into account, the speed of a week")
    assert any("plan --start" in line for line in said)
    table = said.index("The smallest effect of the full programme that would be seen four times in five:")
    rows = [line for line in said[table + 1 :] if line.startswith("  after ")]
    assert rows
    assert all(line.endswith(" in blocks") for line in rows)
    assert said[-1].startswith("From Monday, 23 November 2026, a block o")
    assert said[-1].endswith(" would teach most.")
    declared = Declared(*declare_experiment("me", datetime(2026, 9, 10, tzinfo=UTC), date(2026, 9, 14), 3))
    show_prospects(filled, "me", TONIGHT, declared)
    assert "plan --start" not in capsys.readouterr().out  # what is declared is not asked for again
