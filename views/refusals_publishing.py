"""Refusals about preparing a round."""

from rules.refusal import Refusal
from views.language import Language
from views.refusals import refusal


@refusal("no_offers")
def _no_offers(language: Language, _no: Refusal) -> str:
    return language.plain("Choose at least one product first: tap 🌾 Products.")


@refusal("no_points")
def _no_points(language: Language, _no: Refusal) -> str:
    return language.plain("Choose at least one pickup point first: tap 📍 Points, or add one with /points.")


@refusal("no_closing")
def _no_closing(language: Language, _no: Refusal) -> str:
    return language.plain("Say when it closes first: tap ⏳ Closing.")


@refusal("closes_in_past", "moment_in_past")
def _past(language: Language, _no: Refusal) -> str:
    return language.plain("That time is past already. Please choose a later one.")


@refusal("closes_before_opening")
def _before_opening(language: Language, _no: Refusal) -> str:
    return language.plain("It would close before it opens. Please choose a closing time after the opening.")


@refusal("moment_not_understood")
def _not_understood(language: Language, _no: Refusal) -> str:
    return language.plain("I could not read a time there. Try 今天18点, Fri 18:00 or 25/12 18:00.")


@refusal("moment_in_clock_change")
def _clock_change(language: Language, _no: Refusal) -> str:
    return language.plain("That hour does not exist: the clocks change then. Please choose another.")


@refusal("moment_too_far")
def _too_far(language: Language, _no: Refusal) -> str:
    return language.plain("That is more than a year away. Please choose an earlier time.")


@refusal("day_in_past")
def _day_past(language: Language, _no: Refusal) -> str:
    return language.plain("That day is past already. Please choose a later one.")


@refusal("reminder_after_closing")
def _reminder_late(language: Language, _no: Refusal) -> str:
    return language.plain("The reminder must come before the closing time.")


@refusal("not_later")
def _not_later(language: Language, _no: Refusal) -> str:
    return language.plain("It closes later than that already. To end it earlier, close it now.")


@refusal("price_zero")
def _price_zero(language: Language, _no: Refusal) -> str:
    return language.plain("The price must be more than zero.")


@refusal("money_not_understood")
def _money(language: Language, _no: Refusal) -> str:
    return language.plain("I could not read a price there. Try 39.90 or 39块9, in the currency of your enterprise.")


@refusal("money_too_large")
def _money_large(language: Language, _no: Refusal) -> str:
    return language.plain("That price is too large. Please check the number.")


@refusal("too_many_offers")
def _too_many(language: Language, no: Refusal) -> str:
    return language.plain("A round holds at most {limit} products.", limit=no.facts["limit"])


@refusal("no_last_round")
def _no_last(language: Language, _no: Refusal) -> str:
    return language.plain("There is no earlier round to copy yet.")


@refusal("draft_published")
def _published(language: Language, _no: Refusal) -> str:
    return language.plain("This round has been published already. /round shows it.")


@refusal("case_zero")
def _case_zero(language: Language, _no: Refusal) -> str:
    return language.plain("A case holds at least 1. Please give a number such as 1, 4 or 6.")


@refusal("tier_not_cheaper")
def _tier_not_cheaper(language: Language, no: Refusal) -> str:
    return language.plain(
        "From {n} on it must be cheaper than before. For example: 20 46, 50 42.", n=no.facts["from_units"]
    )


@refusal("tier_twice")
def _tier_twice(language: Language, no: Refusal) -> str:
    return language.plain("{n} units cannot begin a tier here. For example: 20 46, 50 42.", n=no.facts["from_units"])


@refusal("tiers_not_understood")
def _tiers(language: Language, _no: Refusal) -> str:
    return language.plain("Please send units and price, one tier after the other: 20 46, 50 42. “none” removes them.")


@refusal("too_many_tiers")
def _too_many_tiers(language: Language, no: Refusal) -> str:
    return language.plain("At most {limit} tiers fit. For example: 20 46, 50 42.", limit=no.facts["limit"])


@refusal("price_below_tier")
def _price_below_tier(language: Language, no: Refusal) -> str:
    return language.plain(
        "From {n} units on it would not be cheaper any more. Please change 📉 Tiers first.", n=no.facts["from_units"]
    )


@refusal("unit_differs")
def _unit_differs(language: Language, no: Refusal) -> str:
    return language.plain(
        "This is not sold by {unit}. Please send how many units, as a bare number such as 20.", unit=no.facts["unit"]
    )


@refusal("hours_not_understood")
def _hours(language: Language, _no: Refusal) -> str:
    return language.plain("I could not read a number of hours there. Try 24, 2 hours or 1 day.")


@refusal("hours_out_of_range")
def _hours_range(language: Language, no: Refusal) -> str:
    return language.plain(
        "Between {least} and {most} hours, please. For example: 24.", least=no.facts["least"], most=no.facts["most"]
    )
