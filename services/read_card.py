"""What a round's card shows to one member."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import col, select

from models import Card, Enterprise, Member, Offer, Order, OrderLine, Photo, PickupPoint, Round, RoundSupplier
from rules.consolidate import least_order
from rules.hints import CheaperFrom, cheaper_from
from rules.refusal import Refusal
from services.access import round_for_member
from services.decide_round import offer_terms, tiers_of
from services.order_point import default_point
from services.own_order import read_own_order
from services.read_change import Question, open_questions_of
from services.shortfall import OfferSums, Shortfall, offer_sums, shortfall
from services.work import Work


@dataclass(frozen=True, slots=True)
class CardOffer:
    """One offer as a member sees it; money in minor units."""

    id: int
    position: int
    name_zh: str
    name_en: str
    county_zh: str
    county_en: str
    specification_zh: str
    specification_en: str
    unit_zh: str
    unit_en: str
    story_zh: str
    story_en: str
    price: int
    case_size: int
    minimum: int
    """The least that is delivered, in whole cases; 0 for none."""
    cap: int | None
    left: int | None
    """Units that can still be had, where stock is limited."""
    wished_by_all: int
    """Firm units of all members."""
    mine: int
    photo_id: int | None
    tolerance: int = 0
    promised: int = 0
    """The most that a unit of my line will cost."""
    missing: int = 0
    """Units that would meet the minimum, or complete the last case."""
    tolerance_of_all: int = 0
    cheaper: CheaperFrom | None = None
    """What more units would bring everybody, where they can still be had."""
    supplier_missing: int = 0
    """What the supplier's whole order lacks to its minimum, in minor units."""
    withdrawn: bool = False
    addable: int | None = None
    """In a completion phase: how many more units I may order of those that are missing; None outside one."""
    lacking: int = 0
    """In a completion phase: how many units are missing, whoever adds them."""
    questions: tuple[Question, ...] = ()
    """Changes of the offer that wait for my answer."""
    freight: int = 0
    """What a whole delivery of the offer's supplier costs, in minor units; shared when the round closes."""
    supplier_id: int = 0

    @property
    def cost(self) -> int:
        """What my wish costs at most, without tolerance."""
        return self.mine * (self.promised or self.price)

    @property
    def most(self) -> int:
        """What my wish costs at most, all its tolerance used."""
        return (self.mine + self.tolerance) * (self.promised or self.price)

    @property
    def bundled(self) -> bool:
        """Whether tolerance can help: it comes in cases, or has a minimum."""
        return self.case_size > 1 or self.minimum > 1


@dataclass(frozen=True, slots=True)
class CardView:
    """A round's card for one member; `photo` is the picture of the page shown."""

    round_id: int
    member_id: int
    number: int
    title: str
    enterprise: str
    phase: str
    closes_at: datetime | None
    delivers_on: date | None
    now: datetime
    zone: str
    currency: str
    offers: tuple[CardOffer, ...]
    point_zh: str
    point_en: str
    point_address_zh: str
    point_address_en: str
    version: int = 0
    """The round's `cards_version`, which it shows."""
    completing: bool = False
    """Only missing units can be ordered now."""
    photo: bytes | None = None
    photo_id: int | None = None
    photo_file_id: str | None = None

    @property
    def open(self) -> bool:
        """Whether ordering is possible now."""
        return self.phase == "open" and (self.closes_at is None or self.now < self.closes_at)

    @property
    def total(self) -> int:
        """What all my wishes cost at most, without tolerance."""
        return sum(offer.cost for offer in self.offers)

    @property
    def most(self) -> int:
        """What all my wishes cost at most, all tolerance used; freight comes on top."""
        return sum(offer.most for offer in self.offers if offer.mine)

    def page_of(self, offer_id: int | None) -> CardOffer:
        """The offer of a page; the first where the page is gone."""
        return next((offer for offer in self.offers if offer.id == offer_id), self.offers[0])


def read_card(work: Work, round_id: int, offer_id: int | None = None) -> CardView:
    """The actor's card of a round, with the picture of one of its offers."""
    found, member = round_for_member(work, round_id)
    return card_of(work, found, member, offer_id)


def card_of(work: Work, found: Round, member: Member, offer_id: int | None = None) -> CardView:
    """The card of a round for a member."""
    offers = card_offers(work, found, member)
    if not offers:
        raise Refusal("not_found")
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    point = _point(work, found, member)
    page = next((offer for offer in offers if offer.id == offer_id), offers[0])
    photo = work.session.get(Photo, page.photo_id) if page.photo_id else None
    return CardView(
        round_id=found.id or 0, member_id=member.id or 0, number=found.number, title=found.title,
        enterprise=enterprise.name, phase=found.phase, closes_at=found.closes_at, delivers_on=found.delivers_on,
        now=work.now, version=found.cards_version,
        completing=found.phase == "open" and found.completing_since is not None,
        zone=enterprise.zone, currency=enterprise.currency, offers=offers,
        point_zh=point.name_zh if point else "", point_en=point.name_en if point else "",
        point_address_zh=point.address_zh if point else "", point_address_en=point.address_en if point else "",
        photo=photo.content if photo else None, photo_id=photo.id if photo else None,
        photo_file_id=photo.telegram_file_id if photo else None,
    )  # fmt: skip


