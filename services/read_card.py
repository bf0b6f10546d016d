"""Reads a round's card for one member. Every press ends with it, so it speaks Core, in statements made once."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, case, or_, select

from models import Enterprise, Member, Offer, Order, OrderLine, Photo, PickupPoint, Round, RoundPickupPoint
from rules.consolidate import least_order
from rules.decide import SupplierTerms
from rules.hints import cheaper_from
from rules.refusal import Refusal
from services.card_view import CardOffer, CardView
from services.decide_round import supplier_terms, terms_of, tiers_of
from services.order_point import own_or_first
from services.own_order import read_own_order
from services.read_change import Question, open_questions_of
from services.remember_photo import DEFAULT_PICTURE
from services.shortfall import NOTHING_LACKS, OfferSums, Shortfall, offer_sums, shortfall
from services.work import Work

round_t, member_t, enterprise_t = Round.__table__, Member.__table__, Enterprise.__table__  # type: ignore[attr-defined]
order_t, line_t, offer_t = Order.__table__, OrderLine.__table__, Offer.__table__  # type: ignore[attr-defined]
point_t, served_t, photo_t = PickupPoint.__table__, RoundPickupPoint.__table__, Photo.__table__  # type: ignore[attr-defined]

_HEAD = (
    select(
        round_t, enterprise_t.c.name.label("enterprise"), enterprise_t.c.zone, enterprise_t.c.currency,
        member_t.c.id.label("member_id"), member_t.c.pickup_point_id.label("own_point"),
        order_t.c.pickup_point_id.label("ordered_point"), photo_t.c.id.label("default_photo"),
    )
    .join(enterprise_t, enterprise_t.c.id == round_t.c.enterprise_id)
    .join(member_t, member_t.c.enterprise_id == round_t.c.enterprise_id)
    .outerjoin(order_t, and_(order_t.c.round_id == round_t.c.id, order_t.c.member_id == member_t.c.id))
    .outerjoin(photo_t, and_(photo_t.c.enterprise_id == enterprise_t.c.id, photo_t.c.sha256 == DEFAULT_PICTURE))
)  # fmt: skip
_OF_PERSON = _HEAD.where(
    round_t.c.phase != "draft", member_t.c.person_id == bindparam("person"), member_t.c.left_at.is_(None)
)
_BY_ROUND = _OF_PERSON.where(round_t.c.id == bindparam("round"))
_BY_OFFER = _OF_PERSON.join(offer_t, offer_t.c.round_id == round_t.c.id).where(offer_t.c.id == bindparam("offer"))
_OF_MEMBER = _HEAD.where(round_t.c.id == bindparam("round"), member_t.c.id == bindparam("member"))


def read_card(work: Work, round_id: int, offer_id: int | None = None) -> CardView:
    """The actor's card of a round, with the picture of one of its offers, or Refusal("not_found")."""
    return _card(work, _BY_ROUND, {"round": round_id, "person": work.someone.person_id}, offer_id)


def read_card_of_offer(work: Work, offer_id: int) -> CardView:
    """The actor's card of the round that an offer belongs to, turned to that offer, or Refusal("not_found")."""
    return _card(work, _BY_OFFER, {"offer": offer_id, "person": work.someone.person_id}, offer_id)


def card_of(work: Work, found: Round, member: Member, offer_id: int | None = None) -> CardView:
    """The card of a round, a draft or not, for a member of its enterprise."""
    return _card(work, _OF_MEMBER, {"round": found.id or 0, "member": member.id or 0}, offer_id)


def _card(work: Work, statement: Any, which: Mapping[str, int], offer_id: int | None) -> CardView:
    head = work.execute(statement, which).mappings().first()
    offers = _offers(work, head) if head is not None else ()
    if head is None or not offers:
        raise Refusal("not_found")
    point = _point(work, head)
    page = next((offer for offer in offers if offer.id == offer_id), offers[0])
    photo_id = page.photo_id or head["default_photo"]
    photo = work.execute(_PHOTO, {"photo": photo_id}).first() if photo_id else None
    return CardView(
        round_id=head["id"], member_id=head["member_id"], number=head["number"], title=head["title"],
        enterprise=head["enterprise"], phase=head["phase"], closes_at=head["closes_at"],
        delivers_on=head["delivers_on"], now=work.now, version=head["cards_version"],
        completing=head["phase"] == "open" and head["completing_since"] is not None,
        zone=head["zone"], currency=head["currency"], offers=offers,
        point_zh=point.name_zh if point else "", point_en=point.name_en if point else "",
        point_address_zh=point.address_zh if point else "", point_address_en=point.address_en if point else "",
        photo=photo.content if photo else None, photo_id=photo.id if photo else None,
        photo_file_id=photo.telegram_file_id if photo else None,
    )  # fmt: skip


