"""The runner as a mass on a spring: peak force, stiffness of the leg, and the angle it sweeps on the ground.

The vertical force is taken for half a sine wave over the contact. Inputs are body mass, leg length, speed, step time
and contact time; no force is measured. For level ground only: on slopes the method from times alone is not valid (Meyer
and others 2023, doi:10.1055/a-2044-4805).

Source: Morin and others 2005, doi:10.1123/jab.21.2.167 (modelled values lay 0.67 to 6.93 % off a force plate's).
"""

from __future__ import annotations

import math

import polars as pl

GRAVITY_M_PER_S2 = 9.81


def peak_force_bw(step_time_s: pl.Expr, contact_time_s: pl.Expr) -> pl.Expr:
    """Peak vertical force in body weights: (π/2)(flight/contact + 1) = (π/2) step time/contact time.

    170 steps a minute with 0.25 s on the ground: 1.5708 x 0.3529/0.25 = 2.218.
    """
    return math.pi / 2 * step_time_s / contact_time_s


def contact_sweep_deg(speed_m_per_s: pl.Expr, contact_time_s: pl.Expr, leg_m: pl.Expr) -> pl.Expr:
    """Half the angle that a leg sweeps between touch-down and toe-off, if both lie alike: asin(v c/(2 L)).

    3.5 m/s, 0.25 s, leg 0.9434 m: asin(0.875/1.887) = 27.6°. Null where the way over the ground exceeds two legs.
    """
    sine = speed_m_per_s * contact_time_s / (2 * leg_m)
    return pl.when(sine < 1).then(sine.arcsin() * (180 / math.pi))


def vertical_displacement_m(step_time_s: pl.Expr, contact_time_s: pl.Expr) -> pl.Expr:
    """How far the mass sinks in contact: |-F c²/(m π²) + g c²/8|; the mass cancels out. The example's: 0.0611 m."""
    force_over_mass = peak_force_bw(step_time_s, contact_time_s) * GRAVITY_M_PER_S2
    return ((GRAVITY_M_PER_S2 / 8 - force_over_mass / math.pi**2) * contact_time_s**2).abs()


def vertical_stiffness_n_per_m(mass_kg: pl.Expr, step_time_s: pl.Expr, contact_time_s: pl.Expr) -> pl.Expr:
    """Peak force over how far the mass sinks. The example's, of 70 kg: 24.9 kN/m."""
    force_n = peak_force_bw(step_time_s, contact_time_s) * mass_kg * GRAVITY_M_PER_S2
    return force_n / vertical_displacement_m(step_time_s, contact_time_s)


def leg_stiffness_n_per_m(
    mass_kg: pl.Expr, leg_m: pl.Expr, speed_m_per_s: pl.Expr, step_time_s: pl.Expr, contact_time_s: pl.Expr
) -> pl.Expr:
    """Peak force over how much the leg shortens: L - sqrt(L² - (v c/2)²) + sinking. The example's: 9.03 kN/m."""
    half_way_m = speed_m_per_s * contact_time_s / 2
    arc_m = leg_m - (leg_m**2 - half_way_m**2).sqrt()
    force_n = peak_force_bw(step_time_s, contact_time_s) * mass_kg * GRAVITY_M_PER_S2
    shortening_m = arc_m + vertical_displacement_m(step_time_s, contact_time_s)
    return pl.when(half_way_m < leg_m).then(force_n / shortening_m)
