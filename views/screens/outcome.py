"""What a member gets, what it costs, where and when; or why not."""

from markupsafe import Markup

from services.read_outcome import GoneLine, Outcome, OutcomeLine
from views.language import Language
from views.presses.changing import ExplainLine
from views.presses.ordering import ShowBasket, ShowOrders, ShowOutcome
from views.screen import Button, Rows, Screen
from views.screens.fit import fit

MAX_OUTCOME_CHARACTERS = 3000
MAX_ORDER_CHARACTERS = 900
BEYOND_THE_COORDINATOR = ("minimum_missed", "shortage", "declined")
"""Reasons that take away even what was given by hand."""
MAX_WHY = 60
MAX_WHY_ROWS = 6


def outcome_screen(outcome: Outcome, language: Language) -> Screen:
    """The result of a round for one member."""
    head = language.say("🔔 <b>{round} is closed</b>", round=round_name(outcome, language))
    lines = [head, *_collects_for(outcome, language), *outcome_lines(outcome, language)]
    return Screen(Markup("\n").join(lines), why_rows(outcome, language))


def _collects_for(outcome: Outcome, language: Language) -> list[Markup]:
    if not outcome.collects_for:
        return []
    return [language.say("🤝 You collect this for {member}, who has left.", member=outcome.collects_for)]


def why_rows(outcome: Outcome, language: Language) -> Rows:
    """A question for each line that receives something else than was wished; many stand two in a row."""
    buttons = [
        Button(
            language.plain(
                "❓ {name}: why {units}?", name=language.pick(line.name_zh, line.name_en)[:16], units=line.units
            ),
            ExplainLine(line.line_id),
        )
        for line in outcome.lines
        if differs(line)
    ][:MAX_WHY]
    wide = 1 if len(buttons) <= MAX_WHY_ROWS else 2
    return tuple(tuple(buttons[i : i + wide]) for i in range(0, len(buttons), wide))


def differs(line: OutcomeLine) -> bool:
    """Whether a line receives something else than was wished, or was set by hand."""
    return line.decided and (line.units != line.wished or line.manual)


def changed_screen(
    outcome: Outcome, why: str, supplier: str, language: Language, gone: GoneLine | None = None
) -> Screen:
    """Something was decided anew after the closing: why, what has gone, and what is so now."""
    round_ = round_name(outcome, language)
    heads = {
        "declined": language.say(
            "⚠️ <b>{supplier} cannot deliver.</b> You pay nothing for it. Your order in {round} is now:",
            supplier=supplier, round=round_,
        ),
        "less": language.say(
            "⚠️ <b>{supplier} can deliver less than was ordered.</b> Your order in {round} is now:",
            supplier=supplier, round=round_,
        ),
        "substitute": language.say(
            "🔀 <b>{supplier}: the substitute is decided.</b> Your order in {round} is now:",
            supplier=supplier, round=round_,
        ),
        "asked_again": language.say(
            "🔁 <b>{supplier} is asked again.</b> If they accept, your order in {round} is:",
            supplier=supplier, round=round_,
        ),
        "day": language.say(
            "📅 <b>{supplier} delivers on another day.</b> Your order in {round}:", supplier=supplier, round=round_
        ),
        "shipped": language.say(
            "🚚 <b>{supplier}'s produce is on its way.</b> Your order in {round}:", supplier=supplier, round=round_
        ),
    }  # fmt: skip
    head = heads.get(why) or language.say(
        "✏️ <b>The coordinator has corrected {round}.</b> Your order is now:", round=round_
    )
    lines = [head, *_collects_for(outcome, language), *_gone(gone, outcome, language)]
    return Screen(Markup("\n").join([*lines, *outcome_lines(outcome, language)]), why_rows(outcome, language))


def _gone(gone: GoneLine | None, outcome: Outcome, language: Language) -> list[Markup]:
    """A product that is no longer on the order: how much it was, and what that changes in what is to pay."""
    if gone is None:
        return []
    name = language.pick(gone.name_zh, gone.name_en)
    if not gone.units:
        wished = language.units(gone.wished, gone.unit_zh, gone.unit_en)
        return [
            language.say("🗑 {name}: off your order; of your {wished} you were to get none", name=name, wished=wished)
        ]
    return [
        language.say(
            "🗑 {name}: {before} → 0, {charge} less for it (to pay before: {to_pay})",
            name=name, before=language.units(gone.units, gone.unit_zh, gone.unit_en),
            charge=language.money(gone.charge, outcome.currency), to_pay=language.money(gone.to_pay, outcome.currency),
        )
    ]  # fmt: skip


def round_name(outcome: Outcome, language: Language) -> str:
    """The round's title or number."""
    return outcome.title or language.plain("Round {number}", number=outcome.number)


