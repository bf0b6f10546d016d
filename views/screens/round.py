"""A round as its coordinator sees it."""

from datetime import UTC, datetime

from markupsafe import Markup

from models import Round
from services.own_rounds import tell_apart
from services.read_totals import OfferTotal, Totals
from views.language import Language
from views.presses.changing import AnswerHeld, CorrectRound, Rehearse, ReopenRound, ShowOffersToChange
from views.presses.coordinating import (
    CancelRound,
    CloseNow,
    ExtendRound,
    SendOrdersSheet,
    ShowRound,
    ShowRounds,
    ShowWho,
    TypeClosing,
)
from views.presses.publishing import StartDraft
from views.presses.series import MakeSeries
from views.presses.statement import ShowStatement
from views.screen import Button, Rows, Screen
from views.screens.answers import answer_lines, answer_rows
from views.screens.card_hints import progress_bar
from views.screens.draft_rules import rules_in_brief
from views.screens.outcome import phase_name
from views.screens.purchase_order_state import ask_again_rows, purchase_order_line
from views.screens.round_names import said
from views.screens.tiers import tiers_text

EXTEND_SECONDS = (3600, 3 * 3600, 24 * 3600)
MAX_OFFER_LINES = 24


def round_name(totals: Totals, language: Language) -> str:
    """Title or number."""
    return totals.title or language.plain("Round {number}", number=totals.number)


def round_screen(totals: Totals, language: Language, toast: str | None = None) -> Screen:
    """Live totals of a round, or its result."""
    gap = Markup("")
    lines = [_head(totals, language), _times(totals, language), gap, *_offers(totals, language)]
    if totals.phase == "open":
        lines += rules_in_brief(totals.rules, totals.currency, language)
    lines += answer_lines(totals.changes, totals.zone, language)
    lines += [gap, _sums(totals, language), *_unreached(totals, language), *_house(totals, language)]
    lines += [*_suppliers(totals, language), *_held(totals, language), *_purchase_orders(totals, language)]
    return Screen(Markup("\n").join(lines), _rows(totals, language), toast=toast)


def _head(totals: Totals, language: Language) -> Markup:
    return Markup("📊 <b>{}</b> · {}").format(round_name(totals, language), phase_name(totals.phase, language))


def _times(totals: Totals, language: Language) -> Markup:
    parts = []
    if totals.closes_at and totals.phase == "open":
        left = language.span(max(0.0, (totals.closes_at - totals.now).total_seconds()))
        at = language.moment(totals.closes_at, totals.zone)
        parts.append(language.say("⏳ closes {at} ({left} left)", at=at, left=left))
    elif totals.closes_at:
        parts.append(language.say("⏳ closed {at}", at=language.moment(totals.closes_at, totals.zone)))
    if totals.delivers_on:
        parts.append(language.say("🚚 {day}", day=language.day(totals.delivers_on)))
    if totals.completing:
        parts.append(language.say("📦 only missing units can be added"))
    return Markup(" · ").join(parts)


def _offers(totals: Totals, language: Language) -> list[Markup]:
    shown = [_offer(offer, totals, language) for offer in totals.offers[:MAX_OFFER_LINES]]
    more = len(totals.offers) - MAX_OFFER_LINES
    if more > 0:
        shown.append(language.say_many("… and {n} more, in the sheet", "… and {n} more, in the sheet", more))
    return shown


def _offer(offer: OfferTotal, totals: Totals, language: Language) -> Markup:
    name = language.pick(offer.name_zh, offer.name_en)
    units = language.units(offer.units, offer.unit_zh, offer.unit_en)
    line = Markup("{} <b>{}</b>").format(name, units)
    if totals.decided:
        if offer.units and offer.allotted != offer.units:
            allotted = language.units(offer.allotted, offer.unit_zh, offer.unit_en)
            line = language.say("{line} → {allotted} shared out", line=line, allotted=allotted)
        return Markup("• {}").format(line)
    if offer.minimum:
        least = language.plain("min. {n}", n=language.number(offer.minimum))
        line = Markup("{} {} {}").format(line, progress_bar(offer.units, offer.minimum), least)
    if offer.missing and offer.units >= offer.minimum:
        line = language.say("{line} (case: {missing} missing)", line=line, missing=offer.missing)
    if offer.house:
        line = Markup("{} 🏠").format(line)
    if offer.tiers:
        line = Markup("{} 📉 {}").format(line, tiers_text(offer.tiers, totals.currency, language))
    return Markup("• {}").format(line)


