"""A wall round each file: whatever reading or measuring it raises, the file is set aside and the others go on."""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

# The machine's trouble, not a file's: a full disk, a lost mount, no memory, too many open files.
_MACHINE = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EIO,
    errno.EROFS,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOMEM,
    errno.ENOTCONN,
    errno.ESTALE,
}
_ROOM = Path(__file__).parents[1]


def is_files_fault(error: BaseException) -> bool:
    """Whether an error tells of the file at hand, and not of the machine or of the user's own Ctrl-C.

    A panic of a library written in Rust is not an `Exception` in Python, and each library has its own.
    """
    if isinstance(error, MemoryError):
        return False
    if isinstance(error, OSError):
        return error.errno not in _MACHINE
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def in_words(error: BaseException) -> str:
    """Where an unexpected error came from and its type, in one sentence with what to do.

    Its own words stay out: a library's often quote what the file holds, and that is nobody's business.
    """
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_ROOM)
    ]
    place = f"{Path(frames[-1].filename).relative_to(_ROOM).as_posix()}:{frames[-1].lineno}, " if frames else ""
    return (
        f"hipdrive failed on this file ({place}{type(error).__name__}); the other files were read, please report it "
        "with the file"
    )
