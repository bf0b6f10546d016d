"""What is told when a member leaves, is removed, or changes role: about them, to them, and about their orders."""

from dataclasses import dataclass

from models import Enterprise, Member
from services.read_left_order import LeftOrder, read_left_order
from services.work import Work
from views.language import Language
from views.notice import Delivery, NoticeKind, declare
from views.screen import Screen
from views.screens.left_order import collects_no_more_screen, collects_screen, fate_screen, left_question_screen


def _left(work: Work, delivery: Delivery) -> LeftOrder | None:
    left = read_left_order(work, delivery.facts["order_id"])
    return left if left is not None and left.awaits_collector and left.phase in ("open", "closed") else None


declare("member_left", NoticeKind(_left, left_question_screen))


def _collects(work: Work, delivery: Delivery) -> LeftOrder | None:
    left = read_left_order(work, delivery.facts["order_id"])
    return left if left is not None and left.collector_id == delivery.facts["collector_id"] else None


declare("collects", NoticeKind(_collects, collects_screen))


def _collects_no_more(work: Work, delivery: Delivery) -> LeftOrder | None:
    left = read_left_order(work, delivery.facts["order_id"])
    return left if left is not None and left.collector_id != delivery.facts["collector_id"] else None


declare("collects_no_more", NoticeKind(_collects_no_more, collects_no_more_screen))


def _fate(work: Work, delivery: Delivery) -> tuple[LeftOrder, str] | None:
    left = read_left_order(work, delivery.facts["order_id"])
    fate = str(delivery.facts["fate"])
    if left is None or (fate == "kept") != (left.collector_id is not None):
        return None
    return left, fate


def _render_fate(told: tuple[LeftOrder, str], language: Language) -> Screen:
    return fate_screen(*told, language)


declare("left_order", NoticeKind(_fate, _render_fate))


@dataclass(frozen=True, slots=True)
class Membership:
    """A membership that has ended or changed, and who did it."""

    enterprise: str
    role: str
    by: str


def _membership(work: Work, delivery: Delivery) -> Membership:
    member = work.session.get_one(Member, delivery.facts["member_id"])
    by = work.session.get_one(Member, delivery.facts["by"])
    enterprise = work.session.get_one(Enterprise, member.enterprise_id)
    return Membership(enterprise.name, str(delivery.facts.get("role", "")), by.name)


def _render_removed(told: Membership, language: Language) -> Screen:
    text = language.say(
        "👋 {by} has taken you off the members of <b>{enterprise}</b>. Thank you for having been with us! "
        "If you still have an order there, you hear what becomes of it.\n"
        "Is this a mistake? Ask {by} for a new invitation link.",
        by=told.by, enterprise=told.enterprise,
    )  # fmt: skip
    return Screen(text)


declare("member_removed", NoticeKind(_membership, _render_removed))


def _render_role(told: Membership, language: Language) -> Screen:
    if told.role == "coordinator":
        text = language.say(
            "🧑‍🌾 {by} has made you a coordinator of <b>{enterprise}</b>. /help shows what you can do now.",
            by=told.by, enterprise=told.enterprise,
        )  # fmt: skip
    else:
        text = language.say(
            "👤 {by} has made you an employee of <b>{enterprise}</b> again; you order like everybody else.",
            by=told.by, enterprise=told.enterprise,
        )  # fmt: skip
    return Screen(text)


declare("role_changed", NoticeKind(_membership, _render_role))
