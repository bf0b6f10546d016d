"""What is told about changes of an offer: questions, good news, lines that fell away, and how members answered."""

from dataclasses import dataclass

from models import OfferChange, Round
from services.read_change import OfferNews, Question, read_offer_news, read_question
from services.work import Work
from views.language import Language
from views.notice import Delivery, NoticeKind, declare
from views.presses.coordinating import ShowRound
from views.presses.ordering import OpenCard, PlaceTyped
from views.screen import Button, Screen
from views.screens.answers import term_name, term_value
from views.screens.change import question_screen


def _question(work: Work, delivery: Delivery) -> Question | None:
    question = read_question(work, delivery.facts["consent_id"])
    if question is None or not question.units or question.decided or question.answer:
        return None
    phase = work.session.get_one(Round, question.round_id).phase
    return question if phase == ("closed" if question.kind == "substitute" else "open") else None


declare("consent", NoticeKind(_question, question_screen))


def _news(work: Work, delivery: Delivery) -> tuple[OfferNews, Delivery]:
    return read_offer_news(work, delivery.facts["offer_id"]), delivery


def _render_better(told: tuple[OfferNews, Delivery], language: Language) -> Screen:
    news, delivery = told
    name, what, after = language.pick(news.name_zh, news.name_en), delivery.facts["what"], int(delivery.facts["after"])
    if delivery.facts.get("again"):
        text = language.say(
            "👍 <b>{name}</b>: the {term} is {value} again. Your order stays; you need not answer.",
            name=name, term=term_name(what, language), value=term_value(what, after, news.currency, language),
        )  # fmt: skip
    elif what == "price":
        text = language.say(
            "📉 <b>{name}</b>: the price is now {price}; your order is cheaper by itself.",
            name=name,
            price=language.money(after, news.currency),
        )
    elif what == "case":
        text = language.say("📦 <b>{name}</b>: now in cases of {n}. Your order stays.", name=name, n=after)
    else:
        text = language.say("🎯 <b>{name}</b>: only {n} are needed in all now. Your order stays.", name=name, n=after)
    return Screen(text, ((Button(language.plain("🧺 My order"), OpenCard(news.round_id)),),))


declare("offer_better", NoticeKind(_news, _render_better))


def _render_dropped(told: tuple[OfferNews, Delivery], language: Language) -> Screen:
    news, delivery = told
    facts = {
        "name": language.pick(news.name_zh, news.name_en),
        "units": language.units(int(delivery.facts["units"]), news.unit_zh, news.unit_en),
    }
    if delivery.facts["why"] == "withdrawn":
        text = language.say(
            "🚫 <b>{name}</b> can no longer be had. Your {units} were taken off your order; you pay nothing for it.",
            **facts,
        )
    elif delivery.facts["why"] == "sold_out":
        text = language.say(
            "🚫 There is too little of <b>{name}</b>. Your {units} were taken off your order; you pay nothing for it.",
            **facts,
        )
    else:
        text = language.say(
            "🚫 <b>{name}</b>: your {units} were taken off your order, because you did not agree to the change. "
            "While the round is open you can order again, as it is now.",
            **facts,
        )
    return Screen(text, ((Button(language.plain("🧺 Open card"), OpenCard(news.round_id)),),))


declare("line_dropped", NoticeKind(_news, _render_dropped))


def _back(work: Work, delivery: Delivery) -> tuple[OfferNews, Delivery] | None:
    news = read_offer_news(work, delivery.facts["offer_id"])
    found = work.session.get_one(Round, news.round_id)
    return (news, delivery) if found.phase == "open" and not news.withdrawn else None


def _render_back(told: tuple[OfferNews, Delivery], language: Language) -> Screen:
    news, delivery = told
    units = int(delivery.facts["units"])
    shown = language.units(units, news.unit_zh, news.unit_en)
    text = language.say(
        "♻️ <b>{name}</b> can be had again, at {price}. You had {units}; nothing is ordered by itself.",
        name=language.pick(news.name_zh, news.name_en), units=shown, price=language.money(news.price, news.currency),
    )  # fmt: skip
    again = Button(
        language.plain("🧺 Order {units} again", units=shown), PlaceTyped(int(delivery.facts["offer_id"]), units, None)
    )
    return Screen(text, ((again,), (Button(language.plain("🧺 Open card"), OpenCard(news.round_id)),)))


declare("offer_back", NoticeKind(_back, _render_back))


@dataclass(frozen=True, slots=True)
class Decided:
    """A change whose time is up, and how many kept, dropped and did not answer."""

    news: OfferNews
    kind: str
    before: int | None
    after: int
    kept: int
    dropped: int
    silent: int


def _decided(work: Work, delivery: Delivery) -> Decided:
    change = work.session.get_one(OfferChange, delivery.facts["change_id"])
    counts = (int(delivery.facts[key]) for key in ("kept", "dropped", "silent"))
    return Decided(
        read_offer_news(work, change.offer_id), change.kind, change.facts["before"], int(change.facts["after"]), *counts
    )


def _render_decided(told: Decided, language: Language) -> Screen:
    before, after = (term_value(told.kind, value, told.news.currency, language) for value in (told.before, told.after))
    head = language.say(
        "📋 <b>{name}</b>, {term} {before} → {after}: all answers are in.",
        name=language.pick(told.news.name_zh, told.news.name_en), term=term_name(told.kind, language),
        before=before, after=after,
    )  # fmt: skip
    counts = language.say(
        "👍 {kept} keep it · 👎 {dropped} drop it · ❔ {silent} did not answer and are off it too",
        kept=told.kept, dropped=told.dropped, silent=told.silent,
    )  # fmt: skip
    return Screen(head + "\n" + counts, ((Button(language.plain("📊 The round"), ShowRound(told.news.round_id)),),))


declare("change_decided", NoticeKind(_decided, _render_decided))
