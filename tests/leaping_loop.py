"""An event loop whose clock leaps to the next timer: what takes minutes of waiting is tried in no time, and exactly."""

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any, TypeVar

R = TypeVar("R")


class LeapingLoop(asyncio.SelectorEventLoop):
    """Time passes only while everybody waits for it; timers may be late, as those of a real loop are."""

    def __init__(self, late_seconds: float = 0.0) -> None:
        super().__init__()
        self._leapt, self._late = 0.0, late_seconds

    def time(self) -> float:
        return self._leapt

    def _run_once(self) -> None:
        ready, scheduled = self._ready, self._scheduled  # type: ignore[attr-defined]
        if not ready and scheduled:
            self._leapt = max(self._leapt, scheduled[0]._when + self._late)
        super()._run_once()  # type: ignore[misc]


def run_leaping(story: Coroutine[Any, Any, R], late_seconds: float = 0.0) -> R:
    """Run a story to its end on such a loop."""
    with asyncio.Runner(loop_factory=partial(LeapingLoop, late_seconds)) as runner:
        return runner.run(story)
