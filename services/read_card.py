"""Reads a round's card for its members. Every press ends with it, so it speaks Core, in statements made once.

Cards that are read together cost as many statements as one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, case, select

from models import Member, Offer, Order, OrderLine, Photo, Round
from rules.refusal import Refusal
from services.card_view import CardOffer, CardView
from services.own_order import read_own_order
from services.read_change import Question, open_questions_of
from services.round_on_cards import RoundOnCards, read_round_on_cards
from services.work import Work

round_t, member_t, photo_t = Round.__table__, Member.__table__, Photo.__table__  # type: ignore[attr-defined]
order_t, line_t, offer_t = Order.__table__, OrderLine.__table__, Offer.__table__  # type: ignore[attr-defined]

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
        self._rounds: dict[int, RoundOnCards] = {}
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

    def _round(self, round_id: int) -> RoundOnCards:
        if round_id not in self._rounds:
            self._rounds[round_id] = read_round_on_cards(self._work, round_id)
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


def _offers(work: Work, order: Sequence[RowMapping], common: RoundOnCards) -> tuple[CardOffer, ...]:
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


def _addable(work: Work, round_id: int, member_id: int, common: RoundOnCards) -> dict[int, int]:
    own = read_own_order(work, work.session.get_one(Round, round_id), member_id)
    lacking = [(one, common.lacking.may_add(one.row["id"])) for one in common.sums]
    return {one.row["id"]: own.room(one, units) for one, units in lacking if units}
