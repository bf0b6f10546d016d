"""What is told about series: a round was made, rounds were missed, a standing order was placed."""

from datetime import date

from markupsafe import Markup

from models import Round
from rules.refusal import Refusal
from services.read_series_news import (
    MadeNews,
    MissedNews,
    PlacedLine,
    PlacedNews,
    read_made,
    read_missed,
    read_placed,
)
from services.series_settings import EPOCH
from services.work import Work
from views.language import Language
from views.notice import Delivery, NoticeKind, declare
from views.presses.coordinating import ShowRound
from views.presses.ordering import OpenCard, PlaceOnPad
from views.presses.publishing import ShowDraft
from views.presses.series import (
    AgreePrice,
    OpenSeriesRound,
    ShowSeries,
    ShowSeriesDate,
    ShowStanding,
    SkipSeriesRound,
)
from views.refusals import explain
from views.screen import Button, Rows, Screen
from views.screens.series_words import date_line, series_name

MAX_LINES = 30
MAX_MISSED = 10
MAX_QUESTIONS = 4


def _made(work: Work, delivery: Delivery) -> MadeNews | None:
    return read_made(work, delivery.facts)


def _render_made(news: MadeNews, language: Language) -> Screen:
    found, view = news.round, news.view
    assert found.opens_at is not None
    assert found.closes_at is not None
    name = series_name(view.series, language)
    number = language.plain("Round {number}", number=found.number)
    opens = language.moment(found.opens_at, view.zone)
    closes = language.moment(found.closes_at, view.zone)
    if found.phase == "draft":
        head = language.say(
            "🔁 <b>{series}</b>: {round} is ready and opens by itself on <b>{opens}</b>, until {closes}.",
            series=name, round=number, opens=opens, closes=closes,
        )  # fmt: skip
    else:
        head = language.say(
            "🔁 <b>{series}</b>: {round} has opened, until {closes}.", series=name, round=number, closes=closes
        )
    lines = [head, language.say_many("{n} product", "{n} products", news.offers), *_changes(news, language)]
    lines += _question(news, language)
    return Screen(Markup("\n").join(lines), _made_rows(news, language))


def _changes(news: MadeNews, language: Language) -> list[Markup]:
    lines = [
        language.say(
            "💰 {name}: now {now}, last time {before}",
            name=language.pick(price.name_zh, price.name_en),
            now=language.money(price.now, news.view.currency),
            before=language.money(price.before, news.view.currency),
        )
        for price in news.prices[:MAX_LINES]
    ]
    if news.gone:
        names = language.listed(language.pick(zh, en) for zh, en in news.gone)
        lines.append(language.say("🚫 No longer sold, so not offered: {names}", names=names))
    if news.view.standing:
        lines.append(language.say_many("♻️ {n} standing order", "♻️ {n} standing orders", news.view.standing))
    return lines


def _question(news: MadeNews, language: Language) -> list[Markup]:
    """The date after this one, where it waits for a decision."""
    plan = next((plan for plan in news.view.dates if plan.open_question), None)
    if plan is None:
        return []
    line = date_line(plan, news.view.calendar, news.view.zone, language)
    return [language.say("Please decide about a later date:"), line]


def _made_rows(news: MadeNews, language: Language) -> Rows:
    found, series_id = news.round, news.view.series.id or 0
    id_ = found.id or 0
    rows: list[tuple[Button, ...]] = [(Button(language.plain("📊 The round"), ShowRound(id_)),)]
    if found.phase == "draft":
        rows = [
            (
                Button(language.plain("✏️ Change"), ShowDraft(id_)),
                Button(language.plain("⏭ Skip"), SkipSeriesRound(id_)),
            ),
            (Button(language.plain("📢 Open it now"), OpenSeriesRound(id_)),),
        ]
    for plan in [plan for plan in news.view.dates if plan.open_question][:1]:
        press = ShowSeriesDate(series_id, (plan.day - EPOCH).days)
        rows.append((Button(language.plain("⚠️ Decide {day}", day=language.day(plan.day)), press),))
    return (*rows, (Button(language.plain("🔁 The series"), ShowSeries(series_id)),))


declare("series_round", NoticeKind(_made, _render_made))


def _missed(work: Work, delivery: Delivery) -> MissedNews | None:
    return read_missed(work, delivery.facts)


