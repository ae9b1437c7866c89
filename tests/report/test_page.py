from __future__ import annotations

import dataclasses
import json
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from hipdrive.report import Planted, draw_page
from hipdrive.report.assets import policy, vega_script
from hipdrive.report.figures.theme import Figure
from hipdrive.report.page import draw_figures
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


def _data(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def _table(data: dict[str, Any], key: str) -> dict[str, list[Any]]:
    """A figure's columns, read as the page's script does."""
    return {name: _values(data["columns"][place]) for name, place in data["figures"][key]["columns"].items()}


def _values(column: list[Any] | dict[str, list[Any]]) -> list[Any]:
    if isinstance(column, list):
        return column
    if "words" in column:
        return [column["words"][place] for place in column["at"]]
    return [str(date(1970, 1, 1) + timedelta(days=day)) for day in accumulate(column["days"])]


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
    data = _data(draw_page(hostile))
    assert set(_table(data, "items")["item"]) == {label}


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
    findings = make_findings(30)
    days = [("race", 5), ("illness", 60), ("injury", 115)]
    lines = [
        {"athlete_id": "me", "local_date": findings.tonight - timedelta(days=ago), "kind": kind, "text": None}
        for kind, ago in days
    ]
    told = with_frames(findings, diary=DiaryLine.validate(pl.DataFrame(lines), cast=True))
    own, shared = (
        {name for name in _table(_data(draw_page(told, shared=is_shared)), "curve")["name"] if name}
        for is_shared in (False, True)
    )
    assert own == {"race", "ill", "injury"}
    assert shared == {"race"}


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
    assert "Broken by 1 row: a run is between" in page


def test_the_tables_in_the_page_are_those_that_were_drawn_in_five_digits(
    make_findings: Callable[..., Findings],
) -> None:
    findings = make_findings(104, is_demo=True)
    data = _data(draw_page(findings))
    drawn = [one for section in draw_figures(findings).values() for one in section if isinstance(one, Figure)]
    assert len(drawn) == len(data["figures"])
    for figure in drawn:
        for column in figure.table:
            found = _table(data, figure.key)[column.name]
            if column.dtype.is_float():
                assert found == pytest.approx([None if v is None else float(f"{v:.5g}") for v in column.fill_nan(None)])
            else:
                assert found == [str(v) if column.dtype.is_temporal() else v for v in column]


def test_a_column_of_several_figures_is_told_once(make_findings: Callable[..., Findings]) -> None:
    data = _data(draw_page(make_findings(104, is_demo=True)))
    columns = [json.dumps(column) for column in data["columns"]]
    assert len(columns) == len(set(columns)) < sum(len(figure["columns"]) for figure in data["figures"].values())


def test_a_demo_without_any_estimate_says_that(make_findings: Callable[..., Findings]) -> None:
    findings = dataclasses.replace(make_findings(20, has_log=False), planted=Planted(0.04, 20, 1))
    assert "could not estimate it from this history" in draw_page(findings)
