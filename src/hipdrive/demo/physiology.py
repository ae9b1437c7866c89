"""The made-up runner's body: how speed, heart rate, strength work and stride hang together.

Additive in the natural logarithm of speed. One day's log speed at a given heart rate is the sum of slow fitness,
training load, heat, the acute fatigue and the lagged response of hip-extension work, what an illness left, and a week's
shared noise. Stride follows speed and nothing else: the planted effect changes how fast the runner is at a heart rate,
not how they run. All of it is invented; where a number imitates a study, the study is named beside it.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

REFERENCE_HEART_RATE_BPM = 145.0
REFERENCE_SPEED_M_PER_S = 3.05  # on the level, cool, rested: 5:28 a kilometre
LOG_SPEED_PER_BPM = 0.0085
MAXIMAL_HEART_RATE_BPM = 188.0
STANDING_HEART_RATE_BPM = 92.0
HEART_RATE_LAG_S = 27.0  # time constant of a first-order response

FITNESS_SD = 0.02  # in log speed
FITNESS_TAU_DAYS = 70.0
WEEK_NOISE_SD = 0.006  # in log speed: sleep, stress, whatever a whole week shares
# In log speed: the day's form, ground and wind. With the heart's own noise a run's speed at one heart rate scatters by
# some 3 %, as in the field (Lamberts 2004: 5 bpm from day to day at one effort; 0.8 to 1 % of speed a beat).
DAY_FORM_SD = 0.02
CHRONIC_LOAD_TAU_DAYS, ACUTE_LOAD_TAU_DAYS = 42.0, 7.0
CHRONIC_LOAD_SLOPE, LOAD_RATIO_SLOPE = 0.05, -0.01  # log speed per log load, per log of acute over chronic load
HEAT_SLOPE_PER_C, HEAT_FROM_C = -0.003, 12.0  # Ely 2007, doi:10.1249/mss.0b013e31802d3aba, for the order of size
INDOOR_C = 21.0
ACUTE_FATIGUE_SLOPE = -0.008  # log speed per unit of recent dose
ILLNESS_DIP, ILLNESS_TAU_DAYS = -0.02, 10.0

RESPONSE_SHAPE = 3
RESPONSE_MEAN_LAG_WEEKS = 7.0
EARLIER_HABIT_DOSE = 0.0  # dose a week before the log begins: this runner had done none
DOSE_CEILING = 2.0  # a week's dose above this brings nothing more


def _gamma_cdf(weeks: Floats) -> Floats:
    """The Erlang distribution function with shape 3 in closed form."""
    x = np.maximum(weeks, 0.0) * RESPONSE_SHAPE / RESPONSE_MEAN_LAG_WEEKS
    return 1.0 - np.exp(-x) * sum(x**k / math.factorial(k) for k in range(RESPONSE_SHAPE))


def response_weights(weeks: int) -> Floats:
    """The share of a dose's effect that appears 0, 1, … weeks later; over all weeks they sum to 1.

    A week's dose acts from its middle, so weight 0 is G(0.5) and weight k is G(k + 0.5) - G(k - 0.5), with G a gamma
    distribution function of shape 3 and mean 7 weeks. Worked: G(0.5) = 1 - exp(-x)(1 + x + x²/2), x = 1.5/7: 0.00140.
    """
    return np.diff(_gamma_cdf(np.arange(weeks + 1, dtype=np.float64) - 0.5))


def planted_log_speed(weekly_dose: Floats, effect: float) -> Floats:
    """What strength work adds to log speed in each week: ln(1 + effect) times the lagged dose.

    `effect` is the change of speed, as a fraction, that a dose of 1 a week brings when it is kept up for ever. A week's
    dose is cut at 2; before the first week it was `EARLIER_HABIT_DOSE`.
    """
    weights = response_weights(len(weekly_dose))
    lagged = np.convolve(np.minimum(weekly_dose, DOSE_CEILING), weights)[: len(weekly_dose)]
    return math.log1p(effect) * (lagged + (1.0 - np.cumsum(weights)) * EARLIER_HABIT_DOSE)


def autoregression(steps: int, sd: float, tau: float, rng: np.random.Generator) -> Floats:
    """A stationary first-order autoregression with standard deviation `sd` and time constant `tau`, in steps."""
    keep = math.exp(-1.0 / tau)
    shocks = sd * rng.standard_normal(steps)
    # `low_pass` takes the share 1 - keep of each later value, a stationary series the share sqrt(1 - keep²)
    shocks[1:] *= math.sqrt(1.0 - keep * keep) / (1.0 - keep)
    return low_pass(shocks, tau)


def low_pass(series: Floats, tau: float) -> Floats:
    """A first-order response with time constant `tau` steps, which starts at the series' first value."""
    smooth = pl.Series(series).ewm_mean(alpha=1.0 - math.exp(-1.0 / tau), adjust=False)
    return smooth.to_numpy()


