"""The members of an enterprise as their coordinators see them."""

from markupsafe import Markup

from services.members import MemberPage, MemberView
from views.language import Language
from views.presses.members import RemoveMember, SetRole, ShowMember, ShowMembers
from views.screen import Button, Rows, Screen
from views.screens.me import role_name
from views.screens.pages import turns
from views.screens.reach import mark, what_to_do


def members_screen(members: MemberPage, language: Language, toast: str | None = None) -> Screen:
    """A page of members; a button opens each."""
    head = language.say_many("👥 <b>{n} member</b>", "👥 <b>{n} members</b>", members.total)
    buttons = [Button(one.name, ShowMember(one.id, members.page)) for one in members.members]
    rows: Rows = tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
    turn = turns(members.page, members.pages, ShowMembers)
    lines = [head, *(_line(one, language) for one in members.members)]
    if not all(one.reachable for one in members.members):
        lines.append(what_to_do(language))
    return Screen(Markup("\n").join(lines), (*rows, *turn), toast=toast)


def _line(one: MemberView, language: Language) -> Markup:
    parts = [one.name, *([one.department] if one.department else [])]
    if one.role == "coordinator":
        parts.append(role_name(one.role, language))
    return Markup("• {}{}").format(" · ".join(parts), mark(one.reachable, language))


def member_screen(one: MemberView, page: int, language: Language, toast: str | None = None) -> Screen:
    """One member, and what can be done about them."""
    department = one.department or language.plain("no department")
    point = language.pick(one.point_zh, one.point_en) or language.plain("no pickup point yet")
    lines = [
        Markup("👤 <b>{}</b> · {}").format(one.name, role_name(one.role, language)),
        language.say("Department: {department}", department=department),
        language.say("Pickup point: {point}", point=point),
    ]
    if not one.reachable:
        lines.append(
            language.say(
                "⚠️ Messages do not reach them: they blocked the bot or left Telegram. Ask them to open the bot and "
                "press Start."
            )
        )
    if one.open_orders:
        lines.append(
            language.say_many("🧺 ordered in {n} open round", "🧺 ordered in {n} open rounds", one.open_orders)
        )
    back = (Button(language.plain("‹ Back"), ShowMembers(page)),)
    return Screen(Markup("\n").join(lines), (*_deeds(one, language), back), toast=toast)


def _deeds(one: MemberView, language: Language) -> Rows:
    if one.role == "coordinator":
        role = Button(language.plain("👤 Make an employee"), SetRole(one.id, "employee", sure=False))
    else:
        role = Button(language.plain("🧑‍🌾 Make a coordinator"), SetRole(one.id, "coordinator", sure=False))
    if one.myself:
        return ((role,),) if one.role == "coordinator" else ()
    return ((role,), (Button(language.plain("🚪 Remove"), RemoveMember(one.id, sure=False)),))


def sure_role_screen(one: MemberView, role: str, language: Language) -> Screen:
    """Really?"""
    if role == "coordinator":
        text = language.say(
            "🧑‍🌾 Make <b>{name}</b> a coordinator? They can then run rounds, see all orders, and remove members.",
            name=one.name,
        )
        label = language.plain("Yes, make a coordinator")
    else:
        text = language.say("👤 Make <b>{name}</b> an employee again? They can then only order.", name=one.name)
        label = language.plain("Yes, make an employee")
    back = Button(language.plain("‹ Back"), ShowMember(one.id, 0))
    return Screen(text, ((Button(label, SetRole(one.id, role, sure=True)),), (back,)))


def sure_remove_screen(one: MemberView, language: Language) -> Screen:
    """Really? Says what becomes of their orders."""
    lines = [
        language.say(
            "🚪 Remove <b>{name}</b>? They are told, and links made before now do not let them in again.", name=one.name
        )
    ]
    if one.open_orders:
        lines.append(
            language.say(
                "You are then asked about their open orders: somebody else collects them, or they are withdrawn "
                "(also if nobody answers before the round closes)."
            )
        )
    yes = Button(language.plain("Yes, remove"), RemoveMember(one.id, sure=True))
    return Screen(Markup("\n").join(lines), ((yes,), (Button(language.plain("‹ Back"), ShowMember(one.id, 0)),)))
