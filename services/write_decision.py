"""Writes a decision about a closed round: allotments, and for each supplier one purchase order with its revisions.

Writing the same decision again changes nothing. A purchase order whose content differs from its newest revision
gets another one, which restates the whole; nothing changes once the goods are on their way.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import RowMapping, delete, func, select, update
from sqlmodel import col

from models import HOUSE, Allotment, Order, OrderLine, Place, PurchaseOrder, PurchaseOrderLine, Round
from rules.allot import AllotmentReason
from rules.decide import Decision, LineDecision, OfferDecision, SupplierDecision
from rules.phases import PurchaseOrderPhase, revise
from services.work import Work

order_t, line_t = Order.__table__, OrderLine.__table__  # type: ignore[attr-defined]
allotment_t, po_line_t = Allotment.__table__, PurchaseOrderLine.__table__  # type: ignore[attr-defined]
Content = dict[tuple[int, Place], tuple[int, int]]
"""Units and price by offer and for whom they are."""


@dataclass(slots=True)
class Written:
    """What was changed: purchase orders to tell their suppliers about, and orders to tell their members about."""

    purchase_orders: list[PurchaseOrder] = field(default_factory=list)
    order_ids: set[int] = field(default_factory=set)


def write_decision(work: Work, found: Round, decision: Decision, agreed: int | None = None) -> Written:
    """Write what differs from what stands. `agreed` is a supplier who has said these units themselves."""
    order_ids = _write_allotments(work, found, decision)
    return Written(write_purchase_orders(work, found, decision, agreed), order_ids)


def write_purchase_orders(
    work: Work, found: Round, decision: Decision, agreed: int | None = None
) -> list[PurchaseOrder]:
    """The purchase orders that are new or get another revision."""
    points = _points(work, decision)
    standing = {
        row.supplier_id: row
        for row in work.session.execute(
            select(PurchaseOrder).where(col(PurchaseOrder.round_id) == found.id).with_for_update()
        ).scalars()
    }
    written: list[tuple[PurchaseOrder, Content]] = []
    for supplier in decision.suppliers:
        offers = [offer for offer in decision.offers if offer.supplier_id == supplier.supplier_id]
        content = _content(offers, points)
        row = _write_purchase_order(work, found, standing, supplier, content, supplier.supplier_id == agreed)
        if row is not None:
            written.append((row, content))
    work.session.flush()
    work.insert_many(po_line_t, [line for row, content in written for line in _lines(row, content)])
    return [row for row, _ in written]


def _points(work: Work, decision: Decision) -> dict[int, int | None]:
    """Where the orders are collected whose lines were told apart."""
    orders = {line.order_id for offer in decision.offers for line in offer.lines}
    rows = work.session.execute(select(order_t.c.id, order_t.c.pickup_point_id).where(work.among(order_t.c.id, orders)))
    return dict(rows.all())


def _write_allotments(work: Work, found: Round, decision: Decision) -> set[int]:
    """Insert, change and take away allotments; the orders that receive or pay something else than before."""
    before = {
        row["line_id"]: row
        for row in work.session.execute(
            select(allotment_t)
            .join(line_t, line_t.c.id == allotment_t.c.line_id)
            .join(order_t, order_t.c.id == line_t.c.order_id)
            .where(order_t.c.round_id == found.id)
        ).mappings()
    }
    decided = [line for offer in decision.offers for line in offer.lines]
    fresh = [line for line in decided if line.line_id not in before]
    changed = [line for line in decided if line.line_id in before and _differs(line, before[line.line_id])]
    gone = before.keys() - {line.line_id for line in decided}
    matters = [line for line in changed if _matters(allotment(line), before[line.line_id])]
    touched = {line.order_id for line in (*fresh, *matters)}
    touched |= set(work.session.execute(select(line_t.c.order_id).where(work.among(line_t.c.id, gone))).scalars())
    _remember_first_charges(work, touched)
    work.insert_many(allotment_t, [allotment(line) for line in fresh])
    for line in changed:
        work.session.execute(update(allotment_t).where(allotment_t.c.line_id == line.line_id).values(allotment(line)))
    work.session.execute(delete(allotment_t).where(work.among(allotment_t.c.line_id, gone)))
    return touched


def _remember_first_charges(work: Work, order_ids: set[int]) -> None:
    """What the closing said these orders cost is kept when it is about to change for the first time."""
    charge = (
        select(func.coalesce(func.sum(allotment_t.c.charge_minor + allotment_t.c.freight_minor), 0))
        .join(line_t, line_t.c.id == allotment_t.c.line_id)
        .where(line_t.c.order_id == order_t.c.id)
        .scalar_subquery()
    )
    work.session.execute(
        update(order_t)
        .where(work.among(order_t.c.id, order_ids), order_t.c.first_charge_minor.is_(None))
        .values(first_charge_minor=charge)
    )


def _differs(line: LineDecision, before: RowMapping) -> bool:
    return any(before[name] != value for name, value in allotment(line).items())


def allotment(line: LineDecision) -> dict[str, object]:
    """The row of a line's decision."""
    return {
        "line_id": line.line_id, "units": line.units, "reason": str(line.reason), "price_minor": line.price,
        "charge_minor": line.charge, "freight_minor": line.freight, "manual": line.manual,
    }  # fmt: skip


