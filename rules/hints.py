"""What more orders would bring everybody, if the round closed with them."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from rules.consolidate import OfferTerms, consolidate_offer, least_order
from rules.pricing import Tier, clearing_price, next_tier


@dataclass(frozen=True, slots=True)
class CheaperFrom:
    """With so many more firm units everybody pays `price` instead of `now`; money in minor units."""

    more_units: int
    price: int
    now: int


def cheaper_from(
    terms: OfferTerms, base_price: int, tiers: Sequence[Tier], firm: int, tolerance: int
) -> CheaperFrom | None:
    """The next tier, counted in what would really be ordered: in whole cases, with tolerance, over the minimum."""
    if not tiers:
        return None
    ordered = consolidate_offer(terms, firm, tolerance).units
    tier = next_tier(base_price, tiers, ordered)
    if tier is None:
        return None
    # With `most` more units whole cases reach the tier by firm wishes alone; more never order less.
    most = max(tier.from_units, least_order(terms)) + terms.case_size
    more = bisect_left(
        range(most), True, key=lambda n: consolidate_offer(terms, firm + n, tolerance).units >= tier.from_units
    )
    return CheaperFrom(more, tier.price, clearing_price(base_price, tiers, ordered))
