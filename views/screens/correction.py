"""Correcting and reopening a closed round: the coordinator's screens."""

from collections.abc import Sequence

from markupsafe import Markup

from models import Round
from services.correct_round import MemberLine, MemberLines
from services.preview_correction import OTHERS_BY_HAND, Correction
from services.read_totals import Totals
from views.language import Language
from views.presses.changing import (
    CorrectLine,
    CorrectMember,
    CorrectRound,
    ReopenRound,
)
from views.presses.coordinating import ShowRound
from views.screen import Button, Rows, Screen
from views.screens.pages import page_of, turns
from views.screens.round import round_name

MEMBERS_A_PAGE = 12
PAD = (0, 1, 2, 3, 4, 5, 6, 8)


def reopen_screen(totals: Totals, language: Language) -> Screen:
    """Open again? Says who will be told."""
    text = language.say(
        "🔓 Open <b>{round}</b> again for a day? Results are taken back, suppliers get a cancellation, "
        "and all members are told ({members}).",
        round=round_name(totals, language),
        members=len(totals.members),
    )
    yes = (Button(language.plain("Yes, open it again"), ReopenRound(totals.round_id, sure=True)),)
    return Screen(text, (yes, (Button(language.plain("‹ Back"), ShowRound(totals.round_id)),)))


def correct_members_screen(
    found: Round, members: Sequence[tuple[int, str, bool]], page: int, language: Language
) -> Screen:
    """Whose lines?"""
    shown, page, pages = page_of(members, page, MEMBERS_A_PAGE)
    buttons = [
        Button(f"{'🧺 ' if ordered else ''}{name}", CorrectMember(found.id or 0, member_id, not ordered))
        for member_id, name, ordered in shown
    ]
    rows: Rows = tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
    turn = turns(page, pages, lambda to: CorrectRound(found.id or 0, to))
    back = (Button(language.plain("‹ Back"), ShowRound(found.id or 0)),)
    text = language.say("✏️ <b>Whose order is to be corrected?</b>\n🧺 has ordered")
    return Screen(text, (*rows, *turn, back))


def member_lines_screen(lines: MemberLines, show_all: bool, language: Language, toast: str | None = None) -> Screen:
    """Which line? Those ordered, or all offers for a late one."""
    shown = [line for line in lines.lines if show_all or line.wished or line.units]
    text = [language.say("✏️ <b>{member}</b>", member=lines.member), *(_line(line, language) for line in shown)]
    if not shown:
        text.append(language.say("Nothing ordered."))
    rows: list[tuple[Button, ...]] = []
    for line in shown[:30]:
        name = language.pick(line.name_zh, line.name_en)
        wish = Button(
            language.plain("{name}: wish", name=name[:14]),
            CorrectLine(line.offer_id, lines.member_id, True, None, sure=False),
        )
        hand = Button(
            language.plain("✋ by hand"), CorrectLine(line.offer_id, lines.member_id, False, None, sure=False)
        )
        rows.append((wish, hand) if line.wished else (wish,))
    if not show_all:
        late = Button(language.plain("➕ Late line"), CorrectMember(lines.round_id, lines.member_id, True))
        rows.append((late,))
    rows.append((Button(language.plain("‹ Back"), CorrectRound(lines.round_id, 0)),))
    return Screen(Markup("\n").join(text), tuple(rows), toast=toast)


def _line(line: MemberLine, language: Language) -> Markup:
    name = language.pick(line.name_zh, line.name_en)
    wished = language.units(line.wished, line.unit_zh, line.unit_en)
    if not line.wished:
        return Markup("▫️ {}").format(name)
    text = language.say("• {name}: wished {wished}, gets {units}", name=name, wished=wished, units=line.units)
    return Markup("{}{}").format(text, language.plain(" ✋by hand")) if line.manual else text


