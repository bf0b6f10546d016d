"""Whether the process keeps more and more: blocks of memory that Python has handed out, and what the system counts."""

import functools
import gc
import sys
from dataclasses import dataclass, field
from pathlib import Path

WEEK, WARM_DAYS = 7, 14
"""Each day is compared with the same day of the second week: by then every kind of day and of message has been there."""
MAX_GROWTH = 0.02
"""Of the blocks on that day. For the people who join, and the numbers of the last 10,000 updates; so much is not left for
one block each of the notices of two weeks."""
MAX_RESIDENT_GROWTH_MIB = 64 + 32
"""The pages that SQLite may keep, and the holes that Python's allocator leaves."""


@dataclass
class Memory:
    """What was in use at the end of each day."""

    blocks: list[int] = field(default_factory=list)
    resident_mib: list[float] = field(default_factory=list)

    def measure(self) -> None:
        """At the end of a day, once all garbage is gone, and what is remembered to be faster and bounded by itself."""
        for one in gc.get_objects():
            if isinstance(one, functools._lru_cache_wrapper) and one.cache_parameters()["maxsize"] is not None:
                one.cache_clear()
        gc.collect()
        self.blocks.append(sys.getallocatedblocks())
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self.resident_mib.append(pages * 4096 / 2**20)

    def check_flat(self, warm_days: int = WARM_DAYS, week: int = WEEK) -> None:
        """Fail where a later day keeps more than the same day of the last warm week."""
        for day in range(warm_days, len(self.blocks)):
            warm = warm_days - week + (day - warm_days) % week
            now, then = self.blocks[day], self.blocks[warm]
            assert now <= then * (1 + MAX_GROWTH), f"blocks of memory: {then} on day {warm + 1}, {now} on day {day + 1}"
        began, ended = self.resident_mib[warm_days - 1], self.resident_mib[-1]
        assert ended - began <= MAX_RESIDENT_GROWTH_MIB, f"resident: {began:.0f} MiB, at the end {ended:.0f}"
