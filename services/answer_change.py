"""Members answer a change that is worse for them, and the answers are counted when the time is up.

Keep takes effect at once: the line has agreed to the new term. Drop can be taken back until the time is up, so that
a slip of the finger costs nobody their place; then the line falls away, like every line that was not answered for.
"""

from collections import Counter
from typing import Any

from sqlmodel import col, select

from models import Consent, Member, Offer, OfferChange, Order, OrderLine, Round
from rules.changes import Term
from rules.refusal import Refusal
from services.ask_consent import NOT_AGREED
from services.coordinators import coordinators
from services.offer_lines import drop_lines
from services.refresh_cards import refresh_card, refresh_cards
from services.work import Lane, Work


def answer_change(work: Work, consent_id: int, keep: bool) -> Consent:
    """A member keeps or drops their line; the last answer before the decision counts.

    The round is locked first, as whoever decides does, so that the two never wait for each other.

    Refusals: not_found, change_replaced, change_decided, line_gone.
    """
    consent = work.session.get(Consent, consent_id)
    if consent is None:
        raise Refusal("not_found")
    order = _order_of(work, consent)
    found = work.session.get_one(Round, order.round_id, with_for_update={"read": True}, populate_existing=True)
    change = work.session.get_one(OfferChange, consent.change_id, with_for_update=True, populate_existing=True)
    line = work.session.get_one(OrderLine, consent.line_id, with_for_update=True, populate_existing=True)
    work.session.refresh(consent)
    _check_open(work, consent, change, order, line)
    answer = "keep" if keep else "drop"
    if consent.answer == answer:
        return consent
    consent.answer, consent.answered_at = answer, work.now
    if keep and change.kind == Term.PRICE:
        line.price_minor = max(line.price_minor, int(change.facts["after"]))
    work.session.flush()
    work.journal(
        "change_answered", enterprise_id=found.enterprise_id, round_id=found.id, consent_id=consent_id, answer=answer
    )
    if found.phase == "open":  # the card below the question says the same as the answer
        refresh_card(work, order.round_id, order.member_id)
    return consent


def answer_change_of(work: Work, consent_id: int, keep: bool) -> int:
    """The same from the card: the id of the offer that it is about."""
    consent = answer_change(work, consent_id, keep)
    return work.session.get_one(OfferChange, consent.change_id).offer_id


def _order_of(work: Work, consent: Consent) -> Order:
    """The order that the actor answers for, as its member or as who collects it; or Refusal("not_found")."""
    order = work.session.get_one(Order, work.session.get_one(OrderLine, consent.line_id).order_id)
    member = work.session.get_one(Member, order.collector_id or order.member_id)
    if member.person_id != work.someone.person_id or member.left_at is not None:
        raise Refusal("not_found")
    return order


def _check_open(work: Work, consent: Consent, change: OfferChange, order: Order, line: OrderLine) -> None:
    if _is_replaced(work, consent, change):
        raise Refusal("change_replaced")
    phase = work.session.get_one(Round, order.round_id).phase
    wanted = "closed" if change.kind == "substitute" else "open"
    if change.decided_at is not None or change.decides_at <= work.now or phase != wanted:
        raise Refusal("change_decided")
    if not line.firm and not line.tolerance:
        raise Refusal("line_gone")


def _is_replaced(work: Work, consent: Consent, change: OfferChange) -> bool:
    """Whether the same line is being asked about a newer change of the same kind."""
    newer = (
        select(Consent.id)
        .join(OfferChange, col(OfferChange.id) == Consent.change_id)
        .where(
            Consent.line_id == consent.line_id, col(Consent.id) > consent.id, OfferChange.kind == change.kind,
            col(OfferChange.decided_at).is_(None),
        )
    )  # fmt: skip
    return work.session.exec(newer).first() is not None


def decide_changes(work: Work, found: Round) -> None:
    """The round closes: changes of its offers that are still undecided are decided now."""
    rows = work.session.exec(
        select(OfferChange)
        .join(Offer, col(Offer.id) == OfferChange.offer_id)
        .where(Offer.round_id == found.id, col(OfferChange.decided_at).is_(None), col(OfferChange.kind) != "substitute")
        .order_by(col(OfferChange.id))
        .with_for_update(of=OfferChange)
    ).all()
    for change in rows:
        decide_change(work, found, change)


def decide_change(work: Work, found: Round, change: OfferChange) -> None:
    """Keepers stay; every other line that was asked about falls away. Members and coordinators hear how it went."""
    change.decided_at = work.now
    work.session.add(change)
    rows = work.session.exec(
        select(Consent, OrderLine)
        .join(OrderLine, col(OrderLine.id) == Consent.line_id)
        .where(Consent.change_id == change.id, (col(OrderLine.firm) > 0) | (col(OrderLine.tolerance) > 0))
        .order_by(col(Consent.id))
        .execution_options(populate_existing=True)
    ).all()
    answers = Counter(consent.answer for consent, _ in rows if consent.answer != "replaced")
    dropped = [line for consent, line in rows if consent.answer in NOT_AGREED]
    drop_lines(work, found, work.session.get_one(Offer, change.offer_id), dropped, "not_agreed")
    if not answers:
        return
    counts: dict[str, Any] = {"kept": answers["keep"], "dropped": answers["drop"], "silent": answers[""]}
    work.journal("change_decided", enterprise_id=found.enterprise_id, round_id=found.id, change_id=change.id, **counts)
    for person in coordinators(work, found.enterprise_id):  # also whoever has just closed the round by hand
        work.notify(
            f"change_decided:{change.id}:{person.id}", "change_decided", Lane.INTERACTIVE, person=person,
            enterprise_id=found.enterprise_id, change_id=change.id, **counts,
        )  # fmt: skip
    refresh_cards(work, found)
