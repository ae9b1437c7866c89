"""The athlete's own diary: what no watch knows."""

from __future__ import annotations

import dataframely as dy

DIARY_KINDS = ("illness", "injury", "race", "shoes", "resting_heart_rate", "note")
HEALTH_KINDS = ("illness", "injury")


class DiaryLine(dy.Schema):
    """One line of `data/diary.csv`, or a race that a service's list tells of: a day, a kind, and words.

    `race` makes that day's fastest run a race; `shoes` names the shoes worn from that day on;
    the text of `resting_heart_rate` is the beats a minute of that morning.
    """

    athlete_id = dy.String(description="whose line it is; the unnamed athlete where the file has no such column")
    local_date = dy.Date(description="the athlete's day", metadata={"unit": "local date"})
    kind = dy.Enum(DIARY_KINDS, description="what the line is about")
    text = dy.String(nullable=True, description="the athlete's own words; left out of a page that is shared")
