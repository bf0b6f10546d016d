"""A round being prepared: one draft for each coordinator at a time, kept as rows until it is published.

Everything has a sensible default, so that choosing the products is all that is needed. A product's price,
minimum, case size, stock and cap are copied into its offer when it is chosen and can be changed there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, delete, func, select

from models import Enterprise, Member, Offer, PickupPoint, Product, Round, RoundPickupPoint, Supplier
from rules.phases import RoundPhase
from rules.refusal import Refusal
from services.access import acting_coordinator, round_for_coordinator
from services.draft_rules import Rules, rules_of
from services.work import Work

CLOSES_AT_HOUR = 18
DELIVERY_DAYS_AFTER = 3
REMINDS_BEFORE = timedelta(hours=2)
MAX_OFFERS = 60
TERMS = (
    "price_minor", "minimum_units", "case_size", "stock_units", "member_cap", "tiers", "case_policy", "strategy",
)  # fmt: skip
"""What a coordinator decides about an offer."""
RULES = ("title", "minimum_policy", "extension_hours", "completion_hours")
"""What a coordinator decides about a round, its times aside."""
OFFER_FIELDS = (
    "name_zh", "name_en", "specification_zh", "specification_en", "unit_zh", "unit_en", "story_zh", "story_en",
    "aliases", "photo_id", "price_minor", "minimum_units", "case_size", "stock_units", "member_cap", "tiers",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SupplierChoice:
    """A supplier to choose products from."""

    id: int
    name_zh: str
    name_en: str
    county_zh: str
    county_en: str
    products: int
    chosen: int


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as its coordinator sees it."""

    round: Round
    offers: tuple[Offer, ...]
    suppliers: tuple[SupplierChoice, ...]
    points: tuple[PickupPoint, ...]
    chosen_points: frozenset[int]
    members: int
    has_last: bool
    zone: str
    currency: str
    now: datetime
    rules: Rules


def start_draft(work: Work) -> DraftView:
    """The coordinator's unfinished draft, or a new one with defaults."""
    member, enterprise = acting_coordinator(work)
    found = work.session.exec(
        select(Round)
        .where(Round.coordinator_id == member.id, Round.phase == "draft", col(Round.scheduled_at).is_(None))
        .order_by(col(Round.id).desc())
    ).first()
    return read_draft(work, (found or _new(work, member, enterprise)).id or 0)


def _new(work: Work, member: Member, enterprise: Enterprise) -> Round:
    closes_at = default_closing(work.now, enterprise.zone)
    assert member.id is not None
    assert enterprise.id is not None
    found = Round(
        enterprise_id=enterprise.id, number=next_number(work, enterprise.id), coordinator_id=member.id,
        closes_at=closes_at, reminds_at=closes_at - REMINDS_BEFORE,
        delivers_on=_local_day(closes_at, enterprise.zone, DELIVERY_DAYS_AFTER),
    )  # fmt: skip
    work.session.add(found)
    work.session.flush()
    for point in _points(work, enterprise.id):
        work.session.add(RoundPickupPoint(round_id=found.id or 0, pickup_point_id=point.id or 0))
    work.journal("round_drafted", enterprise_id=enterprise.id, round_id=found.id)
    return found


def next_number(work: Work, enterprise_id: int) -> int:
    """The number of an enterprise's next round; the enterprise is locked, so that two rounds never share one."""
    work.session.get_one(Enterprise, enterprise_id, with_for_update=True)
    newest = work.session.exec(select(func.max(Round.number)).where(Round.enterprise_id == enterprise_id)).one()
    return (newest or 0) + 1


def default_closing(now: datetime, zone: str) -> datetime:
    """Tomorrow at six in the evening, local time."""
    local = now.astimezone(ZoneInfo(zone)) + timedelta(days=1)
    return local.replace(hour=CLOSES_AT_HOUR, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)


def _local_day(at: datetime, zone: str, days_after: int) -> date:
    return at.astimezone(ZoneInfo(zone)).date() + timedelta(days=days_after)


def _points(work: Work, enterprise_id: int) -> list[PickupPoint]:
    rows = work.session.exec(
        select(PickupPoint)
        .where(PickupPoint.enterprise_id == enterprise_id, col(PickupPoint.retired_at).is_(None))
        .order_by(col(PickupPoint.id))
    )
    return list(rows)


def own_draft(work: Work, round_id: int) -> Round:
    """A draft that the actor may change, locked: it may be opening just now; or Refusal("draft_published")."""
    found, _ = round_for_coordinator(work, round_id)
    work.session.refresh(found, with_for_update=True)
    if found.phase != RoundPhase.DRAFT:
        raise Refusal("draft_published")
    return found


def read_draft(work: Work, round_id: int) -> DraftView:
    """A draft with all there is to choose from."""
    found = own_draft(work, round_id)
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    offers = work.session.exec(select(Offer).where(Offer.round_id == round_id).order_by(col(Offer.position))).all()
    chosen = select(RoundPickupPoint.pickup_point_id).where(RoundPickupPoint.round_id == round_id)
    members = select(func.count(col(Member.id))).where(
        Member.enterprise_id == enterprise.id, col(Member.left_at).is_(None)
    )
    return DraftView(
        round=found, offers=tuple(offers), suppliers=_suppliers(work, found, offers),
        points=tuple(_points(work, found.enterprise_id)), chosen_points=frozenset(work.session.exec(chosen)),
        members=work.session.exec(members).one(), has_last=_last(work, found) is not None,
        zone=enterprise.zone, currency=enterprise.currency, now=work.now,
        rules=rules_of(found, enterprise),
    )  # fmt: skip


