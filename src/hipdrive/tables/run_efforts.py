"""The fastest stretches of runs."""

from __future__ import annotations

import dataframely as dy


class BestEffort(dy.Schema):
    """The fastest stretch of one run over one target: a distance (`target_m`) or a time (`target_s`).

    Found once, when the run is read. An effort has no stop of over 60 s, no more than 3 % of it stood in all, is
    1.4 m/s or faster, and has nothing in common with a stretch faster than the world's best over it. A second recording
    of a run has its own rows; the view `efforts` leaves it out. Known lies: a satellite that cuts corners or wanders
    makes a stretch too fast or too slow; `efforts.is_doubtful` asks for a look.
    """

    activity_id = dy.String(description="the run")
    target_m = dy.Float64(
        nullable=True, description="distance, null where a time is the target", metadata={"unit": "m"}
    )
    target_s = dy.Float64(
        nullable=True, description="time, null where a distance is the target", metadata={"unit": "s"}
    )
    time_s = dy.Float64(
        min=0, description="clock time of the stretch, pauses included as in a race", metadata={"unit": "s"}
    )
    speed_m_per_s = dy.Float64(min=0, description="distance over time of the stretch", metadata={"unit": "m/s"})
