"""Tells coordinators whom messages do not reach."""

from models import Member
from services.unreachable import member_of_person
from services.work import Work
from views.language import Language
from views.notice import Delivery, NoticeKind, declare
from views.screen import Screen


def _read(work: Work, delivery: Delivery) -> Member | None:
    return member_of_person(work, delivery.facts["unreachable_id"], delivery.enterprise_id)


def _render(member: Member, language: Language) -> Screen:
    who = f"{member.name} · {member.department}" if member.department else member.name
    return Screen(
        language.say(
            "⚠️ <b>{who}</b> cannot be reached: they blocked the bot or left Telegram. Please tell them yourself, and "
            "ask them to open the bot and press Start.",
            who=who,
        )
    )


declare("unreachable", NoticeKind(_read, _render))
