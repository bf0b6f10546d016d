"""Where a purchase order is, in a line; and asking again who has declined."""

from collections.abc import Iterable
from datetime import date

from markupsafe import Markup

from services.read_purchase_order import PurchaseOrderView
from views.language import Language
from views.presses.changing import AskSupplierAgain
from views.screen import Button, Rows
from views.screens.purchase_order import numbered, reason_text


def state_words(phase: str, *, cancelled: bool, language: Language) -> Markup:
    """The phase in a word or two; a cancelled one says how far the cancellation has come."""
    words = {
        "sending": language.say("🕐 sending"),
        "sent": language.say("📨 delivered"),
        "accepted": language.say("✅ accepted"),
        "declined": language.say("❌ declined"),
        "shipped": language.say("🚚 shipped"),
        "received": language.say("📦 received"),
    }
    gone = {
        "sending": language.say("🚫 cancelled, sending"),
        "sent": language.say("🚫 cancelled, delivered"),
        "accepted": language.say("🚫 cancelled, seen"),
    }
    return gone.get(phase, words[phase]) if cancelled else words[phase]


def purchase_order_line(view: PurchaseOrderView, delivers_on: date | None, language: Language) -> Markup:
    """Number and revision, supplier, value, state; which revision is accepted, why it is declined, another day."""
    state = state_words(view.phase, cancelled=view.cancelled, language=language)
    if view.phase == "declined":
        state = language.say("❌ declined: {reason}", reason=reason_text(view.decline_reason, language))
    elif view.waiting and view.accepted_revision:
        state = language.say("{state} (R{n} was accepted)", state=state, n=view.accepted_revision)
    supplier = language.pick(view.supplier.zh, view.supplier.en)
    value = language.money(view.value, view.currency)
    line = Markup("{} · {} · {} · {}").format(numbered(view), supplier, value, state)
    if view.delivers_on and view.delivers_on != delivers_on and not view.cancelled:
        line += Markup(" · 🚚 {}").format(language.day(view.delivers_on))
    return line


def ask_again_rows(views: Iterable[PurchaseOrderView], language: Language) -> Rows:
    """A button for each supplier who has declined."""
    return tuple((_ask_again(view, language),) for view in views if view.phase == "declined")


def _ask_again(view: PurchaseOrderView, language: Language) -> Button:
    supplier = language.pick(view.supplier.zh, view.supplier.en)
    label = language.plain("🔁 Ask again: {supplier}", supplier=supplier)
    return Button(label, AskSupplierAgain(view.id, view.revision))
