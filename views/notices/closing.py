"""What is told around a closing: purchase orders and their state, outcomes, summaries, reminders."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from models import Enterprise, Member, PurchaseOrder, Round, Supplier
from rules.phases import PurchaseOrderPhase
from services.card_view import CardView
from services.note_delivery import note_delivery
from services.read_card import card_of
from services.read_outcome import GoneLine, Outcome, read_gone, read_outcome
from services.read_purchase_order import PurchaseOrderView, purchase_order_view
from services.read_totals import Totals, round_totals
from services.remind_members import has_ordered
from services.send_purchase_orders import send_purchase_orders
from services.work import Work
from views.language import Language
from views.notice import Delivery, NoticeKind, declare
from views.presses.coordinating import ShowRound
from views.presses.ordering import OpenCard
from views.screen import Button, Screen
from views.screens.outcome import changed_screen, outcome_screen
from views.screens.purchase_order import purchase_order_screen


def _purchase_order(work: Work, delivery: Delivery) -> PurchaseOrderView | None:
    row = work.session.get(PurchaseOrder, delivery.facts["purchase_order_id"])
    if row is None:
        return None
    unheard = row.sent_at is None and not _may_have_arrived(delivery)
    if unheard and work.session.get_one(Round, row.round_id).phase != "closed":
        return None
    return purchase_order_view(work, row)


def _may_have_arrived(delivery: Delivery) -> bool:
    """An earlier try was not refused: its answer was lost, or the process died."""
    return delivery.attempts > 1


def _sent(work: Work, delivery: Delivery, message_id: int) -> None:
    facts = delivery.facts
    note_delivery(work, facts["purchase_order_id"], facts.get("revision"), delivery.person_id, message_id)


def _not_delivered(work: Work, delivery: Delivery, _reason: str) -> None:
    """The next contact gets it instead; where nobody is left the coordinators hear."""
    row = work.session.get_one(PurchaseOrder, delivery.facts["purchase_order_id"])
    send_purchase_orders(work, [row])


def _unsent(work: Work, delivery: Delivery) -> PurchaseOrderView | None:
    """One message to the supplier for each revision: what another contact has received meanwhile, what a newer
    revision replaces, and the cancellation of what nobody can have been told are not sent."""
    view = _purchase_order(work, delivery)
    if view is None or view.phase != PurchaseOrderPhase.SENDING:
        return None
    if _may_have_arrived(delivery) and not view.products:
        return view
    if delivery.facts.get("revision", view.revision) != view.revision or not (view.products or view.told):
        return None
    return view


declare("purchase_order", NoticeKind(_unsent, purchase_order_screen, _sent, _not_delivered))


def _outcome(work: Work, delivery: Delivery) -> Outcome | None:
    """The result as it is now; of a round that is open again there is none."""
    outcome = read_outcome(work, delivery.facts["round_id"], delivery.facts["member_id"])
    return None if outcome is None or outcome.phase not in ("closed", "settled") else outcome


declare("outcome", NoticeKind(_outcome, outcome_screen))


@dataclass(frozen=True, slots=True)
class Changed:
    """An outcome that was decided anew: why, by which supplier's answer, and what a correction has removed."""

    outcome: Outcome
    why: str
    supplier: Supplier | None
    gone: GoneLine | None


def _changed(work: Work, delivery: Delivery) -> Changed | None:
    outcome = read_outcome(work, delivery.facts["round_id"], delivery.facts["member_id"], gone=True)
    if outcome is None or outcome.phase not in ("closed", "settled"):
        return None
    supplier = work.session.get(Supplier, delivery.facts.get("supplier_id") or 0)
    gone = read_gone(work, delivery.facts["member_id"], delivery.facts)
    return Changed(outcome, str(delivery.facts.get("why", "declined")), supplier, gone)


def _render_changed(changed: Changed, language: Language) -> Screen:
    supplier = changed.supplier
    name = language.pick(supplier.name_zh, supplier.name_en) if supplier else ""
    return changed_screen(changed.outcome, changed.why, name, language, changed.gone)


declare("outcome_changed", NoticeKind(_changed, _render_changed))


def _totals(work: Work, delivery: Delivery) -> Totals:
    return round_totals(work, work.session.get_one(Round, delivery.facts["round_id"]))


