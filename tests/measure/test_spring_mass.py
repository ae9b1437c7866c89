"""The sine model of running, held to numbers done with a pencil and to what its authors printed."""

from __future__ import annotations

from math import asin, degrees, pi, sqrt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipdrive.measure.spring_mass import (
    contact_sweep_deg,
    leg_stiffness_n_per_m,
    peak_force_bw,
    vertical_displacement_m,
    vertical_stiffness_n_per_m,
)

MASS, LEG, SPEED, STEP, CONTACT = 70.0, 0.53 * 1.78, 3.5, 60 / 170, 0.25


def value(expression: pl.Expr) -> float:
    return float(pl.select(expression).item())


def lit(number: float) -> pl.Expr:
    return pl.lit(number)


def stiffnesses(contact: float, flight: float, speed: float = SPEED) -> tuple[float, float]:
    """Vertical and leg stiffness of the example's runner."""
    step = contact + flight
    return (
        value(vertical_stiffness_n_per_m(lit(MASS), lit(step), lit(contact))),
        value(leg_stiffness_n_per_m(lit(MASS), lit(LEG), lit(speed), lit(step), lit(contact))),
    )


def test_a_runner_of_70_kg_at_3_5_m_per_s_by_pencil() -> None:
    flight = 60 / 170 - 0.25
    force = pi / 2 * (flight / 0.25 + 1)
    assert value(peak_force_bw(lit(STEP), lit(CONTACT))) == pytest.approx(force) == pytest.approx(2.218, abs=5e-4)
    sinks = abs(-force * 9.81 * 0.25**2 / pi**2 + 9.81 * 0.25**2 / 8)
    assert value(vertical_displacement_m(lit(STEP), lit(CONTACT))) == pytest.approx(sinks)
    assert sinks == pytest.approx(0.0611, abs=5e-5)
    vertical, leg = stiffnesses(CONTACT, flight)
    assert vertical == pytest.approx(force * 70 * 9.81 / sinks) == pytest.approx(24_900, abs=50)
    shortens = LEG - sqrt(LEG**2 - (3.5 * 0.25 / 2) ** 2) + sinks
    assert leg == pytest.approx(force * 70 * 9.81 / shortens) == pytest.approx(9030, abs=10)


def test_the_angle_of_the_example_is_27_6_degrees() -> None:
    found = value(contact_sweep_deg(lit(SPEED), lit(CONTACT), lit(LEG)))
    assert found == pytest.approx(degrees(asin(0.875 / (2 * 0.9434)))) == pytest.approx(27.6, abs=0.05)


def test_a_tenth_less_contact_is_a_fifth_more_vertical_and_a_quarter_more_leg_stiffness() -> None:
    """Printed by the authors of the model, who give no worked runner: their sensitivity to contact time."""
    flight = STEP - CONTACT
    was, becomes = stiffnesses(CONTACT, flight), stiffnesses(0.9 * CONTACT, flight)
    assert becomes[0] / was[0] == pytest.approx(1.20, abs=0.03)
    assert becomes[1] / was[1] == pytest.approx(1.25, abs=0.03)


@pytest.mark.parametrize(
    ("force_kn", "shortening_m", "leg_kn_per_m"),
    [(1.91, 0.20, 9.75), (2.06, 0.16, 12.95)],
    ids=["treadmill, Table 1", "overground, Table 2"],
)
def test_the_printed_means_are_force_over_shortening(force_kn: float, shortening_m: float, leg_kn_per_m: float) -> None:
    """The means of the tables are rounded to a centimetre, so they agree to that."""
    assert force_kn / shortening_m == pytest.approx(leg_kn_per_m, rel=0.005 / shortening_m)


@pytest.mark.parametrize(
    ("speed", "contact", "flight", "mass", "leg", "printed"),
    [(5.0, 0.20, 0.13, 65.0, 0.93, (9.75, 2.19)), (6.0, 0.17, 0.14, 65.0, 0.95, (12.95, 2.13))],
    ids=["treadmill", "overground"],
)
def test_ordinary_runners_fall_within_two_deviations_of_the_printed_means(
    speed: float, contact: float, flight: float, mass: float, leg: float, printed: tuple[float, float]
) -> None:
    found = value(leg_stiffness_n_per_m(lit(mass), lit(leg), lit(speed), lit(contact + flight), lit(contact))) / 1000
    assert abs(found - printed[0]) < 2 * printed[1]


def test_vertical_stiffness_is_dalleau_s_by_another_way() -> None:
    """Dalleau 1998: k = m π (f + c)/(c² ((f + c)/π - c/4)); from memory."""
    dalleau = MASS * pi * STEP / (CONTACT**2 * (STEP / pi - CONTACT / 4))
    assert stiffnesses(CONTACT, STEP - CONTACT)[0] == pytest.approx(dalleau)


@given(speed=st.floats(2, 7), contact=st.floats(0.15, 0.35), flight=st.floats(0.0, 0.2))
def test_force_and_angle_are_bound_by_the_step_length(speed: float, contact: float, flight: float) -> None:
    """B sin(angle) = π v T/(4 L): the correlation of the two is built in."""
    step = contact + flight
    angle = (
        value(contact_sweep_deg(lit(speed), lit(contact), lit(LEG)).radians().sin())
        if speed * contact < 2 * LEG
        else None
    )
    if angle is not None:
        assert value(peak_force_bw(lit(step), lit(contact))) * angle == pytest.approx(pi * speed * step / (4 * LEG))


def test_a_contact_longer_than_two_legs_has_no_angle_and_no_stiffness() -> None:
    assert pl.select(contact_sweep_deg(lit(7.0), lit(0.3), lit(0.9))).item() is None
    assert pl.select(leg_stiffness_n_per_m(lit(70.0), lit(0.9), lit(7.0), lit(0.4), lit(0.3))).item() is None
