"""Archives → what of them has to be opened, and the ledger's rows of the archive and of what is not wanted in it.

A FIT, log, TCX or GPX file has a row of its own; of everything else there is one row a kind, with a count, so that a
good export of a service is not the night's fault.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import dataframely as dy

from hipdrive.errors import UnreadableFile
from hipdrive.night.ledger import ledger_rows, unopened, waiting
from hipdrive.night.news import Ledger
from hipdrive.night.provenance import read_with
from hipdrive.read.archives import Contents, count_kinds, is_archive, list_contents, open_offer
from hipdrive.read.inbox import Offer, is_still
from hipdrive.read.kinds import recognise
from hipdrive.report import words
from hipdrive.settings import Settings
from hipdrive.tables.sources import Source

_ALWAYS = (".fit", ".tcx", ".gpx")  # a row of its own, whatever it holds
_NEVER = (  # pictures, films, papers, programs: not even opened
    *(".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".svg", ".bmp", ".tif", ".tiff", ".mp4", ".mov", ".avi"),
    *(".mp3", ".wav", ".pdf", ".doc", ".docx", ".html", ".htm", ".css", ".js", ".map", ".exe", ".dmg", ".apk"),
)


def expand_archives(
    offers: Iterable[Offer], settings: Settings, seen_at: datetime, ledger: Ledger
) -> tuple[list[Offer], dy.DataFrame[Source]]:
    """Offers with every archive replaced by those of its members that are news, and the rows of the archives."""
    found: list[Offer] = []
    rows: list[dict[str, object]] = []
    for offer in offers:
        try:
            if not is_archive(offer):
                found.append(offer)
                continue
            contents = list_contents(offer, settings.archive)
        except UnreadableFile as error:
            rows.append(unread(offer, settings, seen_at, error.reason))
        except OSError:
            found.append(offer)  # reading it will say why
        else:
            if not is_still(offer):
                rows.append(waiting(offer, seen_at))
                continue
            wanted, others = _sort(contents, settings, ledger)
            found.extend(wanted)
            rows += _rows(offer, contents, others, settings, seen_at)
    return found, ledger_rows(rows)


def unread(offer: Offer, settings: Settings, seen_at: datetime, reason: str) -> dict[str, object]:
    """The ledger's row of what nothing could be read of."""
    row = unopened(offer, seen_at, reason)
    return {**row, "read_with": read_with(settings, offer.athlete_id, "unknown", "quarantined")}


def _sort(contents: Contents, settings: Settings, ledger: Ledger) -> tuple[list[Offer], list[Offer]]:
    """The members to be opened, and those that nothing is read of."""
    wanted, others = [], []
    for member in contents.members:
        ending = member.name.lower().removesuffix(".gz")
        if ledger.is_known(member):
            continue
        if ending.endswith(_NEVER) or not (ending.endswith(_ALWAYS) or _is_log(member, settings)):
            others.append(member)
        else:
            wanted.append(member)
    return wanted, others


def _is_log(member: Offer, settings: Settings) -> bool:
    try:
        opened = open_offer(member, settings.archive)
    except (UnreadableFile, OSError):
        return True  # opening it again will say why, in a row of its own
    return recognise(opened.data, member.name) is not None


def _rows(
    offer: Offer, contents: Contents, others: list[Offer], settings: Settings, seen_at: datetime
) -> list[dict[str, object]]:
    athlete, source_id = offer.athlete_id, contents.source_id
    many = words.count(len(contents.members), "file")
    told = f"{many} in it; what is read has a row of its own, of the rest there is one a kind"
    reason = f"{told}; {contents.fault}" if contents.fault else told
    whole = read_with(settings, athlete, contents.format, "loaded")
    rows = [
        {
            **unopened(offer, seen_at, reason),
            "source_id": source_id,
            "format": contents.format,
            "status": "loaded",
            "read_with": whole,
        }
    ]
    left = read_with(settings, athlete, "unknown", "skipped")
    kinds = {kind: f"{words.count(count, 'member')} of this kind" for kind, count in _kinds(others).items()}
    if contents.special:
        kinds["(links and devices)"] = words.count(contents.special, "member")
    sizes: dict[str, int] = defaultdict(int)
    for member in others:
        sizes[next(iter(count_kinds([member.name])))] += member.size_bytes
    for kind, count in sorted(kinds.items()):
        row = unopened(offer, seen_at, f"{count}: neither runs nor logs, nothing is read of them")
        row |= {"path": f"{offer.name}/*{kind}", "source_id": source_id, "container": source_id}
        rows.append({**row, "status": "skipped", "size_bytes": sizes[kind], "read_with": left})
    return rows + [unread(member, settings, seen_at, why) for member, why in contents.refused]


def _kinds(others: list[Offer]) -> dict[str, int]:
    return dict(count_kinds([member.name for member in others]))