def _matters(now: Mapping[str, object], before: RowMapping) -> bool:
    """Whether a member gets or pays something else."""
    return any(now[name] != before[name] for name in ("units", "charge_minor", "freight_minor"))


def _content(offers: Iterable[OfferDecision], points: dict[int, int | None]) -> Content:
    content: Content = {}
    for offer in offers:
        units: defaultdict[Place, int] = defaultdict(int)
        for line in offer.lines:
            units[points[line.order_id]] += line.units
        for bundle in offer.rest:
            units[bundle.point_id] += bundle.firm if offer.rest_reason == AllotmentReason.FULL else 0
        units[HOUSE] += offer.house_units
        content |= {(offer.offer_id, place): (some, offer.price) for place, some in units.items() if some}
    return content


def _write_purchase_order(
    work: Work,
    found: Round,
    standing: dict[int, PurchaseOrder],
    supplier: SupplierDecision,
    content: Content,
    agreed: bool,
) -> PurchaseOrder | None:
    row = standing.get(supplier.supplier_id)
    if row is None:
        if not content:
            return None
        place = len(standing) + 1
        row = PurchaseOrder(
            round_id=found.id or 0, supplier_id=supplier.supplier_id, created_at=work.now, value_minor=supplier.value,
            number=f"CB{found.enterprise_id}-{found.number}-{place}",
        )  # fmt: skip
        standing[supplier.supplier_id] = row
    elif row.phase == PurchaseOrderPhase.DECLINED and not content:
        row.value_minor = row.freight_minor = row.house_minor = 0
        return None
    elif _stands(work, row, content, supplier.freight):
        row.house_minor = supplier.house_cost
        return None
    else:
        begin_revision(row)
        if agreed:
            row.phase, row.accepted_revision = str(PurchaseOrderPhase.ACCEPTED), row.revision
    row.value_minor, row.freight_minor, row.house_minor = supplier.value, supplier.freight, supplier.house_cost
    work.session.add(row)
    return row


def _stands(work: Work, row: PurchaseOrder, content: Content, freight: int) -> bool:
    """Whether the newest revision says it already; what was declined is to be asked anew."""
    if row.phase == PurchaseOrderPhase.DECLINED:
        return False
    return newest_content(work, row) == content and row.freight_minor == freight


def begin_revision(row: PurchaseOrder) -> None:
    """Another revision, which is still to be told. Refusal("wrong_phase") once the goods are on their way."""
    phase = revise(row.phase)
    if row.accepted_revision:
        row.known_revision = row.accepted_revision
    elif row.phase != PurchaseOrderPhase.SENDING:
        row.known_revision = row.revision
    row.phase, row.revision = str(phase), row.revision + 1
    row.decline_reason = ""
    row.reminds_at = row.reminded_at = row.given_up_at = None


def _lines(row: PurchaseOrder, content: Content) -> list[dict[str, object]]:
    return [
        {
            "purchase_order_id": row.id, "revision": row.revision, "offer_id": offer_id,
            "pickup_point_id": None if place == HOUSE else place, "house": place == HOUSE, "units": units,
            "price_minor": price,
        }
        for (offer_id, place), (units, price) in content.items()
    ]  # fmt: skip


def newest_content(work: Work, row: PurchaseOrder) -> Content:
    """What a purchase order says in its newest revision."""
    return {
        (line.offer_id, line.place): (line.units, line.price_minor)
        for line in revision_lines(work, row.id or 0, row.revision)
    }


def revision_lines(work: Work, purchase_order_id: int, revision: int) -> Sequence[PurchaseOrderLine]:
    """The lines of one revision, in the order they were written."""
    return (
        work.session.execute(
            select(PurchaseOrderLine)
            .where(
                col(PurchaseOrderLine.purchase_order_id) == purchase_order_id,
                col(PurchaseOrderLine.revision) == revision,
            )
            .order_by(col(PurchaseOrderLine.id))
        )
        .scalars()
        .all()
    )
