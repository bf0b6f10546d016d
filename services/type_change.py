"""Remembers what a coordinator is asked to type: a new term of an offer, or a member's units."""

from dataclasses import dataclass

from models import Offer
from rules.quantities import parse_quantity
from rules.refusal import Refusal
from rules.terms import read_case_size, read_price, read_units
from services.correct_round import MemberLine, MemberLines, member_lines
from services.drafts import draft, drop_draft, save_draft
from services.offer_changes import NO_LIMIT
from services.offer_lines import FIELDS, open_offer
from services.read_change import OfferNews, read_offer_news
from services.work import Work

KIND = "change"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, and what for: a term of an offer, or `wish` or `hand` units of a member."""

    offer_id: int
    member_id: int | None
    what: str
    value: int


def read_changeable(work: Work, offer_id: int) -> OfferNews:
    """An offer that the actor may change now, as it is. Refusals: not_found, wrong_phase."""
    open_offer(work, offer_id)
    return read_offer_news(work, offer_id)


def ask_change(work: Work, offer_id: int, what: str) -> OfferNews:
    """A term of an offer of an open round is asked for; the offer as it is."""
    news = read_changeable(work, offer_id)
    if what not in FIELDS:
        raise Refusal("button_stale")
    save_draft(work, KIND, {"offer_id": offer_id, "what": what})
    return news


def ask_correction(work: Work, offer_id: int, member_id: int, wish: bool) -> tuple[MemberLine, MemberLines]:
    """A member's units of an offer of a closed round are asked for; the line as it is, and all of theirs."""
    offer = work.session.get(Offer, offer_id)
    if offer is None:
        raise Refusal("not_found")
    lines = member_lines(work, offer.round_id, member_id)
    save_draft(work, KIND, {"offer_id": offer_id, "member_id": member_id, "what": "wish" if wish else "hand"})
    return next(line for line in lines.lines if line.offer_id == offer_id), lines


def _read(work: Work, offer: Offer, what: str, text: str) -> int:
    words = (offer.unit_zh, offer.unit_en)
    if what == "price":
        return read_price(text, work.someone.currency)
    if what == "case":
        return read_case_size(text, words)
    if what not in ("minimum", "stock", "cap"):
        return parse_quantity(text, words)
    units = read_units(text, words)
    return units if units is not None else 0 if what == "minimum" else NO_LIMIT


def typed_change(work: Work, text: str) -> Typed:
    """Read it. Refusals of `rules.terms` and `rules.quantities`; the question stays until `understood`."""
    row = draft(work, KIND)
    if row is None:
        raise Refusal("button_stale")
    what = str(row.facts["what"])
    value = _read(work, work.session.get_one(Offer, int(row.facts["offer_id"])), what, text)
    member_id = row.facts.get("member_id")
    return Typed(int(row.facts["offer_id"]), None if member_id is None else int(member_id), what, value)


def understood(work: Work) -> None:
    """What was typed is possible: nothing is asked any more."""
    drop_draft(work, KIND)
