"""What a round comes to as things stand: its rows as plain values, decided by the rules. Nothing is written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, or_, select

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
wishes_something = or_(line_t.c.firm > 0, line_t.c.tolerance > 0)


def decide_round(work: Work, found: Round) -> Decision:
    """Decide a round; the caller has checked who asks, and flushed what it changed."""
    return decide(wished_offers(work, found), supplier_terms(work, found.id or 0))


_TERMS = select(terms_t).where(terms_t.c.round_id == bindparam("round"))


def supplier_terms(work: Work, round_id: int) -> dict[int, SupplierTerms]:
    """The terms of each supplier of a round; a minimum that is waived counts as none."""
    rows = work.execute(_TERMS, {"round": round_id}).mappings()
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
    lines, manual = _lines(work, found), manual_units(work, found)
    return [wished_offer(offer, lines.get(offer["id"], ()), manual.get(offer["id"], {})) for offer in offers]


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


def wished_offer(
    offer: RowMapping, lines: Sequence[WishedLine] = (), manual: Mapping[int, int] | None = None
) -> WishedOffer:
    """An offer as a value. `manual` holds the units that coordinators gave to its lines by hand."""
    return WishedOffer(
        offer_id=offer["id"], supplier_id=offer["supplier_id"], terms=terms_of(offer), price=offer["price_minor"],
        lines=lines, tiers=tiers_of(offer["tiers"]), strategy=offer["strategy"], supplied=offer["supplied_units"],
        manual=manual or {}, declined=offer["supplied_units"] == 0,
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
        .where(order_t.c.round_id == found.id, wishes_something)
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


def manual_units(work: Work, found: Round) -> dict[int, dict[int, int]]:
    """Units that coordinators gave by hand, by offer and line. Those are few: they are looked for first."""
    by_hand = select(allotment_t.c.line_id).where(allotment_t.c.manual)
    rows = work.session.execute(
        select(line_t.c.offer_id, allotment_t.c.line_id, func.coalesce(allotment_t.c.given_units, allotment_t.c.units))
        .join(line_t, line_t.c.id == allotment_t.c.line_id)
        .join(offer_t, offer_t.c.id == line_t.c.offer_id)
        .where(offer_t.c.round_id == found.id, allotment_t.c.line_id.in_(by_hand), wishes_something)
    )
    manual: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for offer_id, line_id, units in rows:
        manual[offer_id][line_id] = units
    return manual
