"""The card as a broadcast, and its refreshing after something changed."""

from collections.abc import Callable
from typing import Any

from models import Card
from models.base import Facts
from services.card_view import CardView
from services.read_card import read_cards_of_members
from services.refresh_cards import remember_card
from services.work import Work
from views.language import Language
from views.notice import Delivery, NoticeKind, declare
from views.screen import Screen
from views.screens.card import card

ReadMany = Callable[[Work, list[Delivery]], list[CardView | None]]


def _read(work: Work, deliveries: list[Delivery]) -> list[CardView | None]:
    return read_cards_of_members(work, [(one.facts["round_id"], one.facts["member_id"]) for one in deliveries])


def _read_newest(work: Work, deliveries: list[Delivery]) -> list[CardView | None]:
    """Only the newest card is edited: older ones are out of sight."""
    newest = [_is_newest(work, one.facts) for one in deliveries]
    views = _read(work, deliveries)
    return [view if is_newest else None for view, is_newest in zip(views, newest, strict=True)]


def _is_newest(work: Work, facts: Facts) -> bool:
    newest = work.session.get(Card, (facts["round_id"], facts["member_id"]))
    return newest is not None and newest.message_id == facts["edits"]


def _read_open(work: Work, deliveries: list[Delivery]) -> list[CardView | None]:
    return [view if view is not None and view.open else None for view in _read(work, deliveries)]


def _kind(read_many: ReadMany, **more: Any) -> NoticeKind:
    return NoticeKind(lambda work, one: read_many(work, [one])[0], _render, read_many=read_many, **more)


def _render(view: CardView, language: Language) -> Screen:
    return card(view, language)


def _version(view: CardView) -> int:
    return view.version


def _remember(work: Work, delivery: Delivery, message_id: int) -> None:
    facts = delivery.facts
    version = facts.get("version", 0)
    remember_card(work, facts["round_id"], facts["member_id"], delivery.chat_id, message_id, version)


declare("offer_card", _kind(_read_open, sent=_remember, version=_version))
declare("card_refresh", _kind(_read_newest))
