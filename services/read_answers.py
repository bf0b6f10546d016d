"""How members have answered the changes of an open round that are not decided yet, for its coordinators."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlmodel import col, func, select

from models import Consent, Enterprise, Member, Offer, OfferChange, Order, OrderLine, Person, Round
from services.access import round_for_coordinator
from services.work import Work


@dataclass(frozen=True, slots=True)
class Answerer:
    """A member who is asked; `answer` is keep, drop or empty. Who collects an order answers for it."""

    name: str
    answer: str
    reachable: bool


@dataclass(frozen=True, slots=True)
class OpenChange:
    """A change that members are being asked about. `before` and `after` are terms of its kind."""

    kind: str
    name_zh: str
    name_en: str
    before: int | None
    after: int
    decides_at: datetime
    members: tuple[Answerer, ...]

    @property
    def silent(self) -> int:
        """How many have not answered."""
        return sum(not member.answer for member in self.members)


@dataclass(frozen=True, slots=True)
class Answers:
    """All open changes of a round."""

    round_id: int
    changes: tuple[OpenChange, ...]
    zone: str
    currency: str


def read_answers(work: Work, round_id: int) -> Answers:
    """The open changes of a round that the actor coordinates."""
    found, _ = round_for_coordinator(work, round_id)
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    return Answers(round_id, open_changes(work, found), enterprise.zone, enterprise.currency)


def open_changes(work: Work, found: Round) -> tuple[OpenChange, ...]:
    """The open changes of a round, oldest first; the caller has checked who asks."""
    rows = work.session.exec(
        select(OfferChange, Offer, Consent.answer, Member, Person)  # type: ignore[call-overload]
        .join(Offer, col(Offer.id) == OfferChange.offer_id)
        .join(Consent, col(Consent.change_id) == OfferChange.id)
        .join(OrderLine, col(OrderLine.id) == Consent.line_id)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .join(Member, col(Member.id) == func.coalesce(Order.collector_id, Order.member_id))
        .join(Person, col(Person.id) == Member.person_id)
        .where(Offer.round_id == found.id, col(OfferChange.decided_at).is_(None), OfferChange.kind != "substitute")
        .where(OrderLine.firm > 0, Consent.answer != "replaced")
        .order_by(col(OfferChange.id), col(Member.name), col(Consent.id))
    )
    return tuple(_change(list(group)) for _, group in groupby(rows, key=lambda row: row[0].id))


def _change(rows: list[tuple[OfferChange, Offer, str, Member, Person]]) -> OpenChange:
    change, offer = rows[0][0], rows[0][1]
    return OpenChange(
        change.kind, offer.name_zh, offer.name_en, change.facts["before"], int(change.facts["after"]),
        change.decides_at, tuple(_answerers((answer, member, person) for _, _, answer, member, person in rows)),
    )  # fmt: skip


def _answerers(rows: Iterable[tuple[str, Member, Person]]) -> Iterable[Answerer]:
    for answer, member, person in rows:
        yield Answerer(member.name, answer, member.left_at is None and person.unreachable_since is None)
