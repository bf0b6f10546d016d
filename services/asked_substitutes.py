"""Substitutes about which members are still being asked. Until that is decided nothing of them is final."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from models import Consent, Enterprise, Offer, OfferChange, Product, Round
from rules.refusal import Refusal
from services.work import Work


@dataclass(frozen=True, slots=True)
class SubstituteNews:
    """What is offered instead of what, whom it was asked of, and how many have said yes so far; minor units."""

    name_zh: str
    name_en: str
    instead_zh: str
    instead_en: str
    price: int
    decides_at: datetime
    asked: int
    kept: int


def read_substitute(work: Work, change_id: int) -> SubstituteNews:
    """A substitute as it stands."""
    change = work.session.get_one(OfferChange, change_id)
    offer = work.session.get_one(Offer, change.offer_id)
    product = work.session.get_one(Product, int(change.facts["product_id"]))
    answers = work.session.exec(
        select(Consent.answer, func.count()).where(Consent.change_id == change_id).group_by(col(Consent.answer))
    )
    counted = {answer: int(n) for answer, n in answers}
    return SubstituteNews(
        offer.name_zh, offer.name_en, product.name_zh, product.name_en, int(change.facts["price"]), change.decides_at,
        sum(counted.values()), counted.get("keep", 0),
    )  # fmt: skip


def asked_substitutes(
    work: Work, round_id: int, *, supplier_id: int | None = None, offer_id: int | None = None
) -> Sequence[OfferChange]:
    """The undecided substitutes of a round, perhaps of one supplier or for one offer only."""
    statement = (
        select(OfferChange)
        .join(Offer, col(Offer.id) == OfferChange.offer_id)
        .where(Offer.round_id == round_id, OfferChange.kind == "substitute", col(OfferChange.decided_at).is_(None))
        .order_by(col(OfferChange.id))
    )
    if supplier_id is not None:
        statement = statement.where(Offer.supplier_id == supplier_id)
    if offer_id is not None:
        statement = statement.where(Offer.id == offer_id)
    return work.session.exec(statement).all()


def check_nobody_is_asked(
    work: Work, found: Round, *, supplier_id: int | None = None, offer_id: int | None = None
) -> None:
    """Refusal("substitute_open", at, zone) while members are being asked."""
    open_ones = asked_substitutes(work, found.id or 0, supplier_id=supplier_id, offer_id=offer_id)
    if open_ones:
        zone = work.session.get_one(Enterprise, found.enterprise_id).zone
        raise Refusal("substitute_open", at=max(one.decides_at for one in open_ones), zone=zone)


def forget_substitutes(work: Work, round_id: int, supplier_id: int | None = None) -> None:
    """Nobody needs to answer any more: the supplier has declined altogether, or the round is not closed now."""
    for change in asked_substitutes(work, round_id, supplier_id=supplier_id):
        change.decided_at = work.now
        work.session.add(change)