_PHOTO = select(
    photo_t.c.id,
    photo_t.c.telegram_file_id,
    case((photo_t.c.telegram_file_id.is_(None), photo_t.c.content)).label("content"),
).where(photo_t.c.id == bindparam("photo"))
"""Telegram keeps pictures that it has seen: their bytes are not needed any more."""
_MINE = (
    select(line_t.c.offer_id, line_t.c.firm, line_t.c.tolerance, line_t.c.price_minor)
    .join(order_t, order_t.c.id == line_t.c.order_id)
    .where(order_t.c.round_id == bindparam("round"), order_t.c.member_id == bindparam("member"))
)


def _offers(work: Work, head: RowMapping) -> tuple[CardOffer, ...]:
    """The offers of a round with everybody's and this member's wishes."""
    which = {"round": head["id"], "member": head["member_id"]}
    sums = offer_sums(work, head["id"], withdrawn=True)
    mine = {offer_id: wish for offer_id, *wish in work.execute(_MINE, which)}
    terms = supplier_terms(work, head["id"])
    lacking, questions, addable = NOTHING_LACKS, {}, {}
    if head["phase"] == "open":
        to_be_had = [one for one in sums if one.row["withdrawn_at"] is None]
        lacking = shortfall(work, head["id"], to_be_had, terms)
        questions = open_questions_of(work, head["id"], head["member_id"]) if mine else {}
    if head["completing_since"] is not None:
        addable = _addable(work, head, sums, lacking)
    return tuple(_offer(one, mine, lacking, questions, addable, terms) for one in sums)


def _addable(work: Work, head: RowMapping, sums: Sequence[OfferSums], lacking: Shortfall) -> dict[int, int]:
    own = read_own_order(work, work.session.get_one(Round, head["id"]), head["member_id"])
    return {one.row["id"]: own.room(one, lacking.may_add(one.row["id"])) for one in sums}


def _offer(
    one: OfferSums,
    wishes: Mapping[int, Sequence[int]],
    lacking: Shortfall,
    questions: Mapping[int, tuple[Question, ...]],
    addable: Mapping[int, int],
    suppliers: Mapping[int, SupplierTerms],
) -> CardOffer:
    offer, offer_id, supplier_id = one.row, one.row["id"], one.row["supplier_id"]
    my_firm, my_tolerance, promised = wishes.get(offer_id, (0, 0, 0))
    terms = terms_of(offer)
    stock = offer["stock_units"]
    left = None if stock is None else max(0, stock - one.firm - one.tolerance)
    missing = lacking.units.get(offer_id, 0)
    cheaper = cheaper_from(terms, offer["price_minor"], tiers_of(offer["tiers"]), one.firm, one.tolerance)
    return CardOffer(
        id=offer_id, position=offer["position"], name_zh=offer["name_zh"], name_en=offer["name_en"],
        county_zh=offer["county_zh"], county_en=offer["county_en"], specification_zh=offer["specification_zh"],
        specification_en=offer["specification_en"], unit_zh=offer["unit_zh"], unit_en=offer["unit_en"],
        story_zh=offer["story_zh"], story_en=offer["story_en"], price=offer["price_minor"],
        case_size=offer["case_size"], minimum=least_order(terms), cap=offer["member_cap"], left=left,
        wished_by_all=one.firm, mine=my_firm, photo_id=offer["photo_id"], tolerance=my_tolerance, promised=promised,
        missing=missing if left is None or missing <= left else 0, tolerance_of_all=one.tolerance,
        cheaper=cheaper if cheaper and (left is None or cheaper.more_units <= left) else None,
        supplier_missing=lacking.values.get(supplier_id, 0), withdrawn=offer["withdrawn_at"] is not None,
        addable=addable.get(offer_id), lacking=lacking.may_add(offer_id) if addable else 0,
        questions=questions.get(offer_id, ()), supplier_id=supplier_id,
        freight=suppliers[supplier_id].freight if supplier_id in suppliers else 0,
    )  # fmt: skip


_POINTS = (
    select(point_t, served_t.c.round_id.label("served"))
    .outerjoin(
        served_t, and_(served_t.c.pickup_point_id == point_t.c.id, served_t.c.round_id == bindparam("round"))
    )
    .where(or_(served_t.c.round_id.is_not(None), point_t.c.id.in_([bindparam("ordered"), bindparam("own")])))
    .order_by(point_t.c.id)
)  # fmt: skip


def _point(work: Work, head: RowMapping) -> Any:
    """Where this member collects: as ordered, or else as `default_point` says."""
    which = {"round": head["id"], "ordered": head["ordered_point"], "own": head["own_point"]}
    rows = work.execute(_POINTS, which).all()
    points = {row.id: row for row in rows}
    served = [row.id for row in rows if row.served is not None]
    return points.get(head["ordered_point"] or own_or_first(head["own_point"], served))
