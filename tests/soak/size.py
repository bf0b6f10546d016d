"""How large a soak is."""

import os
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


SHORT = Size(days=9, enterprises=2, series=2, members=8, active=0.5)
WISHED = os.environ.get("BASKET_SOAK", "")
"""Another size: days, enterprises, series and members, such as 30,10,5,200."""
SIZE = Size(*map(int, WISHED.split(","))) if WISHED else SHORT
