"""Where a purchase order is, in a line; and asking again who has declined."""

from collections.abc import Iterable
from datetime import date

from markupsafe import Markup

from services.read_purchase_order import PurchaseOrderView
from views.language import Language
from views.presses.changing import AskSupplierAgain
from views.screen import Button, Rows
from views.screens.purchase_order import numbered, reason_text
from views.screens.reach import tappable, unreached_line


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
    line += Markup("").join(Markup(" · {}").format(part) for part in _way(view, language))
    if view.delivers_on and view.delivers_on != delivers_on and not view.cancelled:
        line += Markup(" · 🚚 {}").format(language.day(view.delivers_on))
    return Markup("\n   ").join([line, *_trouble(view, language)])


def _way(view: PurchaseOrderView, language: Language) -> list[str]:
    """When it was delivered or answered, and by whom; whether the supplier was reminded."""
    way = view.progress
    if view.phase == "sent" and way.delivered_at:
        parts = [language.moment(way.delivered_at, view.zone), way.delivered_to]
        if way.reminded_at:
            parts.append(language.plain("⏰ reminded {at}", at=language.moment(way.reminded_at, view.zone)))
    elif view.phase in ("accepted", "declined") and way.answered_at:
        parts = [language.moment(way.answered_at, view.zone), way.answered_by]
    else:
        return []
    return [part for part in parts if part]


def _trouble(view: PurchaseOrderView, language: Language) -> list[Markup]:
    """What a coordinator has to do about it."""
    way, lines = view.progress, []
    if view.phase == "sending" and not way.has_contact:
        lines.append(language.say("⚠️ nobody receives its orders yet: /invite"))
    if way.unreached and view.phase != "received":
        lines.append(unreached_line(way.unreached, language))
    if way.given_up:
        lines.append(language.say("⚠️ no answer: please call"))
    if lines and way.telephone:
        lines[-1] += Markup(" ☎️ {}").format(tappable(way.telephone))
    return lines


def ask_again_rows(views: Iterable[PurchaseOrderView], language: Language) -> Rows:
    """A button for each supplier who has declined."""
    return tuple((_ask_again(view, language),) for view in views if view.phase == "declined")


def _ask_again(view: PurchaseOrderView, language: Language) -> Button:
    supplier = language.pick(view.supplier.zh, view.supplier.en)
    label = language.plain("🔁 Ask again: {supplier}", supplier=supplier)
    return Button(label, AskSupplierAgain(view.id, view.revision))
