"""Write docs/tables.md from the typed tables; a test holds the two together."""

from __future__ import annotations

from pathlib import Path

from hipdrive.tables import TABLES, VIEWS
from hipdrive.warehouse.ddl import macros

TARGET = Path(__file__).with_name("tables.md")
_HEAD = """# Tables and views

Made by `make docs` from `src/hipdrive/tables/`; the same words stand as comments in the database. SI units, the unit at
the end of the name, time in UTC (`_utc`), the athlete's own day in `local_date`.
"""


def render_tables() -> str:
    """The whole page: views first, because people ask those."""
    parts = [_HEAD, "## Macros\n\nAny query may call them.\n\n| call | what it gives |\n| --- | --- |"]
    parts += [*(f"| `{macro.call}` | {macro.about} |" for macro in macros()), ""]
    for kind, schemas in (("view", VIEWS), ("table", TABLES)):
        for name, schema in schemas.items():
            parts.append(f"## `{name}` ({kind})\n\n{_joined(schema.__doc__ or '')}\n")
            parts.append("| column | type | unit | what it is |\n| --- | --- | --- | --- |")
            for column, definition in schema.columns().items():
                facts = definition.metadata or {}
                about = "; ".join(
                    [
                        definition.description or "",
                        *(f"{word}: {facts[word]}" for word in ("source", "caveat") if word in facts),
                    ]
                )
                sort = str(definition.dtype).split("(")[0] + ("" if not definition.nullable else ", may be null")
                parts.append(f"| `{column}` | {sort} | {facts.get('unit', '')} | {about} |")
            parts.append("")
    return "\n".join(parts)


def _joined(text: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


if __name__ == "__main__":
    TARGET.write_text(render_tables(), encoding="utf-8")
