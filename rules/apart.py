"""Which lines of an offer must be told apart to decide it, and which may be summed up.

Where everybody receives their firm wish, or nobody anything, sums say it all. Where the last case is dropped only
the newest units lose; where tolerance fills a case or a minimum only the oldest tolerance is used. All other lines
receive exactly their firm wish. Deciding with the rest summed up gives the same as deciding with every line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.decide import SupplierTerms, WishedOffer, consolidate


@dataclass(frozen=True, slots=True)
class Apart:
    """All lines; or those that hold so many of the newest firm units or of the oldest units of tolerance."""

    everybody: bool = False
    newest: int = 0
    oldest_tolerance: int = 0


def lines_apart(offer: WishedOffer, terms: SupplierTerms) -> Apart:
    """What must be told apart of an offer. Freight is split over every line, and a shortage and a manual change
    can concern any of them."""
    if terms.freight or offer.supplied is not None or offer.manual:
        return Apart(everybody=True)
    units = consolidate(offer).member_units
    if not units:
        return Apart()
    return Apart(newest=max(0, offer.firm - units), oldest_tolerance=max(0, units - offer.firm))


def holding_oldest(units: int, tolerances: Sequence[tuple[int, int, datetime | None]]) -> set[int]:
    """The lines that hold the oldest units of tolerance, of (line, tolerance, given at); those that do not know
    when they gave it are always among them."""
    known = sorted((at, line_id, tolerance) for line_id, tolerance, at in tolerances if at is not None)
    holding = {line_id for line_id, _, at in tolerances if at is None}
    for _, line_id, tolerance in known:
        if units <= 0:
            break
        holding.add(line_id)
        units -= tolerance
    return holding
