"""What it costs. All money is integer minor units."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.money import split_by_largest_remainder


@dataclass(frozen=True, slots=True)
class Tier:
    """From this many units on, a unit costs this."""

    from_units: int
    price: int


def clearing_price(base_price: int, tiers: Sequence[Tier], units: int) -> int:
    """The one price that every member pays: that of the highest tier the units reach."""
    reached = [tier for tier in tiers if tier.from_units <= units]
    if not reached:
        return base_price
    return min(base_price, max(reached, key=lambda tier: tier.from_units).price)


def unit_price(promised: int, clearing: int) -> int:
    """What a unit of a line costs: never more than was promised when it was placed."""
    return min(promised, clearing)


def split_fee(fee: int, weights: Sequence[int]) -> list[int]:
    """Split freight or a fee by units, by value or equally (weights of 1): the parts add up to the whole.

    Parts go to orders from the oldest to the newest, so that ties favour the older order.
    """
    return split_by_largest_remainder(fee, weights)
