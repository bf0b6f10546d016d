"""The pickup points of an enterprise."""

from collections.abc import Sequence

from markupsafe import Markup

from models import PickupPoint
from views.language import Language
from views.presses.points import AddPoint, RetirePoint, ShowPoints
from views.screen import Button, Screen


def points_screen(points: Sequence[PickupPoint], language: Language) -> Screen:
    """All of them; a button takes one out of use."""
    if not points:
        head = language.say("📍 No pickup point yet. Add one: members collect there.")
    else:
        head = language.say("📍 <b>Pickup points</b>")
    lines = [head, *(_line(point, language) for point in points)]
    rows = [(Button(f"🗑 {language.pick(p.name_zh, p.name_en)}", RetirePoint(p.id or 0, sure=False)),) for p in points]
    return Screen(Markup("\n").join(lines), (*rows, (Button(language.plain("➕ Add"), AddPoint()),)))


def _line(point: PickupPoint, language: Language) -> Markup:
    address = language.pick(point.address_zh, point.address_en)
    name = language.pick(point.name_zh, point.name_en)
    return Markup("• <b>{}</b> {}").format(name, address)


def add_screen(language: Language) -> Screen:
    """How to type them."""
    return Screen(
        language.say(
            "One pickup point a line, with its address after a bar:\n<code>North gate | 1 Jialing Road</code>"
        ),
        ((Button(language.plain("‹ Back"), ShowPoints()),),),
    )


def sure_screen(point_id: int, language: Language) -> Screen:
    """Really?"""
    text = language.say("Use this pickup point no more? Orders already placed there stay as they are.")
    yes = Button(language.plain("Yes, take it out"), RetirePoint(point_id, sure=True))
    return Screen(text, ((yes, Button(language.plain("‹ Back"), ShowPoints())),))
