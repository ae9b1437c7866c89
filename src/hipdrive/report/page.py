"""The page of one athlete: figures and sentences in one HTML document that needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl
from markupsafe import Markup

from hipdrive.measure.adherence import programme_done
from hipdrive.report import words
from hipdrive.report.as_read import as_read
from hipdrive.report.assets import page_script, policy, style, template, vega_script
from hipdrive.report.checks import COVARIATE_NAMES, NOT_ADJUSTED_FOR, check_sentence, races_sentence
from hipdrive.report.claims import weigh_claims
from hipdrive.report.compare import offer_comparison
from hipdrive.report.description import adherence, known_weeks, progress
from hipdrive.report.efforts import efforts_of_one_quarter
from hipdrive.report.experiment import block_tonight
from hipdrive.report.figures.attacks import CHECK_NAMES, draw_attacks, draw_stride_changes
from hipdrive.report.figures.calendar import draw_calendar
from hipdrive.report.figures.calibration import draw_calibration
from hipdrive.report.figures.curve import draw_curve, spans_offered, strip_note
from hipdrive.report.figures.doing import draw_dose, draw_items
from hipdrive.report.figures.efforts import draw_best_efforts
from hipdrive.report.figures.exposure import draw_exposure
from hipdrive.report.figures.measures import AS_IT_WAS, STRIDE, draw_measures
from hipdrive.report.figures.minutes import MEASURES, draw_minutes, units_of_minutes
from hipdrive.report.figures.outcomes import draw_outcomes, outcome_names
from hipdrive.report.figures.parts import draw_parts
from hipdrive.report.figures.planning import draw_blocks, draw_prospect
from hipdrive.report.figures.response import draw_response
from hipdrive.report.figures.theme import CONFIG, Figure, unchecked
from hipdrive.report.figures.tightening import draw_nights
from hipdrive.report.figures.together import draw_associations, draw_estimate
from hipdrive.report.first_screen import tell_hints, tell_news, tell_number
from hipdrive.report.gate import carried, device_changes, has_fresh_runs, newest_run
from hipdrive.report.habits import habits, units, written_for
from hipdrive.report.headlines import choose_headline
from hipdrive.report.hip_work import tell_hip_work
from hipdrive.report.late import late_sentence
from hipdrive.report.page_data import figures_data, for_script
from hipdrive.report.plan import HOW_TO_DECLARE, draw_plan
from hipdrive.report.quality import defaults_sentence, group_files, group_rejects, quality_sentence, unknown_names
from hipdrive.report.question import question_line
from hipdrive.report.run_list import SHOWN_AT_FIRST, list_runs
from hipdrive.report.sentences import caveat_words, day_after_words, progress_words
from hipdrive.report.stride import mechanism_rows, mechanism_sentence
from hipdrive.tables.diary import HEALTH_KINDS, DiaryLine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hipdrive.report.claims import Claim
    from hipdrive.report.figures.theme import Gap
    from hipdrive.report.findings import Findings
    from hipdrive.report.run_list import RunList

SHOWN_NIGHTS = 10
SHOWN_PROGRESS = 6


@dataclass(frozen=True)
class Target:
    """One item of the next session, in words."""

    label: str
    to_do: str
    last_time: str
    cue: str


def draw_page(findings: Findings, *, shared: bool = False) -> str:
    """One offline HTML document.

    Args:
        findings: one athlete's night.
        shared: leave out names, notes, days of illness and injury, file names, serial numbers and clock times.
    """
    with written_for(findings.habits):
        return _draw(carried(_without_health(findings) if shared else findings), shared=shared)


def _without_health(findings: Findings) -> Findings:
    """Without the diary's days of illness and injury, which are the runner's own to tell."""
    if findings.diary is None:
        return findings
    told = findings.diary.filter(~pl.col("kind").cast(pl.String).is_in(list(HEALTH_KINDS)))
    return replace(findings, diary=DiaryLine.validate(told))


def _draw(findings: Findings, *, shared: bool) -> str:
    with unchecked():
        drawn = draw_figures(findings)
    said, curve = choose_headline(findings), next((one for one in drawn["curve"] if isinstance(one, Figure)), None)
    runs, comparison = list_runs(findings), offer_comparison(findings)
    files = group_files(findings, shared=shared)
    scripts = (vega_script(), page_script())
    told, columns = figures_data(one for section in drawn.values() for one in section if isinstance(one, Figure))
    return template("page.html").render(
        figures=drawn,
        headline=said,
        number=tell_number(findings),
        curve=curve,
        spans=spans_offered(findings),
        strip_note=strip_note(curve),
        question=question_line(findings),
        hip_work=tell_hip_work(findings),
        news=tell_news(findings),
        hints=tell_hints(findings),
        newest=_newest(findings),
        planted=_planted(findings),
        targets=_targets(findings),
        off_until=_off_until(findings),
        progress=[progress_words(row) for row in progress(findings)[:SHOWN_PROGRESS]],
        claims=_claims(findings),
        choices=outcome_names(),
        comparison=comparison,
        run_list=runs,
        shown_at_first=SHOWN_AT_FIRST,
        efforts_said=efforts_of_one_quarter(findings),
        plan=draw_plan(findings),
        how_to_declare=HOW_TO_DECLARE,
        day_after=_not_said(day_after_words(findings), said.support),
        quality=quality_sentence(findings),
        defaults="" if shared else defaults_sentence(findings),
        files=files,
        files_shown=any(group.shown for group in files),
        check_names=CHECK_NAMES | {"training_load": "a hidden cause, against training load"},
        unknown=unknown_names(findings, shared=shared),
        unknown_count=findings.unmatched.height,
        rejects=[] if shared else group_rejects(findings),
        checks=findings.checks,
        attacks=[] if findings.effect is None else findings.effect.checks,
        check_sentence=check_sentence,
        adjusted_for=_covariates(findings),
        not_adjusted_for=NOT_ADJUSTED_FOR,
        races=races_sentence(findings.effect, findings.races),
        blocks=_blocks(findings),
        mechanisms=mechanism_rows(findings),
        mechanism_sentence=mechanism_sentence(findings),
        devices=_devices(findings),
        late_sentence=late_sentence(findings.late),
        associations_caveat=caveat_words(findings),
        nights=_nights(findings, shared=shared),
        weeks=words.count(known_weeks(findings), "week"),
        tonight=words.short_day(findings.tonight),
        person="" if shared else _person(findings),
        is_empty=findings.runs.is_empty() and findings.strength_sets.is_empty(),
        is_demo=findings.planted is not None,
        other=None if findings.planted is None else findings.planted.other,
        shared=shared,
        page_data=for_script(
            {
                "config": CONFIG,
                "figures": told,
                "columns": columns,
                "habits": _for_page_code(),
                "periods": None if comparison is None else comparison.for_page_code,
                "minutes": _minutes(runs),
            }
        ),
        policy=policy(*scripts),
        style=Markup(style()),  # noqa: S704  ours
        scripts=[Markup(script) for script in scripts],  # noqa: S704  ours
    )


def draw_figures(findings: Findings) -> Mapping[str, Sequence[Figure | Gap]]:
    """The figures of each section, in order."""
    answer = draw_estimate(findings)
    curve = draw_curve(findings)
    return {
        "curve": [] if curve is None else [curve],
        "answer": [answer],
        "doing": [draw_dose(findings), draw_items(findings), draw_calendar(findings)],
        "running": draw_measures(findings, AS_IT_WAS),
        "efforts": draw_best_efforts(findings),
        "together": [draw_exposure(findings), draw_nights(findings)] if isinstance(answer, Figure) else [],
        "associations": draw_associations(findings),
        # Where stride at one speed was not measured at all there is no gap in this runner's data to speak of.
        "stride_changes": [] if findings.stride_changes is None else [draw_stride_changes(findings)],
        "stride": draw_measures(findings, STRIDE),
        "outcomes": draw_outcomes(findings),
        "parts": [figure for figure in (draw_parts(findings),) if figure is not None],
        "plan": [figure for figure in (draw_blocks(findings), _prospect(findings)) if figure is not None],
        "response": [figure for figure in (draw_response(findings),) if isinstance(figure, Figure)],
        "calibration": [draw_calibration()],
        "attacks": [draw_attacks(findings)] if isinstance(answer, Figure) else [],
    }


def _prospect(findings: Findings) -> Figure | Gap | None:
    """What more weeks would show; nothing where there is an estimate and still nothing to plan with."""
    prospect = draw_prospect(findings)
    return prospect if isinstance(prospect, Figure) or findings.effect is None else None


def _not_said(sentence: str | None, said: Sequence[str]) -> str:
    """A sentence that does not stand on the page yet; empty otherwise."""
    return "" if sentence is None or sentence in said else sentence


def _devices(findings: Findings) -> str:
    """How often the devices changed, and when last; empty where they never did."""
    days = device_changes(findings)
    if not days:
        return ""
    last = words.short_day(days[-1])
    return f"it changed on {last}" if len(days) == 1 else f"it changed on {len(days)} days, last on {last}"


def _planted(findings: Findings) -> str:
    """Whose page a demo's is; empty otherwise."""
    if findings.planted is None:
        return ""
    return f"made-up runner, {words.exact_percent(findings.planted.effect_fraction)} planted"


