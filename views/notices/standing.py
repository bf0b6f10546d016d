"""What members with a standing order hear when its series is paused, goes on or has ended."""

from markupsafe import Markup

from services.standing_orders import StandingView, standing_told
from services.work import Work
from views.language import Language
from views.notice import Delivery, NoticeKind, declare
from views.presses.series import ShowStanding
from views.screen import Button, Screen
from views.screens.standing import name_of, when_line


def _read(work: Work, delivery: Delivery) -> StandingView | None:
    facts = delivery.facts
    return standing_told(work, facts["series_id"], facts["member_id"], facts["phase"])


def _render(view: StandingView, language: Language) -> Screen:
    button = Button(language.plain("♻️ Every time"), ShowStanding(view.series_id))
    return Screen(_text(view, language), () if view.phase == "ended" else ((button,),))


def _text(view: StandingView, language: Language) -> Markup:
    series = name_of(view, language)
    if view.phase == "running":
        text = language.say("▶️ <b>{series}</b> goes on, and your standing order with it.", series=series)
        return Markup("\n").join([text, when_line(view, language)])
    if view.phase == "ended":
        text = language.say("🏁 <b>{series}</b> has ended: nothing more is ordered for you by itself.", series=series)
    else:
        text = language.say(
            "⏸ <b>{series}</b> is paused: nothing is ordered for you until it goes on. Your standing order stays.",
            series=series,
        )
    return Markup("\n").join([text, *_still_opens(view, language)])


def _still_opens(view: StandingView, language: Language) -> list[Markup]:
    """The round that was made already opens all the same."""
    if view.opens_at is None:
        return []
    at = language.moment(view.opens_at, view.zone)
    if view.skips_next:
        return [language.say("The round of {at} still opens; you left it out.", at=at)]
    return [language.say("The round of {at} still opens, with your standing order.", at=at)]


declare("standing_series", NoticeKind(_read, _render))
