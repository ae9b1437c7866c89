"""A team's night: many single runners' nights, and of their tables one catalogue.

    find        which athletes have news, by the catalogue alone          warehouse/catalogue.py, news.py
    nights      of those who have, each in their own folder                commands.py, on whatever engine
    moved       a content that left one folder and lies in another         once more for whom it left
    catalogue   the light tables of all, swapped by one rename             warehouse/catalogue.py
    pages       those drawn tonight among the team's                       report/folders.py

An athlete whose night breaks is listed, keeps the tables and the page of the last good night, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from shutil import copy2

from hipdrive.errors import HipdriveError
from hipdrive.night.firewall import in_words, is_files_fault
from hipdrive.night.freshness import fingerprint
from hipdrive.night.members import kept_member, make_member
from hipdrive.night.moved import moved_numbers
from hipdrive.night.night import Night, followed, unwatched
from hipdrive.night.record import NightRecord
from hipdrive.night.work import find_athletes_with_news
from hipdrive.report import publish_pages, words, written_for
from hipdrive.settings import DEFAULT_ATHLETE, Shard
from hipdrive.warehouse import (
    BUILD,
    Catalogue,
    about,
    facts,
    is_one_file,
    is_todays_catalogue,
    join,
    marks,
    move_lines,
    open_tables,
    page_is_older,
    read_moved,
    read_nights,
    read_shards,
    split,
)

MOST_SENTENCES = 5  # of a team's night; more athletes are counted


@dataclass(frozen=True)
class Errand:
    """One athlete's night.

    Attributes:
        athlete: whose.
        tonight: the day it speaks for; the athlete's own date where it is not given.
        elsewhere: contents that were moved to another athlete.
    """

    athlete: str
    tonight: date | None = None
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Outcome:
    """What became of one athlete's night, small enough to travel.

    Attributes:
        athlete: whose.
        record: what is told of it; None where it broke.
        broken: why it broke, in a sentence.
    """

    athlete: str
    record: NightRecord | None = None
    broken: str | None = None


Nights = Callable[[Sequence[Errand]], Iterable[Outcome]]
"""Does errands, in any order, on whatever engine."""


def attempt(athlete: str, night: Callable[[], NightRecord]) -> Outcome:
    """One athlete's night; whatever breaks it stays with it, but what the machine itself lacks."""
    try:
        return Outcome(athlete, night())
    except HipdriveError as error:
        return Outcome(athlete, broken=str(error))
    except BaseException as error:
        if not is_files_fault(error):
            raise
        return Outcome(athlete, broken=in_words(error))


def in_sequence(do: Callable[[Errand], Outcome]) -> Nights:
    """Errands done here and now."""

    def nights(errands: Sequence[Errand]) -> Iterator[Outcome]:
        with followed(errands, "Athletes") as watched:
            for errand in watched:
                with unwatched():
                    outcome = do(errand)
                yield outcome

    return nights


def run_night(night: Night, nights: Nights) -> None:
    """A team's whole night."""
    home, record = night.home, night.record
    bring_to_shards(night)
    team, left = find_athletes_with_news(home, night.today), read_moved(home)
    record.warnings += team.warnings
    errands = [Errand(athlete, night.tonight, left.get(athlete, frozenset())) for athlete in team.athletes]
    drawn = tell(record, nights(errands))

    def again(moved: Mapping[str, frozenset[str]]) -> None:
        errands = [Errand(athlete, night.tonight, contents) for athlete, contents in moved.items()]
        drawn.update(tell(record, nights(errands)))

    settle_catalogue(night, [*team.athletes, *team.gone], again)
    publish(night, drawn)


