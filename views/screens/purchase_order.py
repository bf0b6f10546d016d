"""A purchase order in the chat: one message to the supplier, with its sheet and two buttons."""

from collections.abc import Mapping

from markupsafe import Markup

from models import Place
from services.read_purchase_order import Both, ProductUnits, PurchaseOrderView
from views.language import Language
from views.presses.closing import (
    AcceptLess,
    AcceptOrder,
    DeclineOrder,
    DeliverOn,
    OfferSubstitute,
    SendSheet,
    ShipOrder,
    ShowPurchaseOrder,
    TypeReason,
)
from views.presses.statement import ShowOwnStatement
from views.screen import Button, Rows, Screen
from views.sheets.purchase_order_sheet import point_names, purchase_order_file

CAPTION_CHARACTERS = 900


def purchase_order_screen(view: PurchaseOrderView, language: Language, toast: str | None = None) -> Screen:
    """The whole purchase order with its sheet."""
    text = purchase_order_text(view, language)
    return Screen(text, answer_rows(view, language), file=purchase_order_file(view, language), toast=toast)


def purchase_order_text(view: PurchaseOrderView, language: Language) -> Markup:
    """The order in words; where it is too long the pickup points stand in the sheet only."""
    text = _text(view, language, points=True)
    if len(text.striptags()) > CAPTION_CHARACTERS:
        text = _text(view, language, points=False)
    if len(text.striptags()) > CAPTION_CHARACTERS:
        return _short_text(view, language)
    return text


def _text(view: PurchaseOrderView, language: Language, *, points: bool) -> Markup:
    lines = [*_head(view, language), ""]
    names = point_names(view, language)
    for product in view.products:
        lines.append(_product_line(product, view.currency, language))
        if points:
            lines.append(Markup("   {}").format(" · ".join(split_by_point(product, names, language))))
    lines += [_dropped_line(name, unit, before, language) for name, unit, before in view.dropped]
    if not points:
        lines.append(language.say("Units for each pickup point are in the sheet."))
    return Markup("\n").join([*lines, "", *_foot(view, language)])


def split_by_point(product: ProductUnits, names: Mapping[Place, str], language: Language) -> list[str]:
    """Units for each pickup point, and how many it was to get before where that differs."""
    now, before = dict(product.by_point), dict(product.before_by_point)
    if not before:
        return [f"{names[point_id]} {n}" for point_id, n in now.items()]
    return [
        f"{names[point_id]} {now.get(point_id, 0)}"
        if now.get(point_id, 0) == before.get(point_id, 0)
        else language.plain(
            "{point} {n} (was {before})",
            point=names[point_id], n=now.get(point_id, 0), before=before.get(point_id, 0),
        )
        for point_id in dict.fromkeys((*now, *before))
    ]  # fmt: skip


def _product_line(product: ProductUnits, currency: str, language: Language) -> Markup:
    units = language.units(product.units, product.unit.zh, product.unit.en)
    name = language.pick(product.name.zh, product.name.en)
    line = Markup("• {} <b>{}</b>").format(name, units)
    if product.before is None or not product.differs:
        return line
    if not product.before:
        return language.say("{line} 🆕 new", line=line)
    if product.before_price != product.price:
        prices = language.money(product.before_price, currency), language.money(product.price, currency)
        line = language.say("{line} 🔁 {before} → {price} each", line=line, before=prices[0], price=prices[1])
    if product.before == product.units:
        return line if product.before_price != product.price else Markup("{} 🔁").format(line)
    before = language.units(product.before, product.unit.zh, product.unit.en)
    return language.say("{line} 🔁 was {before}", line=line, before=before)


def _dropped_line(name: Both, unit: Both, before: int, language: Language) -> Markup:
    return language.say(
        "• {name} <b>none</b> 🔁 was {before}",
        name=language.pick(name.zh, name.en),
        before=language.units(before, unit.zh, unit.en),
    )


def _short_text(view: PurchaseOrderView, language: Language) -> Markup:
    many = language.say_many("{n} product, all in the sheet.", "{n} products, all in the sheet.", len(view.products))
    return Markup("\n").join([*_head(view, language), many, *_foot(view, language)])


def replaced_screen(view: PurchaseOrderView, language: Language) -> Screen:
    """Stands in the place of an older message whose sheet no longer holds."""
    return Screen(language.say("📦 {number}: please see the newer message below.", number=view.number))


