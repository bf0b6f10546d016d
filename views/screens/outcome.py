"""What a member gets, what it costs, where and when; or why not."""

from markupsafe import Markup

from services.read_outcome import Outcome, OutcomeLine
from views.language import Language
from views.presses.ordering import ShowBasket, ShowOrders
from views.screen import Button, Screen
from views.screens.fit import fit

MAX_OUTCOME_CHARACTERS = 3000
MAX_ORDER_CHARACTERS = 900


def outcome_screen(outcome: Outcome, language: Language) -> Screen:
    """The result of a round for one member."""
    head = language.say("🔔 <b>{round} is closed</b>", round=round_name(outcome, language))
    return Screen(Markup("\n").join([head, *outcome_lines(outcome, language)]))


def changed_screen(outcome: Outcome, supplier: str, language: Language) -> Screen:
    """A supplier has declined after the closing: what is left."""
    head = language.say(
        "⚠️ <b>{supplier} cannot deliver.</b> You pay nothing for it. Your order in {round} is now:",
        supplier=supplier,
        round=round_name(outcome, language),
    )
    return Screen(Markup("\n").join([head, *outcome_lines(outcome, language)]))


def round_name(outcome: Outcome, language: Language) -> str:
    """The round's title or number."""
    return outcome.title or language.plain("Round {number}", number=outcome.number)


def outcome_lines(outcome: Outcome, language: Language, limit_characters: int = MAX_OUTCOME_CHARACTERS) -> list[Markup]:
    """Line by line, then the total, where and when."""
    lines = fit([_line(line, outcome, language) for line in outcome.lines], limit_characters, language)
    if not outcome.gets_something:
        return [*lines, language.say("There is nothing to collect and nothing to pay.")]
    lines.append(language.say("To pay: <b>{total}</b>", total=language.money(outcome.total, outcome.currency)))
    return [*lines, *_collect(outcome, language)]


def _collect(outcome: Outcome, language: Language) -> list[Markup]:
    place = " · ".join(
        text
        for text in (
            language.pick(outcome.point_zh, outcome.point_en),
            language.pick(outcome.address_zh, outcome.address_en),
        )
        if text
    )
    lines = []
    if place:
        lines.append(language.say("📍 Collect at: {place}", place=place))
    if outcome.delivers_on:
        lines.append(language.say("🚚 On: <b>{day}</b>", day=language.day(outcome.delivers_on)))
    return lines


def _line(line: OutcomeLine, outcome: Outcome, language: Language) -> Markup:
    name = language.pick(line.name_zh, line.name_en)
    gets = language.units(line.units, line.unit_zh, line.unit_en)
    if line.units:
        cost = language.money(line.charge, outcome.currency)
        text = Markup("✅ {} <b>{}</b> {}").format(name, gets, cost)
    else:
        text = Markup("❌ {}").format(name)
    why = _why(line, language)
    return Markup("{}\n   <i>{}</i>").format(text, why) if why else text


def _why(line: OutcomeLine, language: Language) -> str:
    wished = language.units(line.wished, line.unit_zh, line.unit_en)
    if line.reason == "case_dropped":
        return language.plain("You wished {wished}; the last case was not full.", wished=wished)
    if line.reason == "minimum_missed":
        return language.plain("Not enough was ordered in all; the supplier's minimum was missed.")
    if line.reason == "tolerance_used":
        return language.plain("With the extra units you agreed to take.")
    if line.reason == "shortage":
        return language.plain("You wished {wished}; the supplier has less.", wished=wished)
    if line.reason == "declined":
        return language.plain("The supplier cannot deliver.")
    return ""


def orders_screen(orders: list[Outcome], more: bool, page: int, language: Language) -> Screen:
    """One's own orders, a page, open and past."""
    if not orders:
        return Screen(language.say("🧺 No orders yet. /start shows what is open now."))
    blocks = [_order_block(order, language) for order in orders]
    rows = [
        (Button(f"✏️ {round_name(order, language)}", ShowBasket(order.round_id)),)
        for order in orders
        if order.phase == "open"
    ]
    turns = [Button("‹", ShowOrders(page - 1))] if page else []
    turns += [Button("›", ShowOrders(page + 1))] if more else []
    return Screen(Markup("\n\n").join(blocks), (*rows, *([tuple(turns)] if turns else [])))


def _order_block(order: Outcome, language: Language) -> Markup:
    head = Markup("<b>{}</b> · {}").format(round_name(order, language), phase_name(order.phase, language))
    return Markup("\n").join([head, *outcome_lines(order, language, MAX_ORDER_CHARACTERS)])


def phase_name(phase: str, language: Language) -> str:
    """A round's phase in words."""
    names = {
        "draft": language.plain("draft"),
        "open": language.plain("open"),
        "closed": language.plain("closed"),
        "settled": language.plain("settled"),
        "cancelled": language.plain("cancelled"),
    }
    return names[phase]
