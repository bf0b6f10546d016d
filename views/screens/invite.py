"""Making invitations: for whom, the QR picture to forward, and what it allows."""

from io import BytesIO

import segno
from markupsafe import Markup

from services.invitations import Invited
from views.language import Language
from views.presses.people import NewInvitation, RevokeInvitation, SetInvitation
from views.screen import Button, Picture, Screen

USES = {"employee": (1, 20, 50, 200), "coordinator": (1, 3), "supplier": (1, 2, 5)}
DAYS = (1, 2, 7, 14, 30)
QR_SCALE = 12


def invite_screen(language: Language) -> Screen:
    """For whom is it?"""
    rows = (
        (Button(language.plain("👥 Employees"), NewInvitation("employee", None)),),
        (Button(language.plain("🌾 A supplier"), NewInvitation("supplier", None)),),
        (Button(language.plain("🧑‍🌾 A coordinator"), NewInvitation("coordinator", None)),),
    )
    return Screen(language.say("Whom do you want to invite?"), rows)


def which_supplier_screen(suppliers: tuple[tuple[int, str, str], ...], language: Language) -> Screen:
    """For which supplier?"""
    if not suppliers:
        return Screen(language.say("There is no supplier yet. Add one with /products, then invite its contact."))
    rows = tuple(
        (Button(language.pick(zh, en), NewInvitation("supplier", supplier_id)),) for supplier_id, zh, en in suppliers
    )
    return Screen(language.say("Which supplier is it for?"), rows)


def forward_screen(invited: Invited, link: str, language: Language) -> Screen:
    """The message to forward: the link, its QR picture, a few words."""
    if invited.role == "supplier":
        supplier = language.pick(invited.supplier_zh, invited.supplier_en)
        text = language.say(
            "🌾 {enterprise} orders from {supplier} through County Basket. Open this link in Telegram "
            "to receive and answer the orders:\n{link}",
            enterprise=invited.enterprise, supplier=supplier, link=link,
        )  # fmt: skip
    elif invited.role == "coordinator":
        text = language.say(
            "🧺 Run group purchases for {enterprise} with me. Open this link in Telegram:\n{link}",
            enterprise=invited.enterprise, link=link,
        )  # fmt: skip
    else:
        text = language.say(
            "🧺 {enterprise} buys county produce together, straight from the farmers. "
            "Open this link in Telegram, answer three questions, and order with one tap:\n{link}",
            enterprise=invited.enterprise, link=link,
        )  # fmt: skip
    return Screen(text, picture=Picture(qr_png(link)))


def qr_png(link: str) -> bytes:
    """QR picture of a link, with the quiet zone that cameras need."""
    picture = BytesIO()
    segno.make(link, error="m").save(picture, kind="png", scale=QR_SCALE, border=4)
    return picture.getvalue()


def manage_screen(invited: Invited, language: Language) -> Screen:
    """What the invitation allows, to change or revoke; this one is not to be forwarded."""
    if invited.revoked:
        return Screen(language.say("🚫 This invitation is revoked. Nobody can join with it any more."))
    return Screen(Markup("\n").join([_allows(invited, language), _used(invited, language)]), _rows(invited, language))


def _allows(invited: Invited, language: Language) -> Markup:
    return language.say_many(
        "👆 Forward the message above. {n} person can join with it until <b>{until}</b>.",
        "👆 Forward the message above. {n} people can join with it until <b>{until}</b>.",
        invited.uses,
        until=language.moment(invited.expires_at, invited.zone),
    )


def _used(invited: Invited, language: Language) -> Markup:
    return language.say("Used so far: {used} of {uses}", used=invited.used, uses=invited.uses)


def _rows(invited: Invited, language: Language) -> tuple[tuple[Button, ...], ...]:
    def mark(chosen: bool, label: str) -> str:
        return f"✓ {label}" if chosen else label

    uses = tuple(
        Button(
            mark(n == invited.uses, language.plain_many("{n} use", "{n} uses", n)),
            SetInvitation(invited.id, n, invited.days),
        )
        for n in USES[invited.role]
    )
    days = tuple(
        Button(
            mark(n == invited.days, language.plain_many("{n} day", "{n} days", n)),
            SetInvitation(invited.id, invited.uses, n),
        )
        for n in DAYS
    )
    return (uses, days, (Button(language.plain("🚫 Revoke"), RevokeInvitation(invited.id)),))
