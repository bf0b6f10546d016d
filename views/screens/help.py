"""Help for each role, and for somebody who has no invitation."""

from markupsafe import Markup

from views.language import Language
from views.screen import Screen


def help_screen(role: str | None, support: str, language: Language) -> Screen:
    """What one can do here, in a phone screen."""
    if role is None:
        return stranger_screen(support, language)
    if role == "supplier":
        text = language.say(
            "🌾 <b>For suppliers</b>\nWhen a round closes, one message brings the whole order, with a sheet. "
            "Tap <b>Accept</b> or <b>Decline</b>; below it you can also say that there is less, name another day, "
            "or offer something else. Tap <b>Shipped</b> when it is on its way.\n\n/orders — all your orders\n"
            "/me — your details\n"
            "/language — 中文 / English"
        )
        return Screen(text)
    employee = language.say(
        "🧺 <b>Ordering</b>\nTap a number on the card, or just type: <code>oranges 2, potatoes 1</code>. "
        "Change it any time until the round closes. <code>oranges 2, up to 3</code>: a third one only if that fills a "
        "case or the minimum.\n\n/start — what is open now\n/orders — your orders\n"
        "/me — name, department, pickup point\n/leave — leave the enterprise\n/language — 中文 / English"
    )
    if role != "coordinator":
        return Screen(employee)
    coordinator = language.say(
        "🧑‍🌾 <b>For coordinators</b>\n/round — live totals, rehearse, change, close; then correct and "
        "settle up\n/publish — start a round\n"
        "/products — suppliers and products; send an xlsx or CSV to import\n/invite — invite people and suppliers\n"
        "/points — pickup points\n/link — announce in a group chat (send it there)"
    )
    series = language.say("/series — rounds that come again by themselves")
    members = language.say("/members — who belongs here; make coordinators, remove")
    return Screen(Markup("{}\n{}\n{}\n\n{}").format(coordinator, series, members, employee))


def stranger_screen(support: str, language: Language) -> Screen:
    """Somebody without an invitation."""
    text = language.say(
        "🧺 <b>County Basket</b>\nColleagues buy county produce together here, straight from the farmers.\n\n"
        "To join, open the invitation link from your coordinator. No link yet? Ask the colleague who "
        "organises the group purchase: they make one with /invite."
    )
    if support:
        text = Markup("\n\n").join([text, language.say("Questions: {support}", support=support)])
    return Screen(text)
