"""What a file was read with. Where that differs from today's, the file is read again, the next night, by itself.

So a remedy that is printed ("set weight_unit", "raise archive.max_members") works without another command, and so does
a new version of the program whose reading, tidying or measuring gives other numbers.
"""

from __future__ import annotations

from hipdrive.settings import Settings
from hipdrive.tables.sources import ARCHIVES

# Raised by hand whenever reading, tidying or measuring one file gives other rows than before; a golden test says when.
EDITION = 4


def read_with(settings: Settings, athlete: str, log_format: str, status: str, corrected: str = "") -> str:
    """What a file of this kind is read with today, as the ledger keeps it.

    Args:
        settings: of the home.
        athlete: whose file it is.
        log_format: `fit`, a strength log's format, `zip`, `tar` or `unknown`.
        status: what became of it; what could not be read may be mended by any setting, bounds of archives too.
        corrected: the mark of the corrections of that file; empty for none.
    """
    parts = [f"edition {EDITION}", f"athlete {athlete}"]
    if corrected:
        parts.append(f"corrections {corrected}")
    if log_format in ARCHIVES and status == "loaded":
        return "; ".join(parts)
    if status != "skipped":
        strength = settings.strength
        parts += [f"zone {settings.of(athlete).time_zone}", f"weights {strength.weight_unit}"]
        parts += [f"distances {strength.distance_unit}"]
        if log_format != "fit" or status == "quarantined":
            parts.append(f"dates {strength.date_order}")
    if status == "quarantined":
        bounds = settings.archive
        sizes = f"{bounds.max_member_mb} MB, {bounds.max_nested_mb} MB"
        parts.append(f"archives {bounds.max_members}, {sizes}, ratio {bounds.max_ratio}")
    return "; ".join(parts)
