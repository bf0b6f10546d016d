"""A supplier offers another of its products instead of one it cannot deliver.

The product is then not delivered; each member who would have received it is asked, and whoever says keep before
the time is up receives the substitute at its price instead. Whoever does not answer gets neither and pays nothing.
The time is up after a day, or when the day of delivery begins.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, delete, func, select, update

from models import (
    Allotment,
    Consent,
    Enterprise,
    Offer,
    OfferChange,
    OrderLine,
    Product,
    PurchaseOrder,
    Raise,
    Round,
)
from rules.refusal import Refusal
from services.answer_purchase_order import answerable, ordered_units
from services.ask_consent import ask_members
from services.asked_substitutes import asked_substitutes
from services.decide_again import decide_again
from services.draft_round import add_offer
from services.offer_lines import Lines, lines_of
from services.tell_status import tell_status
from services.work import Work

ANSWER_WITHIN = timedelta(hours=24)
ANSWER_AT_LEAST = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class SubstituteChoice:
    """What has been chosen so far, and what there is to choose from."""

    offer: Offer | None
    product: Product | None
    products: tuple[Product, ...]
    members: int
    decides_at: datetime


def substitute_choice(
    work: Work, purchase_order_id: int, revision: int, offer_id: int | None, product_id: int | None
) -> SubstituteChoice:
    """The choice as it stands.

    Refusals: those of `answerable`, substitute_not_yours, substitute_asked, substitute_in_round.
    """
    row = answerable(work, purchase_order_id, revision)
    offer = _ordered_offer(work, row, offer_id) if offer_id is not None else None
    product = _own_product(work, row, product_id) if product_id is not None else None
    offered = select(Offer.product_id).where(Offer.round_id == row.round_id, col(Offer.withdrawn_at).is_(None))
    products = work.session.exec(
        select(Product)
        .where(
            Product.supplier_id == row.supplier_id,
            col(Product.retired_at).is_(None),
            col(Product.id).not_in(offered),
        )
        .order_by(col(Product.id))
    )
    members = len(_receiving(work, offer.id or 0)) if offer else 0
    return SubstituteChoice(offer, product, tuple(products), members, _decides_at(work, row))


def _decides_at(work: Work, row: PurchaseOrder) -> datetime:
    """A day to answer, but not beyond the beginning of the day of delivery; at least two hours."""
    found = work.session.get_one(Round, row.round_id)
    until = work.now + ANSWER_WITHIN
    day = row.delivers_on or found.delivers_on
    if day is not None:
        zone = ZoneInfo(work.session.get_one(Enterprise, found.enterprise_id).zone)
        until = min(until, datetime.combine(day, time(), zone).astimezone(work.now.tzinfo))
    return max(until, work.now + ANSWER_AT_LEAST)


def offer_substitute(
    work: Work, purchase_order_id: int, revision: int, offer_id: int, product_id: int
) -> PurchaseOrder:
    """Ask the members concerned. Refusals: those of `substitute_choice`."""
    row = answerable(work, purchase_order_id, revision)
    _ordered_offer(work, row, offer_id)
    product = _own_product(work, row, product_id)
    found = work.session.get_one(Round, row.round_id)
    change = OfferChange(
        offer_id=offer_id, kind="substitute", created_at=work.now, decides_at=_decides_at(work, row),
        facts={"product_id": product_id, "price": product.price_minor, "purchase_order_id": row.id},
    )  # fmt: skip
    work.session.add(change)
    work.session.flush()
    ask_members(work, found, change, _receiving(work, offer_id))
    work.journal(
        "substitute_offered", enterprise_id=found.enterprise_id, round_id=found.id, offer_id=offer_id,
        product_id=product_id,
    )  # fmt: skip
    tell_status(work, row, f"substitute:{change.id}")
    return row


def decide_substitute(work: Work, found: Round, change: OfferChange) -> None:
    """The time is up: keepers move to the substitute, the product itself is not delivered."""
    offer = work.session.get_one(Offer, change.offer_id)
    row = work.session.get_one(PurchaseOrder, int(change.facts["purchase_order_id"]), with_for_update=True)
    product = work.session.get_one(Product, int(change.facts["product_id"]))
    keepers = work.session.exec(
        select(OrderLine, Allotment)
        .join(Consent, col(Consent.line_id) == OrderLine.id)
        .join(Allotment, col(Allotment.line_id) == OrderLine.id)
        .where(Consent.change_id == change.id, Consent.answer == "keep", Allotment.units > 0)
        .order_by(col(OrderLine.id))
    ).all()
    if keepers:
        substitute = _substitute_offer(work, found, product, int(change.facts["price"]))
        for line, allotment in keepers:
            _move(work, line, allotment.units, substitute)
    offer.supplied_units = 0
    work.journal(
        "substitute_decided", enterprise_id=found.enterprise_id, round_id=found.id, change_id=change.id,
        kept=len(keepers),
    )  # fmt: skip
    decide_again(work, found, "substitute", offer.supplier_id)
    tell_status(work, row, f"substituted:{change.id}")


def take_substitutes_back(work: Work, found: Round) -> None:
    """The round opens again: substitutes leave it, since everybody has what they first wished."""
    changes = work.session.exec(
        select(OfferChange)
        .join(Offer, col(Offer.id) == OfferChange.offer_id)
        .where(Offer.round_id == found.id, OfferChange.kind == "substitute")
    ).all()
    products = {int(change.facts["product_id"]) for change in changes}
    for offer in work.session.exec(
        select(Offer).where(Offer.round_id == found.id, col(Offer.product_id).in_(products)).order_by(col(Offer.id))
    ).all():
        offer.withdrawn_at = work.now
        _empty(work, offer)


def _empty(work: Work, offer: Offer) -> None:
    lines = select(OrderLine.id).where(OrderLine.offer_id == offer.id)
    work.session.exec(delete(Raise).where(col(Raise.line_id).in_(lines)))
    work.session.exec(update(OrderLine).where(col(OrderLine.offer_id) == offer.id).values(firm=0, tolerance=0))


def _substitute_offer(work: Work, found: Round, product: Product, price: int) -> Offer:
    """The substitute in the round: no case, minimum or tier is asked of it, its price is what members agreed to."""
    substitute = work.session.exec(
        select(Offer).where(Offer.round_id == found.id, Offer.product_id == product.id)
    ).first() or add_offer(work, found, product)
    substitute.price_minor, substitute.case_size, substitute.minimum_units = price, 1, 0
    substitute.stock_units, substitute.tiers = None, []
    substitute.withdrawn_at = substitute.supplied_units = None
    work.session.flush()
    return substitute


def _move(work: Work, line: OrderLine, units: int, substitute: Offer) -> None:
    """A keeper's units on a line of their own; the original line keeps what was once wished."""
    kept = select(OrderLine).where(OrderLine.order_id == line.order_id, OrderLine.offer_id == substitute.id)
    fresh = work.session.exec(kept).first() or OrderLine(
        order_id=line.order_id, offer_id=substitute.id or 0, firm=0, price_minor=0, changed_at=work.now
    )
    fresh.price_minor = max(fresh.price_minor, substitute.price_minor) if fresh.firm else substitute.price_minor
    fresh.firm, fresh.changed_at = fresh.firm + units, work.now
    work.session.add(fresh)
    work.session.flush()
    first = select(func.min(Raise.at)).where(Raise.line_id == line.id)
    work.session.add(Raise(line_id=fresh.id or 0, units=units, at=work.session.exec(first).one() or work.now))