def outcome_lines(outcome: Outcome, language: Language, limit_characters: int = MAX_OUTCOME_CHARACTERS) -> list[Markup]:
    """Line by line, then the total, where and when."""
    lines = fit([_line(line, outcome, language) for line in outcome.lines], limit_characters, language)
    if outcome.phase == "cancelled":
        return [language.say("Nothing will be delivered and nothing is to pay.")]
    if not outcome.gets_something:
        return [
            *lines,
            language.say("There is nothing to collect and nothing to pay."),
            *_difference(outcome, language),
        ]
    if outcome.freight:
        lines.append(language.say("Freight: {value}", value=language.money(outcome.freight, outcome.currency)))
    lines.append(_sum(outcome, language))
    return [*lines, *_difference(outcome, language), *_collect(outcome, language)]


def _sum(outcome: Outcome, language: Language) -> Markup:
    """What is to pay; before it is decided, the most that the produce will cost."""
    if any(line.decided for line in outcome.lines):
        return language.say("To pay: <b>{total}</b>", total=language.money(outcome.total, outcome.currency))
    return language.say("Produce, at most: <b>{most}</b>", most=language.money(outcome.most, outcome.currency))


def _difference(outcome: Outcome, language: Language) -> list[Markup]:
    """What a later decision changed in what is to pay."""
    if not outcome.difference:
        return []
    amount = language.money(abs(outcome.difference), outcome.currency)
    if outcome.difference > 0:
        return [language.say("➕ {amount} more to pay than at the closing", amount=amount)]
    return [language.say("↩️ {amount} to be returned to you, against the closing", amount=amount)]


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
    own = {line.delivers_on for line in outcome.lines if line.units}
    days = sorted(day for day in {day or outcome.delivers_on for day in own} if day is not None)
    if len(days) > 1:
        lines += [_day_of(line, outcome, language) for line in outcome.lines if line.units]
    elif days:
        lines.append(language.say("🚚 On: <b>{day}</b>", day=language.day(days[0])))
    return lines


def _day_of(line: OutcomeLine, outcome: Outcome, language: Language) -> Markup:
    day = line.delivers_on or outcome.delivers_on
    assert day is not None
    return language.say(
        "🚚 {name}: <b>{day}</b>", name=language.pick(line.name_zh, line.name_en), day=language.day(day)
    )


def _line(line: OutcomeLine, outcome: Outcome, language: Language) -> Markup:
    name = language.pick(line.name_zh, line.name_en)
    gets = language.units(line.units, line.unit_zh, line.unit_en)
    if line.units:
        cost = language.money(line.charge, outcome.currency)
        text = Markup("✅ {} <b>{}</b> {}").format(name, gets, cost)
    else:
        text = Markup("❌ {}").format(name)
    if line.tolerance and not line.decided:
        most = language.units(line.wished + line.tolerance, line.unit_zh, line.unit_en)
        text = Markup("{} {}").format(text, language.say("👌 up to {most} if needed", most=most))
    why = _why(line, language)
    return Markup("{}\n   <i>{}</i>").format(text, why) if why else text


def _why(line: OutcomeLine, language: Language) -> str:
    wished = language.units(line.wished, line.unit_zh, line.unit_en)
    if line.manual and line.reason not in BEYOND_THE_COORDINATOR:
        return language.plain("You wished {wished}; the coordinator decided by hand.", wished=wished)
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


def past_screen(outcome: Outcome, language: Language) -> Screen:
    """One round of one's own, with a question for each line that differs."""
    back = (Button(language.plain("‹ Back"), ShowOrders(0)),)
    return Screen(_order_block(outcome, language), (*why_rows(outcome, language), back))


def orders_screen(orders: list[Outcome], more: bool, page: int, language: Language) -> Screen:
    """One's own orders and those that one collects, a page, open and past; only one's own can be changed."""
    if not orders:
        return Screen(language.say("🧺 No orders yet. /start shows what is open now."))
    blocks = [_order_block(order, language) for order in orders]
    rows: list[tuple[Button, ...]] = [
        (Button(f"✏️ {round_name(order, language)}", ShowBasket(order.round_id)),)
        for order in orders
        if order.phase == "open" and not order.collects_for
    ]
    for order in orders:
        rows += _why_rows(order, language)
    turns = [Button("‹", ShowOrders(page - 1))] if page else []
    turns += [Button("›", ShowOrders(page + 1))] if more else []
    return Screen(Markup("\n\n").join(blocks), (*rows, *([tuple(turns)] if turns else [])))


def _why_rows(order: Outcome, language: Language) -> Rows:
    """One question for an order of one's own; of another's, which has no page of its own, one for each line."""
    if order.collects_for:
        return why_rows(order, language)[:MAX_WHY_ROWS]
    if not any(differs(line) for line in order.lines):
        return ()
    label = language.plain("❓ {round}: why?", round=round_name(order, language))
    return ((Button(label, ShowOutcome(order.round_id)),),)


def _order_block(order: Outcome, language: Language) -> Markup:
    head = Markup("<b>{}</b> · {}").format(round_name(order, language), phase_name(order.phase, language))
    if order.collects_for:
        head = Markup("{} · {}").format(head, language.say("🤝 collecting for {member}", member=order.collects_for))
    lines = outcome_lines(order, language, MAX_ORDER_CHARACTERS)
    if order.undecided:
        lines.insert(0, language.say("⏳ Not decided yet: a minimum was missed and the coordinator is asked."))
    return Markup("\n").join([head, *lines])


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
