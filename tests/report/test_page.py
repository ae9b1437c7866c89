from __future__ import annotations

import dataclasses
import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hipdrive.report import Planted, draw_page
from hipdrive.report.assets import policy, vega_script
from hipdrive.tables.diary import DiaryLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings

BUDGET_BYTES = 1_500_000
VOID = {"meta", "br", "hr", "img", "input", "link"}


class _Outline(HTMLParser):
    """What a browser would meet: headings in order, open elements, ids and every address."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.unclosed: list[str] = []
        self.wrong: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.unclosed.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"src", "href", "action", "data", "poster", "srcset"}:
                self.addresses.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        if not self.unclosed or self.unclosed.pop() != tag:
            self.wrong.append(tag)


@pytest.fixture(params=[{"weeks": 4}, {"weeks": 104, "is_demo": True}, {"weeks": 20, "has_runs": False}], ids=str)
def page(request: pytest.FixtureRequest, make_findings: Callable[..., Findings]) -> str:
    return draw_page(make_findings(**request.param))


def _data(page: str) -> dict[str, dict[str, dict[str, object]]]:
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, dict[str, dict[str, object]]] = json.loads(found[1])
    return data


def test_a_page_is_well_formed_and_its_headings_step_down_one_by_one(page: str) -> None:
    outline = _Outline(page)
    assert outline.wrong == []
    assert outline.unclosed == []
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(outline.ids) == len(set(outline.ids))


def test_a_page_names_no_address_outside_itself(page: str) -> None:
    outline = _Outline(page)
    assert all(address.startswith("#") for address in outline.addresses)
    assert {address[1:] for address in outline.addresses} <= set(outline.ids)
    assert not {"iframe", "object", "embed", "link", "base", "form"} & set(outline.tags)


def test_the_policy_forbids_every_request(page: str) -> None:
    assert "default-src &#39;none&#39;" in page
    assert "unsafe-eval" not in page.split("<style>", maxsplit=1)[0]
    scripts = policy("one", "two")
    assert scripts.count("'sha256-") == 2
    assert "http" not in scripts
    assert "script-src 'none'" in policy()


def test_the_page_says_its_language_and_fits_a_phone(page: str) -> None:
    assert '<html lang="en-GB">' in page
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in page


def test_a_page_keeps_its_budget(page: str) -> None:
    assert len(page.encode()) < BUDGET_BYTES
    assert page.count(vega_script()) == 1


def test_the_same_findings_give_the_same_page(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(16)
    assert draw_page(findings) == draw_page(findings)


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</script><script>alert(1)</script>",
        "{{ 7 * 7 }}",
        "<!--",
    ],
)
def test_what_strangers_wrote_stays_text(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings], name: str
) -> None:
    findings = make_findings(16)
    hostile = with_frames(
        findings,
        unmatched=pl.DataFrame({"exercise_name": [name], "sets": [3], "nearest": [["hip_thrust"]]}),
        sources=findings.sources.with_columns(path=pl.lit(name), reason=pl.lit(name)),
        rejects=findings.rejects.with_columns(reason=pl.lit(name)),
        programme_targets=findings.programme_targets.with_columns(label=pl.lit(name), cue=pl.lit(name)),
        exercises=findings.exercises.with_columns(label=pl.lit(name)),
    )
    tame, drawn = draw_page(findings), draw_page(hostile)
    for tag in ("<script", "</script", "<img", "<!--"):
        assert drawn.count(tag) == tame.count(tag)
    assert _Outline(drawn).tags.count("script") == _Outline(tame).tags.count("script")
    assert ">49<" not in drawn


def test_script_data_survives_hostile_labels_unchanged(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(16)
    label = "</script>&\u2028<b>"
    hostile = with_frames(findings, exercises=findings.exercises.with_columns(label=pl.lit(label)))
    rows = _data(draw_page(hostile))["figures"]["items"]["rows"]
    assert isinstance(rows, list)
    assert {row[0] for row in rows} == {label}


def test_addresses_in_file_names_do_not_reach_the_page(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(16)
    assert any("@" in path for path in findings.sources["path"])
    said = draw_page(findings).split('<script type="application/json"')[0]
    assert re.findall(r"[\w.]+@[\w.]+\.\w+", re.sub(r"<style>.*?</style>", "", said, flags=re.DOTALL)) == []


def test_a_shared_page_leaves_out_names_files_and_clock_times(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(16)
    named = with_frames(findings, athlete=findings.athlete.with_columns(athlete_id=pl.lit("anna_example")))
    own, shared = draw_page(named), draw_page(named, shared=True)
    private = ["anna_example", "broken.fit", "again.fit.gz", "Hip thingy", "02:30 UTC"]
    assert all(text in own for text in private)
    assert not any(text in shared for text in private)


def test_days_of_illness_and_injury_are_the_runners_own(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(16)
    days = [("race", 5), ("illness", 50), ("injury", 95)]
    lines = [
        {"athlete_id": "me", "local_date": findings.tonight - timedelta(days=ago), "kind": kind, "text": None}
        for kind, ago in days
    ]
    told = with_frames(findings, diary=DiaryLine.validate(pl.DataFrame(lines), cast=True))
    own, shared = draw_page(told), draw_page(told, shared=True)
    assert all(f',"{name}"]' in own for name in ("race", "ill", "injury"))
    assert ',"race"]' in shared
    assert not any(f',"{name}"]' in shared for name in ("ill", "injury"))


def test_no_position_can_reach_a_page(make_findings: Callable[..., Findings]) -> None:
    page = draw_page(make_findings(16)).split("<script>")[0]
    assert "latitude" not in page
    assert "longitude" not in page


def test_names_nobody_knows_come_with_the_three_nearest(make_findings: Callable[..., Findings]) -> None:
    page = draw_page(make_findings(16))
    row = page[page.index("Hip thingy") :].split("</tr>")[0]
    assert re.findall(r"\((\w+)\)", row.split("</th>")[1]) == ["hip_thrust", "sl_hip_thrust", "good_morning"]


def test_files_by_status_and_reason_are_all_counted(make_findings: Callable[..., Findings]) -> None:
    page = draw_page(make_findings(16))
    table = page[page.index("Files by what became of them") :].split("</table>")[0]
    assert [int(number) for number in re.findall(r'class="number"[^>]*>(\d+)<', table)] == [1, 1, 1, 2]
    assert table.index("could not be read") < table.index("not wanted") < table.index("a copy of another")


def test_a_check_with_rows_is_not_told_as_passed(make_findings: Callable[..., Findings]) -> None:
    page = draw_page(make_findings(16))
    assert "Passed: a week must begin on a Monday" in page
    assert "1 row does otherwise: a run is between" in page


def test_numbers_in_the_page_are_finite_and_short(make_findings: Callable[..., Findings]) -> None:
    for figure in _data(draw_page(make_findings(104, is_demo=True)))["figures"].values():
        rows = figure["rows"]
        assert isinstance(rows, list)
        for row in rows:
            for value in row:
                assert not isinstance(value, float) or value == float(f"{value:.6g}")


def test_a_demo_without_any_estimate_says_that(make_findings: Callable[..., Findings]) -> None:
    findings = dataclasses.replace(make_findings(20, has_log=False), planted=Planted(0.04, 20, 1))
    assert "could not estimate it from this history" in draw_page(findings)
