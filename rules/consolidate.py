"""How many units of an offer are ordered from the supplier."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """What the supplier asks: packed `case_size` together, at least `minimum_units` (0 for none).

    `case_policy` says what becomes of an incomplete last case: `drop`, the newest units lose; `house`, the
    enterprise takes the rest at its own cost.
    """

    case_size: int = 1
    minimum_units: int = 0
    case_policy: str = "drop"


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


def cases(firm: int, tolerance: int, case_size: int) -> int:
    """Cases that firm wishes fill; tolerance completes a case and never starts one."""
    whole, rest = divmod(firm, case_size)
    return whole + (1 if rest and rest + tolerance >= case_size else 0)


def consolidate_offer(terms: OfferTerms, firm: int, tolerance: int) -> Consolidation:
    """Rules 1 to 3 of consolidating: cases, the minimum, the incomplete last case."""
    size = terms.case_size
    if firm == 0:
        return Consolidation(0, 0)
    least = -(-terms.minimum_units // size) * size
    units = cases(firm, tolerance, size) * size
    house = 0
    if terms.case_policy == "house" and units < firm:
        house = units + size - firm - tolerance
        units += size
    if units >= least and units > 0:
        return Consolidation(units, units // size, house)
    if 0 < least <= firm + tolerance:
        return Consolidation(least, least // size)
    missing = max(least, size) - firm - tolerance
    if least == 0 or missing <= 0:
        return Consolidation(0, 0)
    return Consolidation(0, 0, missing_units=missing)


def missing_value(value: int, minimum: int) -> int:
    """How much a purchase order lacks to the supplier's minimum, in minor units; 0 if nothing."""
    return max(0, minimum - value)