def _sums(totals: Totals, language: Language) -> Markup:
    value = totals.ordered_value if totals.decided else totals.value
    return language.say(
        "💰 <b>{value}</b> · 👥 {ordered} of {all} ordered",
        value=language.money(value, totals.currency),
        ordered=len(totals.ordered),
        all=len(totals.members),
    )


def _unreached(totals: Totals, language: Language) -> list[Markup]:
    unreached = sum(not who.reachable for who in totals.members)
    if not unreached:
        return []
    return [
        language.say_many(
            "⚠️ {n} member cannot be reached: see 👥 Who", "⚠️ {n} members cannot be reached: see 👥 Who", unreached
        )
    ]


def _house(totals: Totals, language: Language) -> list[Markup]:
    """What the enterprise bears itself, before and after the close."""
    if not totals.house:
        return []
    house = language.money(totals.house, totals.currency)
    if totals.decided:
        return [language.say("🏢 the enterprise bears {house}", house=house)]
    return [language.say("🏢 as things stand, the enterprise would bear {house}", house=house)]


def _held(totals: Totals, language: Language) -> list[Markup]:
    if totals.held_until is None:
        return []
    at = language.moment(totals.held_until, totals.zone)
    return [
        language.say(
            "✋ <b>A minimum was missed; this waits for your answer.</b> Nothing has been sent. Without an answer "
            "by {at} these lines are cancelled and the rest is ordered.", at=at,
        )
    ]  # fmt: skip


def _suppliers(totals: Totals, language: Language) -> list[Markup]:
    if totals.decided:
        return []
    return [
        language.say(
            "🌾 {supplier}: {value} of {minimum} minimum",
            supplier=language.pick(supplier.name_zh, supplier.name_en),
            value=language.money(supplier.value, totals.currency),
            minimum=language.money(supplier.minimum, totals.currency),
        )
        for supplier in totals.suppliers
        if supplier.minimum and supplier.value < supplier.minimum
    ]


def _purchase_orders(totals: Totals, language: Language) -> list[Markup]:
    return [purchase_order_line(view, totals.delivers_on, language) for view in totals.purchase_orders]


def _rows(totals: Totals, language: Language) -> Rows:
    sheet = Button(language.plain("📄 All orders"), SendOrdersSheet(totals.round_id))
    who = Button(language.plain("👥 Who"), ShowWho(totals.round_id, 0))
    rounds = Button(language.plain("☰ Rounds"), ShowRounds())
    new = Button(language.plain("➕ New round"), StartDraft())
    rehearsal = Button(language.plain("🧪 Rehearse"), Rehearse(totals.round_id, members=False, page=0))
    cancel = Button(language.plain("🚫 Cancel"), CancelRound(totals.round_id, sure=False))
    repeat = Button(language.plain("🔁 Repeat it"), MakeSeries(totals.round_id))
    statement = Button(language.plain("🧾 Statement"), ShowStatement(totals.round_id, members=False, page=0))
    if totals.phase == "settled":
        return ((sheet, who), (statement,), (rounds, new), (repeat,))
    if totals.phase == "closed" and totals.held_until is None:
        correct = (Button(language.plain("✏️ Correct"), CorrectRound(totals.round_id, 0)),) * totals.correctable
        again = Button(language.plain("🔓 Reopen"), ReopenRound(totals.round_id, sure=False))
        asking = ask_again_rows(totals.purchase_orders, language)
        undo = (
            () if any(view.accepted_revision or view.shipped for view in totals.purchase_orders) else ((again, cancel),)
        )
        return ((sheet, who), (statement, *correct), *asking, *undo, (rounds, new), (repeat,))
    if totals.phase == "closed":
        return (*held_rows(totals.round_id, language), (rehearsal, cancel), (rounds,))
    if totals.phase != "open":
        return ((sheet, who), (rounds, new))
    return (
        (Button(language.plain("🔄 Refresh"), ShowRound(totals.round_id)), sheet),
        (rehearsal, Button(language.plain("✏️ Change"), ShowOffersToChange(totals.round_id))),
        (who, Button(language.plain("⏳ Extend"), ExtendRound(totals.round_id, None, sure=False))),
        (
            Button(language.plain("🔔 Close now"), CloseNow(totals.round_id, sure=False)),
            cancel,
        ),
        *answer_rows(totals.changes, totals.round_id, language),
        (rounds, repeat),
    )


