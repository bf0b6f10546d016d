"""An offer of an open round can no longer be had, or can be had again after all."""

from datetime import datetime

from sqlmodel import col, select

from models import Consent, Offer, OfferChange, OrderLine, Round
from services.offer_lines import drop_lines, lines_of, open_offer
from services.refresh_cards import refresh_cards
from services.work import Lane, Work


def withdraw_offer(work: Work, offer_id: int) -> Offer:
    """Its lines fall away at once and their members are told; nothing can be added."""
    offer, found = open_offer(work, offer_id)
    if offer.withdrawn_at is not None:
        return offer
    offer.withdrawn_at = work.now
    for change in _undecided(work, offer_id):
        change.decided_at = work.now
    lines = [line for line, _, _ in lines_of(work, offer_id)]
    _remember(work, offer, lines, work.now)
    drop_lines(work, found, offer, lines, "withdrawn")
    work.journal("offer_withdrawn", enterprise_id=found.enterprise_id, round_id=found.id, offer_id=offer_id)
    refresh_cards(work, found)
    return offer


def restore_offer(work: Work, offer_id: int) -> Offer:
    """It can be had again: whoever lost a line by its withdrawal is told, and may order it again by a button."""
    offer, found = open_offer(work, offer_id)
    if offer.withdrawn_at is None:
        return offer
    offer.withdrawn_at = None
    work.session.add(offer)
    work.session.flush()
    _tell_those_who_lost(work, found, offer)
    work.journal("offer_restored", enterprise_id=found.enterprise_id, round_id=found.id, offer_id=offer_id)
    refresh_cards(work, found)
    return offer


def _remember(work: Work, offer: Offer, lines: list[OrderLine], moment: datetime) -> None:
    """What was wished when it was withdrawn."""
    change = OfferChange(offer_id=offer.id or 0, kind="gone", created_at=moment, decides_at=moment, decided_at=moment)
    work.session.add(change)
    work.session.flush()
    work.session.add_all(
        Consent(change_id=change.id or 0, line_id=line.id or 0, agreed=line.firm, answer="drop", answered_at=moment)
        for line in lines
    )
    work.session.flush()


def _tell_those_who_lost(work: Work, found: Round, offer: Offer) -> None:
    gone = work.session.exec(
        select(OfferChange)
        .where(OfferChange.offer_id == offer.id, OfferChange.kind == "gone")
        .order_by(col(OfferChange.id).desc())
        .limit(1)
    ).one()
    lost = dict(work.session.exec(select(Consent.line_id, Consent.agreed).where(Consent.change_id == gone.id)).all())
    for line, member_id, person in lines_of(work, offer.id or 0, also_empty=True):
        if person is not None and lost.get(line.id or 0) and not line.firm:
            work.notify(
                f"offer_back:{gone.id}:{line.id}", "offer_back", Lane.OUTCOME, person=person,
                enterprise_id=found.enterprise_id, round_id=found.id, member_id=member_id, offer_id=offer.id,
                units=lost[line.id or 0],
            )  # fmt: skip


def _undecided(work: Work, offer_id: int) -> list[OfferChange]:
    rows = work.session.exec(
        select(OfferChange)
        .where(OfferChange.offer_id == offer_id, col(OfferChange.decided_at).is_(None))
        .with_for_update()
    )
    return list(rows)
