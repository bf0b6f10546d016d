"""The lines of an offer in an open round: whose they are, what they agreed to, and how they fall away."""

from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import col, func, select, true

from models import Consent, Member, Offer, OfferChange, Order, OrderLine, Person, Round
from rules.changes import Term, agreed_now
from rules.refusal import Refusal
from services.access import round_for_coordinator
from services.take_away import take_line_away
from services.work import Lane, Work

FIELDS: Mapping[str, str] = {
    Term.PRICE: "price_minor", Term.CASE: "case_size", Term.MINIMUM: "minimum_units",
    Term.STOCK: "stock_units", Term.CAP: "member_cap",
}  # fmt: skip
Lines = Sequence[tuple[OrderLine, int, Person | None]]
"""Lines of an offer with the id of their member, and who answers for them; None where that person has left."""


def open_offer(work: Work, offer_id: int) -> tuple[Offer, Round]:
    """An offer of an open round that the actor coordinates; both are locked. Refusals: not_found, wrong_phase."""
    offer = work.session.get(Offer, offer_id)
    if offer is None:
        raise Refusal("not_found")
    found, _ = round_for_coordinator(work, offer.round_id)
    work.session.refresh(found, with_for_update={"key_share": True})  # the round first, as for a wish and a closing
    work.session.refresh(offer, with_for_update=True)
    if found.phase != "open" or found.closes_at is None or found.closes_at <= work.now:
        raise Refusal("wrong_phase", phase=found.phase, wanted="open")
    return offer, found


def lines_of(work: Work, offer_id: int, *, also_empty: bool = False) -> Lines:
    """The lines of an offer that wish something, oldest first; whoever collects an order answers for it."""
    wishes = true() if also_empty else (col(OrderLine.firm) > 0) | (col(OrderLine.tolerance) > 0)
    rows = work.session.exec(
        select(OrderLine, Order.member_id, Member.left_at, Person)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .join(Member, col(Member.id) == func.coalesce(Order.collector_id, Order.member_id))
        .join(Person, col(Person.id) == Member.person_id)
        .where(OrderLine.offer_id == offer_id, wishes)
        .order_by(col(OrderLine.id))
    )
    return [(line, member_id, person if left_at is None else None) for line, member_id, left_at, person in rows]


def agreed_terms(work: Work, offer: Offer, term: str, lines: Lines) -> dict[int, int]:
    """What each line holds on to, by its id: what its member has agreed to, or the offer as it is where that is
    no worse."""
    current = int(getattr(offer, FIELDS[term]))
    if term == Term.PRICE:
        return {line.id or 0: agreed_now(term, line.price_minor, current) for line, _, _ in lines}
    answered = _answered_terms(work, offer, term)
    return {line.id or 0: agreed_now(term, answered.get(line.id or 0, current), current) for line, _, _ in lines}


def _answered_terms(work: Work, offer: Offer, term: str) -> dict[int, int]:
    """By line: the term of the newest question if it was answered with keep, else the one it had before that."""
    rows = work.session.exec(
        select(Consent, OfferChange)
        .join(OfferChange, col(OfferChange.id) == Consent.change_id)
        .where(OfferChange.offer_id == offer.id, OfferChange.kind == term)
        .order_by(col(Consent.id))
    )
    return {c.line_id: int(change.facts["after"]) if c.answer == "keep" else c.agreed for c, change in rows}


def drop_lines(work: Work, found: Round, offer: Offer, lines: Iterable[OrderLine], why: str) -> None:
    """Lines wish nothing any more, and their members are told: `withdrawn`, `sold_out` or `not_agreed`.

    The caller holds the offer's lock, or has claimed the round.
    """
    people = {line.id: person for line, _, person in lines_of(work, offer.id or 0)}
    for line in lines:
        units, person = line.firm, people.get(line.id)
        order = work.session.get_one(Order, line.order_id)
        take_line_away(work, line, order, found)
        if person is not None:
            work.notify(
                f"line_dropped:{line.id}:{why}:{work.now.timestamp():.0f}", "line_dropped", Lane.OUTCOME,
                person=person, enterprise_id=found.enterprise_id, round_id=found.id, member_id=order.member_id,
                offer_id=offer.id, why=why, units=units,
            )  # fmt: skip
