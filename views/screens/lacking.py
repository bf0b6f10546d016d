"""What lacks before a closing, in an extension or in a completion phase, with buttons that fix it."""

from markupsafe import Markup

from services.nudges import AtRisk, Nudge
from views.language import Language
from views.presses.changing import FixLine
from views.presses.ordering import OpenCard, ShowBasket
from views.screen import Button, Rows, Screen
from views.screens.fit import fit
from views.screens.labels import cut, width

MAX_CHARACTERS = 3000
MAX_FIXES = 4
SIDE_BY_SIDE_WIDTH = 22
"""The widest label that leaves room for another button beside it on a narrow phone."""


def lacking_screen(nudge: Nudge, language: Language, toast: str | None = None) -> Screen:
    """The message as things stand now: what lacks, or that all is well, or that it is too late."""
    name = nudge.title or language.plain("Round {number}", number=nudge.number)
    if not nudge.open:
        text = language.say("🔒 <b>{round}</b> is closed. /orders shows your result.", round=name)
        return Screen(text, toast=toast)
    if not nudge.lines and not nudge.suppliers:
        return Screen(_all_well(nudge, name, language), _card_row(nudge, language), toast=toast)
    lines = [*_supplier_lines(nudge, language), *_lines(nudge, language)]
    text = Markup("\n").join([_head(nudge, name, language), *fit(lines, MAX_CHARACTERS, language)])
    fixes = [rows for line in nudge.lines if (rows := _fixes(line, nudge, language))]
    shown = tuple(row for rows in fixes[:MAX_FIXES] for row in rows)
    return Screen(text, (*shown, *_card_row(nudge, language)), toast=toast)


def _all_well(nudge: Nudge, name: str, language: Language) -> Markup:
    if nudge.call:
        return language.say("✅ <b>{round}</b>: nothing is missing any more. Thank you!", round=name)
    return language.say("✅ <b>{round}</b>: your order is safe as things stand now.", round=name)


def _card_row(nudge: Nudge, language: Language) -> Rows:
    if nudge.lines or nudge.suppliers:
        return ((Button(language.plain("🧺 Open card"), OpenCard(nudge.round_id)),),)
    return ((Button(language.plain("🧺 My order"), ShowBasket(nudge.round_id)),),)


def _head(nudge: Nudge, name: str, language: Language) -> Markup:
    at = language.moment(nudge.closes_at, nudge.zone)
    if nudge.call and nudge.completing:
        return language.say(
            "📦 <b>{round} has closed</b>; until {at} only missing units can be added:", round=name, at=at
        )
    if nudge.call:
        return language.say(
            "⏳ <b>{round} stays open until {at}</b>, because too little was ordered:", round=name, at=at
        )
    return language.say(
        "⏰ <b>{round} closes in {left}</b>, and part of your order is still uncertain:",
        round=name, left=language.span((nudge.closes_at - nudge.now).total_seconds()),
    )  # fmt: skip


def _supplier_lines(nudge: Nudge, language: Language) -> list[Markup]:
    return [
        language.say(
            "• {supplier}: {missing} to its minimum of {minimum}",
            supplier=language.pick(supplier.name_zh, supplier.name_en),
            missing=language.money(supplier.missing, nudge.currency),
            minimum=language.money(supplier.minimum, nudge.currency),
        )
        for supplier in nudge.suppliers
    ]


def _lines(nudge: Nudge, language: Language) -> list[Markup]:
    if nudge.call:
        return [_missing(line, language) for line in nudge.lines if not line.missing_value]
    return [_risk(line, nudge, language) for line in nudge.lines]


def _missing(line: AtRisk, language: Language) -> Markup:
    name = language.pick(line.name_zh, line.name_en)
    missing = language.units(line.missing, line.unit_zh, line.unit_en)
    if not line.wished:
        return language.say("• {name}: {missing} more", name=name, missing=missing)
    wished = language.units(line.wished, line.unit_zh, line.unit_en)
    return language.say("• {name}: {missing} more (you ordered {wished})", name=name, missing=missing, wished=wished)


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
    if line.case_only:
        return language.say(
            "• {name} {wished}: you would get none; {missing} more fill the case",
            name=name, wished=wished, missing=missing,
        )  # fmt: skip
    return language.say("• {name} {wished}: {missing} more are needed", name=name, wished=wished, missing=missing)


def _fixes(line: AtRisk, nudge: Nudge, language: Language) -> Rows:
    """Order what is missing, as far as one may, take it only if it is needed, or give up what is uncertain.

    What was ordered before a completion phase stands, so nothing is given up in one.
    """
    name = cut(language.pick(line.name_zh, line.name_en))
    more = tuple(_more(line, name, nudge, language)) if line.may_add else ()
    less = () if nudge.call or nudge.completing else (_less(line, name, language),)
    if all(width(button.label) <= SIDE_BY_SIDE_WIDTH for button in more):
        return tuple(row for row in (more, less) if row)
    return tuple((button,) for button in (*more, *less))


def _more(line: AtRisk, name: str, nudge: Nudge, language: Language) -> list[Button]:
    def units(n: int) -> str:
        return language.units(n, line.unit_zh, line.unit_en)

    firm = FixLine(line.offer_id, line.wished + line.may_add, line.tolerance, nudge.call)
    buttons = [Button(language.plain("➕ {name}: {n} more", name=name, n=units(line.may_add)), firm)]
    if line.wished and not line.missing_value:
        most = line.tolerance + line.may_add
        label = language.plain("👌 {name}: up to {most}", name=name, most=units(line.wished + most))
        buttons.append(Button(label, FixLine(line.offer_id, line.wished, most, nudge.call)))
    return buttons


def _less(line: AtRisk, name: str, language: Language) -> Button:
    press = FixLine(line.offer_id, line.would_get, 0, False)
    if not line.would_get:
        return Button(language.plain("🗑 {name}: none", name=name), press)
    gets = language.units(line.would_get, line.unit_zh, line.unit_en)
    return Button(language.plain("✂️ {name}: only {n}", name=name, n=gets), press)
