"""What is told about a round that lacks units or missed its minimum."""

from markupsafe import Markup

from models import Round
from services.nudges import Nudge, read_call, read_nudge
from services.read_totals import Totals, round_totals
from services.rehearse import Rehearsal, rehearse_round
from services.work import Work
from views.language import Language
from views.notice import Delivery, NoticeKind, declare
from views.presses.coordinating import ShowRound
from views.screen import Button, Screen
from views.screens.lacking import lacking_screen
from views.screens.rehearsal import failures
from views.screens.round import held_rows

MAX_LINES = 12


def _name(totals: Totals, language: Language) -> str:
    return totals.title or language.plain("Round {number}", number=totals.number)


def _held(work: Work, delivery: Delivery) -> tuple[Totals, Rehearsal, Round] | None:
    found = work.session.get(Round, delivery.facts["round_id"])
    if found is None or found.held_until is None:
        return None
    return round_totals(work, found), rehearse_round(work, found), found


def _render_held(told: tuple[Totals, Rehearsal, Round], language: Language) -> Screen:
    totals, rehearsal, found = told
    assert found.held_until is not None
    head = language.say("✋ <b>{round}</b> waits for you: a minimum was missed.", round=_name(totals, language))
    foot = language.say(
        "Nothing has been sent. Without an answer by {at} these lines are cancelled and the rest is ordered.",
        at=language.moment(found.held_until, totals.zone),
    )
    show_round = (Button(language.plain("📊 The round"), ShowRound(totals.round_id)),)
    rows = (*held_rows(totals.round_id, language), show_round)
    return Screen(Markup("\n").join([head, *failures(rehearsal, language), foot]), rows)


declare("round_held", NoticeKind(_held, _render_held))


def _nudge(work: Work, delivery: Delivery) -> Nudge | None:
    found = work.session.get(Round, delivery.facts["round_id"])
    return read_nudge(work, found, delivery.facts["member_id"]) if found is not None else None


def _call(work: Work, delivery: Delivery) -> Nudge | None:
    found = work.session.get(Round, delivery.facts["round_id"])
    return read_call(work, found, delivery.facts["member_id"]) if found is not None else None


declare("nudge", NoticeKind(_nudge, lacking_screen))
declare("completing", NoticeKind(_call, lacking_screen))
declare("minimum_missing", NoticeKind(_call, lacking_screen))
