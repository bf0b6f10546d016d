"""An offer changes after members have ordered it: each is told, and where it is worse for them each is asked.

Better for a member (a lower price, a smaller case) takes effect at once. Worse (a higher price, a larger case or
minimum, a substitute) takes effect for a line when its member says keep; whoever drops it, or has not answered when
the time is up, has no such line any more. New lines meet the offer as it is now.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from models import Consent, Enterprise, Member, Offer, OfferChange, Order, OrderLine, Person, Round
from rules.refusal import Refusal
from services.access import round_for_coordinator
from services.tell_closing import refresh_cards
from services.withdraw_orders import take_line_away
from services.work import Lane, Work

ANSWER_WITHIN = timedelta(hours=24)
FIELDS = {"price": "price_minor", "case": "case_size", "minimum": "minimum_units"}

Lines = list[tuple[OrderLine, int, Person]]
"""Lines of an offer with the id of their member, and the person."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A change before it is made: what it is now, what it would be, and how many members would be asked."""

    offer: Offer
    what: str
    before: int
    after: int
    asked: int
    currency: str


def preview_change(work: Work, offer_id: int, what: str, after: int) -> Effect:
    """What a change of price, case size or minimum would do to whom. Refusals: not_found, wrong_phase."""
    offer, found = open_offer(work, offer_id)
    if what not in FIELDS or after < (0 if what == "minimum" else 1):
        raise Refusal("button_stale")
    asked = _worse(work, offer, what, after, lines_of(work, offer_id))
    currency = work.session.get_one(Enterprise, found.enterprise_id).currency
    return Effect(offer, what, getattr(offer, FIELDS[what]), after, len(asked), currency)


def change_offer(work: Work, offer_id: int, what: str, after: int) -> Effect:
    """Change a term of an offer in an open round. The same change twice is one."""
    effect = preview_change(work, offer_id, what, after)
    offer = effect.offer
    if effect.before == after:
        return effect
    found = work.session.get_one(Round, offer.round_id)
    lines = lines_of(work, offer_id)
    asked = _worse(work, offer, what, after, lines)
    setattr(offer, FIELDS[what], after)
    work.session.add(offer)
    work.session.flush()
    _close_earlier(work, offer_id, what)
    if asked:
        until = min(work.now + ANSWER_WITHIN, found.closes_at or work.now)
        _ask(work, found, offer, what, {"before": effect.before, "after": after}, until, asked)
    elif after < effect.before:
        _give(work, found, offer, what, after, lines)
    work.journal(
        "offer_changed", enterprise_id=found.enterprise_id, round_id=found.id, offer_id=offer_id, term=what,
        before=effect.before, after=after,
    )  # fmt: skip
    refresh_cards(work, found, f"changed{offer_id}")
    return effect


def _worse(work: Work, offer: Offer, what: str, after: int, lines: Lines) -> Lines:
    """The lines for which a change is worse than what their members ordered at."""
    if what == "price":
        return [one for one in lines if one[0].price_minor < after]
    agreed = getattr(offer, FIELDS[what])
    undecided = work.session.exec(_undecided(offer.id or 0, what)).first()
    return lines if after > (undecided.facts["before"] if undecided else agreed) else []


def withdraw_offer(work: Work, offer_id: int) -> Offer:
    """An offer of an open round can no longer be had: its lines fall away and their members are told."""
    offer, found = open_offer(work, offer_id)
    if offer.withdrawn_at is not None:
        return offer
    offer.withdrawn_at = work.now
    work.session.add(offer)
    work.session.flush()
    _drop_lines(work, found, offer, [line for line, _, _ in lines_of(work, offer_id)], "withdrawn")
    work.journal("offer_withdrawn", enterprise_id=found.enterprise_id, round_id=found.id, offer_id=offer_id)
    refresh_cards(work, found, f"withdrawn{offer_id}")
    return offer


def answer_change(work: Work, consent_id: int, keep: bool) -> Consent:
    """A member keeps or drops their line. The last answer before the decision counts. Refusal("change_decided")."""
    consent = work.session.get(Consent, consent_id, with_for_update=True)
    if consent is None:
        raise Refusal("not_found")
    line = work.session.get_one(OrderLine, consent.line_id)
    order = work.session.get_one(Order, line.order_id)
    member = work.session.get_one(Member, order.member_id)
    if member.person_id != work.someone.person_id or member.left_at is not None:
        raise Refusal("not_found")
    change = work.session.get_one(OfferChange, consent.change_id)
    if change.decided_at is not None or change.decides_at <= work.now:
        raise Refusal("change_decided")
    consent.answer, consent.answered_at = "keep" if keep else "drop", work.now
    work.session.add(consent)
    work.journal(
        "change_answered", enterprise_id=member.enterprise_id, round_id=order.round_id,
        consent_id=consent_id, answer=consent.answer,
    )  # fmt: skip
    return consent


