"""A clock that tests move."""

from datetime import datetime, timedelta


class Clock:
    """Stands still until moved; calling it gives the moment."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **span: float) -> None:
        """Move on by a timedelta's arguments."""
        self.now += timedelta(**span)
