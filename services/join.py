"""Joining: an invitation is opened, a few questions are answered, and the person is in.

The answers live in a draft; the next question is whatever has no answer yet. So a crash, a repeated update
or a change of mind costs nothing. The invitation is counted when the last question is answered.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, select

from models import Enterprise, Invitation, Member, Person, PickupPoint, Supplier
from rules.refusal import Refusal
from rules.short_text import MAX_ADDRESS_CHARACTERS, short_text
from services.drafts import draft, drop_draft, save_draft
from services.enter import already_in, enter
from services.hats import Hat
from services.invitations import check_usable, find_invitation
from services.work import Work

KIND = "join"
TYPED_BY = "typed_by"
"""The fact that names the update whose text answered last."""
QUESTIONS = {
    "owner": ("enterprise", "points", "name", "department", "point"),
    "coordinator": ("name", "department", "point"),
    "employee": ("name", "department", "point"),
    "supplier": ("name",),
}
MAX_POINTS = 12
MAX_DEPARTMENTS_SHOWN = 8
NO_DEPARTMENT = "-"


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be picked by a button, in both languages."""

    value: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class JoinQuestion:
    """What is asked next; `asks` is "done" when the person is in."""

    asks: str
    role: str
    enterprise: str
    supplier_zh: str = ""
    supplier_en: str = ""
    first: bool = False
    choices: tuple[Choice, ...] = field(default=())
    name: str = ""
    department: str = ""
    point_zh: str = ""
    point_en: str = ""
    already: bool = False


def open_invitation(work: Work, code: str) -> JoinQuestion:
    """Start joining with a code; somebody who is in already just puts that hat on."""
    invitation = find_invitation(work, code)
    hat = already_in(work, invitation)
    if hat is not None:
        return _done(hat, already=True)
    save_draft(work, KIND, {"invitation_id": invitation.id})
    return _next(work, invitation, {}, first=True)


def pending_question(work: Work) -> JoinQuestion:
    """The open question again, or Refusal("join_not_started")."""
    invitation, facts = _open(work)
    return _next(work, invitation, facts, first=not set(facts) - {"invitation_id", TYPED_BY})


def answer_join(work: Work, asks: str, text: str) -> JoinQuestion:
    """Answer one question and get the next; an answer to an earlier question changes nothing."""
    invitation, facts = _open(work)
    check_usable(work, invitation)
    if _asks(invitation, facts) != asks:
        return _next(work, invitation, facts)
    facts[asks] = _read(work, invitation, asks, text)
    save_draft(work, KIND, facts)
    return _next(work, invitation, facts)


def answer_open_question(work: Work, text: str) -> JoinQuestion:
    """Answer, by typing, whatever is asked now; the same message again, after a crash, answers no further question."""
    invitation, facts = _open(work)
    asks = _asks(invitation, facts)
    if asks is None or (work.update_id is not None and facts.get(TYPED_BY) == work.update_id):
        return _next(work, invitation, facts)
    if work.update_id is not None:
        save_draft(work, KIND, facts | {TYPED_BY: work.update_id})
    return answer_join(work, asks, text)


def _open(work: Work) -> tuple[Invitation, dict[str, Any]]:
    row = draft(work, KIND)
    if row is None:
        raise Refusal("join_not_started")
    return work.session.get_one(Invitation, row.facts["invitation_id"]), dict(row.facts)


def _asks(invitation: Invitation, facts: dict[str, Any]) -> str | None:
    return next((question for question in QUESTIONS[invitation.role] if question not in facts), None)


def _read(work: Work, invitation: Invitation, asks: str, text: str) -> Any:
    if asks == "points":
        return _read_points(text)
    if asks == "point":
        return _read_point(work, invitation, text)
    if asks == "department" and text == NO_DEPARTMENT:
        return ""
    return short_text(text)


def _read_points(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_POINTS:
        raise Refusal("too_many_points", limit=MAX_POINTS)
    points = []
    for line in lines:
        name, _, address = line.replace("｜", "|").partition("|")
        address = short_text(address, MAX_ADDRESS_CHARACTERS) if address.strip() else ""
        points.append([short_text(name), address])
    if not points:
        raise Refusal("text_empty")
    return points


def _read_point(work: Work, invitation: Invitation, text: str) -> str:
    choices = _points(work, invitation, (draft(work, KIND) or _lost()).facts)
    wanted = text.strip().casefold()
    for choice in choices:
        if wanted in (choice.value, choice.zh.casefold(), choice.en.casefold()):
            return choice.value
    raise Refusal("point_not_understood")


def _lost() -> Any:
    raise Refusal("join_not_started")


def _next(work: Work, invitation: Invitation, facts: dict[str, Any], *, first: bool = False) -> JoinQuestion:
    asks = _asks(invitation, facts)
    if asks == "point" and not _points(work, invitation, facts):
        facts["point"] = ""
        asks = None
    if asks is None:
        drop_draft(work, KIND)
        return _done(enter(work, invitation, facts))
    enterprise = work.session.get(Enterprise, invitation.enterprise_id) if invitation.enterprise_id else None
    supplier = work.session.get(Supplier, invitation.supplier_id) if invitation.supplier_id else None
    return JoinQuestion(
        asks, invitation.role, enterprise.name if enterprise else facts.get("enterprise", ""),
        supplier.name_zh if supplier else "", supplier.name_en if supplier else "",
        first=first, choices=_choices(work, invitation, facts, asks),
    )  # fmt: skip


def _choices(work: Work, invitation: Invitation, facts: dict[str, Any], asks: str) -> tuple[Choice, ...]:
    if asks == "name":
        person = work.session.get_one(Person, work.someone.person_id)
        first_name = person.first_name[:40]
        return (Choice(first_name, first_name, first_name),) if first_name.strip() else ()
    if asks == "department":
        return _departments(work, invitation.enterprise_id)
    if asks == "point":
        return _points(work, invitation, facts)
    return ()


def _departments(work: Work, enterprise_id: int | None) -> tuple[Choice, ...]:
    names = work.session.exec(
        select(Member.department)
        .where(Member.enterprise_id == enterprise_id, Member.department != "", col(Member.left_at).is_(None))
        .distinct()
        .order_by(Member.department)
        .limit(MAX_DEPARTMENTS_SHOWN)
    )
    return tuple(Choice(name, name, name) for name in names)


def _points(work: Work, invitation: Invitation, facts: dict[str, Any]) -> tuple[Choice, ...]:
    if invitation.enterprise_id is None:
        return tuple(Choice(str(i), name, name) for i, (name, _) in enumerate(facts.get("points", ())))
    rows = work.session.exec(
        select(PickupPoint)
        .where(PickupPoint.enterprise_id == invitation.enterprise_id, col(PickupPoint.retired_at).is_(None))
        .order_by(col(PickupPoint.id))
    )
    return tuple(Choice(str(p.id), p.name_zh or p.name_en, p.name_en or p.name_zh) for p in rows)


def _done(hat: Hat, *, already: bool = False) -> JoinQuestion:
    return JoinQuestion(
        "done", hat.role, hat.enterprise, hat.supplier_zh, hat.supplier_en, name=hat.name,
        department=hat.department, point_zh=hat.point_zh, point_en=hat.point_en, already=already,
    )  # fmt: skip
