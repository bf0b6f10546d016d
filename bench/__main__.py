"""`make bench`: one table, each figure with its ratio to a peer or a limit of the same run; the same as JSON beside it.

`python -m bench broadcast start` runs some parts alone.
"""

import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.broadcast import broadcast
from bench.closing import closing
from bench.databases import Kind, both_kinds
from bench.order_path import order_path
from bench.placing import placing
from bench.standing import standing
from bench.start import start
from bot.run import keep_what_stays

RESULT = Path(__file__).parent / "result.json"
PARTS: dict[str, Callable[[tuple[Kind, ...], Path], Iterator[dict[str, Any]]]] = {
    "closing": lambda kinds, _folder: closing(kinds),
    "placing": lambda kinds, _folder: placing(kinds),
    "standing": lambda kinds, _folder: standing(kinds),
    "orders": lambda kinds, _folder: order_path(kinds),
    "broadcast": broadcast,
    "start": start,
}
COLUMNS = {
    "what": ("what", 44), "database": ("database", 10), "lines": ("lines", 7), "per_second": ("per s", 7),
    "milliseconds": ("ms", 8), "database_milliseconds": ("in driver", 9), "bare_writing_milliseconds": ("bare ms", 8),
    "megabytes": ("MB", 4), "ratio": ("ratio", 6), "bar": ("bar", 17), "held": ("held", 4),
}  # fmt: skip
"""Keys of a row, with the head and the width of its column."""


def main(parts: list[str]) -> None:
    """Run these parts, or all."""
    if unknown := set(parts) - set(PARTS):
        sys.exit(f"{', '.join(sorted(unknown))}? There are {', '.join(PARTS)}")
    _print_row({name: head for name, (head, _) in COLUMNS.items()})
    rows, load = [], os.getloadavg()[0]
    keep_what_stays()  # as the bot does once it has started
    for row in _rows(parts or list(PARTS)):
        rows.append(row)
        _print_row(row)
    machine = {
        "at": datetime.now(UTC).isoformat(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": load,
    }
    RESULT.write_text(json.dumps({"machine": machine, "rows": rows}, indent=1, ensure_ascii=False))
    print(f"load before: {load:.1f} on {os.cpu_count()} cores; written to {RESULT}")


def _print_row(row: dict[str, Any]) -> None:
    cells = [_cell(row.get(name)).ljust(width) for name, (_, width) in COLUMNS.items()]
    print(" ".join([*cells, row.get("note", "")]).rstrip(), flush=True)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return "" if value is None else str(value)


def _rows(parts: list[str]) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as name, both_kinds(Path(name)) as kinds:
        for part in parts:
            yield from PARTS[part](kinds, Path(name))


if __name__ == "__main__":
    main(sys.argv[1:])
