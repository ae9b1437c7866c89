"""A team: the pooled estimate, what each athlete is in its light, and the starts that were drawn by lot."""

from __future__ import annotations

import dataframely as dy

LEFT_OUT = ("nothing_estimated", "few_weeks", "few_runs", "too_steady", "not_told_apart", "too_wide")


class TeamEffectRow(dy.Schema):
    """One pooled estimate and outcome: the mean change over runners like these at the full programme kept up.

    Numbers are null with fewer than three athletes to pool.
    """

    run_id = dy.String(primary_key=True, description="when it was asked, as nights are named")
    outcome = dy.String(primary_key=True, description="the weekly measure that was explained, as its natural log")
    exposure = dy.String(description="the weekly dose that explains it")
    estimate_fraction = dy.Float64(nullable=True, description="mean change", metadata={"unit": "fraction"})
    lo_fraction = dy.Float64(nullable=True, description="lower end, 95 % interval", metadata={"unit": "fraction"})
    hi_fraction = dy.Float64(nullable=True, description="upper end, 95 % interval", metadata={"unit": "fraction"})
    prediction_lo_fraction = dy.Float64(
        nullable=True, description="lower end of what one more runner may have, 95 %", metadata={"unit": "fraction"}
    )
    prediction_hi_fraction = dy.Float64(
        nullable=True, description="upper end of what one more runner may have, 95 %", metadata={"unit": "fraction"}
    )
    between_sd_fraction = dy.Float64(
        nullable=True, min=0, description="how far runners' effects lie apart", metadata={"unit": "fraction"}
    )
    p_value = dy.Float64(
        nullable=True,
        min=0,
        max=1,
        description="two-sided, of no effect on average",
        metadata={"unit": "probability", "source": "Hartung and Knapp 2001, doi:10.1002/sim.1009"},
    )
    athletes = dy.Int64(min=0, description="athletes pooled", metadata={"unit": "count"})
    left_out = dy.Int64(
        min=0, description="athletes left out; `team_members` says who and why", metadata={"unit": "count"}
    )


class TeamMemberRow(dy.Schema):
    """One athlete in one pooled estimate: own number, drawn to the team's mean, or why left out."""

    run_id = dy.String(primary_key=True, description="when it was asked")
    athlete_id = dy.String(primary_key=True, description="the athlete")
    estimate_fraction = dy.Float64(nullable=True, description="own change", metadata={"unit": "fraction"})
    lo_fraction = dy.Float64(nullable=True, description="lower end, 95 % interval", metadata={"unit": "fraction"})
    hi_fraction = dy.Float64(nullable=True, description="upper end, 95 % interval", metadata={"unit": "fraction"})
    shrunken_fraction = dy.Float64(
        nullable=True, description="own change drawn to the team's mean", metadata={"unit": "fraction"}
    )
    shrunken_lo_fraction = dy.Float64(nullable=True, description="its lower end, 95 %", metadata={"unit": "fraction"})
    shrunken_hi_fraction = dy.Float64(nullable=True, description="its upper end, 95 %", metadata={"unit": "fraction"})
    weight_fraction = dy.Float64(
        nullable=True, min=0, max=1, description="share of the pooled number", metadata={"unit": "fraction"}
    )
    left_out_reason = dy.Enum(LEFT_OUT, nullable=True, description="why not pooled; null for those that were")


class TeamStart(dy.Schema):
    """One athlete's start in a stepped design: the order was drawn by lot and is never changed."""

    plan_id = dy.String(primary_key=True, description="first Monday and seed")
    athlete_id = dy.String(primary_key=True, description="the athlete")
    declared_utc = dy.Datetime(time_zone="UTC", description="before the first Monday", metadata={"unit": "UTC"})
    seed = dy.Int64(min=0, description="of the draw: the same seed gives the same order", metadata={"unit": "number"})
    place = dy.Int64(min=1, description="place in the order, from 1", metadata={"unit": "count"})
    start_date = dy.Date(
        description="the Monday from which the programme is done; none of it before", metadata={"unit": "local date"}
    )
