"""What the estimate room hands on: effects with their uncertainty, the checks of a night, descriptive associations."""

from __future__ import annotations

import dataframely as dy

OUTCOMES = (
    "speed_at_reference_hr_m_per_s",
    "pace_s_per_km",
    "cadence_spm",
    "step_length_m",
)
QUANTITIES = ("achieved", "sustained")
PARTS = ("strength", "load", "heat", "season", "races", "level")
VERDICTS = (
    "cannot_be_estimated",
    "not_enough_data",
    "practically_none",
    "no_clear_sign",
    "associated",
    "supported",
    "check_failed",
    "slower",
)


class Association(dy.Schema):
    """One outcome and lag: a plain Pearson correlation of weekly hip dose with a weekly running measure.

    Description only. Weeks resemble their neighbours and dose follows season and plan, so these numbers have no honest
    p value and the largest of them means little: see docs/methods.md.
    """

    outcome = dy.Enum(OUTCOMES, primary_key=True, description="the weekly running measure; speed enters as its log")
    lag_weeks = dy.Int64(
        primary_key=True, min=0, description="weeks by which the dose comes before the run", metadata={"unit": "weeks"}
    )
    correlation = dy.Float64(
        nullable=True,
        min=-1,
        max=1,
        description="Pearson's r; null under eight pairs, or where one side never moves",
        metadata={"unit": "correlation", "caveat": "descriptive: autocorrelation, season and load are in it"},
    )
    weeks = dy.Int64(min=0, description="pairs of weeks behind the number", metadata={"unit": "count"})


class EffectRow(dy.Schema):
    """One outcome, exposure, quantity and night: the change of an outcome that goes with hip-extension work.

    Numbers are null where tonight's weeks cannot be estimated from, or an interval is wider than 25 % either way.
    """

    run_id = dy.String(primary_key=True, description="the night")
    athlete_id = dy.String(primary_key=True, description="the athlete")
    outcome = dy.String(primary_key=True, description="the weekly measure that was explained, as its natural log")
    exposure = dy.String(primary_key=True, description="the weekly dose that explains it")
    quantity = dy.Enum(
        QUANTITIES,
        primary_key=True,
        description="achieved: from low to high weeks of this runner's own exposure (primary); sustained: from no "
        "dose to the full programme, kept up (extrapolates)",
    )
    estimate_fraction = dy.Float64(nullable=True, description="change of the outcome", metadata={"unit": "fraction"})
    lo_fraction = dy.Float64(nullable=True, description="lower end, 95 % interval", metadata={"unit": "fraction"})
    hi_fraction = dy.Float64(nullable=True, description="upper end, 95 % interval", metadata={"unit": "fraction"})
    p_value = dy.Float64(
        nullable=True, min=0, max=1, description="two-sided, of the model", metadata={"unit": "probability"}
    )
    q_value = dy.Float64(
        nullable=True,
        min=0,
        max=1,
        description="Benjamini-Hochberg over the mechanism outcomes; null for the primary outcome",
        metadata={"unit": "probability"},
    )
    shift_p_value = dy.Float64(
        nullable=True,
        min=0,
        max=1,
        description="second opinion: circular shifts of the dose, or the declared assignments where blocks were drawn",
        metadata={"unit": "probability"},
    )
    lead_p_value = dy.Float64(
        nullable=True,
        min=0,
        max=1,
        description="does future dose explain today's running? small means trouble",
        metadata={"unit": "probability"},
    )
    robustness_value = dy.Float64(
        nullable=True,
        min=0,
        max=1,
        description="partial R² that a hidden cause would need with both dose and speed to explain the estimate away",
        metadata={"unit": "fraction"},
    )
    load_benchmark = dy.Float64(
        nullable=True,
        min=0,
        max=1,
        description="the larger partial R² of training load with speed and with dose: what the robustness value "
        "should exceed",
        metadata={"unit": "fraction"},
    )
    verdict = dy.Enum(
        VERDICTS,
        nullable=True,
        description="of the weeks up to the last declared look, by the rules of docs/methods.md; primary outcome only",
        metadata={"caveat": "the numbers beside it are of all weeks, and provisional between looks"},
    )
    weeks = dy.Int64(
        min=0, description="calendar weeks from the first to the last of known dose", metadata={"unit": "count"}
    )
    runs = dy.Int64(min=0, description="usable runs in them", metadata={"unit": "count"})
    block_changes = dy.Int64(
        min=0, description="changes between four or more weeks on and off", metadata={"unit": "count"}
    )
    is_primary = dy.Bool(description="the one outcome, exposure and quantity that were fixed before looking")
    is_headline = dy.Bool(
        primary_key=True,
        description="the number that leads: data and studies together, full programme kept up against none",
    )
    is_look = dy.Bool(
        description="true at declared looks (26, 52, 78, 104 weeks, then half-yearly, and the end of an experiment)"
    )
    data_share_fraction = dy.Float64(
        nullable=True,
        max=1,
        description="how much of the headline is this runner's own data",
        metadata={"unit": "fraction"},
    )
    data_version = dy.String(description="fingerprint of the weeks that went in")


class Race(dy.Schema):
    """One race of one athlete, told in the diary or found among the runs; future ones are told only."""

    local_date = dy.Date(description="the athlete's day", metadata={"unit": "local date"})
    activity_id = dy.String(nullable=True, description="the run; null where none was recorded, or none yet")
    origin = dy.Enum(
        ["diary", "run"], description="diary: the athlete told it; run: it looks like one, and is asked about"
    )
    is_counted = dy.Bool(description="whether the race calendar has it: told, or within 1.5 % of the season's best")