def decide_changes(work: Work, found: Round) -> None:
    """The round closes: changes of its offers that are still undecided are decided now."""
    rows = work.session.exec(
        select(OfferChange)
        .join(Offer, col(Offer.id) == OfferChange.offer_id)
        .where(Offer.round_id == found.id, col(OfferChange.decided_at).is_(None), col(OfferChange.kind) != "substitute")
        .order_by(col(OfferChange.id))
    ).all()
    for change in rows:
        decide_change(work, found, change)


def decide_change(work: Work, found: Round, change: OfferChange) -> None:
    """Keepers pay the new price; every other line that was asked about falls away."""
    change.decided_at = work.now
    work.session.add(change)
    dropped = []
    consents = work.session.exec(select(Consent).where(Consent.change_id == change.id).order_by(col(Consent.id))).all()
    for consent in consents:
        line = work.session.get_one(OrderLine, consent.line_id)
        if consent.answer == "keep":
            if change.kind == "price":
                line.price_minor = max(line.price_minor, int(change.facts["after"]))
        elif line.firm or line.tolerance:
            dropped.append(line)
    offer = work.session.get_one(Offer, change.offer_id)
    _drop_lines(work, found, offer, dropped, "not_agreed")


def _drop_lines(work: Work, found: Round, offer: Offer, lines: list[OrderLine], why: str) -> None:
    for line in lines:
        member = work.session.get_one(Member, work.session.get_one(Order, line.order_id).member_id)
        facts: dict[str, Any] = {"units": line.firm}
        take_line_away(work, line, member.person_id)
        work.notify(
            f"line_dropped:{line.id}:{why}:{work.now.timestamp():.0f}", "line_dropped", Lane.OUTCOME,
            person=work.session.get_one(Person, member.person_id), enterprise_id=found.enterprise_id,
            round_id=found.id, member_id=member.id, offer_id=offer.id, why=why, **facts,
        )  # fmt: skip


def _ask(
    work: Work, found: Round, offer: Offer, kind: str, facts: dict[str, Any], until: datetime, lines: Lines
) -> None:
    change = OfferChange(offer_id=offer.id or 0, kind=kind, facts=facts, created_at=work.now, decides_at=until)
    work.session.add(change)
    work.session.flush()
    ask_members(work, found, change, lines)


def ask_members(work: Work, found: Round, change: OfferChange, lines: Lines) -> None:
    """One question for each line that a change is worse for."""
    for line, _, person in lines:
        consent = Consent(change_id=change.id or 0, line_id=line.id or 0)
        work.session.add(consent)
        work.session.flush()
        work.notify(
            f"consent:{consent.id}", "consent", Lane.INTERACTIVE, person=person,
            enterprise_id=found.enterprise_id, consent_id=consent.id,
        )  # fmt: skip


def _give(work: Work, found: Round, offer: Offer, what: str, after: int, lines: Lines) -> None:
    for line, member_id, person in lines:
        if what == "price":
            line.price_minor = min(line.price_minor, after)
        work.notify(
            f"offer_better:{offer.id}:{member_id}:{work.now.timestamp():.0f}", "offer_better", Lane.OUTCOME,
            person=person, enterprise_id=found.enterprise_id, round_id=found.id, offer_id=offer.id, what=what,
            after=after,
        )  # fmt: skip


def _undecided(offer_id: int, what: str):  # type: ignore[no-untyped-def]
    return (
        select(OfferChange)
        .where(OfferChange.offer_id == offer_id, OfferChange.kind == what, col(OfferChange.decided_at).is_(None))
        .order_by(col(OfferChange.id))
    )


def _close_earlier(work: Work, offer_id: int, what: str) -> None:
    """A newer change of the same term replaces one that is still being asked about."""
    for change in work.session.exec(_undecided(offer_id, what)).all():
        change.decided_at = work.now


def open_offer(work: Work, offer_id: int) -> tuple[Offer, Round]:
    """An offer of an open round that the actor coordinates, locked; Refusals: not_found, wrong_phase."""
    offer = work.session.get(Offer, offer_id)
    if offer is None:
        raise Refusal("not_found")
    found, _ = round_for_coordinator(work, offer.round_id)
    work.session.refresh(offer, with_for_update=True)
    if found.phase != "open" or found.closes_at is None or found.closes_at <= work.now:
        raise Refusal("wrong_phase", phase=found.phase, wanted="open")
    return offer, found


def lines_of(work: Work, offer_id: int) -> Lines:
    """The lines of an offer that wish something, oldest first."""
    rows = work.session.exec(
        select(OrderLine, Member.id, Person)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .join(Member, col(Member.id) == Order.member_id)
        .join(Person, col(Person.id) == Member.person_id)
        .where(OrderLine.offer_id == offer_id, (col(OrderLine.firm) > 0) | (col(OrderLine.tolerance) > 0))
        .order_by(col(OrderLine.id))
    )
    return [(line, member_id or 0, person) for line, member_id, person in rows]
