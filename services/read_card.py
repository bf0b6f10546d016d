"""Reads a round's card for its members. Every press ends with it, so it speaks Core, in statements made once.

Cards that are read together cost as many statements as one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, case, select

from models import Enterprise, Member, Offer, Order, OrderLine, Photo, PickupPoint, Round, RoundPickupPoint
from rules.consolidate import least_order
from rules.decide import SupplierTerms
from rules.hints import cheaper_from
from rules.refusal import Refusal
from services.card_view import CardOffer, CardView
from services.decide_round import supplier_terms, terms_of, tiers_of
from services.order_point import own_or_first
from services.own_order import read_own_order
from services.read_change import Question, is_anything_asked, open_questions_of
from services.remember_photo import DEFAULT_PICTURE
from services.shortfall import NOTHING_LACKS, OfferSums, Shortfall, offer_sums, shortfall
from services.work import Work

round_t, member_t, enterprise_t = Round.__table__, Member.__table__, Enterprise.__table__  # type: ignore[attr-defined]
order_t, line_t, offer_t = Order.__table__, OrderLine.__table__, Offer.__table__  # type: ignore[attr-defined]
point_t, served_t, photo_t = PickupPoint.__table__, RoundPickupPoint.__table__, Photo.__table__  # type: ignore[attr-defined]

_ROUND = (
    select(
        round_t, enterprise_t.c.name.label("enterprise"), enterprise_t.c.zone, enterprise_t.c.currency,
        photo_t.c.id.label("default_photo"),
    )
    .join(enterprise_t, enterprise_t.c.id == round_t.c.enterprise_id)
    .outerjoin(photo_t, and_(photo_t.c.enterprise_id == enterprise_t.c.id, photo_t.c.sha256 == DEFAULT_PICTURE))
    .where(round_t.c.id == bindparam("round"))
)  # fmt: skip
_ROUNDS_OF_OFFERS = select(offer_t.c.id, offer_t.c.round_id).where(
    offer_t.c.id.in_(bindparam("offers", expanding=True))
)


def _orders_of(whom: Any) -> Any:
    """Members with their orders of some rounds, once for each line, or once without any.

    The version is read with the lines, before all else: a card that shows something older must never count as fresh.
    """
    return (
        select(
            round_t.c.id.label("round_id"), round_t.c.cards_version, whom.label("whom"),
            member_t.c.id.label("member_id"),
            member_t.c.pickup_point_id.label("own_point"), order_t.c.pickup_point_id.label("ordered_point"),
            line_t.c.offer_id, line_t.c.firm, line_t.c.tolerance, line_t.c.price_minor,
        )
        .join(member_t, member_t.c.enterprise_id == round_t.c.enterprise_id)
        .outerjoin(order_t, and_(order_t.c.round_id == round_t.c.id, order_t.c.member_id == member_t.c.id))
        .outerjoin(line_t, line_t.c.order_id == order_t.c.id)
        .where(
            round_t.c.id.in_(bindparam("rounds", expanding=True)), whom.in_(bindparam("whom", expanding=True))
        )
    )  # fmt: skip


_OF_PEOPLE = _orders_of(member_t.c.person_id).where(round_t.c.phase != "draft", member_t.c.left_at.is_(None))
_OF_MEMBERS = _orders_of(member_t.c.id)
_OF_WHO_STAYED = _OF_MEMBERS.where(member_t.c.left_at.is_(None))


def read_card(work: Work, round_id: int, offer_id: int | None = None) -> CardView:
    """The actor's card of a round, with the picture of one of its offers, or Refusal("not_found")."""
    return _only(_read(work, _OF_PEOPLE, [(round_id, work.someone.person_id)], [offer_id]))


def read_card_of_offer(work: Work, offer_id: int) -> CardView:
    """The actor's card of the round that an offer belongs to, turned to that offer, or Refusal("not_found")."""
    return _only(read_cards_of_offers(work, [(offer_id, work.someone.person_id)]))


def card_of(work: Work, found: Round, member: Member, offer_id: int | None = None) -> CardView:
    """The card of a round, a draft or not, for a member of its enterprise."""
    return _only(_read(work, _OF_MEMBERS, [(found.id or 0, member.id or 0)], [offer_id]))


