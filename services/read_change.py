"""What a member or a coordinator is asked about a change, a held round, or an order left behind."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from models import Allotment, Consent, Enterprise, Member, Offer, OfferChange, Order, OrderLine, Product, Round
from services.work import Work


@dataclass(frozen=True, slots=True)
class Question:
    """One line, and the change that its member is asked about; money in minor units."""

    consent_id: int
    kind: str
    answer: str
    decided: bool
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    units: int
    before: int
    after: int
    instead_zh: str
    instead_en: str
    decides_at: datetime
    zone: str
    currency: str
    round_id: int


def read_question(work: Work, consent_id: int) -> Question | None:
    """A question as it stands; None where its line is gone. The caller has checked who asks."""
    consent = work.session.get(Consent, consent_id)
    if consent is None:
        return None
    change = work.session.get_one(OfferChange, consent.change_id)
    line = work.session.get_one(OrderLine, consent.line_id)
    offer = work.session.get_one(Offer, change.offer_id)
    found = work.session.get_one(Round, offer.round_id)
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    product = work.session.get(Product, int(change.facts.get("product_id") or 0))
    got = work.session.get(Allotment, line.id) if change.kind == "substitute" else None
    price = change.kind in ("price", "substitute")
    return Question(
        consent_id=consent_id, kind=change.kind, answer=consent.answer, decided=change.decided_at is not None,
        name_zh=offer.name_zh, name_en=offer.name_en, unit_zh=offer.unit_zh, unit_en=offer.unit_en,
        units=got.units if got else line.firm,
        before=line.price_minor if price else int(change.facts["before"]),
        after=int(change.facts["price"] if change.kind == "substitute" else change.facts["after"]),
        instead_zh=_called(product, "zh"), instead_en=_called(product, "en"),
        decides_at=change.decides_at, zone=enterprise.zone, currency=enterprise.currency, round_id=found.id or 0,
    )  # fmt: skip


def _called(product: Product | None, language: str) -> str:
    """A product's name with its specification, since a substitute may be packed otherwise."""
    if product is None:
        return ""
    texts = getattr(product, f"name_{language}"), getattr(product, f"specification_{language}")
    return " ".join(text for text in texts if text) if texts[0] else ""


@dataclass(frozen=True, slots=True)
class LeftOrder:
    """An open order of a member who has left."""

    order_id: int
    round_id: int
    title: str
    number: int
    member: str
    lines: tuple[tuple[str, str, str, str, int], ...]
    closes_at: datetime | None
    zone: str
    kept_for: str | None


def read_left_order(work: Work, order_id: int) -> LeftOrder | None:
    """The order; None where there is nothing left of it."""
    order = work.session.get(Order, order_id)
    if order is None:
        return None
    found = work.session.get_one(Round, order.round_id)
    member = work.session.get_one(Member, order.member_id)
    rows = work.session.exec(
        select(Offer, OrderLine.firm)
        .join(OrderLine, col(OrderLine.offer_id) == Offer.id)
        .where(OrderLine.order_id == order_id, OrderLine.firm > 0)
        .order_by(col(Offer.position))
    )
    lines = tuple((o.name_zh, o.name_en, o.unit_zh, o.unit_en, firm) for o, firm in rows)
    zone = work.session.get_one(Enterprise, found.enterprise_id).zone
    return LeftOrder(
        order_id, order.round_id, found.title, found.number, member.name, lines, found.closes_at, zone, order.kept_for
    )


@dataclass(frozen=True, slots=True)
class OfferNews:
    """An offer about which its members hear something."""

    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    round_id: int
    currency: str


def read_offer_news(work: Work, offer_id: int) -> OfferNews:
    """What an offer is called, and where it is."""
    offer = work.session.get_one(Offer, offer_id)
    found = work.session.get_one(Round, offer.round_id)
    currency = work.session.get_one(Enterprise, found.enterprise_id).currency
    return OfferNews(offer.name_zh, offer.name_en, offer.unit_zh, offer.unit_en, offer.round_id, currency)
