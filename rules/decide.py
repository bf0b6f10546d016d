"""The whole decision about a round: what each supplier delivers, who receives what and why, what it costs.

Values in, values out; deciding the same wishes again gives the same decision, so a rehearsal, a closing and a
later correction all use it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rules.allot import AllotmentReason, Allotted, LineWish, Strategy, allot
from rules.consolidate import Consolidation, OfferTerms, check_supplier_minimum, consolidate_offer
from rules.money import split_by_largest_remainder
from rules.pricing import FeePart, FeeSplit, LineUnits, Tier, charges, clearing_price, split_fee


@dataclass(frozen=True, slots=True)
class WishedLine:
    """One line: whose order it belongs to, what it wishes, and the most a unit may cost it in minor units."""

    wish: LineWish
    order_id: int
    promised: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """The wishes of lines that need not be told apart: promised one price, collected at one point."""

    firm: int
    tolerance: int
    promised: int
    point_id: int | None = None


@dataclass(frozen=True, slots=True)
class WishedOffer:
    """One offer with its lines. `supplied` is the most that the supplier will deliver, None for no bound.

    `rest` sums up the lines that `lines` leaves out: those that receive exactly their firm wish, or that receive
    nothing like everybody. Which ones these are says `rules.apart`.
    """

    offer_id: int
    supplier_id: int
    terms: OfferTerms
    price: int
    lines: Sequence[WishedLine]
    tiers: Sequence[Tier] = ()
    strategy: str = Strategy.OLDEST
    supplied: int | None = None
    manual: Mapping[int, int] = field(default_factory=dict)
    declined: bool = False
    rest: Sequence[Bundle] = ()

    @property
    def firm(self) -> int:
        """All firm units."""
        return sum(line.wish.firm for line in self.lines) + sum(bundle.firm for bundle in self.rest)

    @property
    def tolerance(self) -> int:
        """All units of tolerance."""
        return sum(line.wish.tolerance for line in self.lines) + sum(bundle.tolerance for bundle in self.rest)


@dataclass(frozen=True, slots=True)
class SupplierTerms:
    """What a supplier asks of the whole purchase order, in minor units."""

    minimum_value: int = 0
    freight: int = 0
    freight_split: str = FeeSplit.VALUE


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What a line receives, and what it costs in minor units: produce, and its part of the freight."""

    line_id: int
    order_id: int
    units: int
    reason: AllotmentReason
    price: int
    charge: int
    freight: int = 0
    manual: bool = False


@dataclass(frozen=True, slots=True)
class OfferDecision:
    """What becomes of an offer. `units` are delivered, `house_units` of them to the enterprise.

    Lines of the `rest` with a firm wish receive exactly it if their reason is full, and otherwise nothing.
    """

    offer_id: int
    supplier_id: int
    consolidation: Consolidation
    units: int
    price: int
    house_units: int
    house_cost: int
    lines: tuple[LineDecision, ...]
    rest: tuple[Bundle, ...] = ()
    rest_reason: AllotmentReason = AllotmentReason.FULL

    @property
    def value(self) -> int:
        """What the supplier is owed, in minor units."""
        return self.units * self.price


@dataclass(frozen=True, slots=True)
class SupplierDecision:
    """A supplier's part: the value of its produce, its freight, and what its minimum lacks if it failed."""

    supplier_id: int
    value: int
    freight: int
    missing_value: int
    house_cost: int


@dataclass(frozen=True, slots=True)
class Decision:
    """A round, decided; offers in the order given."""

    offers: tuple[OfferDecision, ...]
    suppliers: tuple[SupplierDecision, ...]

    @property
    def house_cost(self) -> int:
        """What the enterprise bears itself, in minor units."""
        return sum(supplier.house_cost for supplier in self.suppliers)

    @property
    def failed(self) -> bool:
        """Whether some minimum was missed."""
        return any(offer.consolidation.failed for offer in self.offers) or any(
            supplier.missing_value for supplier in self.suppliers
        )


def decide(offers: Sequence[WishedOffer], suppliers: Mapping[int, SupplierTerms]) -> Decision:
    """Decide a round. A missed minimum, of an offer or of a supplier's whole order, cancels its lines."""
    decided = [_decide_offer(offer, consolidate(offer)) for offer in offers]
    missing = _missing_values(offers, decided, suppliers)
    decided = [
        _decide_offer(offer, _CANCELLED) if offer.supplier_id in missing and one.consolidation.units else one
        for offer, one in zip(offers, decided, strict=True)
    ]
    return _with_freight(decided, suppliers, missing)


_CANCELLED = Consolidation(0, 0, missing_units=1)
"""Of an offer whose supplier's whole order is too small: its minimum is missed, whatever it lacks itself."""


def consolidate(offer: WishedOffer) -> Consolidation:
    """What is ordered of an offer, its supplier's minimum aside."""
    return consolidate_offer(offer.terms, offer.firm, offer.tolerance)


