"""What a round's card says to one member, as values."""

from dataclasses import dataclass
from datetime import date, datetime

from rules.hints import CheaperFrom
from services.read_change import Question


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