def card_offers(work: Work, found: Round, member: Member) -> tuple[CardOffer, ...]:
    """The offers of a round with everybody's and this member's wishes."""
    sums = offer_sums(work, found.id or 0, withdrawn=True)
    wished = {one.row["id"]: (one.firm, one.tolerance) for one in sums}
    mine = {
        offer_id: (firm, tolerance, promised)
        for offer_id, firm, tolerance, promised in work.session.exec(
            select(OrderLine.offer_id, OrderLine.firm, OrderLine.tolerance, OrderLine.price_minor)
            .join(Order, col(Order.id) == OrderLine.order_id)
            .where(Order.round_id == found.id, Order.member_id == member.id)
        )
    }
    rows = work.session.exec(
        select(Offer, col(RoundSupplier.freight_minor))
        .outerjoin(
            RoundSupplier,
            (col(RoundSupplier.round_id) == Offer.round_id) & (col(RoundSupplier.supplier_id) == Offer.supplier_id),
        )
        .where(Offer.round_id == found.id)
        .order_by(col(Offer.position))
    ).all()
    to_be_had = [one for one in sums if one.row["withdrawn_at"] is None]
    lacking = shortfall(work, found.id or 0, to_be_had) if found.phase == "open" else Shortfall({}, {}, {})
    questions = open_questions_of(work, found.id or 0, member.id or 0) if found.phase == "open" and mine else {}
    addable = _addable(work, found, member, sums, lacking) if found.completing_since is not None else {}
    return tuple(
        replace(
            _card_offer(offer, wished.get(offer.id or 0, (0, 0)), mine.get(offer.id or 0, (0, 0, 0)), lacking),
            addable=addable.get(offer.id or 0),
            lacking=lacking.may_add(offer.id or 0) if addable else 0,
            questions=questions.get(offer.id or 0, ()),
            freight=freight or 0,
        )
        for offer, freight in rows
    )


def _addable(work: Work, found: Round, member: Member, sums: Sequence[OfferSums], lacking: Shortfall) -> dict[int, int]:
    own = read_own_order(work, found, member.id or 0)
    return {one.row["id"]: own.room(one, lacking.may_add(one.row["id"])) for one in sums}


def _card_offer(offer: Offer, wished: tuple[int, int], mine: tuple[int, int, int], lacking: Shortfall) -> CardOffer:
    (firm, tolerance), (my_firm, my_tolerance, promised) = wished, mine
    terms = offer_terms(offer)
    left = None if offer.stock_units is None else max(0, offer.stock_units - firm - tolerance)
    missing = lacking.units.get(offer.id or 0, 0)
    cheaper = cheaper_from(terms, offer.price_minor, tiers_of(offer.tiers), firm, tolerance)
    return CardOffer(
        id=offer.id or 0, position=offer.position, name_zh=offer.name_zh, name_en=offer.name_en,
        county_zh=offer.county_zh, county_en=offer.county_en, specification_zh=offer.specification_zh,
        specification_en=offer.specification_en, unit_zh=offer.unit_zh, unit_en=offer.unit_en,
        story_zh=offer.story_zh, story_en=offer.story_en, price=offer.price_minor, case_size=offer.case_size,
        minimum=least_order(terms), cap=offer.member_cap, left=left,
        wished_by_all=firm, mine=my_firm, photo_id=offer.photo_id, tolerance=my_tolerance, promised=promised,
        missing=missing if left is None or missing <= left else 0, tolerance_of_all=tolerance,
        cheaper=cheaper if cheaper and (left is None or cheaper.more_units <= left) else None,
        supplier_missing=lacking.values.get(offer.supplier_id, 0), withdrawn=offer.withdrawn_at is not None,
        supplier_id=offer.supplier_id,
    )  # fmt: skip


def _point(work: Work, found: Round, member: Member) -> PickupPoint | None:
    ordered = work.session.exec(
        select(Order.pickup_point_id).where(Order.round_id == found.id, Order.member_id == member.id)
    ).first()
    point_id = ordered or default_point(work, found.id or 0, member.pickup_point_id)
    return work.session.get(PickupPoint, point_id) if point_id else None


def open_round_ids(work: Work) -> tuple[int, ...]:
    """The open rounds of the enterprise worn now, oldest first."""
    rows = work.session.exec(
        select(Round.id)
        .where(
            Round.enterprise_id == work.someone.enterprise_id, Round.phase == "open", col(Round.closes_at) > work.now
        )
        .order_by(col(Round.closes_at))
    )
    return tuple(row for row in rows if row is not None)


def next_opening(work: Work) -> datetime | None:
    """When the next scheduled round of the enterprise worn now opens."""
    return work.session.exec(
        select(Round.opens_at)
        .where(
            Round.enterprise_id == work.someone.enterprise_id,
            Round.phase == "draft",
            col(Round.scheduled_at).is_not(None),
        )
        .order_by(col(Round.opens_at))
    ).first()


def remember_card(work: Work, round_id: int, member_id: int, chat_id: int, message_id: int, version: int) -> None:
    """This message is the member's newest card of the round; `version` is what it shows at least."""
    card = work.session.get(Card, (round_id, member_id)) or Card(
        round_id=round_id, member_id=member_id, chat_id=chat_id, message_id=message_id
    )
    card.chat_id, card.message_id, card.shown_version = chat_id, message_id, version
    work.session.add(card)


def read_card_of_offer(work: Work, offer_id: int) -> CardView:
    """The actor's card of the round that an offer belongs to, turned to that offer."""
    offer = work.session.get(Offer, offer_id)
    if offer is None:
        raise Refusal("not_found")
    return read_card(work, offer.round_id, offer_id)
