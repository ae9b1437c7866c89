"""A process that starts without what it does not need."""

from __future__ import annotations

import gc
import os
import sys

_NEW_OBJECTS = 50_000  # Python's own 700 meets us hundreds of times a batch, each time with nothing to free


def use_one_thread() -> None:
    """Let polars work in the thread that asks, unless POLARS_MAX_THREADS says otherwise.

    Most of a night's tables are done before other threads have woken up: one thread takes a twentieth to a tenth less
    CPU time and a tenth less memory. To be called before polars is imported.
    """
    os.environ.setdefault("POLARS_MAX_THREADS", "1")


def collect_garbage_seldom() -> None:
    """Look for unreachable cycles of objects seldom: what we make is freed as soon as nobody names it.

    Saves a tenth of a command's start, if it comes before the imports, and a twentieth of reading files. Done for
    processes of our own only: to a program that imports hipdrive nothing is changed.
    """
    gc.set_threshold(_NEW_OBJECTS, 20, 50)


def load_dataframely_alone() -> None:
    """Import dataframely without SQLAlchemy, which it loads wherever it is installed, and Prefect brings it along.

    hipdrive uses nothing of what comes of that, and it costs every command 0.2 CPU s. Whoever imports SQLAlchemy
    afterwards has it. Done for the command line only: to a program that imports hipdrive nothing is changed.
    """
    if "dataframely" in sys.modules or "sqlalchemy" in sys.modules:
        return
    sys.modules["sqlalchemy"] = None  # type: ignore[assignment]  # Python's word for "there is none"
    try:
        import dataframely  # noqa: F401, PLC0415  for what it loads and does not
    finally:
        del sys.modules["sqlalchemy"]
