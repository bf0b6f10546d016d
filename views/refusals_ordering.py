"""Refusals about ordering."""

from datetime import datetime

from rules.refusal import Refusal
from views.language import Language
from views.refusals import refusal


@refusal("round_closed")
def _round_closed(language: Language, no: Refusal) -> str:
    at, zone = no.facts.get("at"), str(no.facts.get("zone") or "Asia/Shanghai")
    if isinstance(at, datetime):
        return language.plain("This round closed on {at}. Nothing was changed.", at=language.moment(at, zone))
    return language.plain("This round is closed. Nothing was changed.")


@refusal("round_not_open")
def _round_not_open(language: Language, _no: Refusal) -> str:
    return language.plain("This round is not open yet. Its card comes to you when it opens.")


@refusal("over_stock")
def _over_stock(language: Language, no: Refusal) -> str:
    left = no.facts["left"]
    if not left:
        return language.plain("Sold out: others were faster. You keep what you had.")
    return language.plain("Only {left} can still be had. Please order fewer.", left=left)


@refusal("over_member_cap")
def _over_cap(language: Language, no: Refusal) -> str:
    return language.plain("At most {cap} a person, so that everybody gets some.", cap=no.facts["cap"])


@refusal("over_value_limit")
def _over_value(language: Language, no: Refusal) -> str:
    limit = language.money(int(str(no.facts["limit"])), str(no.facts.get("currency") or "CNY"))
    return language.plain("That is over the limit of {limit} for one order. You can order fewer.", limit=limit)


@refusal("tolerance_without_wish")
def _tolerance_alone(language: Language, _no: Refusal) -> str:
    return language.plain("Please say how many you want for sure as well. For example: oranges 2, up to 3.")


@refusal("tolerance_below_wish")
def _tolerance_below(language: Language, no: Refusal) -> str:
    return language.plain(
        "“Up to {most}” is fewer than the {firm} you want. For example: oranges 2, up to 3. Nothing was changed.",
        most=no.facts["most"],
        firm=no.facts["firm"],
    )


@refusal("tolerance_useless")
def _tolerance_useless(language: Language, _no: Refusal) -> str:
    return language.plain(
        "This is sold singly and has no minimum, so “up to” can do nothing here. Please order the number you want."
    )


@refusal("offer_withdrawn")
def _withdrawn(language: Language, _no: Refusal) -> str:
    return language.plain("This can no longer be had. Nothing was changed.")


@refusal("answer_first")
def _answer_first(language: Language, _no: Refusal) -> str:
    return language.plain(
        "This has changed since you ordered it. Tap 👍 on the card to keep yours first, then add more."
    )


@refusal("completing_fixed")
def _fixed(language: Language, _no: Refusal) -> str:
    return language.plain("The round has closed; only missing units can be added now. You keep what you ordered.")


@refusal("completing_only")
def _completing(language: Language, no: Refusal) -> str:
    missing = no.facts["missing"]
    if not missing:
        return language.plain("The round has closed, and nothing is missing here any more.")
    return language.plain("The round has closed; only {missing} more can be added.", missing=missing)


@refusal("change_decided")
def _change_decided(language: Language, _no: Refusal) -> str:
    return language.plain("The time to answer is over. /orders shows your order as it is.")


@refusal("change_replaced")
def _change_replaced(language: Language, _no: Refusal) -> str:
    return language.plain("This has changed once more. Please answer the newest message about it, or on the card.")


@refusal("line_gone")
def _line_gone(language: Language, _no: Refusal) -> str:
    return language.plain("It is off your order already. /start shows the card, where you can order it again.")


@refusal("quantity_negative")
def _negative(language: Language, _no: Refusal) -> str:
    return language.plain("A quantity cannot be below zero. 0 takes the line away.")


@refusal("quantity_too_large")
def _too_large(language: Language, no: Refusal) -> str:
    return language.plain("That is more than {limit}. Please check the number.", limit=no.facts["limit"])


@refusal("quantity_not_whole")
def _not_whole(language: Language, _no: Refusal) -> str:
    return language.plain("Please give a whole number, such as 2.")


@refusal("quantity_not_understood")
def _not_understood(language: Language, _no: Refusal) -> str:
    return language.plain("I could not read a number there. Please send one, such as 2 or 两箱.")


@refusal("supplier_text")
def _supplier_text(language: Language, _no: Refusal) -> str:
    return language.plain("I read buttons here, and nobody reads this chat. /orders shows your purchase orders.")
