"""How large a soak is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """So many days, enterprises, weekly series for each, and members for each."""

    days: int
    enterprises: int
    series: int
    members: int
    active: float = 0.12
    """The part of the members that order in a round of their own accord, standing orders aside."""
    seed: int = 1


MONTH = Size(days=30, enterprises=10, series=5, members=200)
SHORT = Size(days=10, enterprises=2, series=2, members=8, active=0.5)