def held_rows(round_id: int, language: Language) -> Rows:
    """What a coordinator can answer for a round that missed a minimum."""
    return (
        (Button(language.plain("✅ Order it anyway"), AnswerHeld(round_id, "order", sure=False)),),
        (Button(language.plain("❌ Cancel those lines"), AnswerHeld(round_id, "cancel", sure=True)),),
        (Button(language.plain("⏳ Reopen for the missing units"), AnswerHeld(round_id, "extend", sure=True)),),
    )


def rounds_screen(rounds: list[Round], zone: str, language: Language) -> Screen:
    """The newest rounds."""
    new = (Button(language.plain("➕ New round"), StartDraft()),)
    shown = [found for found in rounds if found.phase != "draft" or found.scheduled_at]
    if not shown:
        text = language.say(
            "📊 <b>No round yet.</b>\nAdd produce with /products, invite people with /invite, then start one here."
        )
        return Screen(text, (new,))
    lines = [language.say("📊 <b>Rounds</b>"), *(_round_line(found, zone, language) for found in shown)]
    names = tell_apart(shown, zone)
    rows = tuple((Button(said(name, language), ShowRound(round_id)),) for round_id, name in names.items())
    return Screen(Markup("\n").join(lines), (*rows, new))


def _round_line(found: Round, zone: str, language: Language) -> Markup:
    name = found.title or language.plain("Round {number}", number=found.number)
    at = found.opens_at if found.phase == "draft" else found.closes_at
    phase = language.plain("opens") if found.phase == "draft" else phase_name(found.phase, language)
    return Markup("• {} · {} {}").format(name, phase, language.moment(at, zone) if at else "")


def close_screen(totals: Totals, language: Language) -> Screen:
    """Close now? Says who will be told."""
    text = language.say(
        "🔔 Close <b>{round}</b> now?\nNobody can order after that. Suppliers who get their order: {suppliers}. "
        "Members who hear what they get: {members}.",
        round=round_name(totals, language),
        suppliers=len({offer.supplier_id for offer in totals.offers if offer.units}),
        members=len(totals.ordered),
    )
    text = Markup("\n").join([text, *answer_lines(totals.changes, totals.zone, language)])
    yes = Button(language.plain("Yes, close now"), CloseNow(totals.round_id, sure=True))
    return Screen(text, ((yes,), (Button(language.plain("‹ Back"), ShowRound(totals.round_id)),)))


def cancel_screen(totals: Totals, language: Language) -> Screen:
    """Cancel? Says who will be told."""
    facts = {"round": round_name(totals, language), "members": len(totals.ordered)}
    text = language.say(
        "🚫 Cancel <b>{round}</b>?\nWhoever ordered is told ({members}); no supplier gets anything. "
        "This cannot be undone.",
        **facts,
    )
    if totals.purchase_orders:
        text = language.say(
            "🚫 Cancel <b>{round}</b>?\nResults are taken back, suppliers get a cancellation, and whoever ordered "
            "is told ({members}). This cannot be undone.",
            **facts,
        )
    yes = Button(language.plain("Yes, cancel it"), CancelRound(totals.round_id, sure=True))
    return Screen(text, ((yes,), (Button(language.plain("‹ Back"), ShowRound(totals.round_id)),)))


def extend_screen(totals: Totals, until: int | None, language: Language) -> Screen:
    """Until when? Then: sure? Says who will be told."""
    back = (Button(language.plain("‹ Back"), ShowRound(totals.round_id)),)
    assert totals.closes_at is not None
    if until is None:
        closes = int(totals.closes_at.timestamp())
        choices = tuple(
            Button(f"+{language.span(seconds)}", ExtendRound(totals.round_id, closes + seconds, sure=False))
            for seconds in EXTEND_SECONDS
        )
        typed = (Button(language.plain("✏️ Another time"), TypeClosing(totals.round_id)),)
        text = language.say(
            "⏳ <b>{round}</b> closes {at}. How much longer?",
            round=round_name(totals, language),
            at=language.moment(totals.closes_at, totals.zone),
        )
        return Screen(text, (choices, typed, back))
    text = language.say(
        "⏳ Keep <b>{round}</b> open until <b>{at}</b>? All members are told ({members}).",
        round=round_name(totals, language),
        at=language.moment(datetime.fromtimestamp(until, UTC), totals.zone),
        members=len(totals.members),
    )
    yes = (Button(language.plain("Yes, extend"), ExtendRound(totals.round_id, until, sure=True)),)
    return Screen(text, (yes, back))
