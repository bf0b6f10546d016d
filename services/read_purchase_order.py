"""A purchase order as its supplier and the coordinators see it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import col, select

from models import (
    HOUSE,
    Enterprise,
    Member,
    Offer,
    PickupPoint,
    Place,
    PurchaseOrder,
    PurchaseOrderLine,
    Round,
    Supplier,
)
from rules.refusal import Refusal
from services.access import contact_of
from services.read_progress import Progress, read_progress
from services.work import Work
from services.write_decision import revision_lines


@dataclass(frozen=True, slots=True)
class Both:
    """A text in both languages; one of them may be empty."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class ProductUnits:
    """Units of one product for each pickup point; money in minor units."""

    name: Both
    specification: Both
    unit: Both
    case_size: int
    price: int
    units: int
    by_point: tuple[tuple[Place, int], ...]
    offer_id: int = 0
    before: int | None = None
    """Units in the revision that the supplier knew before; None for an order that is new to them."""
    before_by_point: tuple[tuple[Place, int], ...] = ()
    before_price: int = 0

    @property
    def value(self) -> int:
        """What it is worth."""
        return self.units * self.price

    @property
    def differs(self) -> bool:
        """Whether it is not as the supplier knew it."""
        return self.before is not None and (
            dict(self.before_by_point) != dict(self.by_point) or self.before_price != self.price
        )


@dataclass(frozen=True, slots=True)
class PurchaseOrderView:
    """The whole purchase order."""

    id: int
    round_id: int
    number: str
    revision: int
    phase: str
    decline_reason: str
    enterprise: str
    supplier: Both
    coordinator: str
    round_number: int
    delivers_on: date | None
    closed_at: datetime | None
    value: int
    currency: str
    zone: str
    products: tuple[ProductUnits, ...]
    freight: int
    told: bool
    """Whether any revision has reached the supplier."""
    shipped: bool
    dropped: tuple[tuple[Both, Both, int], ...]
    """Name, unit and former units of products that the newest revision no longer orders."""
    points: tuple[tuple[Place, Both, Both], ...]
    """Id, name and address of each pickup point that something goes to, or went to before; then members without a
    point, then the house."""
    owed: int = 0
    """What the supplier is owed as things stand, freight included; nothing where they declined."""
    accepted_revision: int = 0
    known_revision: int = 0
    """The revision that it is compared with; 0 where the supplier knew none that ordered something."""
    supplier_id: int = 0
    progress: Progress = field(default_factory=Progress)

    @property
    def cancelled(self) -> bool:
        """Whether the newest revision orders nothing."""
        return not self.products

    @property
    def house_fills_cases(self) -> bool:
        """Whether all that the house takes is of cases; of what is packed singly it bears what others were denied."""
        return all(one.case_size > 1 for one in self.products if HOUSE in dict(one.by_point))

    @property
    def differs(self) -> bool:
        """Whether it orders something else than the supplier knew."""
        return bool(self.dropped) or any(product.differs for product in self.products)

    @property
    def waiting(self) -> bool:
        """Whether the supplier has still to answer."""
        return self.phase in ("sending", "sent")


def read_own_purchase_order(work: Work, purchase_order_id: int) -> PurchaseOrderView:
    """A purchase order of a supplier that the actor speaks for, or Refusal("not_found")."""
    purchase_order = work.session.get(PurchaseOrder, purchase_order_id)
    if purchase_order is None:
        raise Refusal("not_found")
    contact_of(work, purchase_order.supplier_id)
    return purchase_order_view(work, purchase_order)


def own_purchase_orders(work: Work, limit: int = 8) -> list[PurchaseOrderView]:
    """The newest purchase orders of the supplier that the actor speaks for now."""
    rows = work.session.exec(
        select(PurchaseOrder)
        .where(PurchaseOrder.supplier_id == work.someone.supplier_id)
        .order_by(col(PurchaseOrder.id).desc())
        .limit(limit)
    )
    return [view for view in (purchase_order_view(work, row) for row in rows) if view.products or view.told]


def round_purchase_orders(work: Work, round_id: int) -> list[PurchaseOrderView]:
    """The purchase orders of a round; the caller has checked who asks."""
    rows = work.session.exec(
        select(PurchaseOrder).where(PurchaseOrder.round_id == round_id).order_by(col(PurchaseOrder.id))
    )
    return [view for view in (purchase_order_view(work, row) for row in rows) if view.products or view.told]


