"""`make bench`: prints each figure with its ratio to a peer or a limit of the same run."""

import asyncio
import tempfile
from pathlib import Path

from bench.closing import closing
from bench.presses import presses
from bench.taps import taps_during_broadcast


def main() -> None:
    """Run all of them."""
    with tempfile.TemporaryDirectory() as folder:
        for line in (
            *closing(Path(folder)),
            *asyncio.run(presses(Path(folder))),
            *asyncio.run(taps_during_broadcast(Path(folder))),
        ):
            print(line, flush=True)


if __name__ == "__main__":
    main()
