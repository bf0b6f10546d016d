"""What is missing in a round as its wishes stand: units to minimums and full cases, value to suppliers' minimums."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, bindparam, func, select

from models import Offer, OrderLine
from rules.consolidate import check_supplier_minimum, consolidate_offer, missing_units, units_worth
from rules.decide import SupplierTerms
from services.decide_round import supplier_terms, terms_of
from services.work import Work

offer_t, line_t = Offer.__table__, OrderLine.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class OfferSums:
    """An offer's row with what all members wish of it: firm units, tolerance, what is ordered, its value."""

    row: RowMapping
    firm: int
    tolerance: int

    @property
    def units(self) -> int:
        """Units ordered if the round closed now, before the supplier's own minimum is looked at."""
        return consolidate_offer(terms_of(self.row), self.firm, self.tolerance).units

    @property
    def price(self) -> int:
        """What a unit counts towards the supplier's minimum: its price without tiers, in minor units."""
        return int(self.row["price_minor"])


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Only what lacks: units by offer, money by supplier, and by offer the units worth what its supplier lacks."""

    units: Mapping[int, int]
    values: Mapping[int, int]
    worth: Mapping[int, int]

    def __bool__(self) -> bool:
        """Whether anything lacks."""
        return bool(self.units or self.values)

    def may_add(self, offer_id: int) -> int:
        """How many more units of an offer help."""
        return max(self.units.get(offer_id, 0), self.worth.get(offer_id, 0))


NOTHING_LACKS = Shortfall({}, {}, {})


def shortfall(
    work: Work,
    round_id: int,
    sums: Sequence[OfferSums] | None = None,
    terms: Mapping[int, SupplierTerms] | None = None,
) -> Shortfall:
    """What lacks in a round, of offers that can still be had, with their sums and terms where those are known already.

    The caller has checked who asks.
    """
    sums = offer_sums(work, round_id) if sums is None else sums
    values = supplier_shortfalls(sums, supplier_terms(work, round_id) if terms is None else terms)
    units = {one.row["id"]: missing_units(terms_of(one.row), one.firm, one.tolerance) for one in sums}
    worth = {one.row["id"]: _worth(one, values[one.row["supplier_id"]])
             for one in sums if one.row["supplier_id"] in values}  # fmt: skip
    return Shortfall({offer_id: some for offer_id, some in units.items() if some}, values, worth)


def _worth(one: OfferSums, value: int) -> int:
    return units_worth(terms_of(one.row), one.firm, one.tolerance, one.price, value)


_ALL_SUMS = (
    select(
        offer_t,
        func.coalesce(func.sum(line_t.c.firm), 0).label("firm"),
        func.coalesce(func.sum(line_t.c.tolerance), 0).label("tolerance"),
    )
    .outerjoin(line_t, line_t.c.offer_id == offer_t.c.id)
    .where(offer_t.c.round_id == bindparam("round"))
    .group_by(offer_t.c.id)
    .order_by(offer_t.c.position)
)
_SUMS = _ALL_SUMS.where(offer_t.c.withdrawn_at.is_(None))


def offer_sums(work: Work, round_id: int, *, withdrawn: bool = False) -> list[OfferSums]:
    """The offers of a round that can still be had, in their order, with the sums of their lines; or all of them."""
    statement = _ALL_SUMS if withdrawn else _SUMS
    rows = work.execute(statement, {"round": round_id}).mappings()
    return [OfferSums(row, int(row["firm"]), int(row["tolerance"])) for row in rows]


def supplier_values(sums: Iterable[OfferSums]) -> dict[int, int]:
    """What would be ordered of each supplier, in minor units."""
    values: defaultdict[int, int] = defaultdict(int)
    for one in sums:
        values[one.row["supplier_id"]] += one.units * one.price
    return dict(values)


def supplier_shortfalls(sums: Iterable[OfferSums], terms: Mapping[int, SupplierTerms]) -> dict[int, int]:
    """What each supplier's order lacks to its minimum, where anything is ordered of it."""
    lacking = {
        supplier_id: check_supplier_minimum(value, terms[supplier_id].minimum_value)
        for supplier_id, value in supplier_values(sums).items()
        if value and supplier_id in terms
    }
    return {supplier_id: missing for supplier_id, missing in lacking.items() if missing}
