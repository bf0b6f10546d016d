"""The simulator's own clock: it runs like the real one and can be moved, or stopped."""

import time
from collections.abc import Callable


class Clock:
    """Seconds since 1970; `read` may be given to share a clock with a test."""

    def __init__(self, read: Callable[[], float] = time.time) -> None:
        self._read = read
        self._shift = 0.0
        self._stopped: float | None = None

    def now(self) -> float:
        """The moment."""
        return self._stopped if self._stopped is not None else self._read() + self._shift

    def advance(self, seconds: float) -> None:
        """Move on."""
        if self._stopped is not None:
            self._stopped += seconds
        else:
            self._shift += seconds

    def set(self, moment: float) -> None:
        """Go to a moment and run on from there."""
        self.advance(moment - self.now())

    def freeze(self, stopped: bool) -> None:
        """Stop, or run on."""
        if stopped:
            self._stopped = self.now()
        elif self._stopped is not None:
            self._shift = self._stopped - self._read()
            self._stopped = None
