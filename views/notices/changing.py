"""What is told about changes: of an offer, of a round that missed its minimum, of an order left behind."""

from markupsafe import Markup

from models import Round
from services.nudges import Nudge, read_call, read_nudge
from services.read_change import (
    LeftOrder,
    OfferNews,
    Question,
    read_left_order,
    read_offer_news,
    read_question,
)
from services.read_totals import Totals, round_totals
from services.rehearse import Rehearsal, rehearse_round
from services.work import Work
from views.language import Language
from views.notice import Delivery, NoticeKind, declare
from views.presses.changing import KeepOrder, WithdrawOrder
from views.presses.coordinating import ShowRound
from views.presses.ordering import OpenCard
from views.screen import Button, Rows, Screen
from views.screens.change import question_screen
from views.screens.lacking import lacking_screen
from views.screens.rehearsal import failures
from views.screens.round import held_rows

MAX_LINES = 12


def _question(work: Work, delivery: Delivery) -> Question | None:
    question = read_question(work, delivery.facts["consent_id"])
    return question if question is not None and question.units and not question.decided else None


declare("consent", NoticeKind(_question, question_screen))


def _news(work: Work, delivery: Delivery) -> tuple[OfferNews, Delivery]:
    return read_offer_news(work, delivery.facts["offer_id"]), delivery


def _render_better(told: tuple[OfferNews, Delivery], language: Language) -> Screen:
    news, delivery = told
    name, after = language.pick(news.name_zh, news.name_en), int(delivery.facts["after"])
    if delivery.facts["what"] == "price":
        text = language.say(
            "📉 <b>{name}</b> now costs {price}; your order is cheaper by itself.",
            name=name,
            price=language.money(after, news.currency),
        )
    elif delivery.facts["what"] == "case":
        text = language.say("📦 <b>{name}</b> now comes in cases of {n}. Your order stays.", name=name, n=after)
    else:
        text = language.say("🎯 <b>{name}</b> now needs only {n} in all. Your order stays.", name=name, n=after)
    return Screen(text, ((Button(language.plain("🧺 My order"), OpenCard(news.round_id)),),))


declare("offer_better", NoticeKind(_news, _render_better))


def _render_dropped(told: tuple[OfferNews, Delivery], language: Language) -> Screen:
    news, delivery = told
    name = language.pick(news.name_zh, news.name_en)
    units = language.units(int(delivery.facts["units"]), news.unit_zh, news.unit_en)
    if delivery.facts["why"] == "withdrawn":
        text = language.say(
            "🚫 <b>{name}</b> can no longer be had. Your {units} were taken off your order; you pay nothing for it.",
            name=name, units=units,
        )  # fmt: skip
    else:
        text = language.say(
            "🚫 <b>{name}</b>: your {units} were taken off your order, because you did not agree to the change.",
            name=name, units=units,
        )  # fmt: skip
    return Screen(text, ((Button(language.plain("🧺 Open card"), OpenCard(news.round_id)),),))


declare("line_dropped", NoticeKind(_news, _render_dropped))


def _left(work: Work, delivery: Delivery) -> LeftOrder | None:
    left = read_left_order(work, delivery.facts["order_id"])
    return left if left is not None and left.kept_for == "" else None


def _render_left(left: LeftOrder, language: Language) -> Screen:
    lines = [
        Markup("• {} {}").format(language.pick(zh, en), language.units(firm, unit_zh, unit_en))
        for zh, en, unit_zh, unit_en, firm in left.lines[:MAX_LINES]
    ]
    text = language.say(
        "👋 <b>{member}</b> has left, with an open order in {round}:\n{lines}\nWho collects it? "
        "Without an answer it is withdrawn when the round closes ({at}).",
        member=left.member,
        round=left.title or language.plain("Round {number}", number=left.number),
        lines=Markup("\n").join(lines),
        at=language.moment(left.closes_at, left.zone) if left.closes_at else "",
    )
    rows: Rows = (
        (
            Button(language.plain("🙋 I collect it"), KeepOrder(left.order_id, 0, 0)),
            Button(language.plain("👥 Somebody else"), KeepOrder(left.order_id, None, 0)),
        ),
        (Button(language.plain("🗑 Withdraw it"), WithdrawOrder(left.order_id)),),
    )
    return Screen(text, rows)


declare("member_left", NoticeKind(_left, _render_left))


def _open(work: Work, delivery: Delivery) -> Totals | None:
    found = work.session.get(Round, delivery.facts["round_id"])
    return round_totals(work, found) if found is not None and found.phase == "open" else None


def _name(totals: Totals, language: Language) -> str:
    return totals.title or language.plain("Round {number}", number=totals.number)


def _render_reopened(totals: Totals, language: Language) -> Screen:
    text = language.say(
        "🔓 <b>{round} is open again</b>, until {at}. What you heard about its result no longer counts; "
        "your order stands and you can change it.",
        round=_name(totals, language),
        at=language.moment(totals.closes_at, totals.zone) if totals.closes_at else "",
    )
    return Screen(text, ((Button(language.plain("🧺 My order"), OpenCard(totals.round_id)),),))


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
    return read_nudge(work, found, delivery.facts["member_id"]) if found is not None else None


def _call(work: Work, delivery: Delivery) -> Nudge | None:
    found = work.session.get(Round, delivery.facts["round_id"])
    return read_call(work, found, delivery.facts["member_id"]) if found is not None else None


declare("nudge", NoticeKind(_nudge, lacking_screen))
declare("completing", NoticeKind(_call, lacking_screen))
declare("minimum_missing", NoticeKind(_call, lacking_screen))