def _newest(findings: Findings) -> str:
    """The newest run's day where it is old; empty otherwise."""
    day = newest_run(findings)
    return "" if day is None or has_fresh_runs(findings) else f"newest run {words.short_day(day)}"


def _for_page_code() -> dict[str, object]:
    """What the page's own code needs to write a pace and a day."""
    tongue = {"day_month": "en-GB", "month_day": "en-US", "iso": "sv-SE"}[habits().date_style]
    return {"pace": units().pace_factor, "per": words.a_pace(), "days": tongue}


def _minutes(runs: RunList | None) -> dict[str, object] | None:
    """The minutes of the newest runs, and how one of them is drawn."""
    if runs is None or not runs.minutes:
        return None
    with unchecked():
        specs = draw_minutes()
    return {"specs": specs, "names": MEASURES, "units": units_of_minutes(), "runs": runs.minutes}


def _claims(findings: Findings) -> list[Claim]:
    stands = findings.look or findings.effect
    if stands is None:
        return []
    done = programme_done(adherence(findings, last_weeks=findings.weeks.height))
    return weigh_claims(stands, findings.coupling, done, findings.stride_seen)


def _targets(findings: Findings) -> list[Target]:
    return [
        Target(
            row["label"],
            _amount(row["sets"], row["reps"], row["distance_m"]),
            ""
            if row["last_date"] is None
            else f"last time {_quantity(row['last_reps'], row['last_distance_m'])}, "
            f"{words.day_and_month(row['last_date'])}",
            row["cue"] or "",
        )
        for row in findings.programme_targets.iter_rows(named=True)
    ]


