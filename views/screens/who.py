"""Who has ordered in a round, for its coordinator."""

from markupsafe import Markup

from services.read_totals import Totals, Who
from views.language import Language
from views.presses.coordinating import ShowRound, ShowWho
from views.screen import Button, Screen
from views.screens.pages import page_of, turns
from views.screens.reach import mark, what_to_do
from views.screens.round import round_name

WHO_A_PAGE = 25


def who_screen(totals: Totals, page: int, language: Language) -> Screen:
    """Who ordered, who has not, who cannot be reached."""
    ordered = sorted(totals.members, key=lambda who: (not who.value, who.department, who.name))
    shown, page, pages = page_of(ordered, page, WHO_A_PAGE)
    lines = [_who(who, totals, language) for who in shown]
    if not all(who.reachable for who in shown):
        lines.append(what_to_do(language))
    turn = turns(page, pages, lambda to: ShowWho(totals.round_id, to))
    back = (Button(language.plain("‹ Back"), ShowRound(totals.round_id)),)
    head = language.say("👥 <b>{round}</b>", round=round_name(totals, language))
    return Screen(Markup("\n").join([head, *lines]), (*turn, back))


def _who(who: Who, totals: Totals, language: Language) -> Markup:
    name = f"{who.name} · {who.department}" if who.department else who.name
    reach = mark(who.reachable, language)
    if who.value:
        return Markup("✅ {} {}{}").format(name, language.money(who.value, totals.currency), reach)
    return Markup("▫️ {}{}").format(name, reach)
