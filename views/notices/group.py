"""The offer in a linked group, with a live progress line and the way to the private chat."""

from markupsafe import Markup

from services.link_group import GroupOffer, read_group_offer, remember_group_message
from services.work import Work
from views.language import Language
from views.notice import Delivery, NoticeKind, declare
from views.screen import Button, Screen
from views.screens.outcome import phase_name

MAX_LINES = 10
BOT_LINK = "https://t.me/{bot}?start=r{round_id}"
"""The dispatcher fills in the bot's name."""


def _read(work: Work, delivery: Delivery) -> GroupOffer | None:
    return read_group_offer(work, delivery.facts["round_id"])


def _remember(work: Work, delivery: Delivery, message_id: int) -> None:
    remember_group_message(work, delivery.facts["round_id"], delivery.chat_id, message_id)


def _render(offer: GroupOffer, language: Language) -> Screen:
    name = offer.title or language.plain("Round {number}", number=offer.number)
    lines = [Markup("🧺 <b>{}</b> · {}").format(offer.enterprise, name)]
    lines += [
        Markup("• {} {}").format(
            with_county(language.pick(county_zh, county_en), language.pick(zh, en)),
            language.money(price, offer.currency),
        )
        for county_zh, county_en, zh, en, price in offer.names[:MAX_LINES]
    ]
    more = len(offer.names) - MAX_LINES
    if more > 0:
        lines.append(language.say_many("… and {n} more", "… and {n} more", more))
    value = language.money(offer.value, offer.currency)
    lines.append(language.say("👥 Ordered so far: {people}, {value} in all", people=offer.people, value=value))
    if offer.phase != "open":
        return Screen(Markup("\n").join([*lines, Markup("🔒 {}").format(phase_name(offer.phase, language))]))
    if offer.closes_at:
        lines.append(language.say("⏳ closes {at}", at=language.moment(offer.closes_at, offer.zone)))
    url = BOT_LINK.replace("{round_id}", str(offer.round_id))
    return Screen(Markup("\n").join(lines), ((Button(language.plain("🧺 Order now"), url=url),),))


def with_county(county: str, name: str) -> str:
    """`奉节 血橙`, but `奉节脐橙` where the name says it already."""
    return name if county in name else f"{county} {name}"


declare("group_offer", NoticeKind(_read, _render, sent=_remember))
declare("group_progress", NoticeKind(_read, _render))
