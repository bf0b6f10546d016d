"""Refusals about series and standing orders."""

from rules.refusal import Refusal
from views.language import Language
from views.refusals import refusal


@refusal("recurrence_not_understood")
def _often(language: Language, _no: Refusal) -> str:
    return language.plain(
        "I could not read that, or there is no such day. Try every 2 weeks, 每月15号, last Friday, or days: 5/3, 19/3."
    )


@refusal("weeks_out_of_range")
def _weeks(language: Language, no: Refusal) -> str:
    return language.plain("It can be every 1 to {limit} weeks. For example: every 2 weeks.", limit=no.facts["limit"])


@refusal("month_day_out_of_range")
def _month_day(language: Language, _no: Refusal) -> str:
    return language.plain("A month has days 1 to 31. On 31, a shorter month has its round on its last day.")


@refusal("no_days")
def _no_days(language: Language, _no: Refusal) -> str:
    return language.plain("Please give at least one day. For example: 5/3, 19/3.")


@refusal("too_many_days")
def _too_many(language: Language, no: Refusal) -> str:
    return language.plain("That is more than {limit} days. Please give fewer.", limit=no.facts["limit"])


@refusal("hour_not_understood")
def _hour(language: Language, _no: Refusal) -> str:
    return language.plain("I could not read a time of day there. Try 9:30 or 早上9点.")


@refusal("closing_not_understood")
def _closing(language: Language, _no: Refusal) -> str:
    return language.plain("Please give days and the hour: 2 days later 18:00, or 当天18点.")


@refusal("country_not_understood")
def _country(language: Language, _no: Refusal) -> str:
    return language.plain("I do not know that country's holidays. Try 中国, Germany or DE; “none” watches no holidays.")


@refusal("series_no_products")
def _no_products(language: Language, _no: Refusal) -> str:
    return language.plain("A series needs at least one product that is sold. Tap 🌾 Products and choose one.")


@refusal("series_no_dates")
def _no_dates(language: Language, _no: Refusal) -> str:
    return language.plain("There is no date to come. Tap 🗓 How often and choose one.")


@refusal("series_no_round")
def _no_round(language: Language, _no: Refusal) -> str:
    return language.plain("This series has no round yet.")


@refusal("series_ended")
def _ended(language: Language, _no: Refusal) -> str:
    return language.plain("This series has ended. /series shows the others, and begins a new one.")


@refusal("date_passed")
def _date_passed(language: Language, _no: Refusal) -> str:
    return language.plain("That date is decided already: its round exists, or its time has passed. /round shows it.")


@refusal("no_free_day")
def _no_free_day(language: Language, _no: Refusal) -> str:
    return language.plain("There is no free working day on that side. You can keep or skip the date.")


@refusal("not_in_series")
def _not_in_series(language: Language, _no: Refusal) -> str:
    return language.plain("This round is not repeated, so there is no “every time”.")


@refusal("nothing_ordered")
def _nothing(language: Language, _no: Refusal) -> str:
    return language.plain("Order something first; then it can be the same every time.")


@refusal("no_standing_order")
def _no_standing(language: Language, _no: Refusal) -> str:
    return language.plain("You have no standing order here any more. /orders shows your orders.")
