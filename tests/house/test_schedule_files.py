"""The files of docs/schedule are what their programs take, and the commands in them exist."""

from __future__ import annotations

import plistlib
import re
import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from hipdrive.cli.app import app
from hipdrive.cli.scheduling import time_of_day

FILES = Path(__file__).parents[2] / "docs" / "schedule"


def lines(name: str) -> list[str]:
    text = (FILES / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def assert_command(words: list[str]) -> None:
    """A command line of hipdrive that its own parser takes."""
    name, *rest = words
    assert Path(name).name == "hipdrive"
    _, _, ignored = app.parse_args(rest, exit_on_error=False, print_error=False)
    assert not ignored
    if "--at" in rest:
        assert time_of_day(rest[rest.index("--at") + 1]) == (3, 30)


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    unit = ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(FILES / "hipdrive.service", encoding="utf-8")
    assert set(unit.sections()) == {"Unit", "Service", "Install"}
    assert_command(shlex.split(unit["Service"]["ExecStart"]))
    verifier = shutil.which("systemd-analyze")
    if verifier is None:
        pytest.skip("no systemd here to verify the unit by")
    # Where it would lie is not this machine's matter: its program is put in the place of ours.
    text = (
        (FILES / "hipdrive.service").read_text(encoding="utf-8").replace("%h/hipdrive/.venv/bin/hipdrive", "/bin/true")
    )
    file = tmp_path / "hipdrive.service"
    file.write_text(text, encoding="utf-8")
    done = subprocess.run([verifier, "verify", "--man=no", str(file)], capture_output=True, text=True, check=False)
    told = [line for line in done.stderr.splitlines() if "hipdrive.service" in line]
    assert told == []


def test_the_cron_lines_have_five_fields_and_commands_that_exist() -> None:
    for line in lines("crontab"):
        *fields, command = line.split(None, 5)
        assert len(fields) == 5
        for field, most in zip(fields, (59, 23, 31, 12, 7), strict=True):
            assert field == "*" or 0 <= int(field) <= most
        assert "%" not in command  # cron makes an end of line of it
        words = shlex.split(re.split(r" >>? ", command)[0])
        assert_command([word for word in words if "=" not in word])


def test_the_plist_is_one_that_launchd_takes() -> None:
    plist = plistlib.loads((FILES / "org.hipdrive.nightly.plist").read_bytes())
    assert plist["Label"] == "org.hipdrive.nightly"
    assert plist["StartCalendarInterval"] == {"Hour": 3, "Minute": 30}
    assert_command([word for word in plist["ProgramArguments"] if word not in {"--home", "/opt/hipdrive"}])


def test_the_dockerfile_copies_what_is_there_and_runs_as_nobody_special() -> None:
    known = {"FROM", "RUN", "WORKDIR", "COPY", "USER", "ENV", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
    steps = [line.split(None, 1) for line in lines("Dockerfile")]
    assert {step for step, _ in steps} <= known
    assert steps[0][0] == "FROM"
    assert ":" in steps[0][1]
    assert "latest" not in steps[0][1]
    for step, rest in steps:
        if step == "COPY":
            *sources, _ = rest.split()
            assert all((FILES.parents[1] / source).exists() for source in sources)
    order = [step for step, _ in steps]
    assert order.index("USER") < order.index("ENTRYPOINT")
    told = dict(steps[-3:])
    assert_command([*eval_list(told["ENTRYPOINT"]), *eval_list(told["CMD"])])
    assert_command(eval_list(told["HEALTHCHECK"].split("CMD ")[1]))


def eval_list(text: str) -> list[str]:
    return re.findall(r'"([^"]*)"', text)
