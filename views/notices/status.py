"""What the coordinators hear about a purchase order: where it is, and what its supplier answers."""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from models import PurchaseOrder, Round
from services.asked_substitutes import SubstituteNews, read_substitute
from services.read_purchase_order import PurchaseOrderView, purchase_order_view
from services.work import Work
from views.language import Language
from views.notice import Delivery, NoticeKind, declare
from views.presses.changing import AskSupplierAgain
from views.presses.coordinating import ShowRound
from views.screen import Button, Screen
from views.screens.purchase_order import numbered, reason_text
from views.screens.reach import tappable, unreached_line


@dataclass(frozen=True, slots=True)
class Told:
    """A purchase order, what has become of it, and the substitute it is about, if any."""

    view: PurchaseOrderView
    status: str
    substitute: SubstituteNews | None = None


def _read(work: Work, delivery: Delivery) -> Told | None:
    row = work.session.get(PurchaseOrder, delivery.facts["purchase_order_id"])
    if row is None:
        return None
    if row.sent_at is None and work.session.get_one(Round, row.round_id).phase != "closed":
        return None
    if delivery.facts["status"] == "unanswered" and (row.phase != "sent" or row.revision != delivery.facts["revision"]):
        return None  # it was answered, or revised, while this was on its way
    status, _, about = str(delivery.facts["status"]).partition(":")
    substitute = read_substitute(work, int(about)) if status in ("substitute", "substituted") else None
    return Told(purchase_order_view(work, row), str(delivery.facts["status"]), substitute)


def _render(told: Told, language: Language) -> Screen:
    view = told.view
    facts = {
        "supplier": language.pick(view.supplier.zh, view.supplier.en), "number": numbered(view),
        "value": language.money(view.value, view.currency),
    }  # fmt: skip
    if told.substitute is not None:
        text = _of_substitute(told, told.substitute, facts, language)
    else:
        text = _answered(view, told.status, facts, language) or _on_its_way(told, facts, language)
    if told.status == "sent":
        return Screen(text)
    row: tuple[Button, ...] = (Button(language.plain("📊 The round"), ShowRound(view.round_id)),)
    if told.status == "declined" and view.phase == "declined":
        row = (Button(language.plain("🔁 Ask again"), AskSupplierAgain(view.id, view.revision)), *row)
    return Screen(text, (row,))


def _answered(view: PurchaseOrderView, status: str, facts: dict[str, str], language: Language) -> Markup | None:
    if status == "accepted":
        return language.say("✅ <b>{supplier}</b> accepted {number} ({value}).", **facts)
    if status == "understood":
        return language.say("👌 <b>{supplier}</b> has seen that {number} is cancelled.", **facts)
    if status == "declined":
        return language.say(
            "❌ <b>{supplier}</b> declined {number} ({value}): {reason}. The members concerned have been told.",
            reason=reason_text(view.decline_reason, language), **facts,
        )  # fmt: skip
    if status == "accepted_less":
        return language.say(
            "➖ <b>{supplier}</b> accepted {number} with less; it is now worth {value}. "
            "The members concerned have been told.", **facts,
        )  # fmt: skip
    if status.startswith("day:"):
        return language.say(
            "📅 <b>{supplier}</b> delivers {number} on {day}. The members concerned have been told.",
            day=language.day(date.fromisoformat(status.removeprefix("day:"))), **facts,
        )  # fmt: skip
    return None


def _on_its_way(told: Told, facts: dict[str, str], language: Language) -> Markup:
    status = told.status
    if status == "shipped":
        return language.say("🚚 <b>{supplier}</b> has shipped {number} ({value}).", **facts)
    if status == "sent" and told.view.cancelled:
        return language.say("📨 The cancellation of {number} was delivered to <b>{supplier}</b>.", **facts)
    if status == "sent":
        return language.say("📨 {number} ({value}) was delivered to <b>{supplier}</b>.", **facts)
    if status == "no_contact":
        return language.say(
            "⚠️ <b>{supplier}</b> has no contact here yet, so {number} ({value}) waits. "
            "Invite one with /invite: it is sent the moment they join.", **facts,
        )  # fmt: skip
    if status == "unanswered":
        return _unanswered(told.view, facts, language)
    text = language.say(
        "⚠️ {number} ({value}) could not be delivered to <b>{supplier}</b>. Please call them, "
        "or invite another contact with /invite.", **facts,
    )  # fmt: skip
    return Markup("\n").join([text, _telephone(told.view, language)])


def _unanswered(view: PurchaseOrderView, facts: dict[str, str], language: Language) -> Markup:
    way = view.progress
    lines = [language.say("☎️ <b>{supplier}</b> has not answered {number} ({value}). Please call them.", **facts)]
    if way.delivered_at:
        at = language.moment(way.delivered_at, view.zone)
        lines.append(language.say("Delivered to {name}, {at}", name=way.delivered_to or facts["supplier"], at=at))
    if way.unreached:
        lines.append(unreached_line(way.unreached, language))
    elif way.reminded_at:
        lines.append(language.say("Reminded {at}", at=language.moment(way.reminded_at, view.zone)))
    return Markup("\n").join([*lines, _telephone(view, language)])


def _telephone(view: PurchaseOrderView, language: Language) -> Markup:
    if not view.progress.telephone:
        return language.say("No telephone number is known: /products, the supplier, ☎️ Telephone.")
    return language.say("Telephone: {number}", number=tappable(view.progress.telephone))


def _of_substitute(told: Told, news: SubstituteNews, facts: dict[str, str], language: Language) -> Markup:
    view = told.view
    about = {
        "name": language.pick(news.name_zh, news.name_en), "instead": language.pick(news.instead_zh, news.instead_en),
        "supplier": facts["supplier"],
    }  # fmt: skip
    if told.status.startswith("substituted:"):
        return language.say(
            "🔀 <b>{supplier}</b>: of {asked} asked, {kept} agreed to {instead} instead of {name}; "
            "the others get neither.",
            kept=news.kept, asked=news.asked, **about,
        )  # fmt: skip
    return language.say(
        "🔀 <b>{supplier}</b> cannot deliver {name} and offers {instead} at {price} instead. "
        "Members concerned are asked ({asked}), until {at}.",
        price=language.money(news.price, view.currency), asked=news.asked,
        at=language.moment(news.decides_at, view.zone), **about,
    )  # fmt: skip


declare("purchase_order_status", NoticeKind(_read, _render))
