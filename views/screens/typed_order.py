"""What was understood of a typed order, with undo; what was not, with choices."""

from collections.abc import Sequence

from markupsafe import Markup

from services.understand_order import UnclearLine, Understood, UnderstoodLine
from views.language import Language
from views.presses.ordering import OpenCard, PlaceTyped, PlaceTypedBelow
from views.refusals import explain
from views.screen import Button, Rows, Screen
from views.screens.labels import NAME_ALONE_WIDTH, cut, width
from views.screens.round_names import said

QUANTITIES = (1, 2, 3)
A_THIRD_WIDTH = 12
"""The widest label, in Latin letters, that leaves room for two other buttons beside it on a narrow phone."""


def typed_screen(understood: Understood, language: Language) -> Screen:
    """Line by line what happened."""
    if understood.chain_without_name:
        return Screen(
            language.say("I see a sign-up list, but no line with your name. Send me just your own line, please.")
        )
    lines = [_placed(line, understood.currency, language) for line in understood.placed]
    lines += [
        language.say("⚠️ {name}: {why}", name=language.pick(line.name_zh, line.name_en), why=explain(line.no, language))
        for line in understood.refused
    ]
    if understood.missing:
        names = language.listed(f"“{raw}”" for raw in understood.missing)
        lines.append(
            language.say(
                "🔍 {names}: not found among what is open now, so not ordered. The card lists all there is under ☰.",
                names=names,
            )
        )
    lines += [_unclear(line, language) for line in understood.unclear]
    return Screen(Markup("\n").join(lines), _rows(understood, language, PlaceTypedBelow if lines[1:] else PlaceTyped))


def _placed(line: UnderstoodLine, currency: str, language: Language) -> Markup:
    text = _became(line, currency, language)
    return text if line.round is None else Markup("{} · {}").format(text, said(line.round, language))


def _became(line: UnderstoodLine, currency: str, language: Language) -> Markup:
    name = language.pick(line.name_zh, line.name_en)
    if not line.quantity:
        return language.say("➖ {name} taken off your order", name=name)
    now = language.units(line.quantity, line.unit_zh, line.unit_en)
    text = language.say("✅ {name} <b>{now}</b> {cost}", name=name, now=now, cost=language.money(line.cost, currency))
    if line.tolerance:
        most = language.units(line.quantity + line.tolerance, line.unit_zh, line.unit_en)
        text = Markup("{} {}").format(text, language.say("👌 up to {most} if needed", most=most))
    if line.before and line.before != line.quantity:
        before = language.units(line.before, line.unit_zh, line.unit_en)
        return Markup("{} {}").format(text, language.say("(before: {before})", before=before))
    return text


def _unclear(line: UnclearLine, language: Language) -> Markup:
    if line.sold_by is not None:
        return _sold_otherwise(line, line.sold_by, language)
    if line.measure:
        return language.say(
            "❓ “{raw}”: which one do you mean, and how many? It is not sold by {measure}.",
            raw=line.raw, measure=line.measure,
        )  # fmt: skip
    if line.quantity is None:
        return language.say("❓ “{raw}”: how many?", raw=line.raw)
    return language.say("❓ “{raw}”: which one do you mean?", raw=line.raw)


def _sold_otherwise(line: UnclearLine, sold_by: tuple[str, str, str, str], language: Language) -> Markup:
    """Ten kilograms of what is sold by the bag: how many bags is for the member to say."""
    unit, packing = language.pick(*sold_by[:2]), language.pick(*sold_by[2:])
    if packing:
        unit = language.plain("{unit} ({packing})", unit=unit, packing=packing)
    _, zh, en = line.choices[0]
    return language.say(
        "❓ “{raw}”: you order {name} by the {unit}, not by {measure}; press how many you want, or type for example "
        "<code>{name} 2</code>.",
        raw=line.raw, name=language.pick(zh, en), unit=unit, measure=line.measure,
    )  # fmt: skip


def _rows(understood: Understood, language: Language, place: type[PlaceTyped] | type[PlaceTypedBelow]) -> Rows:
    rows: list[tuple[Button, ...]] = []
    for line in understood.placed:
        label = language.plain("↩️ Undo {name}", name=language.pick(line.name_zh, line.name_en))
        rows.append((Button(label, place(line.offer_id, line.before, line.before_tolerance)),))
    for unclear in understood.unclear:
        rows += _choices(unclear, language, place)
    if understood.round_id is not None:
        rows.append((Button(language.plain("🧺 To the card"), OpenCard(understood.round_id)),))
    return tuple(rows[:30])


def _choices(
    unclear: UnclearLine, language: Language, place: type[PlaceTyped] | type[PlaceTypedBelow]
) -> list[tuple[Button, ...]]:
    def press(offer_id: int, quantity: int) -> PlaceTyped | PlaceTypedBelow:
        return place(offer_id, quantity, None if unclear.most is None else max(0, unclear.most - quantity))

    n = unclear.quantity
    if n is None and len(unclear.choices) == 1:
        offer_id, zh, en = unclear.choices[0]
        return _how_many(
            cut(language.pick(zh, en), NAME_ALONE_WIDTH), [press(offer_id, quantity) for quantity in QUANTITIES]
        )
    shown = 1 if n is None else n
    return [
        (Button(f"{language.pick(zh, en)} × {shown}{_of_round(unclear, at, language)}", press(id_, shown)),)
        for at, (id_, zh, en) in enumerate(unclear.choices)
    ]


def _how_many(name: str, presses: Sequence[PlaceTyped | PlaceTypedBelow]) -> list[tuple[Button, ...]]:
    """Side by side, or below each other where a phone would cut the quantity after the name."""
    named = [Button(f"{name} × {press.quantity}", press) for press in presses]
    if width(named[0].label) > A_THIRD_WIDTH:
        return [(button,) for button in named]
    return [(named[0], *(Button(f"× {press.quantity}", press) for press in presses[1:]))]


def _of_round(unclear: UnclearLine, place: int, language: Language) -> str:
    """Which round a choice belongs to, where that is in question."""
    if not unclear.rounds:
        return ""
    return f" · {said(unclear.rounds[place], language)}"


def settled_screen(line: UnderstoodLine, round_id: int, currency: str, language: Language) -> Screen:
    """After an undo or a choice."""
    undo = Button(language.plain("↩️ Undo"), PlaceTyped(line.offer_id, line.before, line.before_tolerance))
    basket = Button(language.plain("🧺 To the card"), OpenCard(round_id))
    return Screen(_placed(line, currency, language), ((undo, basket),))
