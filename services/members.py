"""The members of an enterprise, for its coordinators: who they are, what they may do, and ending a membership."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, func, select

from models import Enterprise, Member, Order, OrderLine, Person, PickupPoint, Round
from rules.refusal import Refusal
from services.access import acting_coordinator, coordinator
from services.standing_orders import end_all_standing
from services.withdraw_orders import ask_about_orders, left_order
from services.work import Lane, Work

MEMBERS_A_PAGE = 10


@dataclass(frozen=True, slots=True)
class MemberView:
    """One member as a coordinator sees them."""

    id: int
    person_id: int
    name: str
    department: str
    role: str
    reachable: bool
    myself: bool
    point_zh: str = ""
    point_en: str = ""
    open_orders: int = 0
    """Rounds that are open and in which they have ordered."""


@dataclass(frozen=True, slots=True)
class MemberPage:
    """A page of members, by department and name."""

    members: tuple[MemberView, ...]
    page: int
    pages: int
    total: int


def read_members(work: Work, page: int = 0) -> MemberPage:
    """A page of the members of the enterprise worn now; the nearest one where there is no such page."""
    _, enterprise = acting_coordinator(work)
    return members_page(work, enterprise.id or 0, page)


def members_page(work: Work, enterprise_id: int, page: int) -> MemberPage:
    """A page of an enterprise's members; the caller has checked who asks."""
    of = (Member.enterprise_id == enterprise_id, col(Member.left_at).is_(None))
    total = work.session.exec(select(func.count(col(Member.id))).where(*of)).one()
    pages = max(1, -(-total // MEMBERS_A_PAGE))
    page = max(0, min(page, pages - 1))
    rows = work.session.exec(
        select(Member, Person)
        .join(Person, col(Person.id) == Member.person_id)
        .where(*of)
        .order_by(col(Member.department), col(Member.name), col(Member.id))
        .offset(page * MEMBERS_A_PAGE)
        .limit(MEMBERS_A_PAGE)
    )
    return MemberPage(tuple(_view(work, *row) for row in rows), page, pages, total)


def read_member(work: Work, member_id: int) -> MemberView:
    """One member of an enterprise that the actor coordinates, or Refusal("not_found")."""
    member = _member(work, member_id)
    point = work.session.get(PickupPoint, member.pickup_point_id) if member.pickup_point_id else None
    ordered = work.session.exec(
        select(func.count(func.distinct(Order.id)))
        .join(OrderLine, col(OrderLine.order_id) == Order.id)
        .join(Round, col(Round.id) == Order.round_id)
        .where(Order.member_id == member_id, OrderLine.firm > 0, Round.phase == "open")
    ).one()
    return _view(work, member, work.session.get_one(Person, member.person_id), point, ordered)


def _view(
    work: Work, member: Member, person: Person, point: PickupPoint | None = None, open_orders: int = 0
) -> MemberView:
    return MemberView(
        member.id or 0, person.id or 0, member.name, member.department, member.role,
        person.unreachable_since is None, person.id == work.someone.person_id,
        point.name_zh if point else "", point.name_en if point else "", open_orders,
    )  # fmt: skip


def may_collect(work: Work, order_id: int, page: int) -> MemberPage:
    """A page of the members who could collect an order left behind. Refusals of `left_order`."""
    return members_page(work, left_order(work, order_id)[1].enterprise_id, page)


def set_role(work: Work, member_id: int, role: str) -> MemberView:
    """Make a member a coordinator, or an employee again; they are told. Refusals: not_found, last_coordinator."""
    if role not in ("employee", "coordinator"):
        raise Refusal("button_stale")
    member = _member(work, member_id)
    others = lock_coordinators(work, member)
    _check_still_coordinator(work, member, others)
    if member.role == role:
        return read_member(work, member_id)
    if role == "employee" and not others:
        raise Refusal("last_coordinator")
    member.role = role
    work.session.add(member)
    work.session.flush()
    work.journal("member_role_changed", enterprise_id=member.enterprise_id, member_id=member_id, role=role)
    _tell(work, member, "role_changed", role)
    return read_member(work, member_id)


def remove_member(work: Work, member_id: int) -> MemberPage:
    """End somebody's membership; they are told, and the coordinators are asked about the orders left behind.

    The members that remain. Refusals: not_found, not_coordinator, remove_myself.
    """
    member = _member(work, member_id)
    if member.person_id == work.someone.person_id:
        raise Refusal("remove_myself")
    _check_still_coordinator(work, member, lock_coordinators(work, member))
    _tell(work, member, "member_removed")
    end_membership(work, member)
    member.removed = True
    person = work.session.get_one(Person, member.person_id)
    if person.member_id == member.id:
        person.member_id = None
    work.session.flush()
    return members_page(work, member.enterprise_id, 0)


def end_membership(work: Work, member: Member) -> None:
    """The member has left: standing orders end, coordinators are asked about the orders that stand.

    Refusal("last_coordinator").
    """
    if member.role == "coordinator" and not lock_coordinators(work, member):
        raise Refusal("last_coordinator")
    _wait_for_taps(work, member)
    ask_about_orders(work, member)
    end_all_standing(work, member)
    member.left_at = work.now
    work.session.add(member)
    work.session.flush()
    work.journal("member_left", enterprise_id=member.enterprise_id, member_id=member.id)


def _wait_for_taps(work: Work, member: Member) -> None:
    """What the member is ordering at this moment, also by a round that opens, or is being asked to collect, counts as
    well; after that nothing."""
    concerned = select(Round.id).where(
        Round.enterprise_id == member.enterprise_id, col(Round.phase).in_(("draft", "open", "closed"))
    )
    work.session.exec(concerned.order_by(col(Round.id)).with_for_update(key_share=True)).all()


def lock_coordinators(work: Work, member: Member) -> Sequence[Member]:
    """The other coordinators of a member's enterprise, locked with the member: two who leave or remove each other at
    the same time do so one after the other, so that one always remains."""
    enterprise = select(Enterprise.id).where(Enterprise.id == member.enterprise_id)
    work.session.exec(enterprise.with_for_update(key_share=True)).one()
    work.session.refresh(member)
    if member.left_at is not None:
        raise Refusal("not_found")
    return work.session.exec(
        select(Member).where(
            Member.enterprise_id == member.enterprise_id, Member.role == "coordinator", Member.id != member.id,
            col(Member.left_at).is_(None),
        ).execution_options(populate_existing=True)
    ).all()  # fmt: skip


def _check_still_coordinator(work: Work, member: Member, others: Sequence[Member]) -> None:
    """Another coordinator may have removed or demoted the actor a moment ago."""
    if work.someone.person_id not in {member.person_id, *(other.person_id for other in others)}:
        raise Refusal("not_coordinator")


def _member(work: Work, member_id: int) -> Member:
    member = work.session.get(Member, member_id)
    if member is None or member.left_at is not None:
        raise Refusal("not_found")
    coordinator(work, member.enterprise_id)
    return member


def _tell(work: Work, member: Member, kind: str, role: str = "") -> None:
    if member.person_id == work.someone.person_id:
        return
    work.notify(
        f"{kind}:{member.id}:{role}:{work.now.timestamp():.0f}", kind, Lane.INTERACTIVE,
        person=work.session.get_one(Person, member.person_id), enterprise_id=member.enterprise_id,
        member_id=member.id, role=role, by=coordinator(work, member.enterprise_id).id,
    )  # fmt: skip