def purchase_order_view(work: Work, row: PurchaseOrder) -> PurchaseOrderView:
    """All that a purchase order says."""
    found = work.session.get_one(Round, row.round_id)
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    supplier = work.session.get_one(Supplier, row.supplier_id)
    products, dropped = _products(work, row)
    value = sum(product.value for product in products)
    return PurchaseOrderView(
        id=row.id or 0, round_id=row.round_id, number=row.number, revision=row.revision, phase=row.phase,
        decline_reason=row.decline_reason,
        enterprise=enterprise.name, supplier=Both(supplier.name_zh, supplier.name_en),
        coordinator=work.session.get_one(Member, found.coordinator_id).name, round_number=found.number,
        delivers_on=row.delivers_on or found.delivers_on, freight=row.freight_minor, told=row.sent_at is not None,
        shipped=row.phase in ("shipped", "received"), dropped=dropped, closed_at=found.closed_at, value=value,
        currency=enterprise.currency, zone=enterprise.zone, products=products, points=_points(work, products),
        owed=row.value_minor + row.freight_minor, accepted_revision=row.accepted_revision,
        known_revision=row.known_revision if dropped or any(one.before is not None for one in products) else 0,
        supplier_id=row.supplier_id, progress=read_progress(work, row),
    )  # fmt: skip


def _products(work: Work, row: PurchaseOrder) -> tuple[tuple[ProductUnits, ...], tuple[tuple[Both, Both, int], ...]]:
    """The products of the newest revision against what the supplier knew, and those that are gone."""
    lines, before = _by_offer(work, row, row.revision), _by_offer(work, row, row.known_revision)
    offers = work.session.exec(
        select(Offer).where(col(Offer.id).in_([*lines, *before])).order_by(col(Offer.position))
    ).all()
    return (
        tuple(
            _product(offer, lines[offer.id or 0], before.get(offer.id or 0, []) if before else None)
            for offer in offers
            if offer.id in lines
        ),
        tuple(
            (
                Both(offer.name_zh, offer.name_en), Both(offer.unit_zh, offer.unit_en),
                sum(line.units for line in before[offer.id or 0]),
            )
            for offer in offers
            if offer.id not in lines
        ),
    )  # fmt: skip


def _by_offer(work: Work, row: PurchaseOrder, revision: int) -> dict[int, list[PurchaseOrderLine]]:
    lines: dict[int, list[PurchaseOrderLine]] = {}
    for line in revision_lines(work, row.id or 0, revision):
        lines.setdefault(line.offer_id, []).append(line)
    return lines


def _product(
    offer: Offer, lines: Sequence[PurchaseOrderLine], before: Sequence[PurchaseOrderLine] | None
) -> ProductUnits:
    return ProductUnits(
        name=Both(offer.name_zh, offer.name_en), specification=Both(offer.specification_zh, offer.specification_en),
        unit=Both(offer.unit_zh, offer.unit_en), case_size=offer.case_size, price=lines[0].price_minor,
        units=sum(line.units for line in lines),
        by_point=tuple((line.place, line.units) for line in lines),
        offer_id=offer.id or 0, before=None if before is None else sum(line.units for line in before),
        before_by_point=tuple((line.place, line.units) for line in before or ()),
        before_price=before[0].price_minor if before else 0,
    )  # fmt: skip


def _points(work: Work, products: Sequence[ProductUnits]) -> tuple[tuple[Place, Both, Both], ...]:
    places = {place for one in products for place, _ in (*one.by_point, *one.before_by_point)}
    rows = work.session.exec(
        select(PickupPoint).where(col(PickupPoint.id).in_(places - {None, HOUSE})).order_by(col(PickupPoint.id))
    )
    named: list[tuple[Place, Both, Both]] = [
        (row.id, Both(row.name_zh, row.name_en), Both(row.address_zh, row.address_en)) for row in rows
    ]
    nowhere: tuple[Place, ...] = (None, HOUSE)
    return (*named, *((place, Both("", ""), Both("", "")) for place in nowhere if place in places))