def settle_catalogue(
    night: Night,
    athletes: Collection[str],
    again: Callable[[Mapping[str, frozenset[str]]], None] = lambda _: None,
    *,
    compare: bool = False,
    clean: bool = False,
    forgotten: str | None = None,
) -> None:
    """Bring the catalogue to what these athletes' files are now; nothing where it is so already.

    Args:
        night: the team's.
        athletes: whose files may have changed.
        again: takes one more night of athletes from whom contents were moved away.
        compare: tell which numbers moved.
        clean: leave nothing behind of what was dropped.
        forgotten: an athlete of whom nothing may stay, not even in what many made together.
    """
    home = night.home
    known = read_shards(home)
    changed = [one for one in athletes if marks(home.of(one).warehouse_file).items() - known.get(one, {}).items()]
    changed += sorted(known.keys() - set(home.members))
    is_todays = is_todays_catalogue(home)
    if is_todays and not (changed or clean):
        return
    with Catalogue(home) as catalogue:
        broken = catalogue.copy_shards(changed if is_todays else home.members)
        moved = catalogue.moved()
        if moved:
            again(moved)
            broken |= catalogue.copy_shards(moved)
        night.record.warnings += [f"{athlete}: {why}" for athlete, why in broken.items()]
        if forgotten is not None:
            catalogue.remove_athlete(forgotten)
        catalogue.replace("exercises", night.resolver.catalogue.exercises)
        catalogue.replace("nightly_runs", read_nights(home))
        catalogue.remember({"tonight": night.today(DEFAULT_ATHLETE).isoformat()})
        catalogue.build_views()
        if compare:
            night.record.moved = moved_numbers(home, catalogue)
        catalogue.swap(night.record.run_id, clean=clean)


def bring_to_shards(night: Night) -> list[str]:
    """Give each athlete of a home of one file a folder of their own, with page, plans and nights; gives whose.

    What stood before stands after it: nothing is read, estimated or drawn again for it.

    Raises:
        BrokenWarehouse: DuckDB cannot open the file.
    """
    home = night.home
    if not is_one_file(home):
        move_lines(home)
        return []
    stands = fingerprint(home, night.today(DEFAULT_ATHLETE)).items() <= about(home.warehouse_file).items()

    def made_of(athlete: str) -> dict[str, str]:
        return fingerprint(Shard(home, athlete), night.today(athlete)) if stands else {}

    athletes = split(home, made_of)
    for athlete in athletes:
        own = home.reports / "latest" / athlete / "index.html"
        page = own if own.is_file() or any(home.newest_page.parent.glob("*/index.html")) else home.newest_page
        target = Shard(home, athlete).newest_page
        if page.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            copy2(page, target)
    return athletes


def bring_to_one_file(night: Night) -> list[str]:
    """Put the tables of a team's athletes into one file again; gives whose, nobody where they lie there already.

    Raises:
        BrokenWarehouse: DuckDB cannot open an athlete's file; nothing was changed.
    """
    is_apart = night.home.shards_on_disk() and not is_one_file(night.home)
    return join(night.home, night.record.run_id) if is_apart else []


def publish(night: Night, drawn: Collection[str]) -> None:
    """Put the pages in place, and the list of all; nothing where all of them are.

    In the list is who has a page, and who is named but has brought nothing yet.
    """
    home = night.home
    if not (drawn or page_is_older(home)):
        return
    known = [one for one in home.settings.athlete_ids if home.of(one).newest_page.is_file()]
    with open_tables(home) as tables, written_for(home.settings.habits_of(DEFAULT_ATHLETE)):
        with_days = set(tables.athletes())
        pages = [one for one in known if one in with_days] or known[:1]
        listed = [one for one in home.settings.athlete_ids if one in {*pages, *home.settings.athletes}]
        folder = publish_pages(
            home.reports,
            night.today(DEFAULT_ATHLETE),
            facts(home)[BUILD],
            {athlete: home.of(athlete).newest_page for athlete in pages},
            drawn,
            [kept_member(home.of(one)) or make_member(tables, one, night.today(one)) for one in listed],
        )
    night.record.page = str(folder / "index.html")


def tell(record: NightRecord, outcomes: Iterable[Outcome]) -> set[str]:
    """Add athletes' nights to the team's; gives whose page was drawn."""
    drawn = set()
    said = []
    for outcome in outcomes:
        own = outcome.record
        if own is None:
            left = "the tables and the page stay those of the last good night"
            record.warnings.append(f"{outcome.athlete}: {outcome.broken}; {left}")
            continue
        record.warnings += [f"{outcome.athlete}: {warning}" for warning in own.warnings]
        record.notes += [f"{outcome.athlete}: {note}" for note in own.notes]
        for status, files in own.sources.items():
            record.sources[status] = record.sources.get(status, 0) + files
        for stage, seconds in own.seconds.items():
            record.seconds[stage] += seconds
        said += [f"{outcome.athlete}: {sentence}" for sentence in own.sentences]
        if own.page is not None:
            drawn.add(outcome.athlete)
    many = f"{words.count(len(drawn), 'page')} drawn."
    record.sentences += said if len(said) <= MOST_SENTENCES else [many]
    return drawn
