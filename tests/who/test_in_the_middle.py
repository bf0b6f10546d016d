"""Somebody is asked something, is thrown out before answering, and answers: that is refused like any other press."""

from dataclasses import dataclass
from io import BytesIO

import pytest
from PIL import Image
from sqlmodel import select
from telegram.ext import ConversationHandler

from handlers.context import App
from models import Invitation, Member, Person, SupplierContact
from services.work import Work
from tests.who.cells import ROWS
from tests.who.messages import INVITATION, Message, photo
from tests.who.stand import ALLOWED, Stand


@dataclass(frozen=True)
class Asked:
    """Who is asked by which press, and what they answer."""

    role: str
    by: str
    answer: str


QUESTIONS = {
    "change.typed": Asked("coordinator", "ChangeOffer (to what)", "99"),
    "catalogue.photo": Asked("coordinator", "AskCatalogue (a photo)", ""),
    "catalogue.text": Asked("coordinator", "AskCatalogue (a field of a product)", "12"),
    "join.answer": Asked("invited", INVITATION, "车间"),
    "me.department": Asked("employee", "AskMine", "食堂"),
    "me.name": Asked("employee", "AskMine", "新名"),
    "points.lines": Asked("coordinator", "AddPoint", "东门"),
    "publish.value": Asked("coordinator", "AskRound", "新题"),
    "purchase_order.reason": Asked("supplier", "TypeReason", "下雨"),
    "purchase_order.units": Asked("supplier", "SupplyUnits (asks)", "2"),
    "round.until": Asked("coordinator", "TypeClosing", "后天18点"),
    "series.value": Asked("coordinator", "AskSeries", "新题"),
}
THROWN_OUT = {"not_a_member", "not_found", "not_coordinator", "invitation_revoked"}


def picture() -> bytes:
    """A small JPEG."""
    file = BytesIO()
    Image.new("RGB", (8, 8), "orange").save(file, "JPEG")
    return file.getvalue()


def throw_out(work: Work, telegram_id: int) -> None:
    """Whatever they were, they are it no longer."""
    person = work.session.exec(select(Person).where(Person.telegram_id == telegram_id)).one()
    for table in (Member, SupplierContact):
        for row in work.session.exec(select(table).where(table.person_id == person.id)):
            row.left_at = work.now
    person.member_id = person.contact_id = None
    for invitation in work.session.exec(select(Invitation)):
        invitation.revoked_at = work.now


async def ask(stand: Stand, state: str) -> None:
    """Begin the conversation that leads to a state."""
    mine, asked = stand.tenants["甲"], QUESTIONS[state]
    if asked.by == INVITATION:
        await stand.writes(mine, asked.role, Message(INVITATION).content(mine.ids, mine), stays=True)
    else:
        data = "pq:department" if state == "me.department" else ROWS[asked.by].data(mine.ids)
        await stand.presses(mine, asked.role, data, stays=True)
    assert stand.state(mine, asked.role) == state


@pytest.mark.parametrize("state", QUESTIONS)
async def test_an_answer_after_being_thrown_out_changes_nothing(stand: Stand, state: str) -> None:
    mine, asked = stand.tenants["甲"], QUESTIONS[state]
    content = {"text": asked.answer} if asked.answer else {"photo": photo(picture())}
    for thrown_out in (False, True):
        await ask(stand, state)
        if thrown_out:
            stand.play.database.run(throw_out, None, None, mine.telegram_id(asked.role))
        stand.begin()
        outcome = await stand.writes(mine, asked.role, content)
        assert (outcome.code in THROWN_OUT, outcome.code == ALLOWED) == (thrown_out, not thrown_out), outcome.code
        assert not (thrown_out and outcome.changed)


def test_no_question_is_forgotten(application: App) -> None:
    (talk,) = (one for one in application.handlers[0] if isinstance(one, ConversationHandler))
    assert set(talk.states) == set(QUESTIONS)
