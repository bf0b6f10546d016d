"""What a person may change about themselves."""

from dataclasses import dataclass

from sqlmodel import col, select

from models import Member, Person, PickupPoint, SupplierContact
from rules.refusal import Refusal
from rules.short_text import short_text
from services.hats import Hat, hats, take_off
from services.members import end_membership
from services.work import Work


@dataclass(frozen=True, slots=True)
class Me:
    """A person's own page: their hats, and the pickup points to choose from."""

    hats: tuple[Hat, ...]
    points: tuple[tuple[int, str, str], ...]
    locale: str

    @property
    def worn(self) -> Hat | None:
        """The hat worn now."""
        return self.hats[0] if self.hats and self.hats[0].worn else None


def read_me(work: Work) -> Me:
    """The actor's own page."""
    person = work.session.get_one(Person, work.someone.person_id)
    worn = hats(work)
    points = work.session.exec(
        select(PickupPoint)
        .where(PickupPoint.enterprise_id == work.someone.enterprise_id, col(PickupPoint.retired_at).is_(None))
        .order_by(col(PickupPoint.id))
    )
    shown = [(p.id or 0, p.name_zh, p.name_en) for p in points] if work.someone.member_id else []
    return Me(worn, tuple(shown), person.locale)


def set_locale(work: Work, locale: str) -> Me:
    """Speak this language with the actor from now on."""
    if locale not in ("zh_CN", "en"):
        raise Refusal("button_stale")
    work.session.get_one(Person, work.someone.person_id).locale = locale
    return read_me(work)


def check_mine(work: Work, what: str) -> None:
    """Whether the actor has a `name`, a `department` or a pickup `point` to change: Refusal("not_a_member") if not."""
    if what == "name":
        _worn_row(work)
    else:
        _worn_member(work)


def set_name(work: Work, text: str) -> Me:
    """Change the name of the hat worn now."""
    _worn_row(work).name = short_text(text)
    return read_me(work)


def set_department(work: Work, text: str) -> Me:
    """Change the actor's department in the enterprise worn now."""
    _worn_member(work).department = short_text(text)
    return read_me(work)


def set_pickup_point(work: Work, point_id: int) -> Me:
    """Collect there from now on; orders already placed keep their own point."""
    member = _worn_member(work)
    point = work.session.get(PickupPoint, point_id)
    if point is None or point.enterprise_id != member.enterprise_id or point.retired_at is not None:
        raise Refusal("not_found")
    member.pickup_point_id = point_id
    return read_me(work)


def leave(work: Work) -> Hat | None:
    """End the membership or contact worn now; the hat worn next, if any.

    Coordinators decide about open orders: see `services.withdraw_orders`. The last coordinator of an enterprise
    cannot leave: nobody could run its rounds.
    """
    row = _worn_row(work)
    if isinstance(row, Member):
        end_membership(work, row)
        return take_off(work)
    work.journal("contact_left", contact_id=row.id)
    row.left_at = work.now
    work.session.flush()
    return take_off(work)


def _worn_row(work: Work) -> Member | SupplierContact:
    if work.someone.contact_id is not None:
        return work.session.get_one(SupplierContact, work.someone.contact_id)
    return _worn_member(work)


def _worn_member(work: Work) -> Member:
    if work.someone.member_id is None:
        raise Refusal("not_a_member")
    return work.session.get_one(Member, work.someone.member_id)
