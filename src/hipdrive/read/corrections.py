"""`data/corrections.csv` → what is to be put right in which file, and lines that cannot be used."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

FILE = "data/corrections.csv"
_NEEDED = ("source", "field", "was", "becomes")
_SHA_PREFIX = re.compile(r"[0-9a-f]{12,64}")


@dataclass(frozen=True)
class Correction:
    """One line of the file.

    Attributes:
        line: where it stands.
        source: the source's path in the ledger, the same from the inbox on, or at least twelve letters of its sha256.
        field: `message.field` of a FIT, TCX or GPX file, such as `session.sport`; the column of a log's set, such as
            `weight`.
        was: what stands there.
        becomes: what should; empty for nothing.
    """

    line: int
    source: str
    field: str
    was: str
    becomes: str

    def is_of(self, names: Iterable[str]) -> bool:
        """Whether it is about a file of these paths and sha256s."""
        return any(
            self.source in {name, name.removeprefix("data/inbox/")}
            or (_SHA_PREFIX.fullmatch(self.source) is not None and name.startswith(self.source))
            for name in names
        )


@dataclass(frozen=True)
class Corrections:
    """The lines that can be used, and of each other line one sentence."""

    lines: tuple[Correction, ...] = ()
    rejects: tuple[str, ...] = ()

    def of(self, *names: str | None) -> tuple[Correction, ...]:
        """The lines about a file of these paths and sha256s, in their order."""
        known = [name for name in names if name]
        return tuple({line.line: line for line in self.lines if line.is_of(known)}.values())

    def also_of(self, paths: Iterable[tuple[str, str, str]]) -> Corrections:
        """The same lines, and where one names a file whose content is known, all that hold this content.

        Args:
            paths: of the ledger: path, `source_id` and `content_sha256`.
        """
        more = [
            replace(line, source=content)
            for path, source_id, content in paths
            for line in self.lines
            if line.is_of((path, source_id))
        ]
        return replace(self, lines=(*self.lines, *more))


def read_corrections(path: Path) -> Corrections:
    """A home's corrections; none where there is no file.

    Args:
        path: a CSV file with the columns `source`, `field`, `was`, `becomes` and, for yourself, `reason`.
    """
    if not path.is_file():
        return Corrections()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return Corrections(rejects=(f"the file cannot be read ({error}); save it as UTF-8 text",))
    table = csv.DictReader(text.splitlines(), skipinitialspace=True)
    table.fieldnames = [name.strip() for name in table.fieldnames or ()]
    missing = [name for name in _NEEDED if name not in table.fieldnames]
    if missing:
        begin = "begin with: source,field,was,becomes,reason"
        return Corrections(rejects=(f"line 1: the column “{missing[0]}” is missing; {begin}",))
    lines, rejects = [], []
    for row in table:
        source, field, was, becomes = ((row.get(name) or "").strip() for name in _NEEDED)
        if source and field and was != becomes:
            lines.append(Correction(table.line_num, source, field, was, becomes))
        elif any((source, field, was, becomes)):
            rejects.append(f"line {table.line_num}: it needs a source, a field, and two values that differ")
    return Corrections(tuple(lines), tuple(rejects))


def digest(lines: Sequence[Correction]) -> str:
    """A short mark of some lines, which is another one as soon as they say something else; empty for none."""
    said = "\n".join(f"{line.field}\t{line.was}\t{line.becomes}" for line in lines)
    return hashlib.sha256(said.encode()).hexdigest()[:12] if lines else ""
