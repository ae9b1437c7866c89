"""A library that a library would load for nothing is kept from it: a command that only asks starts in half the time.

dataframely loads SQLAlchemy whenever it is installed, and Prefect brings it along; hipdrive uses none of what comes of
that. It is kept from dataframely's own look for it alone: who imports SQLAlchemy elsewhere, before or after, has it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

_ASKS = "dataframely._compat"  # where dataframely looks for it
_KEPT_FROM_IT = "sqlalchemy"


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        if _KEPT_FROM_IT in sys.modules:
            super().exec_module(module)
            return
        sys.modules[_KEPT_FROM_IT] = None  # type: ignore[assignment]  # Python's word for "there is none"
        try:
            super().exec_module(module)
        finally:
            del sys.modules[_KEPT_FROM_IT]


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _ASKS:
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def keep_sqlalchemy_from_dataframely() -> None:
    """Before dataframely is imported for the first time; once it is, nothing is changed."""
    if _ASKS not in sys.modules:
        sys.meta_path.insert(0, _Finder())