def _ordered_offer(work: Work, row: PurchaseOrder, offer_id: int) -> Offer:
    if offer_id not in ordered_units(work, row):
        raise Refusal("not_found")
    if asked_substitutes(work, row.round_id, offer_id=offer_id):
        raise Refusal("substitute_asked")
    return work.session.get_one(Offer, offer_id)


def _own_product(work: Work, row: PurchaseOrder, product_id: int) -> Product:
    product = work.session.get(Product, product_id)
    if product is None or product.supplier_id != row.supplier_id or product.retired_at is not None:
        raise Refusal("substitute_not_yours")
    offered = select(Offer.id).where(
        Offer.round_id == row.round_id, Offer.product_id == product_id, col(Offer.withdrawn_at).is_(None)
    )
    if work.session.exec(offered).first() is not None:
        raise Refusal("substitute_in_round")
    return product


def _receiving(work: Work, offer_id: int) -> Lines:
    """The lines that receive something of an offer; whoever collects an order answers for it."""
    gets = set(work.session.exec(
        select(OrderLine.id)
        .join(Allotment, col(Allotment.line_id) == OrderLine.id)
        .where(OrderLine.offer_id == offer_id, Allotment.units > 0)
    ))  # fmt: skip
    return [one for one in lines_of(work, offer_id) if one[0].id in gets]
