"""Where fetched files come down: written aside, then moved into the inbox whole."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

_SAFE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def is_safe(name: str) -> bool:
    """Whether a service's number of something may be part of a file's name."""
    return _SAFE.fullmatch(name) is not None


@dataclass(frozen=True)
class Landing:
    """The folder of one service in the inbox, and one outside it for what is on its way."""

    folder: Path
    aside: Path

    def put(self, stem: str, suffix: str, data: bytes) -> bool:
        """Offer a file; gives whether it is news. One that is there already with these bytes is left alone."""
        target = self.folder / f"{stem}{suffix}"
        if target.is_file() and target.read_bytes() == data:
            return False
        self.folder.mkdir(parents=True, exist_ok=True)
        self.aside.mkdir(parents=True, exist_ok=True)
        half = self.aside / target.name
        with half.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(target)
        return True

    def has(self, stem: str) -> bool:
        """Whether a file of this name is there, whatever its kind."""
        return any(self.folder.glob(f"{stem}.*"))

    def rows(self, name: str) -> list[dict[str, object]]:
        """The objects of a JSON file of ours; none where it is not there or was spoilt."""
        try:
            found = json.loads((self.folder / name).read_bytes())
        except (OSError, ValueError):
            return []
        rows = found.get("workouts") if isinstance(found, dict) else found
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    def put_json(self, stem: str, document: object) -> bool:
        """Offer a JSON file of ours."""
        text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
        return self.put(stem, ".json", text.encode())
