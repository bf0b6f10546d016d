"""Substitutes about which members are still being asked. Until that is decided nothing of them is final."""

from collections.abc import Sequence

from sqlmodel import col, select

from models import Enterprise, Offer, OfferChange, Round
from rules.refusal import Refusal
from services.work import Work


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
