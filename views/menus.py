"""The commands that each role is offered."""

from views.language import Language

Menu = tuple[tuple[str, str], ...]


def menu(role: str | None, language: Language) -> Menu:
    """Commands with their words, the likeliest first; None is somebody who has not joined."""
    about_me = (
        ("me", language.plain("My details")),
        ("language", "中文 / English"),
        ("help", language.plain("Help")),
    )
    if role is None:
        return (("start", language.plain("Start")), *about_me[1:])
    if role == "group":
        return (("link", language.plain("Announce group purchases here")),)
    if role == "supplier":
        return (("orders", language.plain("Purchase orders")), *about_me)
    ordering = (("start", language.plain("What is open now")), ("orders", language.plain("My orders")))
    if role != "coordinator":
        return (*ordering, *about_me, ("leave", language.plain("Leave the enterprise")))
    return (
        ("round", language.plain("The round: totals, close, extend")),
        ("publish", language.plain("Start a round")),
        ("series", language.plain("Rounds that come again by themselves")),
        ("products", language.plain("Suppliers and products")),
        ("invite", language.plain("Invite people")),
        ("members", language.plain("Members: roles, removing")),
        ("points", language.plain("Pickup points")),
        *ordering[1:],
        *about_me,
    )
