"""A person's own page, the language choice, leaving."""

from markupsafe import Markup

from services.hats import Hat
from services.me import Me
from views.language import Language
from views.presses.people import AskMine, Leave, PickPoint, SetLanguage, ShowMe, WearHat
from views.screen import Button, Rows, Screen


def role_name(role: str, language: Language) -> str:
    """A role in words."""
    names = {
        "employee": language.plain("employee"),
        "coordinator": language.plain("coordinator"),
        "supplier": language.plain("supplier"),
    }
    return names[role]


def hat_name(hat: Hat, language: Language) -> str:
    """Where one belongs and as what, in a few words."""
    place = hat.enterprise if hat.role != "supplier" else language.pick(hat.supplier_zh, hat.supplier_en)
    return f"{place} · {role_name(hat.role, language)}"


def me_screen(me: Me, language: Language, toast: str | None = None) -> Screen:
    """Who one is here, with buttons to change it."""
    worn = me.worn
    if worn is None:
        text = language.say("You belong to no enterprise at the moment. An invitation link lets you in.")
        return Screen(text, (*_switches(me, language), _language_row(language)), toast=toast)
    return Screen(_facts(worn, language), (*_changes(worn, language), *_switches(me, language)), toast=toast)


def _facts(hat: Hat, language: Language) -> Markup:
    lines = [Markup("👤 <b>{}</b>").format(hat.name), Markup("{}").format(hat_name(hat, language))]
    if hat.role != "supplier":
        department = hat.department or language.plain("no department")
        point = language.pick(hat.point_zh, hat.point_en) or language.plain("no pickup point yet")
        lines += [language.say("Department: {department}", department=department)]
        lines += [language.say("Pickup point: {point}", point=point)]
    else:
        lines += [language.say("Customer: {enterprise}", enterprise=hat.enterprise)]
    return Markup("\n").join(lines)


def _changes(hat: Hat, language: Language) -> Rows:
    name = Button(language.plain("✏️ Name"), AskMine("name"))
    leave = Button(language.plain("🚪 Leave"), Leave(hat.member_id, hat.contact_id, sure=False))
    if hat.role == "supplier":
        return ((name,), (*_language_row(language), leave))
    department = Button(language.plain("🏢 Department"), AskMine("department"))
    point = Button(language.plain("📍 Pickup point"), PickPoint(None))
    return ((name, department), (point,), (*_language_row(language), leave))


def _language_row(language: Language) -> tuple[Button, ...]:
    other = ("🌐 English", "en") if language.code == "zh_CN" else ("🌐 中文", "zh_CN")
    return (Button(other[0], SetLanguage(other[1])),)


def _switches(me: Me, language: Language) -> Rows:
    return tuple(
        (Button(f"🔀 {hat_name(hat, language)}", WearHat(hat.member_id, hat.contact_id)),)
        for hat in me.hats
        if not hat.worn
    )


def points_screen(me: Me, language: Language) -> Screen:
    """Choose where to collect."""
    rows = tuple((Button(language.pick(zh, en), PickPoint(point_id)),) for point_id, zh, en in me.points)
    back = (Button(language.plain("‹ Back"), ShowMe()),)
    return Screen(language.say("Where do you want to collect from now on?"), (*rows, back))


def language_screen(language: Language) -> Screen:
    """Choose the language; readable in both."""
    mark = {code: "✓ " if language.code == code else "" for code in ("zh_CN", "en")}
    row = (Button(f"{mark['zh_CN']}中文", SetLanguage("zh_CN")), Button(f"{mark['en']}English", SetLanguage("en")))
    return Screen(Markup("🌐 请选择语言 · Choose your language"), (row,))


def leave_screen(hat: Hat, language: Language) -> Screen:
    """Ask before leaving."""
    text = language.say(
        "Leave <b>{hat}</b>? Your orders in open rounds then wait for the coordinator: somebody else collects them, or "
        "they are withdrawn. What closed rounds still bring you stays ordered and to be paid. You are told each time.",
        hat=hat_name(hat, language),
    )
    if hat.role == "supplier":
        text = language.say(
            "Stop speaking for <b>{hat}</b>? Orders will no longer arrive here.", hat=hat_name(hat, language)
        )
    yes = Button(language.plain("Yes, leave"), Leave(hat.member_id, hat.contact_id, sure=True))
    return Screen(text, ((yes, Button(language.plain("No, stay"), ShowMe())),))


def left_screen(next_hat: Hat | None, language: Language) -> Screen:
    """You have left."""
    if next_hat is None:
        return Screen(language.say("👋 You have left. A new invitation link lets you in again any time."))
    return Screen(language.say("👋 You have left. You are now in: {hat}", hat=hat_name(next_hat, language)))


def ask_screen(what: str, language: Language) -> Screen:
    """Type the new name or department."""
    back = ((Button(language.plain("‹ Back"), ShowMe()),),)
    if what == "name":
        return Screen(language.say("What name should be on your orders? Please type it."), back)
    return Screen(language.say("Which department are you in? Please type it."), back)
