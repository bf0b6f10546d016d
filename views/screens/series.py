"""A series as its coordinator sees it: settings, the next dates, what waits for a decision."""

from markupsafe import Markup

from models import Product, Round, SeriesOffer
from rules.series_dates import Planned
from services.read_series import SeriesView
from services.series_settings import EPOCH
from views.language import Language
from views.presses.coordinating import ShowRounds
from views.presses.series import (
    AskSeries,
    MakeSeries,
    NewSeries,
    SetSeriesPhase,
    ShowSeries,
    ShowSeriesDate,
    ShowSeriesList,
    ShowSeriesPoints,
    ShowSeriesProducts,
    TakeNewest,
)
from views.screen import Button, Rows, Screen
from views.screens.series_words import clock, closing, country, date_line, delivery, often, phase_words, series_name

MAX_PRODUCTS = 12


def series_screen(view: SeriesView, language: Language, toast: str | None = None) -> Screen:
    """Everything about a series; a tap changes one thing."""
    series = view.series
    head = Markup("🔁 <b>{}</b> · {}").format(series_name(series, language), phase_words(series.phase, language))
    lines = [head, *_products(view, language), *_settings(view, language), Markup(""), *_dates(view, language)]
    return Screen(Markup("\n").join(lines), _rows(view, language), toast=toast)


def _products(view: SeriesView, language: Language) -> list[Markup]:
    shown = [_product(*row, view.currency, language) for row in view.products[:MAX_PRODUCTS]]
    more = len(view.products) - MAX_PRODUCTS
    return [*shown, language.say_many("… and {n} more", "… and {n} more", more)] if more > 0 else shown


def _product(row: SeriesOffer, product: Product, sold: bool, currency: str, language: Language) -> Markup:
    name = language.pick(product.name_zh, product.name_en)
    if not sold:
        return language.say("• <s>{name}</s> no longer sold", name=name)
    parts = [language.money(product.price_minor, currency)]
    if row.minimum_units:
        parts.append(language.plain("min. {n}", n=row.minimum_units))
    if row.case_size > 1:
        parts.append(language.plain("case of {n}", n=row.case_size))
    return Markup("• {} {}").format(name, " · ".join(parts))


def _settings(view: SeriesView, language: Language) -> list[Markup]:
    series = view.series
    points = [language.pick(point.name_zh, point.name_en) for point, chosen in view.points if chosen]
    reminder = language.plain("none")
    if series.reminder_minutes is not None:
        reminder = language.plain("{span} before", span=language.span(series.reminder_minutes * 60))
    lines = [
        language.say("🗓 {often}", often=often(series, language)),
        language.say(
            "🚀 opens {opens} · ⏳ closes {closes}",
            opens=clock(series.opens_minute),
            closes=closing(series.closes_days, series.closes_minute, language),
        ),
        language.say("🚚 Delivery: {day} · ⏰ Reminder: {at}", day=delivery(series, language), at=reminder),
        language.say("📍 Pickup: {points}", points=language.listed(points) or language.plain("all pickup points")),
        language.say("🏳️ Public holidays: {country}", country=country(view.calendar, language)),
    ]
    if view.standing:
        lines.append(language.say_many("♻️ {n} standing order", "♻️ {n} standing orders", view.standing))
    return lines


def _dates(view: SeriesView, language: Language) -> list[Markup]:
    lines = []
    for found in view.waiting:
        assert found.opens_at is not None
        at = language.moment(found.opens_at, view.zone)
        lines.append(language.say("✅ <b>{at}</b>: round {number} is ready", at=at, number=found.number))
    if not view.dates:
        return [*lines, language.say("No further date. 🗓 sets new ones.")] if view.series.phase != "ended" else lines
    head = language.say("<b>Next dates</b>")
    if view.series.phase == "paused":
        head = language.say("<b>Next dates</b>, once it goes on")
    return [*lines, head, *(date_line(plan, view.calendar, view.zone, language) for plan in view.dates)]


def _rows(view: SeriesView, language: Language) -> Rows:
    id_, phase = view.series.id or 0, view.series.phase
    listed = (Button(language.plain("‹ All series"), ShowSeriesList()),)
    if phase == "ended":
        return (listed,)
    rows: list[tuple[Button, ...]] = [
        (
            Button(language.plain("🗓 How often"), AskSeries(id_, "often")),
            Button(language.plain("📅 From when"), AskSeries(id_, "first")),
            Button(language.plain("✏️ Title"), AskSeries(id_, "title")),
        ),
        (
            Button(language.plain("🚀 Opening"), AskSeries(id_, "opens")),
            Button(language.plain("⏳ Closing"), AskSeries(id_, "closes")),
            Button(language.plain("🚚 Delivery"), AskSeries(id_, "delivers")),
        ),
        (
            Button(language.plain("🌾 Products"), ShowSeriesProducts(id_, 0)),
            Button(language.plain("📍 Points"), ShowSeriesPoints(id_)),
            Button(language.plain("⏰ Reminder"), AskSeries(id_, "reminder")),
        ),
        (Button(language.plain("🏳️ Holidays"), AskSeries(id_, "country")), *_newest(view, language)),
    ]
    rows += [_date_row(view, plan, language) for plan in view.dates if plan.open_question or plan.decision]
    settled = [plan for plan in view.dates if not plan.open_question and not plan.decision]
    rows += [_date_row(view, plan, language) for plan in settled[:1]]
    return (*rows, *_phase_rows(id_, phase, language), listed)


