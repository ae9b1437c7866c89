"""Translated column names, by stem."""

from __future__ import annotations

import pytest

from hipdrive.read.strength.headings import columns_by_stem

NEEDED = ("Date", "Exercise Name")


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("Datum", "Date"),
        ("Fecha", "Date"),
        ("Name der Übung", "Exercise Name"),
        ("Nom de l'exercice", "Exercise Name"),
        ("Workout-Name", "Workout Name"),
        ("Nombre de entreno", "Workout Name"),
        ("Workout-Dauer", "Duration"),
        ("Durée de la séance", "Duration"),
        ("Workout-Notizen", "Workout Notes"),
        ("Notas del entrenamiento", "Workout Notes"),
        ("Anotações", "Notes"),
        ("Gewicht", "Weight"),
        ("Gewichtseinheit", "Weight Unit"),
        ("Unidad de peso", "Weight Unit"),
        ("Entfernungseinheit", "Distance Unit"),
        ("Unité de distance", "Distance Unit"),
        ("Wiederh.", "Reps"),
        ("Ripetizioni", "Reps"),
        ("Reihenfolge festlegen", "Set Order"),
        ("Ordre des séries", "Set Order"),
        ("Sekunden", "Seconds"),
        ("RIR", "RIR"),
        ("Aufwärmen", "Warmup"),
    ],
)
def test_a_stem_tells_the_column(name: str, meaning: str) -> None:
    assert columns_by_stem((name,), (meaning,)) == {meaning: [name]}


def test_a_needed_meaning_with_two_columns_is_not_guessed() -> None:
    assert columns_by_stem(("Date", "Exercise", "Ejercicio"), NEEDED) == {}
    assert columns_by_stem(("Date", "Reps"), NEEDED) == {}


def test_of_two_columns_that_nobody_needs_the_first_counts() -> None:
    found = columns_by_stem(("Date", "Exercise", "Weight (kg)", "Weight (lbs)"), NEEDED)
    assert found["Weight"] == ["Weight (kg)"]


@pytest.mark.parametrize("name", ["Exercise Load", "Exercise Minutes", "Exercise ID", "Exercise type", "exercise_time"])
def test_what_is_measured_of_an_exercise_is_not_its_name(name: str) -> None:
    assert columns_by_stem(("Date", name, "Distance"), NEEDED) == {}
    assert columns_by_stem(("Date", "Exercise", name), NEEDED)["Exercise Name"] == ["Exercise"]
