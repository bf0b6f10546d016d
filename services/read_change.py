"""What members are asked and told about a change of an offer, and how they have answered."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
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
    member: str = ""
    """Whose order it is, where another collects it and answers."""


def read_question(work: Work, consent_id: int) -> Question | None:
    """A question as it stands; None where its line is gone. The caller has checked who asks."""
    consent = work.session.get(Consent, consent_id)
    if consent is None:
        return None
    change = work.session.get_one(OfferChange, consent.change_id)
    line = work.session.get_one(OrderLine, consent.line_id)
    order = work.session.get_one(Order, line.order_id)
    offer = work.session.get_one(Offer, change.offer_id)
    found = work.session.get_one(Round, offer.round_id)
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    product = work.session.get(Product, int(change.facts.get("product_id") or 0))
    got = work.session.get(Allotment, line.id) if change.kind == "substitute" else None
    return Question(
        consent_id=consent_id, kind=change.kind, answer=consent.answer, decided=change.decided_at is not None,
        name_zh=offer.name_zh, name_en=offer.name_en, unit_zh=offer.unit_zh, unit_en=offer.unit_en,
        units=got.units if got else line.firm,
        before=line.price_minor if change.kind == "substitute" else consent.agreed,
        after=int(change.facts["price"] if change.kind == "substitute" else change.facts["after"]),
        instead_zh=_called(product, "zh"), instead_en=_called(product, "en"),
        decides_at=change.decides_at, zone=enterprise.zone, currency=enterprise.currency, round_id=found.id or 0,
        member=work.session.get_one(Member, order.member_id).name if order.collector_id else "",
    )  # fmt: skip


def _called(product: Product | None, language: str) -> str:
    """A product's name with its specification, since a substitute may be packed otherwise."""
    if product is None:
        return ""
    texts = getattr(product, f"name_{language}"), getattr(product, f"specification_{language}")
    return " ".join(text for text in texts if text) if texts[0] else ""


_OPEN_QUESTIONS = (
    select(OrderLine.offer_id, Consent.id)
    .join(Consent, col(Consent.line_id) == OrderLine.id)
    .join(OfferChange, col(OfferChange.id) == Consent.change_id)
    .join(Order, col(Order.id) == OrderLine.order_id)
    .where(
        Order.round_id == bindparam("round"), Order.member_id == bindparam("member"), OrderLine.firm > 0,
        col(OfferChange.decided_at).is_(None), OfferChange.kind != "substitute", Consent.answer != "replaced",
    )
    .order_by(col(Consent.id))
)  # fmt: skip


_ASKED = (
    select(OfferChange.id)
    .join(Offer, col(Offer.id) == OfferChange.offer_id)
    .where(Offer.round_id == bindparam("round"), col(OfferChange.decided_at).is_(None))
    .limit(1)
)


def is_anything_asked(work: Work, round_id: int) -> bool:
    """Whether a change of a round waits for answers. The caller has checked who asks."""
    return work.execute(_ASKED, {"round": round_id}).first() is not None


def open_questions_of(work: Work, round_id: int, member_id: int) -> dict[int, tuple[Question, ...]]:
    """The questions that one member's order in an open round still waits on, by offer."""
    rows = work.execute(_OPEN_QUESTIONS, {"round": round_id, "member": member_id}).all()
    questions: dict[int, tuple[Question, ...]] = {}
    for offer_id, consent_id in rows:
        question = read_question(work, consent_id or 0)
        if question is not None:
            questions[offer_id] = (*questions.get(offer_id, ()), question)
    return questions


@dataclass(frozen=True, slots=True)
class OfferNews:
    """An offer about which its members hear something."""

    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    round_id: int
    currency: str
    price: int
    case_size: int
    minimum: int
    stock: int | None
    cap: int | None
    withdrawn: bool


def read_offer_news(work: Work, offer_id: int) -> OfferNews:
    """What an offer is called, and where it is."""
    offer = work.session.get_one(Offer, offer_id)
    found = work.session.get_one(Round, offer.round_id)
    currency = work.session.get_one(Enterprise, found.enterprise_id).currency
    return OfferNews(
        offer.name_zh, offer.name_en, offer.unit_zh, offer.unit_en, offer.round_id, currency, offer.price_minor,
        offer.case_size, offer.minimum_units, offer.stock_units, offer.member_cap, offer.withdrawn_at is not None,
    )  # fmt: skip