def _head(view: PurchaseOrderView, language: Language) -> list[Markup]:
    lines = [language.say("📦 <b>Purchase order {number}</b>", number=numbered(view))]
    if view.cancelled:
        lines.append(language.say("🚫 <b>Cancelled: please deliver nothing.</b>"))
    elif view.revision > 1 and view.told and not view.differs and view.known_revision:
        lines.append(
            language.say(
                "🔁 <b>Revision {n}</b>: the same units as in R{known}.", n=view.revision, known=view.known_revision
            )
        )
    elif view.revision > 1 and view.told and view.known_revision:
        lines.append(
            language.say(
                "🔁 <b>Revision {n}</b>: it replaces what was sent before. 🔁 marks what differs from R{known}.",
                n=view.revision,
                known=view.known_revision,
            )
        )
    elif view.revision > 1 and view.told:
        lines.append(language.say("🔁 <b>Revision {n}</b>: it replaces what was sent before.", n=view.revision))
    lines.append(language.say("From: {enterprise}", enterprise=view.enterprise))
    if view.delivers_on and not view.cancelled:
        lines.append(language.say("Deliver on: <b>{day}</b>", day=language.day(view.delivers_on)))
    return lines


def _foot(view: PurchaseOrderView, language: Language) -> list[Markup]:
    lines = [
        language.say("Total value: <b>{value}</b>", value=language.money(view.value, view.currency)),
        language.say("Contact: {name}", name=view.coordinator),
    ]
    if view.freight:
        lines.insert(1, language.say("Freight: {value}", value=language.money(view.freight, view.currency)))
    state = state_line(view, language)
    return [*lines, state] if state else lines


def state_line(view: PurchaseOrderView, language: Language) -> Markup:
    """What the supplier has answered, if anything."""
    if view.phase == "accepted":
        return language.say("✅ <b>Accepted</b>")
    if view.shipped:
        return language.say("🚚 <b>On its way</b>")
    if view.phase == "declined":
        return language.say("❌ <b>Declined</b>: {reason}", reason=reason_text(view.decline_reason, language))
    return Markup("")


def reason_text(reason: str, language: Language) -> str:
    """A reason code in words; a typed reason as it was typed."""
    words = {
        "weather": language.plain("weather"),
        "sold_out": language.plain("sold out"),
        "price": language.plain("price has changed"),
    }
    return words.get(reason, reason)


def numbered(view: PurchaseOrderView) -> str:
    """The number, with the revision once there are several."""
    return f"{view.number}-R{view.revision}" if view.revision > 1 else view.number


def answer_rows(view: PurchaseOrderView, language: Language) -> Rows:
    """What the supplier can answer now."""
    which = (view.id, view.revision)
    day = Button(language.plain("📅 Other day"), DeliverOn(*which, None))
    statement = Button(language.plain("🧾 Statement"), ShowOwnStatement(view.id))
    if view.phase == "accepted" and not view.cancelled:
        return ((day, Button(language.plain("🚚 Shipped"), ShipOrder(*which))), (statement,))
    if not view.waiting:
        return ((statement,),)
    if view.cancelled:
        return ((Button(language.plain("✅ Understood"), AcceptOrder(*which)),),)
    return (
        (
            Button(language.plain("✅ Accept"), AcceptOrder(*which)),
            Button(language.plain("❌ Decline"), DeclineOrder(*which, "")),
        ),
        (Button(language.plain("➖ Accept with less"), AcceptLess(*which, sure=False)), day),
        (Button(language.plain("🔀 Offer a substitute"), OfferSubstitute(*which, None, None, sure=False)), statement),
    )


def reason_rows(view: PurchaseOrderView, language: Language) -> Rows:
    """Why is it declined?"""
    reasons = [
        Button(reason_text(code, language), DeclineOrder(view.id, view.revision, code))
        for code in ("weather", "sold_out")
    ]
    return (
        tuple(reasons),
        (
            Button(reason_text("price", language), DeclineOrder(view.id, view.revision, "price")),
            Button(language.plain("✏️ Other reason"), TypeReason(view.id, view.revision)),
        ),
        (Button(language.plain("‹ Back"), ShowPurchaseOrder(view.id)),),
    )


def type_reason_screen(view: PurchaseOrderView, language: Language) -> Screen:
    """Type the reason."""
    return Screen(
        language.say(
            "Why can you not deliver {number}? Please type it in a few words; the coordinator and the members read it.",
            number=view.number,
        )
    )


def purchase_orders_screen(views: list[PurchaseOrderView], language: Language) -> Screen:
    """A supplier's purchase orders, the newest first; each button sends one again with its sheet."""
    if not views:
        return Screen(language.say("🌾 No purchase orders yet. When a round closes, yours arrives here by itself."))
    lines = [language.say("📦 <b>Your purchase orders</b>"), *(_list_line(view, language) for view in views)]
    rows = tuple((Button(f"{_mark(view)} {view.number}", SendSheet(view.id)),) for view in views)
    return Screen(Markup("\n").join(lines), rows)


def _mark(view: PurchaseOrderView) -> str:
    marks = {"accepted": "✅", "declined": "❌", "shipped": "🚚", "received": "📦"}
    return "🚫" if view.cancelled else marks.get(view.phase, "🕐")


def _list_line(view: PurchaseOrderView, language: Language) -> Markup:
    day = language.day(view.delivers_on) if view.delivers_on else ""
    return Markup("{} {} · {} · {} {}").format(
        _mark(view), numbered(view), view.enterprise, language.money(view.value, view.currency), day
    )
