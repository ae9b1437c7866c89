"""The stride of each sample: what follows from cadence, contact time, vertical oscillation and step length."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.tables.runs import Sample
from hipdrive.tidy.run_cadence import is_running


def measure_strides(samples: dy.DataFrame[Sample]) -> dy.DataFrame[Sample]:
    """Samples with flight time, duty factor and vertical ratio; each null where one of its inputs is.

    Flight and duty are those of running records: who walks has no flight.

    At 180 steps a minute a step takes 60/180 = 0.333 s. A contact of 0.250 s leaves 0.083 s of flight and is
    0.250/(2 x 0.333) = 0.375 of the stride. A rise of 8 cm on a step of 1 m is a vertical ratio of 0.08.

    Args:
        samples: of any number of activities.
    """
    runs = is_running(pl.col("speed_m_per_s"), pl.col("cadence_spm"))
    step_time = pl.when(runs, pl.col("cadence_spm") > 0).then(60 / pl.col("cadence_spm"))
    return Sample.validate(
        samples.with_columns(
            flight_time_s=step_time - pl.col("contact_time_s"),
            duty_factor=pl.col("contact_time_s") / (2 * step_time),
            vertical_ratio_fraction=pl.col("vertical_oscillation_m") / pl.col("step_length_m"),
        )
    )
