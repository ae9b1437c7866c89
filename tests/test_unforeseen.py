"""What is unexpected is one sentence and exit code 3, never a traceback and never 1."""

from __future__ import annotations

import errno
import sys

import pytest

from hipdrive.cli import app as command_line

STANDS = "The warehouse and the report are as they were."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "there is not enough memory"),
        (OSError(errno.ENOSPC, "No space left on device", "x.duckdb"), "x.duckdb: the disk is full"),
        (RuntimeError("IO Error: could not write: No space left on device"), "the disk is full"),
        (OSError(errno.EROFS, "Read-only file system", "data"), "data: the disk can only be read"),
        (OSError(errno.ENOTCONN, "Transport endpoint is not connected"), "the network drive went away"),
        (ZeroDivisionError("by nought"), "stopped by an unexpected error (ZeroDivisionError: by nought)"),
    ],
)
def test_the_unforeseen_is_one_sentence(
    error: BaseException, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def burst(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(command_line, "app", burst)
    monkeypatch.setattr(sys, "argv", ["hipdrive", "nightly"])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    told = capsys.readouterr().err
    assert ended.value.code == 3
    assert said in told.replace("\n", " ")
    assert STANDS in told.replace("\n", " ")
    assert "Traceback" not in told


def test_a_server_that_does_not_answer_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def burst(*_: object, **__: object) -> None:
        raise ConnectionError("All connection attempts failed")

    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setattr(command_line, "app", burst)
    monkeypatch.setattr(sys, "argv", ["hipdrive", "nightly"])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 3
    assert "http://127.0.0.1:9/api: Prefect's server does not answer" in capsys.readouterr().err
