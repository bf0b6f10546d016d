"""What is told about a round that lacks units or missed its minimum, and about one that was reopened."""

from markupsafe import Markup

from models import Round
from services.nudges import AtRisk, Nudge, read_nudge
from services.read_totals import Totals, round_totals
from services.rehearse import Rehearsal, rehearse_round
from services.work import Work
from views.language import Language
from views.notice import Delivery, NoticeKind, declare
from views.presses.coordinating import ShowRound
from views.presses.ordering import OpenCard, PlaceOnPad, PlaceTolerance
from views.screen import Button, Rows, Screen
from views.screens.rehearsal import failures
from views.screens.round import held_rows

MAX_LINES = 12


def _open(work: Work, delivery: Delivery) -> tuple[Totals, Rehearsal] | None:
    found = work.session.get(Round, delivery.facts["round_id"])
    if found is None or found.phase != "open":
        return None
    return round_totals(work, found), rehearse_round(work, found)


def _render_open(told: tuple[Totals, Rehearsal], language: Language, head: Markup) -> Screen:
    totals, rehearsal = told
    lines = [head, *failures(rehearsal, language)]
    return Screen(Markup("\n").join(lines), ((Button(language.plain("🧺 Order now"), OpenCard(totals.round_id)),),))


def _name(totals: Totals, language: Language) -> str:
    return totals.title or language.plain("Round {number}", number=totals.number)


def _until(totals: Totals, language: Language) -> str:
    return language.moment(totals.closes_at, totals.zone) if totals.closes_at else ""


def _render_completing(told: tuple[Totals, Rehearsal], language: Language) -> Screen:
    head = language.say(
        "📦 <b>{round} has closed</b>; until {at} only missing units can be added:",
        round=_name(told[0], language),
        at=_until(told[0], language),
    )
    return _render_open(told, language, head)


def _render_missing(told: tuple[Totals, Rehearsal], language: Language) -> Screen:
    head = language.say(
        "⏳ <b>{round} stays open until {at}</b>, because too little was ordered:",
        round=_name(told[0], language),
        at=_until(told[0], language),
    )
    return _render_open(told, language, head)


def _render_reopened(told: tuple[Totals, Rehearsal], language: Language) -> Screen:
    text = language.say(
        "🔓 <b>{round} is open again</b>, until {at}. What you heard about its result no longer counts; "
        "your order stands and you can change it.",
        round=_name(told[0], language),
        at=_until(told[0], language),
    )
    return Screen(text, ((Button(language.plain("🧺 My order"), OpenCard(told[0].round_id)),),))


declare("completing", NoticeKind(_open, _render_completing))
declare("minimum_missing", NoticeKind(_open, _render_missing))
declare("round_reopened", NoticeKind(_open, _render_reopened))


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
    if found is None or found.phase != "open" or found.closes_at is None or found.closes_at <= work.now:
        return None
    return read_nudge(work, found, delivery.facts["member_id"])


def _render_nudge(nudge: Nudge, language: Language) -> Screen:
    head = language.say(
        "⏰ <b>{round} closes in {left}</b>, and part of your order is still uncertain:",
        round=nudge.title or language.plain("Round {number}", number=nudge.number),
        left=language.span((nudge.closes_at - nudge.now).total_seconds()),
    )
    shown = nudge.lines[:MAX_LINES]
    rows = tuple(row for line in shown[:4] for row in _fixes(line, language))
    card = (Button(language.plain("🧺 Open card"), OpenCard(nudge.round_id)),)
    return Screen(Markup("\n").join([head, *(_risk(line, nudge, language) for line in shown)]), (*rows, card))


def _risk(line: AtRisk, nudge: Nudge, language: Language) -> Markup:
    name = language.pick(line.name_zh, line.name_en)
    wished = language.units(line.wished, line.unit_zh, line.unit_en)
    if line.missing_value:
        lacking = language.money(line.missing_value, nudge.currency)
        return language.say(
            "• {name} {wished}: {lacking} to the supplier's minimum", name=name, wished=wished, lacking=lacking
        )
    missing = language.units(line.missing, line.unit_zh, line.unit_en)
    if line.would_get:
        gets = language.units(line.would_get, line.unit_zh, line.unit_en)
        return language.say(
            "• {name} {wished}: you would get {gets}; {missing} more fill the case",
            name=name, wished=wished, gets=gets, missing=missing,
        )  # fmt: skip
    return language.say("• {name} {wished}: {missing} more are needed", name=name, wished=wished, missing=missing)


def _fixes(line: AtRisk, language: Language) -> Rows:
    """Order what is missing, take it if needed, or give up what is uncertain."""
    name = language.pick(line.name_zh, line.name_en)[:10]
    buttons = []
    if line.missing and (line.cap is None or line.wished + line.missing <= line.cap):
        buttons.append(Button(f"{name} +{line.missing}", PlaceOnPad(line.offer_id, line.wished + line.missing)))
        most = language.plain("👌 Up to {most} if needed", most=line.wished + line.missing)
        buttons.append(Button(most, PlaceTolerance(line.offer_id, line.wished, line.missing)))
    keep = language.plain("{name}: only {n}", name=name, n=line.would_get)
    buttons.append(Button(keep, PlaceOnPad(line.offer_id, line.would_get)))
    return (tuple(buttons[:2]), *((tuple(buttons[2:]),) if buttons[2:] else ()))


declare("nudge", NoticeKind(_nudge, _render_nudge))