def _off_until(findings: Findings) -> str:
    """The last day of the block off that tonight lies in; empty otherwise."""
    tonight = block_tonight(findings)
    return words.day(tonight.last_day) if tonight is not None and tonight.arm == "off" else ""


def _amount(sets: int, reps: float | None, distance_m: float | None) -> str:
    quantity = _quantity(reps, distance_m)
    return words.count(sets, "set") if not quantity else f"{sets} \u00d7 {quantity}"


def _quantity(reps: float | None, distance_m: float | None) -> str:
    if distance_m is not None:
        return words.session_distance(distance_m)
    return "" if reps is None else words.plain_number(reps)


def _person(findings: Findings) -> str:
    return "".join(name for name in findings.athlete["athlete_id"].head(1) if name != "me")


def _blocks(findings: Findings) -> str:
    """How often the strength work really changed; empty before there is an estimate."""
    if findings.effect is None:
        return ""
    changes = words.count(findings.effect.block_changes, "change")
    return f"{changes} between four or more weeks on and four or more off"


def _covariates(findings: Findings) -> list[str]:
    """What the estimate takes into account, in the words of the page; both waves of the year are one season."""
    names = [] if findings.effect is None else findings.effect.adjusted_for
    return list(dict.fromkeys(COVARIATE_NAMES[name] for name in names if name in COVARIATE_NAMES))


def _nights(findings: Findings, *, shared: bool) -> list[dict[str, object]]:
    rows = findings.nights.sort("started_utc", descending=True).head(SHOWN_NIGHTS)
    return [
        {
            "when": words.short_day(row["started_utc"]) if shared else words.moment(row["started_utc"]),
            "status": {"done": "done", "needs_a_person": "needs a person", "stopped": "stopped"}[row["status"]],
            "new": row["sources_new"],
            "unreadable": row["quarantined"],
            "seconds": round((row["finished_utc"] - row["started_utc"]).total_seconds(), 1),
            "message": "" if shared else as_read(words.without_addresses(row["message"] or "")),
        }
        for row in rows.iter_rows(named=True)
    ]
