"""What a round comes to as things stand: its rows as plain values, decided by the rules. Nothing is written."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import RowMapping, func, or_, select

from models import Allotment, Offer, Order, OrderLine, Raise, Round, RoundSupplier
from rules.allot import LineWish
from rules.consolidate import OfferTerms
from rules.decide import Decision, SupplierTerms, WishedLine, WishedOffer, decide
from rules.ordering import Raise as RaiseValue
from rules.pricing import Tier
from services.work import Work

offer_t, order_t = Offer.__table__, Order.__table__  # type: ignore[attr-defined]
line_t, raise_t = OrderLine.__table__, Raise.__table__  # type: ignore[attr-defined]
allotment_t, terms_t = Allotment.__table__, RoundSupplier.__table__  # type: ignore[attr-defined]


def decide_round(work: Work, found: Round) -> Decision:
    """Decide a round; the caller has checked who asks, and flushed what it changed."""
    return decide(wished_offers(work, found), supplier_terms(work, found))


def supplier_terms(work: Work, found: Round) -> dict[int, SupplierTerms]:
    """The terms of each supplier of a round; a minimum that is waived counts as none."""
    rows = work.session.execute(select(terms_t).where(terms_t.c.round_id == found.id)).mappings()
    return {
        row["supplier_id"]: SupplierTerms(
            0 if row["minimum_waived"] else row["minimum_value_minor"], row["freight_minor"], row["freight_split"]
        )
        for row in rows
    }


def wished_offers(work: Work, found: Round) -> list[WishedOffer]:
    """The offers of a round with every line that wishes something."""
    offers = work.session.execute(
        select(offer_t).where(offer_t.c.round_id == found.id).order_by(offer_t.c.position)
    ).mappings()
    lines, manual = _lines(work, found), _manual(work, found)
    return [_wished_offer(offer, lines.get(offer["id"], []), manual) for offer in offers]


def tiers_of(pairs: Iterable[Iterable[int]]) -> tuple[Tier, ...]:
    """Tiers as they are stored."""
    return tuple(Tier(*pair) for pair in pairs)


def offer_terms(offer: Offer) -> OfferTerms:
    """What the supplier asks of an offer that was read as an object; a minimum that is waived counts as none."""
    return OfferTerms(offer.case_size, 0 if offer.minimum_waived else offer.minimum_units, offer.case_policy)


def terms_of(offer: RowMapping | dict[str, Any]) -> OfferTerms:
    """What the supplier asks of an offer; a minimum that is waived counts as none."""
    minimum = 0 if offer["minimum_waived"] else offer["minimum_units"]
    return OfferTerms(offer["case_size"], minimum, offer["case_policy"], offer["stock_units"])


def _wished_offer(offer: RowMapping, lines: list[WishedLine], manual: dict[int, int]) -> WishedOffer:
    return WishedOffer(
        offer_id=offer["id"], supplier_id=offer["supplier_id"], terms=terms_of(offer), price=offer["price_minor"],
        lines=lines, tiers=tiers_of(offer["tiers"]), strategy=offer["strategy"], supplied=offer["supplied_units"],
        manual={line.wish.line_id: manual[line.wish.line_id] for line in lines if line.wish.line_id in manual}
        if manual else {},
        declined=offer["supplied_units"] == 0,
    )  # fmt: skip


def _lines(work: Work, found: Round) -> dict[int, list[WishedLine]]:
    raises = _raises(work, found)
    lines: defaultdict[int, list[WishedLine]] = defaultdict(list)
    rows = work.session.execute(
        select(
            line_t.c.offer_id, line_t.c.id, line_t.c.order_id, line_t.c.tolerance, line_t.c.tolerance_at,
            line_t.c.price_minor,
        )
        .join(order_t, order_t.c.id == line_t.c.order_id)
        .where(order_t.c.round_id == found.id, or_(line_t.c.firm > 0, line_t.c.tolerance > 0))
        .order_by(line_t.c.id)
    )  # fmt: skip
    for offer_id, line_id, order_id, tolerance, tolerance_at, promised in rows:
        wish = LineWish(line_id, tuple(raises.get(line_id, ())), tolerance, tolerance_at)
        lines[offer_id].append(WishedLine(wish, order_id, promised))
    return lines


def _raises(work: Work, found: Round) -> dict[int, list[RaiseValue]]:
    raises: defaultdict[int, list[RaiseValue]] = defaultdict(list)
    rows = work.session.execute(
        select(raise_t.c.line_id, raise_t.c.units, raise_t.c.at, raise_t.c.id)
        .join(line_t, line_t.c.id == raise_t.c.line_id)
        .join(order_t, order_t.c.id == line_t.c.order_id)
        .where(order_t.c.round_id == found.id)
    )
    for line_id, units, at, seq in rows:
        raises[line_id].append(RaiseValue(units, at, seq))
    return raises


def _manual(work: Work, found: Round) -> dict[int, int]:
    rows = work.session.execute(
        select(allotment_t.c.line_id, func.coalesce(allotment_t.c.given_units, allotment_t.c.units).label("units"))
        .join(line_t, line_t.c.id == allotment_t.c.line_id)
        .join(order_t, order_t.c.id == line_t.c.order_id)
        .where(order_t.c.round_id == found.id, allotment_t.c.manual)
    )
    return {row.line_id: row.units for row in rows}
