"""Closing a round: exactly once, however late, by the clock or by hand.

The phase is claimed first, so a second process finds nothing to do. Then the lines are loaded as plain values,
the rules decide what is ordered and who receives what, and allotments, purchase orders and every notice are
written in the same transaction. A missed minimum cancels the lines of that offer, or of that supplier when the
value of its whole order stays below its minimum (policy `cancel`).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import insert, select, update

from models import Allotment, Offer, Order, OrderLine, PurchaseOrder, PurchaseOrderLine, Raise, Round, RoundSupplier
from rules.allot import AllotmentReason, Allotted, LineWish, allot
from rules.consolidate import Consolidation, OfferTerms, check_supplier_minimum, consolidate_offer
from rules.ordering import Raise as RaiseValue
from rules.pricing import clearing_price, unit_price
from services.access import round_for_coordinator
from services.tell_closing import tell_closing
from services.work import Work

round_t, offer_t, order_t = Round.__table__, Offer.__table__, Order.__table__  # type: ignore[attr-defined]
line_t, raise_t = OrderLine.__table__, Raise.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Line:
    """One order line as plain values."""

    id: int
    member_id: int
    point_id: int | None
    firm: int
    tolerance: int
    promised: int


@dataclass(slots=True)
class OfferResult:
    """What became of one offer."""

    offer_id: int
    supplier_id: int
    position: int
    terms: OfferTerms
    price: int
    lines: list[Line]
    consolidation: Consolidation = field(default_factory=lambda: Consolidation(0, 0))
    allotted: list[Allotted] = field(default_factory=list)

    @property
    def value(self) -> int:
        """What the supplier is owed, in minor units."""
        return self.consolidation.units * self.price


def close_due_round(work: Work, round_id: int) -> bool:
    """Close a round whose time has come; False if there was nothing to do."""
    return _close(work, round_id, (round_t.c.closes_at <= work.now,))


def close_now(work: Work, round_id: int) -> bool:
    """A coordinator closes an open round at once; False if it was closed already."""
    round_for_coordinator(work, round_id)
    return _close(work, round_id, ())


def _close(work: Work, round_id: int, due: tuple[object, ...]) -> bool:
    claim = update(round_t).where(round_t.c.id == round_id, round_t.c.phase == "open", *due)  # type: ignore[arg-type]
    if not work.session.execute(claim.values(phase="closed", closed_at=work.now)).rowcount:  # type: ignore[attr-defined]
        return False
    found = work.session.get_one(Round, round_id, populate_existing=True)
    results = _decide(work, found)
    _write_allotments(work, results)
    purchase_orders = _write_purchase_orders(work, found, results)
    work.journal(
        "round_closed", enterprise_id=found.enterprise_id, round_id=round_id, purchase_orders=len(purchase_orders)
    )
    tell_closing(work, found, purchase_orders)
    return True


def _decide(work: Work, found: Round) -> list[OfferResult]:
    results = _load(work, found)
    for result in results:
        firm = sum(line.firm for line in result.lines)
        tolerance = sum(line.tolerance for line in result.lines)
        result.consolidation = consolidate_offer(result.terms, firm, tolerance)
    _cancel_small_suppliers(work, found, results)
    raises = _load_raises(work, found)
    for result in results:
        result.allotted = _allot(result, raises)
    return results


def _load(work: Work, found: Round) -> list[OfferResult]:
    offers = work.session.execute(
        select(offer_t).where(offer_t.c.round_id == found.id).order_by(offer_t.c.position)
    ).mappings()
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    rows = work.session.execute(
        select(
            line_t.c.offer_id, line_t.c.id, order_t.c.member_id, order_t.c.pickup_point_id,
            line_t.c.firm, line_t.c.tolerance, line_t.c.price_minor,
        )
        .join(order_t, order_t.c.id == line_t.c.order_id)
        .where(order_t.c.round_id == found.id, line_t.c.firm > 0)
        .order_by(line_t.c.id)
    )  # fmt: skip
    for offer_id, *values in rows:
        lines[offer_id].append(Line(*values))
    return [
        OfferResult(
            offer["id"], offer["supplier_id"], offer["position"],
            OfferTerms(offer["case_size"], offer["minimum_units"], offer["case_policy"]),
            clearing_price(offer["price_minor"], (), 0), lines[offer["id"]],
        )
        for offer in offers
    ]  # fmt: skip


def _load_raises(work: Work, found: Round) -> dict[int, list[RaiseValue]]:
    raises: defaultdict[int, list[RaiseValue]] = defaultdict(list)
    rows = work.session.execute(
        select(raise_t.c.line_id, raise_t.c.units, raise_t.c.at, raise_t.c.id)
        .join(line_t, line_t.c.id == raise_t.c.line_id)
        .join(order_t, order_t.c.id == line_t.c.order_id)
        .where(order_t.c.round_id == found.id)
    )
    for line_id, units, at, seq in rows:
        raises[line_id].append(RaiseValue(units, at, seq))
    return raises


def _cancel_small_suppliers(work: Work, found: Round, results: list[OfferResult]) -> None:
    minimums = {
        row.supplier_id: row.minimum_value_minor
        for row in work.session.execute(select(RoundSupplier).where(RoundSupplier.round_id == found.id)).scalars()  # type: ignore[arg-type]
    }
    values: defaultdict[int, int] = defaultdict(int)
    for result in results:
        values[result.supplier_id] += result.value
    for result in results:
        value, minimum = values[result.supplier_id], minimums.get(result.supplier_id, 0)
        if value and check_supplier_minimum(value, minimum):
            result.consolidation = Consolidation(0, 0, missing_units=max(1, result.consolidation.units))


def _allot(result: OfferResult, raises: dict[int, list[RaiseValue]]) -> list[Allotted]:
    wishes = [LineWish(line.id, tuple(raises.get(line.id, ())), line.tolerance) for line in result.lines]
    failed = result.consolidation.failed
    lacking = AllotmentReason.MINIMUM_MISSED if failed else AllotmentReason.CASE_DROPPED
    return allot(result.consolidation.member_units, wishes, lacking=lacking)  # a dropped case takes the newest units


def _write_allotments(work: Work, results: Iterable[OfferResult]) -> None:
    rows = []
    for result in results:
        for line, allotted in zip(result.lines, result.allotted, strict=True):
            price = unit_price(line.promised, result.price)
            rows.append(
                {
                    "line_id": line.id,
                    "units": allotted.units,
                    "reason": str(allotted.reason),
                    "price_minor": price,
                    "charge_minor": price * allotted.units,
                    "manual": False,
                }
            )
    if rows:
        work.session.execute(insert(Allotment), rows)


def _write_purchase_orders(work: Work, found: Round, results: list[OfferResult]) -> list[PurchaseOrder]:
    by_supplier: defaultdict[int, list[OfferResult]] = defaultdict(list)
    for result in results:
        if result.consolidation.units:
            by_supplier[result.supplier_id].append(result)
    return [
        _write_purchase_order(work, found, place, supplier_id, ordered)
        for place, (supplier_id, ordered) in enumerate(by_supplier.items(), 1)
    ]


def _write_purchase_order(
    work: Work, found: Round, place: int, supplier_id: int, ordered: list[OfferResult]
) -> PurchaseOrder:
    purchase_order = PurchaseOrder(
        round_id=found.id or 0, supplier_id=supplier_id, created_at=work.now,
        number=f"CB{found.enterprise_id}-{found.number}-{place}", value_minor=sum(result.value for result in ordered),
    )  # fmt: skip
    work.session.add(purchase_order)
    work.session.flush()
    rows = [row for result in ordered for row in _purchase_order_lines(purchase_order, result)]
    work.session.execute(insert(PurchaseOrderLine), rows)
    return purchase_order


def _purchase_order_lines(purchase_order: PurchaseOrder, result: OfferResult) -> Iterable[dict[str, object]]:
    units: defaultdict[int | None, int] = defaultdict(int)
    for line, allotted in zip(result.lines, result.allotted, strict=True):
        units[line.point_id] += allotted.units
    units[None] += result.consolidation.units - sum(units.values())
    for point_id, some in units.items():
        if some:
            yield {
                "purchase_order_id": purchase_order.id,
                "offer_id": result.offer_id,
                "pickup_point_id": point_id,
                "units": some,
                "price_minor": result.price,
            }
