"""Reminds a supplier of a purchase order that is not answered: points at its message, and has its buttons again."""

from dataclasses import dataclass

from services.read_purchase_order import PurchaseOrderView
from views.language import Language
from views.presses.closing import SendSheet
from views.screen import Button, Screen
from views.screens.purchase_order import answer_rows, numbered


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A purchase order, and the message in the reader's chat that it came with, if any."""

    view: PurchaseOrderView
    message_id: int | None


def reminder_screen(unanswered: Unanswered, language: Language) -> Screen:
    """Not the whole order again; who has not got its message can have it by a button."""
    view = unanswered.view
    day = language.day(view.delivers_on) if view.delivers_on else "–"
    text = language.say(
        "⏰ {enterprise} is waiting for your answer to purchase order <b>{number}</b> ({value}, delivery {day}). "
        "Can you deliver?",
        enterprise=view.enterprise, number=numbered(view), value=language.money(view.value, view.currency), day=day,
    )  # fmt: skip
    sheet = (Button(language.plain("📄 The whole order"), SendSheet(view.id)),)
    return Screen(text, (*answer_rows(view, language), sheet), reply_to=unanswered.message_id)
