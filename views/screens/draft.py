"""Preparing a round: one page with every setting on a button."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from models import Product
from services.change_draft import EPOCH
from services.draft_round import DraftView
from services.draft_rules import ROUND_RULES
from views.language import Language
from views.presses.publishing import (
    AskRound,
    DiscardDraft,
    PreviewRound,
    PublishRound,
    SameAsLast,
    SetRound,
    ShowDraft,
    ShowDraftOffers,
    ShowDraftPoints,
    ShowProducts,
    ShowRules,
    ShowSuppliers,
    TogglePoint,
    ToggleProduct,
)
from views.screen import Button, Rows, Screen
from views.screens.draft_offer import offer_line
from views.screens.draft_rules import ask_rule_screen, rules_in_brief
from views.screens.fit import fit

MAX_CHARACTERS = 2000
REMINDER_MINUTES = (30, 60, 120, 240)


def draft_screen(view: DraftView, language: Language, toast: str | None = None) -> Screen:
    """All settings of the draft; a tap changes one."""
    found = view.round
    lines = [
        language.say("📝 <b>New round</b> · {name}", name=_name(view, language)),
        *fit([offer_line(offer, view.currency, language) for offer in view.offers], MAX_CHARACTERS, language),
    ]
    if not view.offers:
        lines.append(language.say("No product chosen yet. Start with 🌾 Products."))
    lines += [Markup(""), *_settings(view, language)]
    if not view.points:
        lines.append(language.say("⚠️ There is no pickup point yet: add one with /points."))
    publish = language.plain("📢 Publish now") if not _later(view) else language.plain("📢 Publish at the opening time")
    id_ = found.id or 0
    rows: list[tuple[Button, ...]] = [
        (
            Button(language.plain("🌾 Products"), ShowSuppliers(id_)),
            Button(language.plain("💰 Prices, minimums"), ShowDraftOffers(id_)),
        ),
        (
            Button(language.plain("⏳ Closing"), AskRound(id_, "closes")),
            Button(language.plain("🚀 Opening"), AskRound(id_, "opens")),
            Button(language.plain("🚚 Delivery"), AskRound(id_, "delivers")),
        ),
        (
            Button(language.plain("📍 Points"), ShowDraftPoints(id_)),
            Button(language.plain("⏰ Reminder"), AskRound(id_, "reminder")),
            Button(language.plain("✏️ Title"), AskRound(id_, "title")),
        ),
    ]
    if view.has_last:
        rows.append((Button(language.plain("♻️ Same as last time"), SameAsLast(id_)),))
    if view.offers:
        rows.append((Button(language.plain("👀 Preview"), PreviewRound(id_)), Button(publish, PublishRound(id_))))
    discard = Button(language.plain("🗑 Discard"), DiscardDraft(id_, sure=False))
    rows.append((Button(language.plain("⚙️ Rules"), ShowRules(id_)), discard))
    return Screen(Markup("\n").join(lines), tuple(rows), toast=toast)


def _later(view: DraftView) -> bool:
    return view.round.opens_at is not None and view.round.opens_at > view.now


def _name(view: DraftView, language: Language) -> str:
    return view.round.title or language.plain("Round {number}", number=view.round.number)


def _settings(view: DraftView, language: Language) -> list[Markup]:
    found = view.round
    closes = language.moment(found.closes_at, view.zone) if found.closes_at else "—"
    opens = language.moment(found.opens_at, view.zone) if found.opens_at else language.plain("at once")
    delivers = language.day(found.delivers_on) if found.delivers_on else "—"
    reminds = language.moment(found.reminds_at, view.zone) if found.reminds_at else language.plain("none")
    chosen = [language.pick(p.name_zh, p.name_en) for p in view.points if p.id in view.chosen_points]
    return [
        language.say("⏳ Closes: <b>{at}</b>", at=closes),
        language.say("🚀 Opens: {at}", at=opens),
        language.say("🚚 Delivery: {day}", day=delivers),
        language.say("📍 Pickup: {points}", points=language.listed(chosen) if chosen else "—"),
        language.say("⏰ Reminder: {at}", at=reminds),
        *rules_in_brief(view.rules, view.currency, language),
        language.say_many("👥 Goes to {n} member", "👥 Goes to {n} members", view.members),
    ]


def suppliers_screen(view: DraftView, language: Language) -> Screen:
    """Choose a supplier."""
    id_ = view.round.id or 0
    back = (Button(language.plain("✔️ Done"), ShowDraft(id_)),)
    if not view.suppliers:
        return Screen(language.say("There are no products yet. Add them with /products, or send me a sheet."), (back,))
    buttons = [
        Button(
            f"{'✓ ' if s.chosen else ''}{language.pick(s.county_zh, s.county_en)} "
            f"{language.pick(s.name_zh, s.name_en)} {s.chosen}/{s.products}",
            ShowProducts(id_, s.id),
        )
        for s in view.suppliers[:40]
    ]
    return Screen(language.say("🌾 Which supplier?"), (*((button,) for button in buttons), back))


def products_screen(
    round_id: int, products: tuple[tuple[Product, bool], ...], currency: str, language: Language
) -> Screen:
    """Choose products; a tap puts one in or takes it out."""
    rows = tuple(
        (
            Button(
                f"{'✅' if chosen else '⬜️'} {language.pick(p.name_zh, p.name_en)} "
                f"{language.money(p.price_minor, currency)}",
                ToggleProduct(round_id, p.id or 0, not chosen),
            ),
        )
        for p, chosen in products[:40]
    )
    done = (
        Button(language.plain("‹ Suppliers"), ShowSuppliers(round_id)),
        Button(language.plain("✔️ Done"), ShowDraft(round_id)),
    )
    return Screen(language.say("🌾 Tap what you want to offer."), (*rows, done))


def ask_round_screen(view: DraftView, what: str, language: Language) -> Screen:
    """Choose or type a setting of the round."""
    if what in ROUND_RULES:
        return ask_rule_screen(view, what, language)
    id_ = view.round.id or 0
    back = (Button(language.plain("‹ Back"), ShowDraft(id_)),)
    if what == "title":
        return Screen(language.say("What shall the round be called? Please type it."), (back,))
    if what == "delivers":
        return Screen(language.say("🚚 When is it delivered? Tap, or type a day."), (*_days(view, language), back))
    if what == "reminder":
        text = language.say("⏰ When are members without an order reminded? Tap, or type a time.")
        return Screen(text, (*_reminders(view, language), back))
    if what == "opens":
        now = (Button(language.plain("At once"), SetRound(id_, "opens", None)),)
        text = language.say("🚀 When does it open? Tap, or type a time such as <code>tomorrow 9:00</code>.")
        return Screen(text, (now, *_moments(view, what, language), back))
    text = language.say("⏳ When does it close? Tap, or type a time such as <code>Fri 18:00</code>.")
    return Screen(text, (*_moments(view, what, language), back))


def _moments(view: DraftView, what: str, language: Language) -> Rows:
    local = view.now.astimezone(ZoneInfo(view.zone))
    hours = (9, 12, 18) if what == "opens" else (12, 18, 20)
    found: list[datetime] = []
    for days in range(8):
        day = local + timedelta(days=days)
        found += [day.replace(hour=hour, minute=0, second=0, microsecond=0) for hour in hours]
    shown = [at for at in found if at > local + timedelta(minutes=5)]
    friday = [at for at in shown if at.weekday() == 4 and at.hour == 18]
    chosen = sorted({*shown[:5], *friday[:1]})
    buttons = [
        Button(language.moment(at, view.zone), SetRound(view.round.id or 0, what, int(at.timestamp()))) for at in chosen
    ]
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


def _days(view: DraftView, language: Language) -> Rows:
    closes = view.round.closes_at or view.now
    first = closes.astimezone(ZoneInfo(view.zone)).date()
    days: list[date] = [first + timedelta(days=n) for n in range(1, 7)]
    buttons = [Button(language.day(day), SetRound(view.round.id or 0, "delivers", (day - EPOCH).days)) for day in days]
    return tuple(tuple(buttons[i : i + 3]) for i in range(0, len(buttons), 3))


def _reminders(view: DraftView, language: Language) -> Rows:
    id_ = view.round.id or 0
    buttons = [
        Button(language.plain("{span} before", span=language.span(m * 60)), SetRound(id_, "reminder", m))
        for m in REMINDER_MINUTES
    ]
    none = (Button(language.plain("No reminder"), SetRound(id_, "reminder", None)),)
    return (tuple(buttons[:2]), tuple(buttons[2:]), none)


def points_choice_screen(view: DraftView, language: Language) -> Screen:
    """Choose pickup points."""
    id_ = view.round.id or 0
    rows = tuple(
        (
            Button(
                f"{'✅' if p.id in view.chosen_points else '⬜️'} {language.pick(p.name_zh, p.name_en)}",
                TogglePoint(id_, p.id or 0, p.id not in view.chosen_points),
            ),
        )
        for p in view.points
    )
    return Screen(
        language.say("📍 Where can this round be collected?"),
        (*rows, (Button(language.plain("✔️ Done"), ShowDraft(id_)),)),
    )


def discard_screen(view: DraftView, language: Language) -> Screen:
    """Really?"""
    id_ = view.round.id or 0
    yes = Button(language.plain("Yes, discard"), DiscardDraft(id_, sure=True))
    text = language.say("Discard this draft? Nobody has seen it yet; nobody is told.")
    return Screen(text, ((yes, Button(language.plain("‹ Back"), ShowDraft(id_))),))