def _newest(view: SeriesView, language: Language) -> tuple[Button, ...]:
    """Terms changed in a round can be kept for the next ones."""
    if view.series.phase == "draft":
        return ()
    return (Button(language.plain("♻️ As in the newest round"), TakeNewest(view.series.id or 0)),)


def _date_row(view: SeriesView, plan: Planned, language: Language) -> tuple[Button, ...]:
    press = ShowSeriesDate(view.series.id or 0, (plan.day - EPOCH).days)
    day = language.day(plan.day)
    if plan.open_question:
        return (Button(language.plain("⚠️ Decide {day}", day=day), press),)
    if plan.decision:
        return (Button(language.plain("✏️ Change {day}", day=day), press),)
    return (Button(language.plain("⏭ Skip {day}", day=day), press),)


def _phase_rows(id_: int, phase: str, language: Language) -> Rows:
    end = Button(language.plain("🏁 End"), SetSeriesPhase(id_, "ended", sure=False))
    if phase == "draft":
        start = Button(language.plain("✅ Start the series"), SetSeriesPhase(id_, "running", sure=True))
        return ((start,), (Button(language.plain("🗑 Discard"), SetSeriesPhase(id_, "ended", sure=False)),))
    if phase == "paused":
        return ((Button(language.plain("▶️ Go on"), SetSeriesPhase(id_, "running", sure=True)), end),)
    return ((Button(language.plain("⏸ Pause"), SetSeriesPhase(id_, "paused", sure=True)), end),)


def end_screen(view: SeriesView, language: Language) -> Screen:
    """End? Says what stays."""
    id_ = view.series.id or 0
    text = language.say(
        "🏁 End <b>{series}</b>? No more rounds are made. Rounds that exist stay, and the standing orders for them.",
        series=series_name(view.series, language),
    )
    yes = Button(language.plain("Yes, end it"), SetSeriesPhase(id_, "ended", sure=True))
    return Screen(text, ((yes,), (Button(language.plain("‹ Back"), ShowSeries(id_)),)))


def series_list_screen(views: tuple[SeriesView, ...], language: Language) -> Screen:
    """All series with their next date."""
    new = (Button(language.plain("➕ New series"), NewSeries()),)
    if not views:
        return Screen(
            language.say(
                "🔁 <b>No series yet.</b>\nA series opens the same round again and again by itself: weekly, "
                "fortnightly, monthly, or on chosen days."
            ),
            (new,),
        )
    lines = [language.say("🔁 <b>Series</b>"), *(_list_line(view, language) for view in views)]
    rows = tuple((Button(series_name(view.series, language), ShowSeries(view.series.id or 0)),) for view in views)
    return Screen(Markup("\n").join(lines), (*rows, new))


def _list_line(view: SeriesView, language: Language) -> Markup:
    parts = [series_name(view.series, language), often(view.series, language), phase_words(view.series.phase, language)]
    plan = next((plan for plan in view.dates if not plan.skipped), None)
    if plan is not None and view.series.phase == "running":
        parts[2] = language.plain("next {at}", at=language.moment(plan.opens_at, view.zone))
    mark = " ⚠️" if any(plan.open_question for plan in view.dates) else ""
    return Markup("• {}{}").format(" · ".join(parts), mark)


def templates_screen(rounds: list[Round], zone: str, language: Language) -> Screen:
    """From which round?"""
    back = (Button(language.plain("‹ Back"), ShowSeriesList()),)
    if not rounds:
        text = language.say("A series begins with a round. Prepare one with /publish first.")
        return Screen(text, ((Button(language.plain("☰ Rounds"), ShowRounds()),), back))
    rows = tuple((Button(_template(found, zone, language), MakeSeries(found.id or 0)),) for found in rounds)
    text = language.say("🔁 Which round shall be repeated? Its products, pickup points and times are taken over.")
    return Screen(text, (*rows, back))


def _template(found: Round, zone: str, language: Language) -> str:
    name = found.title or language.plain("Round {number}", number=found.number)
    return f"{name} · {language.moment(found.closes_at, zone)}" if found.closes_at else name
