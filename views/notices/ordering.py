"""The card as a broadcast, and its refreshing after something changed."""

from models import Card, Member, Round
from services.card_view import CardView
from services.read_card import card_of
from services.refresh_cards import remember_card
from services.work import Work
from views.language import Language
from views.notice import Delivery, NoticeKind, declare
from views.screen import Screen
from views.screens.card import card


def _read(work: Work, delivery: Delivery) -> CardView | None:
    found = work.session.get(Round, delivery.facts["round_id"])
    member = work.session.get(Member, delivery.facts["member_id"])
    if found is None or member is None or member.left_at is not None:
        return None
    return card_of(work, found, member)


def _read_newest(work: Work, delivery: Delivery) -> CardView | None:
    """Only the newest card is edited: older ones are out of sight."""
    facts = delivery.facts
    newest = work.session.get(Card, (facts["round_id"], facts["member_id"]))
    return _read(work, delivery) if newest is not None and newest.message_id == facts["edits"] else None


def _read_open(work: Work, delivery: Delivery) -> CardView | None:
    view = _read(work, delivery)
    return view if view is not None and view.open else None


def _render(view: CardView, language: Language) -> Screen:
    return card(view, language)


def _remember(work: Work, delivery: Delivery, message_id: int) -> None:
    facts = delivery.facts
    version = facts.get("version", 0)
    remember_card(work, facts["round_id"], facts["member_id"], delivery.chat_id, message_id, version)


declare("offer_card", NoticeKind(_read_open, _render, sent=_remember))
declare("card_refresh", NoticeKind(_read_newest, _render))
