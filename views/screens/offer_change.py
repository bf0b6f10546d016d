"""Changing an offer of an open round: the coordinator's screens."""

from markupsafe import Markup

from services.offer_changes import Effect
from services.read_change import OfferNews
from services.read_totals import Totals
from views.language import Language
from views.presses.changing import ChangeOffer, ShowOffersToChange
from views.presses.coordinating import ExtendRound, ShowRound
from views.screen import Button, Rows, Screen
from views.screens.answers import term_name, term_value
from views.screens.round import round_name

SHORT_SECONDS = 3 * 3600
"""Less time than this to answer is worth a warning."""


def offers_to_change_screen(totals: Totals, language: Language) -> Screen:
    """Which offer?"""
    rows = tuple(
        (Button(language.pick(offer.name_zh, offer.name_en), ChangeOffer(offer.offer_id, "", None, sure=False)),)
        for offer in totals.offers
    )
    text = language.say(
        "✏️ <b>What changes in {round}?</b> Whoever ordered it is told, and asked where it is worse for them.",
        round=round_name(totals, language),
    )
    return Screen(text, (*rows, (Button(language.plain("‹ Back"), ShowRound(totals.round_id)),)))


def change_terms_screen(offer_id: int, news: OfferNews, language: Language) -> Screen:
    """Which term? The buttons say how it is now."""
    none = language.plain("none")
    labels = {
        "price": language.plain("💴 Price: {value}", value=language.money(news.price, news.currency)),
        "case": language.plain("📦 Case size: {value}", value=news.case_size),
        "minimum": language.plain("🎯 Minimum: {value}", value=news.minimum or none),
        "stock": language.plain("🏬 Stock: {value}", value=none if news.stock is None else news.stock),
        "cap": language.plain("👤 Most for one member: {value}", value=news.cap or none),
    }
    gone = ("back", language.plain("♻️ Available again")) if news.withdrawn else (
        "gone", language.plain("🚫 No longer available")
    )  # fmt: skip
    buttons = [Button(label, ChangeOffer(offer_id, key, None, sure=False)) for key, label in (*labels.items(), gone)]
    name = language.pick(news.name_zh, news.name_en)
    rows = tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
    return Screen(language.say("✏️ <b>{name}</b>: what changes?", name=name), (*rows, _back(news, language)))


def _back(news: OfferNews, language: Language) -> tuple[Button, ...]:
    return (Button(language.plain("‹ Back"), ShowOffersToChange(news.round_id)),)


def ask_term_screen(news: OfferNews, what: str, language: Language) -> Screen:
    """To what?"""
    name = language.pick(news.name_zh, news.name_en)
    questions = {
        "price": language.say("💴 New price of <b>{name}</b>? For example <code>39.9</code> or 39块9.", name=name),
        "case": language.say("📦 How many of <b>{name}</b> come in a case now? 1 means singly.", name=name),
        "minimum": language.say("🎯 New minimum of <b>{name}</b> in all? 0 means none.", name=name),
        "stock": language.say("<b>{name}</b>: how many units are there? <code>-</code> for no limit.", name=name),
        "cap": language.say("<b>{name}</b>: how many at most for one member? <code>0</code> for no limit.", name=name),
    }
    return Screen(questions[what], (_back(news, language),))


def gone_screen(offer_id: int, news: OfferNews, language: Language) -> Screen:
    """Take it out? Says what happens."""
    name = language.pick(news.name_zh, news.name_en)
    text = language.say(
        "🚫 Take <b>{name}</b> out? Lines of it fall away at once and their members are told.", name=name
    )
    yes = Button(language.plain("Yes, take it out"), ChangeOffer(offer_id, "gone", None, sure=True))
    return Screen(text, ((yes,), _back(news, language)))


def back_screen(offer_id: int, news: OfferNews, language: Language) -> Screen:
    """Bring it back? Says what happens."""
    name = language.pick(news.name_zh, news.name_en)
    text = language.say(
        "♻️ Offer <b>{name}</b> again? Nothing is ordered by itself: whoever lost a line is told, "
        "and can order it again with one tap.",
        name=name,
    )
    yes = Button(language.plain("Yes, offer it again"), ChangeOffer(offer_id, "back", None, sure=True))
    return Screen(text, ((yes,), _back(news, language)))