def load_log_speed(daily_km: Floats) -> Floats:
    """The effect of training load on log speed, from the load up to the day before."""
    start = max(float(daily_km[:28].mean()), 0.1)
    before = np.concatenate(([start], daily_km[:-1]))
    chronic = np.maximum(low_pass(before, CHRONIC_LOAD_TAU_DAYS), 0.05 * start)
    acute = np.maximum(low_pass(before, ACUTE_LOAD_TAU_DAYS), 0.05 * start)
    return CHRONIC_LOAD_SLOPE * np.log(chronic / start) + LOAD_RATIO_SLOPE * np.log(acute / chronic)


def fatigue_log_speed(daily_dose: Floats) -> Floats:
    """The tiredness of the days after strength work: the dose of the last 14 days, fading by exp(-days/2)."""
    recent = np.convolve(daily_dose, np.exp(-np.arange(14) / 2.0))[: len(daily_dose)]
    return ACUTE_FATIGUE_SLOPE * recent


def illness_log_speed(is_ill: NDArray[np.bool_]) -> Floats:
    """What an illness takes, full while it lasts and fading over the days after it."""
    left = np.zeros(len(is_ill))
    strength = 0.0
    for day, ill in enumerate(is_ill):
        strength = 1.0 if ill else strength * math.exp(-1.0 / ILLNESS_TAU_DAYS)
        left[day] = ILLNESS_DIP * strength
    return left


def air_temperature_c(day_of_year: Floats, rng: np.random.Generator) -> Floats:
    """Air temperature at noon for successive days: a northern year with its warmest day in mid-July, and weather."""
    season = 12.0 + 9.0 * np.cos(2.0 * np.pi * (day_of_year - 197.0) / 365.25)
    return season + autoregression(len(day_of_year), 3.0, 4.0, rng)


def cost_of_grade(grade: Floats) -> Floats:
    """Energy cost of running on a grade relative to the level (Minetti 2002, doi:10.1152/japplphysiol.01177.2001)."""
    polynomial = ((((155.4 * grade - 30.4) * grade - 43.3) * grade + 46.3) * grade + 19.5) * grade + 3.6
    return polynomial / 3.6


def level_speed(heart_rate_bpm: Floats, log_speed: float) -> Floats:
    """Speed on the level in m/s that a steady heart rate buys on a day with this log speed."""
    return REFERENCE_SPEED_M_PER_S * np.exp(log_speed + LOG_SPEED_PER_BPM * (heart_rate_bpm - REFERENCE_HEART_RATE_BPM))


def steady_heart_rate(graded_speed: Floats, log_speed: float) -> Floats:
    """The heart rate in beats a minute that a level speed in m/s would settle at: the inverse of `level_speed`."""
    ratio = np.log(graded_speed / REFERENCE_SPEED_M_PER_S)
    return REFERENCE_HEART_RATE_BPM + (ratio - log_speed) / LOG_SPEED_PER_BPM


def cadence_spm(speed: Floats) -> Floats:
    """Steps a minute, both feet, at a speed in m/s."""
    return 168.0 + 9.0 * (speed - 3.0)


def contact_time_ms(speed: Floats) -> Floats:
    """Ground contact time in ms at a speed in m/s: 250 ms at 3 m/s, shorter as speed rises."""
    return 250.0 * (speed / 3.0) ** -0.45


def vertical_oscillation_mm(speed: Floats) -> Floats:
    """Vertical oscillation in mm at a speed in m/s; hardly changes with it."""
    return 87.0 * (speed / 3.0) ** 0.1
