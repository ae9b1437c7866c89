"""A command line that starts without what it does not need."""

from __future__ import annotations

import sys


def load_dataframely_alone() -> None:
    """Import dataframely without SQLAlchemy, which it loads wherever it is installed, and Prefect brings it along.

    hipdrive uses nothing of what comes of that, and it costs every command 0.2 CPU s. Whoever imports SQLAlchemy
    afterwards has it. Done for the command line only: to a program that imports hipdrive nothing is changed.
    """
    if "dataframely" in sys.modules or "sqlalchemy" in sys.modules:
        return
    sys.modules["sqlalchemy"] = None  # type: ignore[assignment]  # Python's word for "there is none"
    try:
        import dataframely  # noqa: F401
    finally:
        del sys.modules["sqlalchemy"]