def _suppliers(work: Work, found: Round, offers: Sequence[Offer]) -> tuple[SupplierChoice, ...]:
    rows = work.session.exec(
        select(Supplier, func.count(col(Product.id)))
        .join(Product, col(Product.supplier_id) == Supplier.id)
        .where(
            Supplier.enterprise_id == found.enterprise_id,
            col(Supplier.retired_at).is_(None),
            col(Product.retired_at).is_(None),
        )
        .group_by(col(Supplier.id))
        .order_by(col(Supplier.id))
    )
    chosen = [offer.supplier_id for offer in offers]
    return tuple(
        SupplierChoice(
            s.id or 0, s.name_zh, s.name_en, s.county_zh, s.county_en, int(products), chosen.count(s.id or 0)
        )
        for s, products in rows
    )


def supplier_products(work: Work, round_id: int, supplier_id: int) -> tuple[tuple[Product, bool], ...]:
    """A supplier's products, each with whether the draft offers it. Refusal("not_found")."""
    found = own_draft(work, round_id)
    supplier = work.session.get(Supplier, supplier_id)
    if supplier is None or supplier.enterprise_id != found.enterprise_id:
        raise Refusal("not_found")
    chosen = set(work.session.exec(select(Offer.product_id).where(Offer.round_id == round_id)))
    rows = work.session.exec(
        select(Product)
        .where(
            Product.supplier_id == supplier_id,
            Product.enterprise_id == found.enterprise_id,
            col(Product.retired_at).is_(None),
        )
        .order_by(col(Product.id))
    )
    return tuple((product, product.id in chosen) for product in rows)


def toggle_product(work: Work, round_id: int, product_id: int, offered: bool) -> int:
    """Offer a product in the draft, or do not; the supplier's id. Refusal("too_many_offers")."""
    found = own_draft(work, round_id)
    product = work.session.get(Product, product_id)
    if product is None or product.enterprise_id != found.enterprise_id or product.retired_at is not None:
        raise Refusal("not_found")
    offer = work.session.exec(select(Offer).where(Offer.round_id == round_id, Offer.product_id == product_id)).first()
    if offered and offer is None:
        add_offer(work, found, product)
    elif not offered and offer is not None:
        work.session.delete(offer)
        work.session.flush()
        _renumber(work, round_id)
    return product.supplier_id


def add_offer(work: Work, found: Round, product: Product) -> Offer:
    """Freeze a product as the last offer of a draft."""
    count = work.session.exec(select(func.count(col(Offer.id))).where(Offer.round_id == found.id)).one()
    if count >= MAX_OFFERS:
        raise Refusal("too_many_offers", limit=MAX_OFFERS)
    supplier = work.session.get_one(Supplier, product.supplier_id)
    offer = Offer(
        round_id=found.id or 0, product_id=product.id or 0, supplier_id=product.supplier_id, position=count + 1,
        county_zh=supplier.county_zh, county_en=supplier.county_en,
        **{name: getattr(product, name) for name in OFFER_FIELDS},
    )  # fmt: skip
    work.session.add(offer)
    work.session.flush()
    return offer


def _renumber(work: Work, round_id: int) -> None:
    rows = work.session.exec(select(Offer).where(Offer.round_id == round_id).order_by(col(Offer.position)))
    for position, offer in enumerate(rows, 1):
        offer.position = position


def same_as_last(work: Work, round_id: int) -> DraftView:
    """Take over offers with their terms, rules, pickup points and spans of the last round; prices as they were then."""
    found = own_draft(work, round_id)
    last = _last(work, found)
    if last is None:
        raise Refusal("no_last_round")
    work.session.exec(delete(Offer).where(col(Offer.round_id) == round_id))
    for old in work.session.exec(select(Offer).where(Offer.round_id == last.id).order_by(col(Offer.position))).all():
        product = work.session.get_one(Product, old.product_id)
        if product.retired_at is None:
            offer = add_offer(work, found, product)
            for name in TERMS:
                setattr(offer, name, getattr(old, name))
    for name in RULES:
        setattr(found, name, getattr(last, name))
    _same_points(work, found, last)
    _same_times(work, found, last)
    return read_draft(work, round_id)


def _last(work: Work, found: Round) -> Round | None:
    return work.session.exec(
        select(Round)
        .where(Round.enterprise_id == found.enterprise_id, col(Round.opened_at).is_not(None), Round.id != found.id)
        .order_by(col(Round.opened_at).desc())
    ).first()


def _same_points(work: Work, found: Round, last: Round) -> None:
    """Those of the last round that are still in use; where none is, all that are."""
    in_use = {point.id or 0 for point in _points(work, found.enterprise_id)}
    then = work.session.exec(select(RoundPickupPoint.pickup_point_id).where(RoundPickupPoint.round_id == last.id)).all()
    work.session.exec(delete(RoundPickupPoint).where(col(RoundPickupPoint.round_id) == found.id))
    for point_id in sorted(in_use.intersection(then) or in_use):
        work.session.add(RoundPickupPoint(round_id=found.id or 0, pickup_point_id=point_id))
    work.session.flush()


def _same_times(work: Work, found: Round, last: Round) -> None:
    assert last.closes_at is not None
    zone = work.session.get_one(Enterprise, found.enterprise_id).zone
    then = last.closes_at.astimezone(ZoneInfo(zone))
    now = work.now.astimezone(ZoneInfo(zone))
    closes = then + timedelta(weeks=max(1, -(-(now - then) // timedelta(weeks=1))))
    if closes <= now:
        closes += timedelta(weeks=1)
    found.closes_at = closes.astimezone(work.now.tzinfo)
    found.opens_at = None
    found.reminds_at = found.closes_at - (last.closes_at - last.reminds_at) if last.reminds_at else None
    if last.delivers_on:
        found.delivers_on = closes.date() + (last.delivers_on - then.date())
