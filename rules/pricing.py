"""What it costs. All money is integer minor units."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.money import split_by_largest_remainder
from rules.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Tier:
    """From this many units on, a unit costs this."""

    from_units: int
    price: int


def clearing_price(base_price: int, tiers: Sequence[Tier], units: int) -> int:
    """The one price that every member pays: the tier reached by the units ordered, never above the base price."""
    return min([base_price, *(tier.price for tier in tiers if tier.from_units <= units)])


def next_tier(base_price: int, tiers: Sequence[Tier], units: int) -> Tier | None:
    """The nearest tier that would make it cheaper than it is at so many units, if there is one."""
    now = clearing_price(base_price, tiers, units)
    cheaper = [tier for tier in tiers if tier.price < now]
    return min(cheaper, key=lambda tier: tier.from_units, default=None)


def check_tiers(base_price: int, tiers: Sequence[Tier]) -> tuple[Tier, ...]:
    """The tiers, from the fewest units on, where each is cheaper than the one before.

    Refusals: tier_not_cheaper(from_units), tier_twice(from_units).
    """
    ordered = tuple(sorted(tiers, key=lambda tier: tier.from_units))
    price, units = base_price, 1
    for tier in ordered:
        if tier.from_units <= units:
            raise Refusal("tier_twice", from_units=tier.from_units)
        if not 0 < tier.price < price:
            raise Refusal("tier_not_cheaper", from_units=tier.from_units)
        price, units = tier.price, tier.from_units
    return ordered


def check_price(base_price: int, tiers: Sequence[Tier]) -> None:
    """A new base price must stay above every tier. Refusal("price_below_tier", from_units)."""
    for tier in tiers:
        if tier.price >= base_price:
            raise Refusal("price_below_tier", from_units=tier.from_units)


def unit_price(promised: int, clearing: int) -> int:
    """What a unit of a line costs: never more than was promised when it was placed."""
    return min(promised, clearing)


@dataclass(frozen=True, slots=True)
class LineUnits:
    """What a line receives, and the price it was promised."""

    units: int
    promised: int


@dataclass(frozen=True, slots=True)
class Charges:
    """What each line pays, in the order given, and what the enterprise pays itself."""

    lines: tuple[int, ...]
    house: int


def charges(lines: Sequence[LineUnits], price: int, units_ordered: int) -> Charges:
    """Who pays the supplier's `units_ordered × price`: together exactly that.

    The enterprise bears its own units, and the difference where a price rose above what was promised.
    """
    paid = tuple(line.units * unit_price(line.promised, price) for line in lines)
    return Charges(paid, units_ordered * price - sum(paid))


class FeeSplit(StrEnum):
    """By what freight and fees of a purchase order are split."""

    UNITS = "units"
    VALUE = "value"
    EQUALLY = "equally"


@dataclass(frozen=True, slots=True)
class FeePart:
    """One order's part of a purchase order."""

    units: int
    value: int


def split_fee(total: int, by: str, parts: Sequence[FeePart]) -> list[int]:
    """Split freight or a fee over orders, given from the oldest to the newest: the parts add up to the whole.

    Equally means over the orders that receive something. Ties go to the older order.
    """
    weights = {
        FeeSplit.UNITS: [part.units for part in parts],
        FeeSplit.VALUE: [part.value for part in parts],
        FeeSplit.EQUALLY: [int(part.units > 0) for part in parts],
    }
    return split_by_largest_remainder(total, weights[FeeSplit(by)])
