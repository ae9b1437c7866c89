"""What the page says of the numbers that nobody has set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from hipdrive.report.findings import Findings
from hipdrive.report.page import draw_page
from hipdrive.report.quality import defaults_sentence, group_files, quality_sentence
from hipdrive.tables.sources import Source
from hipdrive.tables.weeks import Athlete


def left_at(findings: Findings, names: str | None) -> Findings:
    athlete = findings.athlete.with_columns(left_at_default=pl.lit(names, dtype=pl.String))
    return replace(findings, athlete=Athlete.validate(athlete))


def test_defaults_are_named_with_what_rests_on_them(make_findings: Callable[..., Findings]) -> None:
    said = defaults_sentence(left_at(make_findings(16), "mass_kg, height_m, leg_length_m"))
    assert "a body mass of 70\u202fkg, a height of 1.75\u202fm and a leg of 0.93\u202fm" in said
    assert "hipdrive.toml" in said


def test_whoever_set_everything_reads_nothing_of_it(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(16)
    assert defaults_sentence(left_at(findings, None)) == ""
    assert defaults_sentence(left_at(findings, "max_heart_rate_bpm")) == ""


def test_the_page_names_them_but_not_when_it_is_shared(make_findings: Callable[..., Findings]) -> None:
    findings = left_at(make_findings(16), "mass_kg")
    assert "a body mass of 70\u202fkg" in draw_page(findings, shared=False)
    assert "a body mass of 70\u202fkg" not in draw_page(findings, shared=True)


def test_a_file_that_nobody_could_read_needs_nobody_once_it_is_gone(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(16)
    assert "1 could not be read" in quality_sentence(findings)
    gone = replace(findings, sources=Source.validate(findings.sources.with_columns(is_gone=pl.lit(value=True))))
    assert "none was unreadable" in quality_sentence(gone)
    assert [one.files for one in group_files(gone, shared=False) if one.status.endswith("is gone since")] == [1]
    assert "could not be read" not in [one.status for one in group_files(gone, shared=True)]
