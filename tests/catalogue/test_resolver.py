"""A logged name finds its exercise, or says that it did not; nothing crosses a contradiction."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.catalogue.likeness import LikenessFinder
from hipdrive.errors import BrokenSettings

CATALOGUE = load_catalogue()


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver(CATALOGUE, {})


def test_the_label_is_an_exact_match(resolver: Resolver) -> None:
    found = resolver.resolve("Hip Thrust")
    assert (found.exercise, found.match, found.match_score) == ("hip_thrust", "exact", 100.0)


def test_case_accents_hyphens_and_plural_do_not_matter(resolver: Resolver) -> None:
    assert resolver.resolve("SINGLE-LEG  glute bridges").exercise == "sl_glute_bridge"
    assert resolver.resolve("Élévation de talons").exercise is None  # French is not Spanish
    assert resolver.resolve("elevación de talones").exercise == "calf_raise"


def test_the_users_alias_comes_before_everything() -> None:
    mine = Resolver(CATALOGUE, {"Hip Thrust": "glute_bridge", "Otto's Special": "kb_swing"})
    assert mine.resolve("hip thrust").exercise == "glute_bridge"
    assert (mine.resolve("ottos  special!").exercise, mine.resolve("ottos special").match) == ("kb_swing", "alias")


def test_an_alias_to_nothing_is_refused_with_the_nearest_keys() -> None:
    with pytest.raises(BrokenSettings, match=r"“My lift” points to “hip_thrsut”, .* nearest are hip_thrust"):
        Resolver(CATALOGUE, {"My lift": "hip_thrsut"})


@pytest.mark.parametrize(
    ("name", "exercise"),
    [
        ("Hip Thrust (Barbell)", "hip_thrust"),
        ("Hip Thrust (Band)", "band_hip_thrust"),
        ("Hip Thrust (Bodyweight)", "bw_hip_thrust"),
        ("Single Leg Hip Thrust", "sl_hip_thrust"),
        ("Glute Bridge (Barbell)", "barbell_glute_bridge"),
        ("Deadlift (Trap Bar)", "hex_deadlift"),
        ("Squat (Bodyweight)", "bw_squat"),
        ("Squat (Dumbbell)", "goblet_squat"),
        ("Squat (Barbell)", "back_squat"),
        ("Donkey Kick (Band)", "band_donkey_kick"),
    ],
)
def test_equipment_in_brackets_is_read(resolver: Resolver, name: str, exercise: str) -> None:
    assert resolver.resolve(name).exercise == exercise


@pytest.mark.parametrize(
    ("name", "never"),
    [
        ("Single Leg Glute Bridge", "glute_bridge"),
        ("Glute Bridge", "sl_glute_bridge"),
        ("Hip Abduction (Machine)", "hip_thrust"),
        ("Hip Adduction (Machine)", "hip_abduction"),
        ("Leg Curl (Machine)", "leg_press"),
        ("Leg Press (Machine)", "leg_curl"),
        ("Hip Thrust (Band)", "hip_thrust"),
        ("Hip Thrust (Barbell)", "band_hip_thrust"),
        ("Calf Press on Leg Press", "leg_press"),
        ("Bicep Curl", "leg_curl"),
        ("Shoulder Bridge Stretch", "glute_bridge"),
        ("Squat to Shoulder Press", "back_squat"),
    ],
)
def test_no_match_crosses_a_contradiction(resolver: Resolver, name: str, never: str) -> None:
    assert resolver.resolve(name).exercise != never


@pytest.mark.parametrize("word", ["thrst", "thrusst", "truhst"])
def test_a_slip_of_the_thumb_is_mended_and_said(resolver: Resolver, word: str) -> None:
    found = resolver.resolve(f"Hip {word} (Barbell)")
    assert (found.exercise, found.match) == ("hip_thrust", "fuzzy")
    assert f"reading {word} as thrust" in found.reason
    assert found.match_score is not None
    assert 85 <= found.match_score < 100


def test_a_word_that_nobody_knows_costs_points_but_not_the_exercise(resolver: Resolver) -> None:
    found = resolver.resolve("Leg Press Keller")
    assert (found.exercise, found.match, found.match_score) == ("leg_press", "fuzzy", 100.0 - 7.0)


@pytest.mark.parametrize(
    ("name", "score"),
    [
        ("Bench Press Keller Otto", 86),  # two unknown words at 7 points each
        ("Bench Press Keller Otto Hansi", None),
        ("Slow Bench Press Keller Otto", 85),  # a manner at one point, and there the threshold is
        ("Slow Heavy Bench Press Keller Otto", None),
        ("Slow Hip Thrust Keller", 92),
        ("Hip Thrust Keller Otto", None),  # one unknown word at most where a dose would come of it
    ],
)
def test_unknown_words_and_manners_cost_until_a_likeness_is_no_match(
    resolver: Resolver, name: str, score: float | None
) -> None:
    assert resolver.resolve(name).match_score == score


def test_a_word_of_three_letters_is_not_mended(resolver: Resolver) -> None:
    assert resolver.resolve("Squt").exercise == "back_squat"
    assert resolver.resolve("Led Sprint").exercise is None  # and no push of a sled


def test_an_unknown_name_keeps_its_three_nearest(resolver: Resolver) -> None:
    found = resolver.resolve("Uncle Otto's Special")
    assert (found.exercise, found.match, found.match_score) == (None, "none", None)
    assert len(found.nearest) == 3
    assert set(found.nearest) <= CATALOGUE.keys


def test_an_empty_name_is_no_exercise(resolver: Resolver) -> None:
    assert resolver.resolve(" -- ").match == "none"


def test_cardio_is_left_out_on_purpose(resolver: Resolver) -> None:
    found = resolver.resolve("Treadmill")
    assert (found.exercise, found.match) == (None, "excluded")


@pytest.mark.parametrize(
    ("name", "exercise"),
    [
        ("Rumänisches Kreuzheben", "rdl"),
        ("Peso muerto rumano con mancuernas", "rdl"),
        ("Soulevé de terre roumain", "rdl"),
        ("Stacco rumeno con bilanciere", "rdl"),
        ("Levantamento terra romeno", "rdl"),
        ("Bulgarische Kniebeugen", "split_squat"),
        ("Ausfallschritte mit Kurzhanteln", "lunge"),
        ("Zancadas caminando", "lunge"),
        ("Fentes marchées avec haltères", "lunge"),
        ("Affondi camminati", "lunge"),
        ("Agachamento com barra", "back_squat"),
        ("Beckenheben einbeinig", "sl_glute_bridge"),
        ("Puente de glúteos a una pierna", "sl_glute_bridge"),
        ("Ponte per glutei a una gamba", "sl_glute_bridge"),
        ("Pont fessier une jambe", "sl_glute_bridge"),
        ("Empuje de cadera con barra", "hip_thrust"),
        ("Elevação pélvica com barra", "hip_thrust"),
        ("Hüftbeuger-Dehnung", "hip_flexor_stretch"),
    ],
)
def test_the_hip_family_speaks_six_languages(resolver: Resolver, name: str, exercise: str) -> None:
    assert resolver.resolve(name).exercise == exercise


@pytest.mark.parametrize(
    ("name", "exercise"),
    [
        ("Elevação de Quadril com Barra (Hip Thrust)", "hip_thrust"),
        ("Hip Thrust (Elevación de cadera con barra)", "hip_thrust"),
        ("Elevación de cadera", "glute_bridge"),
        ("Agachamento Livre com Barra", "back_squat"),
        ("Sentadilla trasera", "back_squat"),
        ("Squat (barre guidée)", "back_squat"),
        ("Squat avant", "front_squat"),
        ("Frontkniebeugen", "front_squat"),
        ("Soulevé roumain haltères", "rdl"),
        ("Peso muerto convencional (Deadlift)", "deadlift"),
        ("Terra sumô", "sumo_deadlift"),
        ("Bom dia com barra", "good_morning"),
        ("Flexão Nórdica", "nordic"),
        ("Fentes arrière", "lunge"),
        ("Affondi laterali", "side_lunge"),
        ("Slanci posteriori al cavo", "glute_kickback"),
        ("Foulées bondissantes jambes tendues", "sl_bounds"),
        ("Caminata lateral con banda", "band_walk"),
        ("Cadeira Abdutora", "hip_abduction"),
        ("Prellsprünge", "pogo"),
        ("Rowing barre", "row"),
        ("Remada curvada com barra", "row"),
    ],
)
def test_names_as_people_log_them_in_five_more_languages(resolver: Resolver, name: str, exercise: str) -> None:
    assert resolver.resolve(name).exercise == exercise


@pytest.mark.parametrize(
    ("name", "exercise"),
    [
        ("SLRDL", "sl_rdl"),
        ("Trap Bar DL", "hex_deadlift"),
        ("KAS Glute Bridge", "glute_bridge"),
        ("Single leg glute bridge hold", "sl_glute_bridge"),
        ("Isometric hip thrust hold", "hip_thrust"),
        ("SSB Squat", "back_squat"),
        ("Seated hamstring curl", "leg_curl"),
        ("Bent knee calf raise", "seated_calf_raise"),
    ],
)
def test_names_as_runners_and_lifters_shorten_them(resolver: Resolver, name: str, exercise: str) -> None:
    assert resolver.resolve(name).exercise == exercise


@pytest.mark.parametrize("name", ["Kettlebell Jerk", "Split Jerk (Barbell)", "Log Press"])
def test_a_jerk_without_a_clean_is_upper_body(resolver: Resolver, name: str) -> None:
    assert resolver.resolve(name).exercise == "push_press"


def test_rowing_is_cardio_unless_it_lifts_a_bar(resolver: Resolver) -> None:
    assert resolver.resolve("Rowing (Machine)").match == "excluded"
    assert resolver.resolve("Rowing").match == "excluded"


def test_a_side_in_the_name_is_read(resolver: Resolver) -> None:
    assert resolver.resolve("Single Leg Glute Bridge (Left)").side == "left"
    assert resolver.resolve("Single Leg Glute Bridge (each side)").side is None


def test_every_shipped_name_finds_its_own_exercise(resolver: Resolver) -> None:
    lost = [
        (form.text, form.exercise)
        for form in CATALOGUE.forms
        if form.exercise and resolver.resolve(form.text).exercise != form.exercise
    ]
    assert lost == []


@settings(deadline=None, max_examples=25)
@given(st.text(max_size=60))
def test_any_text_resolves_the_same_way_twice(name: str) -> None:
    first, second = Resolver(CATALOGUE, {}), Resolver(CATALOGUE, {})
    assert first.resolve(name) == second.resolve(name)


def test_the_batch_form_gives_one_row_a_name(resolver: Resolver) -> None:
    rows = resolver.resolve_names(["Hip Thrust", "Hip Thrust", "Plank"])
    assert rows.select("exercise_name", "exercise").rows() == [("Hip Thrust", "hip_thrust"), ("Plank", "plank")]


@pytest.mark.parametrize(
    ("name", "exercise", "unloaded"),
    [
        ("Squat", "back_squat", "bw_squat"),
        ("Kniebeuge", "back_squat", "bw_squat"),
        ("Squat (Barbell)", "back_squat", None),
        ("Back Squat", "back_squat", None),
        ("Step-up", "step_up", "bw_step_up"),
        ("Step-up (Dumbbell)", "step_up", None),
        ("Paused Squat", "back_squat", "bw_squat"),
        ("Hip Thrust", "hip_thrust", None),
    ],
)
def test_a_name_without_equipment_may_be_another_exercise_without_a_load(
    resolver: Resolver, name: str, exercise: str, unloaded: str | None
) -> None:
    found = resolver.resolve(name)
    assert (found.exercise, found.unloaded) == (exercise, unloaded)
    assert Resolver(CATALOGUE, {name: exercise}).resolve(name).unloaded is None


@pytest.mark.parametrize(("number", "unloaded"), [(None, "bw_squat"), (61, "bw_squat"), (6, None), (2, None)])
def test_a_watchs_squat_says_nothing_of_a_load_unless_its_number_does(
    resolver: Resolver, number: int | None, unloaded: str | None
) -> None:
    found = resolver.resolve_watch("squat", number)
    assert (found.exercise, found.unloaded) == ("back_squat", unloaded)


def test_a_watch_category_resolves_by_its_number_then_by_itself() -> None:
    catalogue = replace(
        CATALOGUE,
        watch={"squat": {"6": "back_squat", "default": "bw_squat"}, "cardio": {"default": None}, "pose": {}},
    )
    resolver = Resolver(catalogue, {})
    assert resolver.resolve_watch("squat", 6).exercise == "back_squat"
    assert resolver.resolve_watch("squat", 99).exercise == "bw_squat"
    assert resolver.resolve_watch("squat", None).match == "watch"
    assert resolver.resolve_watch("cardio", 3).match == "excluded"
    assert resolver.resolve_watch("pose", 1).match == "none"
    assert resolver.resolve_watch("unknown", None).match == "none"
    assert resolver.resolve_watch(None, None).match == "none"


@pytest.mark.parametrize(
    ("category", "number", "exercise"),
    [
        ("banded_exercises", 10, "band_donkey_kick"),
        ("banded_exercises", 17, "glute_bridge"),
        ("banded_exercises", 20, "band_drive_back"),
        ("hip_raise", 1, "hip_thrust"),
        ("hip_raise", 30, "sl_glute_bridge"),
        ("hip_raise", None, "glute_bridge"),
        ("deadlift", 23, "rdl"),
        ("triceps_extension", 3, "triceps_kickback"),
        ("cardio", 6, None),
        ("banded_exercises", None, None),
        ("no_such_category", 1, None),
    ],
)
def test_the_shipped_watch_table(resolver: Resolver, category: str, number: int | None, exercise: str | None) -> None:
    assert resolver.resolve_watch(category, number).exercise == exercise


FINDER = LikenessFinder(CATALOGUE)
HIP_NAMES = sorted({form.text for form in CATALOGUE.forms if form.is_hip})
OTHER_MOVEMENTS = ["abduction", "curl", "stretch", "press", "row", "jump", "thrust", "squat", "raise", "rotation"]


@settings(deadline=None, max_examples=200)
@given(text=st.sampled_from(HIP_NAMES), movement=st.sampled_from(OTHER_MOVEMENTS))
def test_another_movement_in_a_hip_name_is_never_passed_over(text: str, movement: str) -> None:
    found = FINDER.find(f"{text} {movement}")
    assert found is None or movement in found.form.name.words


@settings(deadline=None, max_examples=200)
@given(text=st.sampled_from(HIP_NAMES), equipment=st.sampled_from(["barbell", "band", "cable", "kettlebell"]))
def test_equipment_that_an_exercise_does_not_allow_makes_it_another_or_none(text: str, equipment: str) -> None:
    resolver = Resolver(CATALOGUE, {})
    found = resolver.resolve(f"{text} ({equipment})")
    if found.exercise is not None:
        read = CATALOGUE.words.read(f"{text} ({equipment})")
        forms = [form for form in CATALOGUE.forms if form.exercise == found.exercise]
        assert any(form.admits_equipment(read.equipment) for form in forms)


def test_a_word_that_can_be_mended_is_not_passed_over(resolver: Resolver) -> None:
    assert resolver.resolve("Incline Hummer Curl").exercise == "hammer_curl"