def read_cards_of_offers(work: Work, wanted: Sequence[tuple[int, int]]) -> list[CardView | None]:
    """The cards of offers and people as `read_card_of_offer`; None where there is no such card. Nothing is written."""
    offers = work.execute(_ROUNDS_OF_OFFERS, {"offers": sorted({offer_id for offer_id, _ in wanted})})
    rounds = {row.id: row.round_id for row in offers}
    which = [(rounds.get(offer_id, 0), person_id) for offer_id, person_id in wanted]
    return _read(work, _OF_PEOPLE, which, [offer_id for offer_id, _ in wanted])


def read_cards_of_members(work: Work, wanted: Sequence[tuple[int, int]]) -> list[CardView | None]:
    """The cards of rounds and members; None where they have left, or there is no such card. Nothing is written."""
    return _read(work, _OF_WHO_STAYED, wanted, [None] * len(wanted))


def _only(cards: Sequence[CardView | None]) -> CardView:
    if cards[0] is None:
        raise Refusal("not_found")
    return cards[0]


def _read(
    work: Work, statement: Any, which: Sequence[tuple[int, int]], pages: Sequence[int | None]
) -> list[CardView | None]:
    """The card of each round and whom, turned to the offer of its page; what they have in common is read once."""
    found = {
        "rounds": sorted({round_id for round_id, _ in which}),
        "whom": sorted({whom for _, whom in which}),
    }
    orders: defaultdict[tuple[int, int], list[RowMapping]] = defaultdict(list)
    for row in work.execute(statement, found).mappings():
        orders[row["round_id"], row["whom"]].append(row)
    cards = _Cards(work)
    return [cards.of(orders[one], page) if one in orders else None for one, page in zip(which, pages, strict=True)]


