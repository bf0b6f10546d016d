"""What a round comes to when it closes, from sums: the same decision as `decide_round` at a fraction of the cost.

The database sums up the wishes for each offer, promised price and pickup point; only lines that must be told apart
are read one by one. `rules.apart` says which, and `rules.decide` decides both in the same way.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import func, select

from models import Round
from rules.apart import lines_apart
from rules.decide import Bundle, Decision, SupplierTerms, WishedLine, WishedOffer, decide
from services.decide_round import line_t, manual_units, offer_t, order_t, supplier_terms, wished_offer, wishes_something
from services.read_lines_apart import read_lines_apart
from services.work import Work

_SUMS = (
    select(
        line_t.c.offer_id, order_t.c.pickup_point_id, line_t.c.price_minor,
        func.sum(line_t.c.firm), func.sum(line_t.c.tolerance),
    )
    .join(order_t, order_t.c.id == line_t.c.order_id)
    .where(wishes_something)
    .group_by(line_t.c.offer_id, order_t.c.pickup_point_id, line_t.c.price_minor)
)  # fmt: skip


def decide_closing(work: Work, found: Round) -> Decision:
    """Decide a round that is closing; the caller has flushed what it changed."""
    return _decide(work, _offers(work, found), supplier_terms(work, found.id or 0))


def decide_for_order(work: Work, found: Round, order_id: int) -> Decision:
    """What one order would receive if the round closed now: only what can matter to it is read, freight aside.

    Its lines are among those told apart; of other offers only those count that reach a supplier's minimum together
    with its own.
    """
    terms = {supplier_id: replace(one, freight=0) for supplier_id, one in supplier_terms(work, found.id or 0).items()}
    own = set(work.session.execute(select(line_t.c.offer_id).where(line_t.c.order_id == order_id)).scalars())
    offers = _offers(work, found)
    suppliers = {offers[offer_id].supplier_id for offer_id in own}
    concerned = {
        offer_id: offer
        for offer_id, offer in offers.items()
        if offer_id in own
        or (offer.supplier_id in suppliers and terms.get(offer.supplier_id, SupplierTerms()).minimum_value)
    }
    return _decide(work, concerned, terms, order_id)


def _offers(work: Work, found: Round) -> dict[int, WishedOffer]:
    """The offers of a round without any lines, in their order."""
    manual = manual_units(work, found)
    rows = work.session.execute(select(offer_t).where(offer_t.c.round_id == found.id).order_by(offer_t.c.position))
    return {row["id"]: wished_offer(row, manual=manual.get(row["id"])) for row in rows.mappings()}


def _decide(
    work: Work, offers: Mapping[int, WishedOffer], terms: Mapping[int, SupplierTerms], order_id: int | None = None
) -> Decision:
    sums = _sums(work, offers)
    apart = {
        offer_id: lines_apart(replace(offer, rest=sums[offer_id]), terms.get(offer.supplier_id, SupplierTerms()))
        for offer_id, offer in offers.items()
    }
    lines, points = read_lines_apart(work, apart, order_id)
    return decide(
        [
            replace(offer, lines=lines[offer_id], rest=_without(sums[offer_id], lines[offer_id], points))
            for offer_id, offer in offers.items()
        ],
        terms,
    )


def _sums(work: Work, offers: Iterable[int]) -> defaultdict[int, list[Bundle]]:
    sums: defaultdict[int, list[Bundle]] = defaultdict(list)
    rows = work.session.execute(_SUMS.where(work.among(line_t.c.offer_id, offers)))
    for offer_id, point_id, promised, firm, tolerance in rows:
        sums[offer_id].append(Bundle(int(firm), int(tolerance), promised, point_id))
    return sums


def _without(bundles: Sequence[Bundle], lines: Sequence[WishedLine], points: Mapping[int, int | None]) -> list[Bundle]:
    """The sums of the other lines."""
    left = {(one.promised, one.point_id): one for one in bundles}
    for line in lines:
        key = line.promised, points[line.order_id]
        one = left[key]
        left[key] = replace(one, firm=one.firm - line.wish.firm, tolerance=one.tolerance - line.wish.tolerance)
    return [one for one in left.values() if one.firm or one.tolerance]
