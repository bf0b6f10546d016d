"""Refusals about closing and purchase orders."""

from datetime import datetime

from rules.refusal import Refusal
from views.language import Language
from views.refusals import refusal


@refusal("already_answered")
def _already(language: Language, _no: Refusal) -> str:
    return language.plain("This purchase order has been answered already. Call the coordinator to change it.")


@refusal("wrong_phase")
def _wrong_phase(language: Language, _no: Refusal) -> str:
    return language.plain("That is no longer possible at this stage. Press /start for how things stand.")


@refusal("revision_old")
def _revision_old(language: Language, no: Refusal) -> str:
    return language.plain(
        "There is a newer revision, {n}, of {number}. Please answer that one; /orders shows it.",
        n=no.facts["revision"],
        number=no.facts["number"],
    )


@refusal("more_than_ordered")
def _more_than_ordered(language: Language, no: Refusal) -> str:
    return language.plain("Only {ordered} were ordered. Please give that or fewer.", ordered=no.facts["ordered"])


@refusal("nothing_left")
def _nothing_left(language: Language, _no: Refusal) -> str:
    return language.plain("Nothing would be left to deliver. Please press Decline instead.")


@refusal("nothing_to_ask")
def _nothing_to_ask(language: Language, no: Refusal) -> str:
    return language.plain("Nobody wishes anything of {number} any more.", number=no.facts["number"])


@refusal("substitute_not_yours")
def _substitute(language: Language, _no: Refusal) -> str:
    return language.plain("Only your own products can be offered instead.")


@refusal("substitute_asked")
def _substitute_asked(language: Language, _no: Refusal) -> str:
    return language.plain("A substitute for this has been offered already; the members are answering.")


@refusal("substitute_in_round")
def _substitute_in_round(language: Language, _no: Refusal) -> str:
    return language.plain("This product is in the round already. Please choose another one.")


@refusal("substitute_open")
def _substitute_open(language: Language, no: Refusal) -> str:
    at, zone = no.facts["at"], str(no.facts.get("zone") or "Asia/Shanghai")
    return language.plain(
        "Members are still answering about a substitute, until {at}. After that there is a new revision: answer that.",
        at=language.moment(at, zone) if isinstance(at, datetime) else "",
    )


@refusal("order_cancelled")
def _order_cancelled(language: Language, no: Refusal) -> str:
    return language.plain("{number} is cancelled; nothing is to be delivered.", number=no.facts["number"])


@refusal("order_unanswered")
def _unanswered(language: Language, no: Refusal) -> str:
    return language.plain(
        "{number} has not been accepted by its supplier yet. Settle the round once it is.", number=no.facts["number"]
    )


@refusal("accepted_already")
def _accepted(language: Language, no: Refusal) -> str:
    return language.plain(
        "{number} has been accepted by its supplier, so the round can be neither reopened nor cancelled. "
        "Correct single lines instead; 0 removes one.",
        number=no.facts["number"],
    )


@refusal("shipped_already")
def _shipped(language: Language, no: Refusal) -> str:
    return language.plain("{number} is on its way; nothing can be corrected any more.", number=no.facts["number"])


@refusal("by_hand_too_many")
def _by_hand(language: Language, no: Refusal) -> str:
    return language.plain("Only {wished} were wished. Raise the wish first, or give fewer.", wished=no.facts["wished"])


@refusal("not_held")
def _not_held(language: Language, _no: Refusal) -> str:
    return language.plain("This round has been decided already. The round shows the result.")


@refusal("order_decided")
def _order_decided(language: Language, no: Refusal) -> str:
    collector = no.facts.get("collector")
    if collector:
        return language.plain("This has been decided already: {collector} collects the order.", collector=collector)
    return language.plain("This order has been decided already, or its member is back. Nothing was changed.")