class _Cards:
    """Cards that are read in one transaction which writes nothing any more."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._rounds: dict[int, _RoundOnCards] = {}
        self._photos: dict[int, Any] = {}

    def of(self, order: Sequence[RowMapping], offer_id: int | None) -> CardView | None:
        """The card of a member with this order, turned to an offer; None where the round has no offers."""
        common = self._round(order[0]["round_id"])
        if not common.sums:
            return None
        head = common.head
        offers = _offers(self._work, order, common)
        point = common.point(order[0]["ordered_point"], order[0]["own_point"])
        page = next((offer for offer in offers if offer.id == offer_id), offers[0])
        photo = self._photo(page.photo_id or head["default_photo"])
        return CardView(
            round_id=head["id"], member_id=order[0]["member_id"], number=head["number"], title=head["title"],
            enterprise=head["enterprise"], phase=head["phase"], closes_at=head["closes_at"],
            delivers_on=head["delivers_on"], now=self._work.now, version=order[0]["cards_version"],
            completing=head["phase"] == "open" and head["completing_since"] is not None,
            zone=head["zone"], currency=head["currency"], offers=offers,
            point_zh=point.name_zh if point else "", point_en=point.name_en if point else "",
            point_address_zh=point.address_zh if point else "", point_address_en=point.address_en if point else "",
            photo=photo.content if photo else None, photo_id=photo.id if photo else None,
            photo_file_id=photo.telegram_file_id if photo else None,
        )  # fmt: skip

    def _round(self, round_id: int) -> "_RoundOnCards":
        if round_id not in self._rounds:
            self._rounds[round_id] = _read_round(self._work, round_id)
        return self._rounds[round_id]

    def _photo(self, photo_id: int | None) -> Any:
        if photo_id and photo_id not in self._photos:
            self._photos[photo_id] = self._work.execute(_PHOTO, {"photo": photo_id}).first()
        return self._photos.get(photo_id or 0)


_PHOTO = select(
    photo_t.c.id,
    photo_t.c.telegram_file_id,
    case((photo_t.c.telegram_file_id.is_(None), photo_t.c.content)).label("content"),
).where(photo_t.c.id == bindparam("photo"))
"""Telegram keeps pictures that it has seen: their bytes are not needed any more."""


@dataclass(frozen=True, slots=True)
class _RoundOnCards:
    """What all cards of a round show alike."""

    head: RowMapping
    """The round, and what its enterprise is called and counts in."""
    sums: Sequence[OfferSums]
    offers: Sequence[CardOffer]
    """As somebody sees them who wishes none of them."""
    lacking: Shortfall
    asks: bool
    """Whether members may be asked about a change."""
    points: Mapping[int, Any]
    served: Sequence[int]

    def point(self, ordered: int | None, own: int | None) -> Any:
        """Where a member collects: as ordered, or else as `own_or_first` says."""
        return self.points.get(ordered or own_or_first(own, self.served) or 0)


def _read_round(work: Work, round_id: int) -> _RoundOnCards:
    head = work.execute(_ROUND, {"round": round_id}).mappings().one()
    is_open = head["phase"] == "open"
    sums = offer_sums(work, round_id, withdrawn=True)
    terms = supplier_terms(work, round_id)
    to_be_had = [one for one in sums if one.row["withdrawn_at"] is None]
    points = work.execute(_POINTS, {"round": round_id, "enterprise": head["enterprise_id"]}).all()
    lacking = shortfall(work, round_id, to_be_had, terms) if is_open else NOTHING_LACKS
    return _RoundOnCards(
        head, sums,
        offers=[_offer(one, terms, lacking, head["completing_since"] is not None) for one in sums],
        lacking=lacking,
        asks=is_open and is_anything_asked(work, round_id),
        points={row.id: row for row in points},
        served=[row.id for row in points if row.served is not None],
    )  # fmt: skip


_POINTS = (
    select(point_t, served_t.c.round_id.label("served"))
    .outerjoin(
        served_t, and_(served_t.c.pickup_point_id == point_t.c.id, served_t.c.round_id == bindparam("round"))
    )
    .where(point_t.c.enterprise_id == bindparam("enterprise"))
    .order_by(point_t.c.id)
)  # fmt: skip


def _offers(work: Work, order: Sequence[RowMapping], common: _RoundOnCards) -> tuple[CardOffer, ...]:
    """The offers of a round with everybody's and this member's wishes."""
    round_id, member_id = order[0]["round_id"], order[0]["member_id"]
    mine = {row["offer_id"]: row for row in order if row["offer_id"]}
    questions = open_questions_of(work, round_id, member_id) if mine and common.asks else {}
    offers = [_wished(one, mine[one.id], questions) if one.id in mine else one for one in common.offers]
    if common.head["completing_since"] is None:
        return tuple(offers)
    addable = _addable(work, round_id, member_id, common)
    return tuple(replace(one, addable=addable[one.id]) if one.id in addable else one for one in offers)


def _wished(offer: CardOffer, line: RowMapping, questions: Mapping[int, tuple[Question, ...]]) -> CardOffer:
    return replace(
        offer, mine=line["firm"], tolerance=line["tolerance"], promised=line["price_minor"],
        questions=questions.get(offer.id, ()),
    )  # fmt: skip


def _addable(work: Work, round_id: int, member_id: int, common: _RoundOnCards) -> dict[int, int]:
    own = read_own_order(work, work.session.get_one(Round, round_id), member_id)
    lacking = [(one, common.lacking.may_add(one.row["id"])) for one in common.sums]
    return {one.row["id"]: own.room(one, units) for one, units in lacking if units}


def _offer(one: OfferSums, suppliers: Mapping[int, SupplierTerms], lacking: Shortfall, completing: bool) -> CardOffer:
    offer, offer_id, supplier_id = one.row, one.row["id"], one.row["supplier_id"]
    terms, stock = terms_of(offer), offer["stock_units"]
    left = None if stock is None else max(0, stock - one.firm - one.tolerance)
    missing = lacking.units.get(offer_id, 0)
    cheaper = cheaper_from(terms, offer["price_minor"], tiers_of(offer["tiers"]), one.firm, one.tolerance)
    return CardOffer(
        id=offer_id, position=offer["position"], name_zh=offer["name_zh"], name_en=offer["name_en"],
        county_zh=offer["county_zh"], county_en=offer["county_en"], specification_zh=offer["specification_zh"],
        specification_en=offer["specification_en"], unit_zh=offer["unit_zh"], unit_en=offer["unit_en"],
        story_zh=offer["story_zh"], story_en=offer["story_en"], price=offer["price_minor"],
        case_size=offer["case_size"], minimum=least_order(terms), cap=offer["member_cap"], left=left,
        wished_by_all=one.firm, mine=0, photo_id=offer["photo_id"],
        missing=missing if left is None or missing <= left else 0, tolerance_of_all=one.tolerance,
        cheaper=cheaper if cheaper and (left is None or cheaper.more_units <= left) else None,
        supplier_missing=lacking.values.get(supplier_id, 0), withdrawn=offer["withdrawn_at"] is not None,
        addable=0 if completing else None, lacking=lacking.may_add(offer_id) if completing else 0,
        supplier_id=supplier_id, freight=suppliers[supplier_id].freight if supplier_id in suppliers else 0,
    )  # fmt: skip
