"""What became of every file that was ever offered."""

from __future__ import annotations

import dataframely as dy

ARCHIVES = ("zip", "tar")  # formats of what holds other files, which have rows of their own
STATUSES = ("loaded", "duplicate", "replaced", "skipped", "quarantined", "forgotten")
READING_STATUSES = ("loaded", "skipped", "quarantined", "forgotten")


class Source(dy.Schema):
    """One row per path and content ever offered: a file, an archive, or a member of an archive.

    A file that changed under the same path has one row a content. Rows are never deleted when a file goes away.
    """

    path = dy.String(primary_key=True, description="where the file lay; a member of an archive is `archive/member`")
    source_id = dy.String(
        primary_key=True,
        description="sha256 of the bytes as given: of the .gz itself, of an archive's member as unpacked from it",
    )
    content_sha256 = dy.String(
        nullable=True,
        description="sha256 after gunzip; finds the same content under two names",
        metadata={"caveat": "null for an archive, whose members have rows of their own"},
    )
    container = dy.String(nullable=True, description="`source_id` of the outermost archive that holds this member")
    format = dy.String(description="`fit`, `tcx`, `gpx`, `zip`, `tar`, a log's or a service's list's format, `unknown`")
    size_bytes = dy.Int64(min=0, description="size as given", metadata={"unit": "bytes"})
    modified_ns = dy.Int64(
        nullable=True,
        description="time of last change of the file, in ns since 1970, by which an unchanged file is known unread",
        metadata={"unit": "ns"},
    )
    first_seen_utc = dy.Datetime(time_zone="UTC", description="when a night first met it", metadata={"unit": "UTC"})
    last_offered_utc = dy.Datetime(
        nullable=True,
        time_zone="UTC",
        description="when this content was last met as news at this path; of two contents of a path the later counts",
        metadata={"unit": "UTC"},
    )
    athlete_id = dy.String(description="whose file it is, by its folder in the inbox")
    status = dy.Enum(
        STATUSES,
        description="what became of it: `loaded`; `duplicate` of another path; `replaced` by a newer content of this "
        "path; `skipped`, understood but not wanted; `quarantined`; `forgotten`, of which the hash alone is kept",
    )
    reason = dy.String(nullable=True, description="why, in one sentence; also what a loaded file lacks")
    read_with = dy.String(
        nullable=True,
        description="the edition of the program and the settings that it was read with; where they differ from "
        "today's it is read again",
    )
    is_gone = dy.Bool(description="whether the file is no longer where it lay; its rows are kept")
    counted = dy.Int64(
        min=0,
        description="sets, runs and days of resting heart rate of it that count: covered by no other file, and once",
        metadata={"unit": "count"},
    )
    activities = dy.Int64(min=0, description="sessions read from it", metadata={"unit": "count"})
    records = dy.Int64(min=0, description="record messages read from it, any sport", metadata={"unit": "count"})
    sets = dy.Int64(min=0, description="strength sets read from it", metadata={"unit": "count"})


class Reading(dy.Schema):
    """One row per athlete and content that was opened and read: what was found in it, under whatever path it lay.

    The status of a path in `sources` follows from it: which path a content counts under, and which content of a path.
    """

    athlete_id = dy.String(primary_key=True, description="whose content it is")
    content_sha256 = dy.String(primary_key=True, description="sha256 after gunzip")
    source_id = dy.String(description="the `source_id` that its rows stand under in the other tables")
    format = dy.String(description="`fit`, `tcx`, `gpx`, a log's or a service's list's format, `unknown`")
    status = dy.Enum(READING_STATUSES, description="what became of it")
    reason = dy.String(nullable=True, description="why, in one sentence; also what a loaded file lacks")
    read_with = dy.String(
        nullable=True,
        description="the edition of the program and the settings that it was read with; null: to be read again",
    )
    activities = dy.Int64(min=0, description="sessions read from it", metadata={"unit": "count"})
    records = dy.Int64(min=0, description="record messages read from it, any sport", metadata={"unit": "count"})
    sets = dy.Int64(min=0, description="strength sets read from it", metadata={"unit": "count"})


class Reject(dy.Schema):
    """One row per row of a source that could not be used, with where and why; nothing is dropped in silence."""

    source_id = dy.String(description="the source it stood in")
    place = dy.String(description="where in the source: a line, a record, a byte offset")
    reason = dy.String(description="why it was left out")
    rows = dy.Int64(min=1, description="how many rows share place and reason", metadata={"unit": "count"})
