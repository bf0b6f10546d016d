"""An offer changes after members have ordered it: each is told, and where it is worse for them each is asked.

Better for a member (a lower price, a case that the old one can be made of) takes effect at once. Worse (a higher
price, another case, a higher minimum, less stock than was wished) is asked: a line stays where its member says keep,
and whoever drops it, or has not answered when the time is up, has no such line any more. Several changes in a row are
compared with what each line has agreed to, not with each other. New lines meet the offer as it is now; a line with
an open question can be lowered, but not raised before it is answered.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from models import Enterprise, Offer, OfferChange, Round
from rules.changes import AGREED, Term, is_worse
from rules.money import MAX_MINOR
from rules.quantities import MAX_QUANTITY
from rules.refusal import Refusal
from services.ask_consent import ask_members, open_questions, tell_better
from services.cut_stock import Cut, cut_lines, cuts
from services.offer_lines import FIELDS, Lines, agreed_terms, lines_of, open_offer
from services.refresh_cards import refresh_cards
from services.tell_closing import refresh_group
from services.work import Work

ANSWER_WITHIN = timedelta(hours=24)
NO_LIMIT = -1
"""Stands for no stock or no cap where a number is carried."""
LEAST = {Term.PRICE: 1, Term.CASE: 1, Term.MINIMUM: 0, Term.STOCK: NO_LIMIT, Term.CAP: NO_LIMIT}


@dataclass(frozen=True, slots=True)
class Effect:
    """A change before it is made: what is now, what would be, and whom it concerns. None is no stock or cap."""

    offer: Offer
    what: str
    before: int | None
    after: int | None
    asked: int
    """How many members are asked."""
    told: int
    """How many are better off, and told."""
    dropped: int
    """How many lose their whole line, since stock does not reach."""
    over_cap: int
    """How many have more than the cap, and keep it."""
    tiers: tuple[tuple[int, int], ...]
    tiers_gone: tuple[tuple[int, int], ...]
    """Tiers that would be no cheaper than the price itself."""
    until: datetime
    """When answers are due."""
    now: datetime
    zone: str
    currency: str


def preview_change(work: Work, offer_id: int, what: str, after: int) -> Effect:
    """What a change of a term would do to whom; `NO_LIMIT` takes stock or cap away.

    Refusals: not_found, wrong_phase, button_stale.
    """
    offer, found = open_offer(work, offer_id)
    if what not in LEAST or not LEAST[Term(what)] <= after <= (MAX_MINOR if what == Term.PRICE else MAX_QUANTITY):
        raise Refusal("button_stale")
    value = None if after == NO_LIMIT or (what == Term.CAP and after == 0) else after
    return _effect(work, offer, found, what, value)


def _effect(work: Work, offer: Offer, found: Round, what: str, value: int | None) -> Effect:
    lines = lines_of(work, offer.id or 0)
    worse, better = _worse_and_better(work, offer, what, value, lines)
    cut = cuts(work, found, offer, value) if what == Term.STOCK else []
    gone = tuple(tier for tier in _pairs(offer) if what == Term.PRICE and value is not None and tier[1] >= value)
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    assert found.closes_at is not None
    return Effect(
        offer, what, getattr(offer, FIELDS[what]), value,
        asked=len(worse) + len([one for one in cut if one.asked]), told=len(better),
        dropped=len([one for one in cut if one.dropped]),
        over_cap=_over_cap(lines, value) if what == Term.CAP else 0,
        tiers=tuple(tier for tier in _pairs(offer) if tier not in gone), tiers_gone=gone,
        until=min(work.now + ANSWER_WITHIN, found.closes_at), now=work.now,
        zone=enterprise.zone, currency=enterprise.currency,
    )  # fmt: skip


def _pairs(offer: Offer) -> list[tuple[int, int]]:
    return [(units, price) for units, price in offer.tiers]


def _over_cap(lines: Lines, cap: int | None) -> int:
    return 0 if cap is None else sum(line.firm + line.tolerance > cap for line, _, _ in lines)


def _worse_and_better(work: Work, offer: Offer, what: str, value: int | None, lines: Lines) -> tuple[Lines, Lines]:
    """The lines for which a change is worse than what they agreed to, and those that gain by it or are let off a
    question."""
    if what not in AGREED or value is None:
        return [], []
    agreed = agreed_terms(work, offer, what, lines)
    open_ = open_questions(work, offer.id or 0, what)
    worse = [one for one in lines if is_worse(what, agreed[one[0].id or 0], value)]
    gains = {line_id for line_id, term in agreed.items() if term != value and not is_worse(what, term, value)} | open_
    return worse, [one for one in lines if one not in worse and one[0].id in gains]


def change_offer(work: Work, offer_id: int, what: str, after: int) -> Effect:
    """Change a term of an offer in an open round. The same change twice is one."""
    effect = preview_change(work, offer_id, what, after)
    if effect.before == effect.after:
        return effect
    offer, found = effect.offer, work.session.get_one(Round, effect.offer.round_id)
    if what in AGREED:
        _change_agreed(work, found, offer, effect)
    cut = cuts(work, found, offer, effect.after) if what == Term.STOCK else []
    setattr(offer, FIELDS[what], effect.after)
    work.session.add(offer)
    _cut(work, found, offer, effect, cut)
    work.journal(
        "offer_changed", enterprise_id=found.enterprise_id, round_id=found.id, offer_id=offer_id, term=what,
        before=effect.before, after=effect.after,
    )  # fmt: skip
    refresh_cards(work, found)
    refresh_group(work, found)
    return effect


def _change_agreed(work: Work, found: Round, offer: Offer, effect: Effect) -> None:
    assert effect.after is not None
    lines = lines_of(work, offer.id or 0)
    worse, better = _worse_and_better(work, offer, effect.what, effect.after, lines)
    agreed = agreed_terms(work, offer, effect.what, lines)
    for earlier in _undecided(work, offer.id or 0, effect.what):
        earlier.decided_at = work.now  # the newer question takes its place
    if effect.what == Term.PRICE:
        offer.tiers = [list(tier) for tier in effect.tiers]
        for line, _, _ in better:
            line.price_minor = min(line.price_minor, effect.after)
    work.session.flush()
    if worse:
        change = _add_change(work, offer, effect)
        ask_members(work, found, change, worse, agreed)
    tell_better(work, found, offer, effect.what, effect.after, better, agreed)


def _cut(work: Work, found: Round, offer: Offer, effect: Effect, cut: list[Cut]) -> None:
    if not cut:
        return
    asked = cut_lines(work, found, offer, cut)
    if asked:
        change = _add_change(work, offer, effect)
        ask_members(work, found, change, asked, {one.line.id or 0: one.line_firm for one in cut})


def _add_change(work: Work, offer: Offer, effect: Effect) -> OfferChange:
    facts: dict[str, Any] = {"before": effect.before, "after": effect.after}
    change = OfferChange(
        offer_id=offer.id or 0, kind=effect.what, facts=facts, created_at=work.now, decides_at=effect.until
    )
    work.session.add(change)
    work.session.flush()
    return change


def _undecided(work: Work, offer_id: int, what: str) -> list[OfferChange]:
    rows = work.session.exec(
        select(OfferChange)
        .where(OfferChange.offer_id == offer_id, OfferChange.kind == what, col(OfferChange.decided_at).is_(None))
        .order_by(col(OfferChange.id))
        .with_for_update()
    )
    return list(rows)
