"""Whether the process keeps more and more: blocks of memory that Python has handed out, and what the system counts."""

import gc
import sys
from dataclasses import dataclass, field
from pathlib import Path

WARM_AFTER_DAYS = 5
"""By then each kind of day and of message has been there: what is compiled, looked up or translated once is kept."""
MAX_GROWTH = 0.03
"""Of the blocks at the end of the warm days: people who join, and the bounded memories that fill with use (the numbers
of 10,000 updates handled, 500 compiled statements). What is kept for each order, notice or round would be more."""
MAX_RESIDENT_GROWTH_MIB = 64 + 32
"""The pages that SQLite may keep, and the holes that Python's allocator leaves."""


@dataclass
class Memory:
    """What was in use at the end of each day."""

    blocks: list[int] = field(default_factory=list)
    resident_mib: list[float] = field(default_factory=list)

    def measure(self) -> None:
        """At the end of a day, after all garbage is gone."""
        gc.collect()
        self.blocks.append(sys.getallocatedblocks())
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self.resident_mib.append(pages * 4096 / 2**20)

    def check_flat(self, warm_after: int = WARM_AFTER_DAYS, max_growth: float = MAX_GROWTH) -> None:
        """Fail where more is in use than at the end of the warm days."""
        warm, most = self.blocks[warm_after - 1], max(self.blocks[warm_after - 1 :])
        assert most <= warm * (1 + max_growth), f"blocks of memory: {warm} on day {warm_after}, then {most}"
        began, ended = self.resident_mib[warm_after - 1], self.resident_mib[-1]
        assert ended - began <= MAX_RESIDENT_GROWTH_MIB, (
            f"resident: {began:.0f} MiB on day {warm_after}, then {ended:.0f}"
        )
