"""One run minute by minute: pace, heart rate and cadence, each a small figure; drawn once, for every run to open."""

from __future__ import annotations

import altair as alt

from hipdrive.report import words
from hipdrive.report.figures.theme import RUN, data, finish, pace_ticks

KEY = "minutes"
MEASURES = {"pace": "Pace", "heart_rate": "Heart rate", "cadence": "Cadence"}


def draw_minutes() -> dict[str, dict[str, object]]:
    """Specifications by measure, whose table `minute pace heart_rate cadence` is the opened run's."""
    return {name: _draw(name) for name in MEASURES}


def units_of_minutes() -> dict[str, str]:
    """The unit of each measure."""
    return {"pace": words.pace_unit(), "heart_rate": "beats/min", "cadence": "steps/min"}


def _draw(name: str) -> dict[str, object]:
    is_pace = name == "pace"
    shown = words.pace_label("datum.pace") if is_pace else words.written(name, words.WHOLE)
    unit = units_of_minutes()[name]
    y = alt.Y(
        f"{name}:Q",
        title=f"{unit} (faster is up)" if is_pace else unit,
        scale=alt.Scale(zero=False, reverse=is_pace),
        axis=pace_ticks() if is_pace else alt.Axis(format="d", tickCount=4, tickMinStep=1),
    )
    x = alt.X("minute:Q", title="minute", scale=alt.Scale(nice=False), axis=alt.Axis(format="d", tickMinStep=1))
    minutes = alt.Chart(data(KEY)).transform_calculate(shown=shown)
    tooltip = [alt.Tooltip("minute:Q", title="minute"), alt.Tooltip("shown:N", title=unit)]
    line = minutes.mark_line(color=RUN, strokeWidth=1.5).encode(x, y)
    dots = minutes.mark_circle(color=RUN, size=16, opacity=0.8).encode(x, y, tooltip=tooltip)
    return finish(alt.layer(line, dots), 130)
