"""Frames and query results as Arrow streams, which polars and DuckDB exchange without pyarrow.

It stands in a file that does not import DuckDB, because polars remembers the types it was given for as long as the
process lives, and with a type its file: DuckDB would then complain at every exit that it was not let go.
"""

from __future__ import annotations

from typing import Protocol


class ArrowSource(Protocol):
    """A polars frame or a DuckDB relation."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The Arrow PyCapsule."""


class Stream:
    """An Arrow source and nothing else of it; DuckDB would ask for pyarrow if it saw a polars frame itself."""

    def __init__(self, source: ArrowSource) -> None:
        self._source = source

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._source.__arrow_c_stream__(requested_schema)
