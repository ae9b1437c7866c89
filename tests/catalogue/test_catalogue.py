"""The shipped exercises: weights as the science page prints them, each with its source, no name with two meanings."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hipdrive.catalogue import Resolver, build_catalogue, load_catalogue, load_exercises
from hipdrive.catalogue.names import Words
from hipdrive.errors import BrokenContract

CATALOGUE = load_catalogue()
RESOLVER = Resolver(CATALOGUE, {})
WEIGHTS = {
    "band_drive_back": 0.5,
    "sl_glute_bridge": 0.6,
    "band_donkey_kick": 0.6,
    "sl_bounds": 0.8,
    "hip_flexor_stretch": 0.0,
    "hip_thrust": 1.0,
    "band_hip_thrust": 0.8,
    "sl_hip_thrust": 1.0,
    "glute_bridge": 0.4,
    "hex_deadlift": 1.0,
    "deadlift": 0.8,
    "sumo_deadlift": 0.6,
    "rdl": 0.8,
    "sl_rdl": 0.8,
    "good_morning": 0.6,
    "back_ext45": 0.6,
    "reverse_hyper": 0.8,
    "cable_pullthrough": 0.6,
    "kb_swing": 0.8,
    "step_up": 0.8,
    "lateral_step_up": 0.6,
    "split_squat": 0.8,
    "lunge": 0.8,
    "sl_squat": 0.8,
    "belt_squat": 0.8,
    "back_squat": 0.6,
    "front_squat": 0.6,
    "overhead_squat": 0.4,
    "bw_squat": 0.2,
    "sl_wall_squat": 0.8,
    "leg_press": 0.4,
    "plank_hip_ext": 0.8,
    "quadruped_ext": 0.4,
    "prone_hip_ext": 0.8,
    "nordic": 0.3,
    "leg_curl": 0.2,
    "ghr": 0.5,
    "sled_push": 0.8,
    "hill_sprint": 0.8,
    "bounding": 0.8,
    "box_jump": 0.4,
    "cmj": 0.4,
    "pogo": 0.1,
    "calf_raise": 0.0,
    "clam": 0.2,
    "band_walk": 0.2,
    "upper": 0.0,
}


def entry(key: str) -> dict[str, object]:
    return CATALOGUE.exercises.filter(exercise=key).row(0, named=True)


def test_the_taxonomys_weights_are_kept() -> None:
    shipped = dict(CATALOGUE.exercises.select("exercise", "hip_extension_weight").rows())
    assert {key: shipped.get(key) for key in WEIGHTS} == WEIGHTS


def test_there_are_the_exercises_of_common_gyms() -> None:
    assert CATALOGUE.exercises.height >= 150
    assert set(CATALOGUE.exercises["kind"].unique()) == {
        "hip",
        "upper",
        "core",
        "plantarflexor",
        "mobility",
        "lower_other",
        "whole_body",
    }


def test_every_source_is_reasoned_or_a_named_paper() -> None:
    named = re.compile(r"\b(" + "|".join(map(re.escape, CATALOGUE.sources)) + r")\b")
    assert [source for source in CATALOGUE.exercises["source"] if not named.search(source)] == []


def test_control_exercises_carry_no_hip_extension() -> None:
    control = CATALOGUE.exercises.filter(pl.col("kind").is_in(["upper", "core", "mobility"]))
    assert control["hip_extension_weight"].to_list() == [0.0] * control.height


@pytest.mark.parametrize(
    ("key", "dose"),
    [
        ("band_drive_back", {"reps_min": 20, "reps_max": 25}),
        ("sl_glute_bridge", {"reps_min": 15, "reps_max": 20}),
        ("band_donkey_kick", {"reps_min": 15, "reps_max": 20}),
        ("sl_bounds", {"distance_min_m": 50, "distance_max_m": 100}),
        ("hip_flexor_stretch", {"reps_min": 8, "reps_max": 10}),
    ],
)
def test_the_articles_five_have_its_doses_and_a_cue(key: str, dose: dict[str, float]) -> None:
    found = entry(key)
    assert found["in_programme"]
    assert found["cue"]
    assert {name: found[name] for name in dose} == dose


def test_nothing_else_is_in_the_programme() -> None:
    assert CATALOGUE.exercises["in_programme"].sum() == 5


def test_a_weight_without_a_source_does_not_load() -> None:
    unsourced = {"exercise": [{"exercise": "x", "label": "X", "kind": "hip", "hip_extension_weight": 0.5}]}
    with pytest.raises(BrokenContract, match="x: a weight needs a source"):
        build_catalogue(unsourced, {}, CATALOGUE.words)


def test_a_name_with_two_meanings_does_not_load() -> None:
    twins = [
        {"exercise": key, "label": label, "kind": "upper", "source": "reasoned", "names": ["same thing"]}
        for key, label in (("a_lift", "A lift"), ("b_lift", "B lift"))
    ]
    with pytest.raises(BrokenContract, match=r"“same thing” is b_lift, and as “same thing” a_lift"):
        build_catalogue({"exercise": twins}, {}, CATALOGUE.words)


def test_a_watch_number_that_points_nowhere_does_not_load() -> None:
    with pytest.raises(BrokenContract, match="no_such_key: named, but no exercise"):
        build_catalogue({}, {"squat": {"default": "no_such_key"}}, CATALOGUE.words)


def test_a_word_with_two_meanings_does_not_load() -> None:
    with pytest.raises(BrokenContract, match="“bar” is"):
        Words({"equipment": {"barbell": ["bar"]}, "word": {"pullup": ["bar"]}})


def test_a_watch_file_names_each_number_once() -> None:
    text = files("hipdrive.catalogue").joinpath("watch.toml").read_text(encoding="utf-8")
    for category, table in tomllib.loads(text).items():
        numbers = [number for key, listed in table.items() if key not in {"default", "bare"} for number in listed]
        assert len(numbers) == len(set(numbers)), category


LANGUAGES = {
    "band_drive_back": [
        "Hüftstrecken mit Band",
        "Extensión de cadera con banda",
        "Extension de hanche avec élastique",
        "Estensione dell'anca con elastico",
        "Extensão de quadril com elástico",
    ],
    "sl_glute_bridge": [
        "Beckenheben einbeinig",
        "Puente de glúteos a una pierna",
        "Pont fessier une jambe",
        "Ponte glutei una gamba",
        "Ponte de glúteo uma perna",
    ],
    "band_donkey_kick": [
        "Eselstritt mit Band",
        "Patada de burro con banda elástica",
        "Ruade avec élastique",
        "Calcio dell'asino con elastico",
        "Coice de mula com elástico",
    ],
    "sl_bounds": [
        "Sprungläufe mit gestreckten Beinen",
        "Saltos con piernas rectas",
        "Bondissements jambes tendues",
        "Balzi a gambe tese",
        "Saltos com pernas estendidas",
    ],
    "hip_flexor_stretch": [
        "Hüftbeuger dehnen",
        "Estiramiento del psoas",
        "Étirement du psoas",
        "Allungamento psoas",
        "Alongamento do psoas",
    ],
    "hip_thrust": [
        "Hüftstoß mit Langhantel",
        "Empuje de cadera con barra",
        "Poussée de hanche à la barre",
        "Spinta d'anca con bilanciere",
        "Elevação pélvica com barra",
    ],
    "rdl": [
        "Rumänisches Kreuzheben",
        "Peso muerto rumano",
        "Soulevé de terre roumain",
        "Stacco rumeno",
        "Levantamento terra romeno",
    ],
    "lunge": ["Ausfallschritte", "Zancadas", "Fentes", "Affondi", "Afundo com halteres"],
    "back_squat": [
        "Kniebeugen mit Langhantel",
        "Sentadilla con barra",
        "Squat à la barre",
        "Squat con bilanciere",
        "Agachamento com barra",
    ],
    "back_ext45": ["Rückenstrecker", "Hiperextensiones", "Extension lombaire", "Iperestensioni", "Hiperextensão"],
    "leg_press": ["Beinpresse", "Prensa de piernas", "Presse à cuisses", "Pressa gambe", "Leg press"],
    "calf_raise": ["Wadenheben", "Elevación de talones", "Extension mollets", "Polpacci", "Panturrilha"],
}


@pytest.mark.parametrize(("key", "name"), [(key, name) for key, names in LANGUAGES.items() for name in names])
def test_the_hip_family_is_known_in_five_more_languages(key: str, name: str) -> None:
    assert RESOLVER.resolve(name).exercise == key


def test_the_exercises_alone_are_those_of_the_catalogue() -> None:
    assert_frame_equal(load_exercises(), load_catalogue().exercises)


def test_the_docs_explain_every_source() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "strength.md").read_text(encoding="utf-8")
    assert [name for name, what in CATALOGUE.sources.items() if f"| `{name}` | {what} |" not in docs] == []