def correct_line_screen(
    line: MemberLine, round_id: int, member_id: int, member: str, wish: bool, language: Language
) -> Screen:
    """To how many?"""
    name = language.pick(line.name_zh, line.name_en)
    if wish:
        text = language.say(
            "✏️ {member} · <b>{name}</b>: how many should be wished? 0 removes the line. Tap or type.",
            member=member, name=name,
        )  # fmt: skip
        numbers = [n for n in PAD if n != line.wished]
    else:
        text = language.say(
            "✋ {member} · <b>{name}</b>: how many does {member} get, whatever the rules say? Tap or type.",
            member=member, name=name,
        )  # fmt: skip
        numbers = [n for n in PAD if n <= line.wished + line.tolerance]
    now = language.say("Now: wished {wished}, gets {units}", wished=line.wished, units=line.units)
    back = Button(language.plain("‹ Back"), CorrectMember(round_id, member_id, not line.wished))
    rows = (*_numbers(line, member_id, numbers, wish, language), (back,))
    return Screen(Markup("{}\n{}").format(text, now), rows)


def _numbers(line: MemberLine, member_id: int, numbers: Sequence[int], wish: bool, language: Language) -> Rows:
    buttons = [Button(language.number(n), CorrectLine(line.offer_id, member_id, wish, n, sure=False)) for n in numbers]
    return tuple(tuple(buttons[i : i + 4]) for i in range(0, len(buttons), 4))


def correction_screen(correction: Correction, language: Language) -> Screen:
    """What it would do; sure?"""
    line = correction.line
    name = language.pick(line.name_zh, line.name_en)
    if correction.wish:
        head = language.say(
            "✏️ {member} · <b>{name}</b>: wish {before} → <b>{units}</b>",
            member=correction.member, name=name, before=line.wished, units=correction.units,
        )  # fmt: skip
    else:
        head = language.say(
            "✋ {member} · <b>{name}</b>: gets <b>{units}</b> by hand",
            member=correction.member, name=name, units=correction.units,
        )  # fmt: skip
    back = Button(
        language.plain("‹ Back"), CorrectMember(correction.round_id, correction.member_id, not correction.line.wished)
    )
    if not correction.changed:
        return Screen(Markup("{}\n{}").format(head, language.say("It is so already: nothing changes.")), ((back,),))
    yes = CorrectLine(line.offer_id, correction.member_id, correction.wish, correction.units, sure=True)
    return Screen(
        Markup("\n").join([head, *_consequences(correction, language)]),
        ((Button(language.plain("Yes, correct it"), yes),), (back,)),
    )


def _consequences(correction: Correction, language: Language) -> list[Markup]:
    """What it does to this member, to others, to the enterprise and to suppliers."""
    before, gets = correction.line.units, correction.gets
    lines = [language.say("Receives {before} → <b>{gets}</b>", before=before, gets=gets)]
    if correction.wish and gets == before:
        lines.append(Markup("<i>{}</i>").format(_why_as_before(correction.reason, language)))
    if correction.members:
        lines.append(
            language.say_many(
                "{n} other member gets or pays something else and is told.",
                "{n} other members get or pay something else and are told.",
                correction.members,
            )
        )
    if correction.house:
        house = language.money(correction.house, correction.currency)
        lines.append(language.say("🏢 the enterprise then bears {house} in this round", house=house))
    if correction.revised:
        lines.append(
            language.say(
                "A revision of {numbers} goes to the supplier, who must accept it.",
                numbers=language.listed(correction.revised),
            )
        )
    return lines


def _why_as_before(reason: str, language: Language) -> str:
    """Why another wish brings as much as before."""
    if reason == "case_dropped":
        return language.plain("The last case is not full; the newest units go without.")
    if reason == OTHERS_BY_HAND:
        return language.plain("Others were given their units by hand; no more is left.")
    if reason == "minimum_missed":
        return language.plain("Too little is wished by all; the supplier's minimum is missed.")
    if reason == "shortage":
        return language.plain("The supplier delivers less than was ordered.")
    if reason == "declined":
        return language.plain("The supplier cannot deliver.")
    return language.plain("That is all that is then wished.")
