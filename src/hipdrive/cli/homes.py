"""`hipdrive init | doctor | restore | forget`: a home is made, examined, put back, and cleared of somebody."""

from __future__ import annotations

from pathlib import Path

from hipdrive.cli.console import COMMON, DONE, NEEDS_A_PERSON, Common, out, whose
from hipdrive.errors import WrongUse


def init(folder: Path = Path(), *, common: Common = COMMON) -> int:
    """Make a new home: hipdrive.toml with every setting, data/inbox/ and reports/.

    Args:
        folder: Where; the current folder by default.
    """
    from hipdrive.cli.new_home import make_home

    place = make_home(folder if common.home is None else common.home / folder)
    out.print(f"A new home: {place}")
    out.print(f"Put FIT files and strength logs into {place / 'data' / 'inbox'}, then: hipdrive nightly --home {place}")
    return DONE


def doctor(*, verify: Path | None = None, strict: bool = False, common: Common = COMMON) -> int:
    """Say what is wrong with this home and what to do; nothing is changed.

    Args:
        verify: A FIT file to hold against fitparse, message by message.
        strict: Only what a watchdog asks (last good night, newest data, files that could not be read, disk, lock);
            the exit code is 1 if any is bad.
    """
    if strict:
        from hipdrive.cli.watchdog import watch_over
        from hipdrive.settings import Home

        return DONE if watch_over(Home(common.folder)) else NEEDS_A_PERSON
    from hipdrive.cli.doctor import examine, verify_file
    from hipdrive.settings import Home

    if verify is not None:
        return DONE if verify_file(verify) else NEEDS_A_PERSON
    return DONE if examine(Home(common.folder)) else NEEDS_A_PERSON


def restore(*, back: int = 1, athlete: str | None = None, common: Common = COMMON) -> int:
    """Put one of the last warehouses back in place; the next night draws its page, and reads what it lacks.

    Args:
        back: How many nights with news back.
        athlete: Whose, in a home of many; each has their own.
    """
    from hipdrive.settings import Home
    from hipdrive.warehouse import facts, only_writer
    from hipdrive.warehouse import restore as put_back

    home = Home(common.folder)
    if home.is_team:
        if athlete is None:
            raise WrongUse("restore", "each athlete of a team has backups of their own", "name one with --athlete")
        home = home.of(whose(home, athlete, "restore"))
    with only_writer(home.data):
        put_back(home, back)
    out.print(f"Restored: the warehouse of {facts(home).get('tonight', 'an earlier night')}. Now: hipdrive nightly")
    return DONE


def migrate(*, back: bool = False, common: Common = COMMON) -> int:
    """Give each athlete's tables a file of their own, with a catalogue of all; a team's first night does so by itself.

    Args:
        back: Put all into one file again.
    """
    from hipdrive.night.commands import begun
    from hipdrive.night.shards import bring_to_one_file, bring_to_shards
    from hipdrive.settings import Home

    home = Home(common.folder)
    with begun(home) as night:
        athletes = bring_to_one_file(night) if back else bring_to_shards(night)
    where = f"{home.warehouse_file}" if back else f"a file each below {home.shards}"
    out.print(
        f"{', '.join(athletes)}: now in {where}."
        if athletes
        else "Everything is laid out like that already; nothing was changed."
    )
    if athletes and not back:
        out.print(
            f"The previous file is kept in {home.data / 'backups'}; delete it once you are sure that nothing is "
            "missing."
        )
    if athletes and back and home.settings.athletes:
        out.print("As long as the settings name athletes, the next night gives each a file of their own again.")
    return DONE


def forget(
    athlete: str | None = None, *, source: str | None = None, keep_file: bool = False, common: Common = COMMON
) -> int:
    """Remove everything of one athlete, or all that one file brought; it cannot be undone.

    Args:
        athlete: Whose tables, pages, plans, backups and diary go; their files in data/inbox are yours to delete first.
        source: A file by its path as `hipdrive sources` shows it, instead of an athlete.
        keep_file: With --source: the file may stay in the inbox; its sha256 is kept, so that it is not read again.
    """
    from hipdrive.night.erasure import forget_athlete, forget_source
    from hipdrive.settings import Home

    home = Home(common.folder)
    if (athlete is None) == (source is None):
        raise WrongUse("forget", "name an athlete, or a file with --source", "one of the two")
    if source is not None:
        files = forget_source(home, source, keep_file=keep_file)
        what, them = ("file", "it") if files == 1 else ("files", "them")
        out.print(f"Forgotten: {files} {what}. The next night draws the page without {them}.")
    else:
        forget_athlete(home, str(athlete))
        out.print(f"Everything of {athlete} is gone from {home.folder}.")
    return DONE