def change_offer_screen(effect: Effect, carried: int, language: Language) -> Screen:
    """Whom it concerns and how; sure? `carried` is the new term as the button carries it."""
    offer = effect.offer
    before, after = (
        term_value(effect.what, value, effect.currency, language) for value in (effect.before, effect.after)
    )
    head = language.say(
        "✏️ <b>{name}</b>, {term}: {before} → <b>{after}</b>",
        name=language.pick(offer.name_zh, offer.name_en),
        term=term_name(effect.what, language),
        before=before,
        after=after,
    )
    back = (Button(language.plain("‹ Back"), ShowOffersToChange(offer.round_id)),)
    if effect.before == effect.after:
        same = language.say("It is that already; nothing changes.")
        return Screen(Markup("\n").join([head, same]), (back,))
    lines = [head, *_concerned(effect, language), *_time(effect, language), *_tiers(effect, language)]
    return Screen(Markup("\n").join(lines), (*_yes(effect, carried, language), back))


def _yes(effect: Effect, carried: int, language: Language) -> Rows:
    yes = Button(language.plain("Yes, change it"), ChangeOffer(effect.offer.id or 0, effect.what, carried, sure=True))
    if not _is_short(effect):
        return ((yes,),)
    extend = Button(language.plain("⏳ Extend first"), ExtendRound(effect.offer.round_id, None, sure=False))
    return ((yes,), (extend,))


def _concerned(effect: Effect, language: Language) -> list[Markup]:
    told = [*_asked(effect, language), *_not_asked(effect, language)]
    return told or [language.say("It is worse for nobody who has ordered.")]


def _asked(effect: Effect, language: Language) -> list[Markup]:
    if not effect.asked:
        return []
    if effect.what == "stock":
        return [
            language.say_many(
                "✂️ {n} member gets only a part and is asked whether to keep it.",
                "✂️ {n} members get only a part and are asked whether to keep it.",
                effect.asked,
            )
        ]
    return [
        language.say_many(
            "{n} member ordered on better terms and is asked; without a yes the line is dropped.",
            "{n} members ordered on better terms and are asked; without a yes the line is dropped.",
            effect.asked,
        )
    ]


def _not_asked(effect: Effect, language: Language) -> list[Markup]:
    lines = {
        language.say_many(
            "🚫 Nothing is left for {n} member, whose line falls away; they are told.",
            "🚫 Nothing is left for {n} members, whose lines fall away; they are told.",
            effect.dropped,
        ): effect.dropped,
        language.say_many(
            "👍 {n} member is told that it is no worse.",
            "👍 {n} members are told that it is no worse.",
            effect.told,
        ): effect.told,
        language.say_many(
            "{n} member has more already and keeps it.",
            "{n} members have more already and keep it.",
            effect.over_cap,
        ): effect.over_cap,
    }
    return [line for line, n in lines.items() if n]


def _is_short(effect: Effect) -> bool:
    return bool(effect.asked) and (effect.until - effect.now).total_seconds() < SHORT_SECONDS


def _time(effect: Effect, language: Language) -> list[Markup]:
    """Until when they can answer, and a warning where that is soon."""
    if not effect.asked:
        return []
    at = language.moment(effect.until, effect.zone)
    if not _is_short(effect):
        return [language.say("They can answer until {at}.", at=at)]
    left = language.span((effect.until - effect.now).total_seconds())
    return [language.say("⚠️ They can answer until {at} only: that is {left}.", at=at, left=left)]


def _tiers(effect: Effect, language: Language) -> list[Markup]:
    """What becomes of the tiers where the price changes."""
    if effect.what != "price":
        return []
    lines = []
    if effect.tiers_gone:
        tiers = _listed(effect, effect.tiers_gone, language)
        lines.append(language.say("These tiers end, being no cheaper: {tiers}", tiers=tiers))
    if effect.tiers:
        lines.append(language.say("Tiers stay: {tiers}", tiers=_listed(effect, effect.tiers, language)))
    return lines


def _listed(effect: Effect, tiers: tuple[tuple[int, int], ...], language: Language) -> str:
    return language.listed(
        language.plain("{n} and more {price}", n=units, price=language.money(price, effect.currency))
        for units, price in tiers
    )