class PacePart(dy.Schema):
    """One week with runs and one part of its speed at reference heart rate, against the mean of all weeks.

    The parts of a week add up, as logs, to the fitted speed. None is a cause: each goes with its columns, others given.
    """

    week_start = dy.Date(primary_key=True, description="its Monday", metadata={"unit": "local date"})
    part = dy.Enum(
        PARTS,
        primary_key=True,
        description="strength: goes with strength work, data and studies together, only where the verdict is "
        "associated or supported; load: training load and the last days' strength work; level: fitness that wanders, "
        "and trend",
    )
    fraction = dy.Float64(description="change of speed", metadata={"unit": "fraction"})
    lo_fraction = dy.Float64(description="lower end, 95 % band", metadata={"unit": "fraction"})
    hi_fraction = dy.Float64(description="upper end, 95 % band", metadata={"unit": "fraction"})


class PacePartRow(PacePart):
    """One week with runs and one part of its speed at reference heart rate, against the mean of all weeks.

    The parts of a week add up, as logs, to the fitted speed. None is a cause: each goes with its columns, others given.
    """

    athlete_id = dy.String(primary_key=True, description="the athlete")


class RaceRow(Race):
    """One race of one athlete, told in the diary or found among the runs; future ones are told only."""

    athlete_id = dy.String(description="the athlete")


class CheckRow(dy.Schema):
    """One attack on one night's estimate, passed, failed, or only shown."""

    run_id = dy.String(primary_key=True, description="the night")
    athlete_id = dy.String(primary_key=True, description="the athlete")
    check = dy.String(primary_key=True, description="key of the check, the name of its file")
    is_passed = dy.Bool(nullable=True, description="null: shown and no pass mark, or it could not be computed")
    p_value = dy.Float64(nullable=True, min=0, max=1, description="two-sided", metadata={"unit": "probability"})
    estimate_fraction = dy.Float64(
        nullable=True, description="what the check finds in place of the effect", metadata={"unit": "fraction"}
    )
    lo_fraction = dy.Float64(nullable=True, description="lower end, 95 % interval", metadata={"unit": "fraction"})
    hi_fraction = dy.Float64(nullable=True, description="upper end, 95 % interval", metadata={"unit": "fraction"})
    measure = dy.Float64(nullable=True, description="the check's own measure", metadata={"unit": "fraction"})
    benchmark = dy.Float64(
        nullable=True, description="what p or measure is held against", metadata={"unit": "fraction"}
    )


class Plan(dy.Schema):
    """One declared experiment: never changed after it was declared, but for the answer of its draw, given once."""

    plan_id = dy.String(primary_key=True, description="athlete, start and seed")
    athlete_id = dy.String(description="the athlete")
    declared_utc = dy.Datetime(time_zone="UTC", description="before the start", metadata={"unit": "UTC"})
    seed = dy.Int64(min=0, description="of the draw: the same seed gives the same blocks", metadata={"unit": "number"})
    block_weeks = dy.Int64(min=1, description="length of a block", metadata={"unit": "weeks"})
    asked_utc = dy.Datetime(
        time_zone="UTC", nullable=True, description="when its draw was asked; null before", metadata={"unit": "UTC"}
    )
    draw_p_value = dy.Float64(
        nullable=True,
        min=0,
        max=1,
        description="exact p of the draw, one-sided: the share of all orders in which the blocks look at least as good",
        metadata={"unit": "probability", "caveat": "cannot speak with fewer than five pairs or unkept blocks"},
    )
    verdict = dy.Enum(VERDICTS, nullable=True, description="what was said when the draw was asked; null before")


class PlanBlock(dy.Schema):
    """One block of a declared experiment, on or off; blocks 0 and 1, 2 and 3, … are pairs whose order was drawn."""

    plan_id = dy.String(primary_key=True, description="the experiment")
    block_index = dy.Int64(primary_key=True, min=0, description="its place, from 0", metadata={"unit": "count"})
    start_date = dy.Date(description="its first day, a Monday", metadata={"unit": "local date"})
    end_date = dy.Date(description="its last day, a Sunday", metadata={"unit": "local date"})
    arm = dy.Enum(["on", "off"], description="on: the programme; off: no hip-extension work, all else unchanged")
    adherence_fraction = dy.Float64(
        nullable=True,
        min=0,
        max=1,
        description="share of the programme done, a week counting once at most; null before its first known week",
        metadata={"unit": "fraction", "caveat": "off, low is kept"},
    )


class StrideChange(dy.Schema):
    """One stride measure at the reference speed: the second half of the log against the first."""

    measure = dy.String(primary_key=True, description="column of `runs`; its name ends in its unit")
    first_half_mean = dy.Float64(nullable=True, description="mean of the first half, in the measure's own unit")
    change_fraction = dy.Float64(
        nullable=True, description="second over first half, less 1", metadata={"unit": "fraction"}
    )
    lo_fraction = dy.Float64(nullable=True, description="lower end, 95 % interval", metadata={"unit": "fraction"})
    hi_fraction = dy.Float64(nullable=True, description="upper end, 95 % interval", metadata={"unit": "fraction"})
    runs = dy.Int64(min=0, description="runs with a value", metadata={"unit": "count"})


class StoredAnswers(dy.Schema):
    """One row per athlete: all that the estimate said on the last night that made one, for drawing the page again.

    It is long, and for the program itself; numbers for people are in `effects`.
    """

    athlete_id = dy.String(primary_key=True, description="the athlete")
    run_id = dy.String(description="the night that estimated")
    answers = dy.String(description="the results as JSON")
