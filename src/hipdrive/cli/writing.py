"""What the runner says from the terminal, into their own files: sets, days without, the diary, and names settled."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console

from hipdrive.catalogue import Resolver, load_catalogue, nearest_keys
from hipdrive.errors import WrongUse
from hipdrive.night.calendar import local_date
from hipdrive.read.diary import with_line
from hipdrive.read.strength.own_log import Row, row_of_nothing, rows_of_programme, rows_of_sets, with_rows
from hipdrive.read.strength.written_csv import NOTHING, SIDES
from hipdrive.settings import DEFAULT_ATHLETE, Home
from hipdrive.tables.diary import DIARY_KINDS

PROGRAMME = "programme"
LOG_FILE = "log.csv"
# A name that `read.inbox` passes over, so that a night that watches the inbox never meets half a file.
_HALF_WRITTEN = ".~"


def log(
    home: Home,
    what: str,
    amounts: Sequence[str],
    *,
    athlete: str,
    on: str | None,
    sets: int,
    rpe: float | None,
    side: str | None,
    notes: str | None,
) -> None:
    """Write what was done, or that nothing was, into the runner's own CSV in the inbox.

    Raises:
        WrongUse: the exercise, the sets or a day cannot be understood, or the file cannot take the rows.
    """
    today = local_date(home.settings, athlete, datetime.now(UTC))
    day = _day(on, today)
    more = {"rpe": "" if rpe is None else f"{rpe:g}", "side": _side(side), "notes": notes or ""}
    if what.lower() == NOTHING:
        rows = [_nothing(amounts, day, today)]
    elif what.lower() == PROGRAMME:
        if amounts:
            raise WrongUse("log", f"“{amounts[0]}” is too much", "write hipdrive log programme --sets 1")
        rows = rows_of_programme(load_catalogue().exercises, day, sets)
    else:
        rows = _sets(home, athlete, what, amounts, day, more)
    folder = home.inbox if athlete == DEFAULT_ATHLETE else home.inbox / athlete
    path = folder / LOG_FILE
    _rewrite("log", path, lambda text: with_rows(text, rows))
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for row in rows:
        console.print(
            " ".join(f"{cell}" if name == "exercise" else f"{name} {cell}" for name, cell in row.items() if cell)
        )
    console.print(f"Written into {path}; the next night reads it.")


def note(home: Home, kind: str, on: str | None, text: str | None, athlete: str) -> None:
    """Write a line of the diary.

    Raises:
        WrongUse: there is no such kind or day, or the file cannot take the line.
    """
    if kind not in DIARY_KINDS:
        raise WrongUse("note", f"“{kind}” is not a kind of line", f"the kinds are {', '.join(DIARY_KINDS)}")
    day = _day(on, local_date(home.settings, athlete, datetime.now(UTC)), "note")
    _rewrite("note", home.diary_file, lambda before: with_line(before, day, kind, text, athlete))
    Console(highlight=False, markup=False, soft_wrap=True).print(f"{day} {kind}: written into {home.diary_file}.")


def alias(home: Home, name: str, exercise: str) -> None:
    """Settle a name for all years by one line in `hipdrive.toml`.

    Raises:
        WrongUse: there is no such exercise, or the file cannot take the line.
    """
    catalogue = load_catalogue()
    if exercise not in catalogue.keys:
        near = ", ".join(nearest_keys(catalogue, exercise))
        raise WrongUse("alias", f"“{exercise}” is not an exercise", f"the nearest are {near}. Nothing was written")
    _rewrite("alias", home.settings_file, lambda text: with_alias(text, name, exercise))
    Console(highlight=False, markup=False, soft_wrap=True).print(
        f"“{name}” is {exercise} from now on, in {home.settings_file}; the next night counts its sets anew."
    )


def settle(home: Home, names: Sequence[tuple[str, int]], ask: Callable[[str], str]) -> int:
    """Go through names that nobody knows and ask what each is; no answer leaves a name as it is. How many were settled.

    Args:
        home: whose settings take the answers.
        names: name and how many sets have it, the commonest first.
        ask: gives the answer to a question; an EOFError ends the questions.
    """
    console = Console(highlight=False, markup=False, soft_wrap=True)
    catalogue = load_catalogue()
    resolver = Resolver(catalogue, home.settings.aliases)
    settled = 0
    for name, sets in names:
        found = resolver.resolve(name)
        console.print(f"“{name}” ({sets} sets): {found.reason}")
        for place, key in enumerate(found.nearest, start=1):
            console.print(f"  {place} {key}")
        try:
            answer = ask("number, key, or nothing to leave it: ").strip()
        except EOFError:
            break
        if not answer:
            continue
        choices = dict(enumerate(found.nearest, start=1))
        key = choices.get(int(answer), answer) if answer.isdecimal() else answer
        if key in catalogue.keys:
            alias(home, name, key)
            settled += 1
        else:
            console.print(
                f"“{answer}” is not an exercise; “{name}” is left as it is. `hipdrive exercises` lists the keys."
            )
    console.print(f"{settled} of {len(names)} names settled.")
    return settled


def _sets(home: Home, athlete: str, what: str, amounts: Sequence[str], day: date, more: dict[str, str]) -> list[Row]:
    found = Resolver(load_catalogue(), home.settings.aliases).resolve(what)
    if found.exercise is None:
        near = f"the nearest are {', '.join(found.nearest)}" if found.nearest else "`hipdrive exercises` lists them"
        raise WrongUse("log", f"“{what}” is not an exercise that hipdrive knows ({found.reason})", near)
    if not amounts:
        raise WrongUse("log", f"how many sets of {what}", f'write them like hipdrive log "{what}" 3x8@60')
    try:
        return rows_of_sets(what, amounts, day, weight_unit=home.settings.log_weight_unit(athlete), **more)
    except ValueError as error:
        raise WrongUse("log", str(error), "write sets like 3x8@60, 2x15, 30s or 50m") from None


def _nothing(days: Sequence[str], day: date, today: date) -> Row:
    if len(days) > 2:  # noqa: PLR2004  from, to
        raise WrongUse("log", f"{len(days)} days are too many", "write hipdrive log none 2026-03-02 2026-03-08")
    first = _day(days[0], today) if days else day
    last = _day(days[1], today) if len(days) > 1 else first
    if last < first or last > today:
        raise WrongUse("log", f"nothing can be said of {first} to {last}", f"write days in order, up to {today}")
    return row_of_nothing(first, last)


def _side(side: str | None) -> str:
    if side is None:
        return ""
    if side.lower() not in SIDES:
        raise WrongUse("log", f"“{side}” is not a side", "it is left or right; leave it out where both were done")
    return SIDES[side.lower()]


def _day(text: str | None, today: date, command: str = "log") -> date:
    if text is None:
        return today
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUse(command, f"“{text}” is not a valid day", "write it as 2026-03-01") from None


def _rewrite(command: str, path: Path, change: Callable[[str], str]) -> None:
    """A file with its text changed, at once and whole; what cannot be changed is left as it was.

    Raises:
        WrongUse: the file is not UTF-8 text, or cannot take the change.
    """
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = change(before)
    except UnicodeDecodeError as error:
        raise WrongUse(command, f"{path}: byte {error.start} is not UTF-8", "save the file as UTF-8") from None
    except ValueError as error:
        raise WrongUse(command, f"{path}", str(error)) from None
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(_HALF_WRITTEN + path.name)
    half.write_text(after, encoding="utf-8", newline="")
    half.replace(path)


def with_alias(text: str, name: str, exercise: str) -> str:
    """The text of a settings file in which a logged name stands for an exercise; all else stays as it was written.

    Args:
        text: of `hipdrive.toml`.
        name: as the log writes it.
        exercise: key in the catalogue.

    Raises:
        ValueError: the file is not TOML, or its aliases are written in a way that no line can be added to.
    """
    before = tomllib.loads(text)
    line = f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(exercise)}"
    written = re.search(rf"(?m)^\s*{re.escape(json.dumps(name, ensure_ascii=False))}\s*=.*$", text)
    section = re.search(r"(?m)^\s*\[\s*aliases\s*\][^\n]*$", text)
    if written and name in before.get("aliases", {}):
        after = text[: written.start()] + line + text[written.end() :]
    elif section:
        after = f"{text[: section.end()]}\n{line}{text[section.end() :]}"
    else:
        after = f"{text.rstrip()}\n\n[aliases]\n{line}\n".lstrip()
    wanted = {**before, "aliases": {**before.get("aliases", {}), name: exercise}}
    try:
        is_right = tomllib.loads(after) == wanted
    except tomllib.TOMLDecodeError:
        is_right = False
    if not is_right:
        raise ValueError(f"its aliases are written in a way that no line can be added to; write {line} there yourself")
    return after
