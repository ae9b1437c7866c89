"""One writer at a time, and none that is dead."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from hipdrive.errors import LockedHome
from hipdrive.warehouse import only_writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hipdrive.settings import Home

HOLD = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from hipdrive.warehouse import only_writer
    with only_writer(Path(sys.argv[1])):
        print("held", flush=True)
        time.sleep(60)
    """
)


@contextmanager
def held_by_another(data: Path) -> Iterator[subprocess.Popen[str]]:
    """The lock held by another process for as long as the test wants."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(data)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
    finally:
        holder.kill()
        holder.communicate()


def test_the_lock_names_its_process(home: Home) -> None:
    with only_writer(home.data):
        text = (home.data / "hipdrive.lock").read_text(encoding="utf-8")
    assert text == f"process {os.getpid()} on {socket.gethostname()}"


def test_a_second_writer_is_told_who_the_first_is(home: Home) -> None:
    with held_by_another(home.data) as holder, pytest.raises(LockedHome) as caught, only_writer(home.data):
        pytest.fail("two writers at a time")
    assert caught.value.holder == f"process {holder.pid} on {socket.gethostname()}"
    assert str(caught.value).startswith(f"{home.data / 'hipdrive.lock'}: process {holder.pid} ")


def test_a_refused_writer_leaves_the_holder_s_name(home: Home) -> None:
    with held_by_another(home.data) as holder:
        for _ in range(2):
            with pytest.raises(LockedHome, match=f"process {holder.pid} "), only_writer(home.data):
                pass


def test_a_killed_holder_blocks_nobody(home: Home) -> None:
    with held_by_another(home.data) as holder:
        holder.send_signal(signal.SIGKILL)
        assert holder.wait() == -signal.SIGKILL
        assert str(holder.pid) in (home.data / "hipdrive.lock").read_text(encoding="utf-8")
        with only_writer(home.data):
            assert str(os.getpid()) in (home.data / "hipdrive.lock").read_text(encoding="utf-8")


def test_the_lock_holds_within_one_process_too(home: Home) -> None:
    with only_writer(home.data), pytest.raises(LockedHome, match=f"process {os.getpid()} "), only_writer(home.data):
        pytest.fail("two writers at a time")


@pytest.mark.parametrize("error", [None, RuntimeError, KeyboardInterrupt])
def test_the_lock_is_free_again_whatever_happened(home: Home, error: type[BaseException] | None) -> None:
    try:
        with only_writer(home.data):
            if error is not None:
                raise error
    except (RuntimeError, KeyboardInterrupt):
        pass
    assert (home.data / "hipdrive.lock").read_text(encoding="utf-8") == ""
    with only_writer(home.data):
        pass


def test_a_home_without_a_data_folder_gets_one(tmp_path: Path) -> None:
    with only_writer(tmp_path / "home" / "data"):
        assert (tmp_path / "home" / "data" / "hipdrive.lock").is_file()
