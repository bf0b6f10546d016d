"""`make bench`: one table, each figure with its ratio to a peer or a limit of the same run; the same as JSON beside it."""

import asyncio
import gc
import json
import os
import platform
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.closing import closing
from bench.databases import both_kinds
from bench.order_path import order_path
from bench.placing import placing
from bench.standing import standing
from bench.taps import taps_during_broadcast

RESULT = Path(__file__).parent / "result.json"
COLUMNS = {
    "what": 42, "database": 10, "lines": 7, "per_second": 10, "milliseconds": 12, "database_milliseconds": 21, "microseconds_a_line": 19,
    "bare_writing_milliseconds": 25, "ratio": 6, "bar_milliseconds": 16,
}  # fmt: skip


def main() -> None:
    """Run all of them."""
    print("  ".join(name.replace("_", " ").ljust(width) for name, width in COLUMNS.items()))
    rows, load = [], os.getloadavg()[0]
    gc.freeze()  # as the bot does once it has started
    for row in _rows():
        rows.append(row)
        print(
            "  ".join(_cell(row.get(name)).ljust(width) for name, width in COLUMNS.items()),
            row.get("note", ""),
            flush=True,
        )
    machine = {
        "at": datetime.now(UTC).isoformat(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": load,
    }
    RESULT.write_text(json.dumps({"machine": machine, "rows": rows}, indent=1, ensure_ascii=False))
    print(f"load before: {load:.1f} on {os.cpu_count()} cores; written to {RESULT}")


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _rows() -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        with both_kinds(Path(folder)) as kinds:
            yield from closing(kinds)
            yield from placing(kinds)
            yield from standing(kinds)
            yield from order_path(kinds)
        yield asyncio.run(taps_during_broadcast(Path(folder)))


if __name__ == "__main__":
    main()