def _missing_values(
    offers: Iterable[WishedOffer], decided: Iterable[OfferDecision], suppliers: Mapping[int, SupplierTerms]
) -> dict[int, int]:
    """Suppliers whose purchase order would stay below their minimum.

    The minimum is compared with what was ordered, at the prices without tiers: neither what the supplier cannot
    deliver nor a tier that makes everything cheaper is held against it. So one wish more never fails an order.
    """
    values: defaultdict[int, int] = defaultdict(int)
    for offer, one in zip(offers, decided, strict=True):
        values[one.supplier_id] += one.consolidation.units * offer.price
    lacking = {
        supplier_id: check_supplier_minimum(value, suppliers.get(supplier_id, SupplierTerms()).minimum_value)
        for supplier_id, value in values.items()
        if value
    }
    return {supplier_id: missing for supplier_id, missing in lacking.items() if missing}


def _decide_offer(offer: WishedOffer, consolidation: Consolidation) -> OfferDecision:
    price = clearing_price(offer.price, offer.tiers, consolidation.units)
    units = consolidation.units if offer.supplied is None else min(consolidation.units, offer.supplied)
    lacking = AllotmentReason.MINIMUM_MISSED if consolidation.failed else AllotmentReason.CASE_DROPPED
    rest_reason = AllotmentReason.FULL if consolidation.member_units else lacking
    rest = [LineUnits(one.firm if consolidation.member_units else 0, one.promised) for one in offer.rest]
    apart = sum(one.units for one in rest)
    allotted = _allot(offer, consolidation.member_units - apart, units - apart, lacking)
    got = [LineUnits(one.units, line.promised) for one, line in zip(allotted, offer.lines, strict=True)]
    paid = charges([*got, *rest], price, units)
    lines = tuple(
        LineDecision(
            one.line_id, line.order_id, one.units, one.reason, min(price, line.promised), charge, manual=one.manual
        )
        for one, line, charge in zip(allotted, offer.lines, paid.lines, strict=False)
    )
    house_units = units - apart - sum(one.units for one in allotted)
    return OfferDecision(
        offer.offer_id, offer.supplier_id, consolidation, units, price, house_units, paid.house, lines,
        tuple(offer.rest), rest_reason,
    )  # fmt: skip


def _allot(offer: WishedOffer, wanted: int, units: int, lacking: AllotmentReason) -> list[Allotted]:
    """Share out the units that the lines told apart wanted, or as many of them as there are."""
    wishes = [line.wish for line in offer.lines]
    before = allot(wanted, wishes, Strategy.OLDEST, lacking, offer.manual)
    if units >= wanted:
        return before
    short = AllotmentReason.DECLINED if offer.declined else AllotmentReason.SHORTAGE
    got = allot(units, wishes, offer.strategy, short, offer.manual)
    return [_reason_of_shortage(one, now) for one, now in zip(before, got, strict=True)]


def _reason_of_shortage(before: Allotted, now: Allotted) -> Allotted:
    """A line that loses nothing by the shortage keeps the reason it had before."""
    return replace(now, reason=before.reason) if now.units == before.units else now


def _with_freight(
    decided: Sequence[OfferDecision], suppliers: Mapping[int, SupplierTerms], missing: Mapping[int, int]
) -> Decision:
    by_supplier: defaultdict[int, list[OfferDecision]] = defaultdict(list)
    for one in decided:
        by_supplier[one.supplier_id].append(one)
    shares: dict[int, int] = {}
    totals = []
    for supplier_id, offers in by_supplier.items():
        terms = suppliers.get(supplier_id, SupplierTerms())
        freight = terms.freight if any(offer.units for offer in offers) else 0
        parts = _freight_of_lines(offers, freight, terms.freight_split)
        shares.update(parts)
        house = sum(offer.house_cost for offer in offers) + freight - sum(parts.values())
        value = sum(offer.value for offer in offers)
        totals.append(SupplierDecision(supplier_id, value, freight, missing.get(supplier_id, 0), house))
    return Decision(tuple(_put_freight(one, shares) for one in decided), tuple(totals))


def _put_freight(offer: OfferDecision, shares: Mapping[int, int]) -> OfferDecision:
    if not shares:
        return offer
    return replace(offer, lines=tuple(replace(one, freight=shares.get(one.line_id, 0)) for one in offer.lines))


def _freight_of_lines(offers: Sequence[OfferDecision], freight: int, split: str) -> dict[int, int]:
    """Each line's part: first over the orders that receive something, then over the lines of an order by value."""
    if not freight:
        return {}
    orders: defaultdict[int, list[LineDecision]] = defaultdict(list)
    for offer in offers:
        for line in offer.lines:
            if line.units:
                orders[line.order_id].append(line)
    oldest_first = sorted(orders)
    parts = [
        FeePart(sum(line.units for line in orders[order]), sum(line.charge for line in orders[order]))
        for order in oldest_first
    ]
    shares = {}
    for order, share in zip(oldest_first, split_fee(freight, split, parts), strict=True):
        lines = sorted(orders[order], key=lambda line: line.line_id)
        weights = [line.units if split == FeeSplit.UNITS else line.charge for line in lines]
        for line, part in zip(lines, split_by_largest_remainder(share, weights), strict=True):
            shares[line.line_id] = part
    return shares