def _render_closed(totals: Totals, language: Language) -> Screen:
    name = totals.title or language.plain("Round {number}", number=totals.number)
    ordered = language.money(totals.ordered_value, totals.currency)
    lines = [
        language.say("🔔 <b>{round} is closed</b>", round=name),
        language.say_many("{n} purchase order", "{n} purchase orders", len(totals.purchase_orders)),
        language.say("Ordered from suppliers: <b>{value}</b>", value=ordered),
    ]
    if totals.freight:
        lines.append(language.say("Freight: {value}", value=language.money(totals.freight, totals.currency)))
    if totals.house:
        house = language.money(totals.house, totals.currency)
        lines.append(language.say("🏢 the enterprise bears {house}", house=house))
    missed = [offer for offer in totals.offers if offer.units and not offer.allotted]
    if missed:
        names = language.listed(language.pick(offer.name_zh, offer.name_en) for offer in missed)
        lines.append(language.say("Not delivered, too little was ordered: {names}", names=names))
    if not totals.purchase_orders:
        lines.append(language.say("Nobody ordered enough, so nothing goes to any supplier."))
    return Screen(Markup("\n").join(lines), ((Button(language.plain("📊 The round"), ShowRound(totals.round_id)),),))


declare("round_closed", NoticeKind(_totals, _render_closed))


def _reminder(work: Work, delivery: Delivery) -> CardView | None:
    found = work.session.get(Round, delivery.facts["round_id"])
    member = work.session.get(Member, delivery.facts["member_id"])
    if found is None or member is None or member.left_at is not None or has_ordered(work, found, member):
        return None
    view = card_of(work, found, member)
    return view if view.open else None


def _render_reminder(view: CardView, language: Language) -> Screen:
    assert view.closes_at is not None
    name = view.title or language.plain("Round {number}", number=view.number)
    text = language.say(
        "⏰ <b>{round} closes in {left}</b> ({at}), and you have not ordered yet.",
        round=name,
        left=language.span((view.closes_at - view.now).total_seconds()),
        at=language.moment(view.closes_at, view.zone),
    )
    return Screen(text, ((Button(language.plain("🧺 Order now"), OpenCard(view.round_id)),),))


declare("reminder", NoticeKind(_reminder, _render_reminder))


@dataclass(frozen=True, slots=True)
class RoundNews:
    """A round was extended, cancelled, or opened again."""

    name: str
    number: int
    closes_at: datetime
    zone: str
    round_id: int


def _news(work: Work, delivery: Delivery) -> RoundNews | None:
    found = work.session.get(Round, delivery.facts["round_id"])
    if found is None or found.closes_at is None:
        return None
    zone = work.session.get_one(Enterprise, found.enterprise_id).zone
    return RoundNews(found.title, found.number, found.closes_at, zone, found.id or 0)


def _news_name(news: RoundNews, language: Language) -> str:
    return news.name or language.plain("Round {number}", number=news.number)


def _render_extended(news: RoundNews, language: Language) -> Screen:
    text = language.say(
        "⏳ <b>{round} stays open longer</b>, until {at}.",
        round=_news_name(news, language),
        at=language.moment(news.closes_at, news.zone),
    )
    return Screen(text, ((Button(language.plain("🧺 Order now"), OpenCard(news.round_id)),),))


def _reopened(work: Work, delivery: Delivery) -> RoundNews | None:
    found = work.session.get(Round, delivery.facts["round_id"])
    return _news(work, delivery) if found is not None and found.phase == "open" else None


def _render_reopened(news: RoundNews, language: Language) -> Screen:
    text = language.say(
        "🔓 <b>{round} is open again</b>, until {at}. What you heard about its result no longer counts; "
        "your order stands and you can change it.",
        round=_news_name(news, language),
        at=language.moment(news.closes_at, news.zone),
    )
    return Screen(text, ((Button(language.plain("🧺 My order"), OpenCard(news.round_id)),),))


def _render_cancelled(news: RoundNews, language: Language) -> Screen:
    return Screen(
        language.say(
            "🚫 <b>{round} was cancelled</b> by the coordinator. Nothing will be delivered and nothing is to pay.",
            round=_news_name(news, language),
        )
    )


declare("round_extended", NoticeKind(_news, _render_extended))
declare("round_reopened", NoticeKind(_reopened, _render_reopened))
declare("round_cancelled", NoticeKind(_news, _render_cancelled))
