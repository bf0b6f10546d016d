"""How many units of an offer are ordered from the supplier.

Below, W is the sum of firm wishes and T the sum of tolerances.
"""

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum


class CasePolicy(StrEnum):
    """What becomes of an incomplete last case."""

    DROP = "drop"
    """It is not ordered: the newest units lose."""
    HOUSE = "house"
    """It is ordered, and the enterprise takes the rest at its own cost."""


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """What the supplier asks: packed `case_size` together, at least `minimum_units` (0 for none), no more than
    `stock` (None for no bound)."""

    case_size: int = 1
    minimum_units: int = 0
    case_policy: str = CasePolicy.DROP
    stock: int | None = None

    @property
    def bundled(self) -> bool:
        """Whether tolerance can help: it comes in cases, or needs more than one unit."""
        return self.case_size > 1 or self.minimum_units > 1


@dataclass(frozen=True, slots=True)
class Consolidation:
    """Units ordered, of which `house_units` are the enterprise's own; `missing_units` to the minimum if failed."""

    units: int
    cases: int
    house_units: int = 0
    missing_units: int = 0

    @property
    def failed(self) -> bool:
        """Whether the minimum was missed."""
        return self.missing_units > 0

    @property
    def member_units(self) -> int:
        """Units that members share out."""
        return self.units - self.house_units


def cases(firm: int, tolerance: int, case_size: int) -> int:
    """Cases that firm wishes fill; tolerance completes a case and never starts one."""
    whole, rest = divmod(firm, case_size)
    return whole + (1 if rest and rest + tolerance >= case_size else 0)


def least_order(terms: OfferTerms) -> int:
    """The least number of units the supplier delivers: the minimum, rounded up to whole cases."""
    return -(-terms.minimum_units // terms.case_size) * terms.case_size


def consolidate_offer(terms: OfferTerms, firm: int, tolerance: int) -> Consolidation:
    """What is ordered for these sums of firm wishes and tolerances.

    The minimum is met by members alone: the enterprise completes a last case, never a minimum, and no case
    beyond the stock. Where nobody has a firm wish nothing is ordered, and nothing has failed.
    """
    least = least_order(terms)
    if firm == 0:
        return Consolidation(0, 0)
    if least > firm + tolerance:
        return Consolidation(0, 0, missing_units=least - firm - tolerance)
    return _in_cases(terms, max(firm, least), tolerance)


def _in_cases(terms: OfferTerms, firm: int, tolerance: int) -> Consolidation:
    whole = cases(firm, tolerance, terms.case_size)
    units = whole * terms.case_size
    in_stock = terms.stock is None or units + terms.case_size <= terms.stock
    if units < firm and terms.case_policy == CasePolicy.HOUSE and in_stock:
        units += terms.case_size
        return Consolidation(units, whole + 1, house_units=units - firm - tolerance)
    return Consolidation(units, whole)


def missing_units(terms: OfferTerms, firm: int, tolerance: int) -> int:
    """Units that would meet the minimum, or else complete the last case; 0 where nobody wishes any or none lack."""
    if firm == 0:
        return 0
    return max(0, least_order(terms) - firm - tolerance, -firm % terms.case_size - tolerance)


def units_worth(terms: OfferTerms, firm: int, tolerance: int, price: int, value: int) -> int:
    """Further firm units that would raise the value of what is ordered by at least `value`, at this price a unit."""
    if value <= 0:
        return 0
    least = least_order(terms)
    ordered = consolidate_offer(terms, firm, tolerance).units + -(-value // price)
    wanted = max(least, -(-ordered // terms.case_size) * terms.case_size)
    if wanted == least:
        return max(1, wanted - firm - tolerance)
    return max(1, wanted - firm - min(tolerance, terms.case_size - 1))


def units_that_help(terms: OfferTerms, firm: int, tolerance: int, most: int) -> int:
    """Of `most` further firm units those that help: the fewest that order as much; where none orders anything, those
    towards a minimum or a case that others may complete."""

    def ordered(more: int) -> int:
        return consolidate_offer(terms, firm + more, tolerance).units

    fewest = bisect_left(range(most), ordered(most), key=ordered)
    return fewest or min(most, missing_units(terms, firm, tolerance))


def check_supplier_minimum(value: int, minimum: int) -> int:
    """How much a purchase order lacks to the supplier's minimum, in minor units; 0 if nothing."""
    return max(0, minimum - value)