def _render_missed(news: MissedNews, language: Language) -> Screen:
    view = news.view
    lines = [language.say("⚠️ <b>{series}</b>: no round on", series=series_name(view.series, language))]
    lines += [_missed_line(day, why, language) for day, why in news.missed[:MAX_MISSED]]
    if len(news.missed) > MAX_MISSED:
        more = len(news.missed) - MAX_MISSED
        lines.append(language.say_many("… and {n} more", "… and {n} more", more))
    plan = next((plan for plan in view.dates if not plan.skipped), None)
    if plan is not None and view.series.phase == "running":
        lines.append(language.say("Next: {at}", at=language.moment(plan.opens_at, view.zone)))
    row = (Button(language.plain("🔁 The series"), ShowSeries(view.series.id or 0)),)
    return Screen(Markup("\n").join(lines), (row,))


def _missed_line(day: date, why: str, language: Language) -> Markup:
    if why == "late":
        return language.say("• {day}: the bot did not run until its closing had passed", day=language.day(day))
    if why == "impossible":
        return language.say("• {day}: the clocks change, it would have closed before it opened", day=language.day(day))
    return language.say("• {day}: none of its products is sold any more", day=language.day(day))


declare("series_missed", NoticeKind(_missed, _render_missed))


def _not_opened(work: Work, delivery: Delivery) -> tuple[Round, str] | None:
    found = work.session.get(Round, delivery.facts["round_id"])
    return (found, delivery.facts["why"]) if found is not None and found.phase == "draft" else None


def _render_not_opened(told: tuple[Round, str], language: Language) -> Screen:
    found, why = told
    text = language.say(
        "⚠️ <b>{round}</b> should have opened and could not; nobody has seen it. {why}",
        round=found.title or language.plain("Round {number}", number=found.number),
        why=explain(Refusal(why), language),
    )
    return Screen(text, ((Button(language.plain("✏️ Change"), ShowDraft(found.id or 0)),),))


declare("round_not_opened", NoticeKind(_not_opened, _render_not_opened))


def _placed(work: Work, delivery: Delivery) -> PlacedNews | None:
    return read_placed(work, delivery.facts)


def _render_placed(news: PlacedNews, language: Language) -> Screen:
    name = news.title or language.plain("Round {number}", number=news.number)
    lines = [language.say("♻️ <b>{round} is open</b>; your standing order has been placed:", round=name)]
    lines += [_placed_line(line, news.currency, language) for line in news.lines[:MAX_LINES]]
    if news.closes_at is not None:
        at = language.moment(news.closes_at, news.zone)
        lines.append(language.say("You can change this order until {at}.", at=at))
    dearer = [line for line in news.lines if line.units and line.price > line.agreed]
    rows = [_dearer_row(line, news, language) for line in dearer[:MAX_QUESTIONS]]
    last = (
        Button(language.plain("🧺 My order"), OpenCard(news.round_id)),
        Button(language.plain("♻️ Every time"), ShowStanding(news.series_id)),
    )
    return Screen(Markup("\n").join(lines), (*rows, last))


def _dearer_row(line: PlacedLine, news: PlacedNews, language: Language) -> tuple[Button, ...]:
    name = language.pick(line.name_zh, line.name_en)[:10]
    price = language.money(line.price, news.currency)
    return (
        Button(language.plain("❌ Drop {name}", name=name), PlaceOnPad(line.offer_id or 0, 0)),
        Button(
            language.plain("👍 {price} is fine", price=price), AgreePrice(news.series_id, line.product_id, line.price)
        ),
    )


def _placed_line(line: PlacedLine, currency: str, language: Language) -> Markup:
    name = language.pick(line.name_zh, line.name_en)
    units = language.units(line.units, line.unit_zh, line.unit_en)
    wished = language.units(line.wished, line.unit_zh, line.unit_en)
    if not line.units:
        return language.say("❌ {name}: {why}", name=name, why=_why_none(line.why, language))
    text = Markup("✅ {} <b>{}</b> · {}").format(name, units, language.money(line.price, currency))
    if line.units < line.wished:
        text = language.say(
            "➖ {name} <b>{units}</b> instead of {wished}: {why}",
            name=name, units=units, wished=wished, why=_why_less(line.why, language),
        )  # fmt: skip
    if line.price > line.agreed:
        now, before = language.money(line.price, currency), language.money(line.agreed, currency)
        text = language.say("{line}\n   ⚠️ dearer: {now} instead of {before}", line=text, now=now, before=before)
    return text


def _why_none(why: str, language: Language) -> str:
    if why == "not_offered":
        return language.plain("not offered this time")
    if why == "over_stock":
        return language.plain("sold out already")
    if why == "over_value_limit":
        return language.plain("your limit for one order is reached")
    return language.plain("cannot be had this time")


def _why_less(why: str, language: Language) -> str:
    if why == "over_stock":
        return language.plain("only so many are left")
    if why == "over_member_cap":
        return language.plain("more is not possible for one person")
    return language.plain("your limit for one order is reached")


declare("standing_placed", NoticeKind(_placed, _render_placed))
