"""One message by a command or by an address; why it did not go out, and never what it was sent to."""

from __future__ import annotations

import sys

import pytest

from hipdrive.tell.send import by_address, by_command


def test_a_command_gets_title_and_text() -> None:
    script = 'test "$HIPDRIVE_TITLE" = "A night" && test "$(cat)" = "went well"'
    assert by_command(["sh", "-c", script], "A night", "went well") is None
    assert by_command(["sh", "-c", script], "A night", "failed") == (
        "the command of [tell] ended with code 1; try it in a terminal"
    )


def test_a_command_that_does_not_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hipdrive.tell.send._WITHIN_S", 0.1)
    assert by_command(["sleep", "60"], "", "") == "the command of [tell] did not end within 0.1 s"


@pytest.mark.parametrize(
    ("command", "why"),
    [("/nowhere/secret", "No such file or directory"), ("/dev/null", "Permission denied"), ("a\0b", "ValueError")],
)
def test_a_command_that_is_none_is_not_repeated(command: str, why: str) -> None:
    assert by_command([command], "", "") == f"the command of [tell] cannot be run ({why}); try it in a terminal"


def test_without_the_library_an_address_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert by_address("ntfy://secret", "", "") == (
        "apprise is not installed; install hipdrive[notify], or name a command in [tell]"
    )


APPRISES_OWN = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")


@APPRISES_OWN
def test_an_address_of_no_kind_is_told_and_not_repeated() -> None:
    pytest.importorskip("apprise", reason="the extra hipdrive[notify] is not installed")
    said = by_address("carrier-pigeon://secret", "", "")
    assert said == "apprise does not know this kind of address; `hipdrive fetch --login tell` asks for it anew"


@APPRISES_OWN
def test_whatever_a_service_does_is_one_reason_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    apprise = pytest.importorskip("apprise", reason="the extra hipdrive[notify] is not installed")

    def fail(*_: object, **__: object) -> bool:
        raise OverflowError("secret")

    monkeypatch.setattr(apprise.Apprise, "notify", fail)
    assert by_address("json://127.0.0.1:9", "", "text") == "the service did not accept it (OverflowError)"
