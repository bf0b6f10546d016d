"""A purchase order as a spreadsheet: what it is, and units of each product for each pickup point."""

from openpyxl.worksheet.worksheet import Worksheet

from models import HOUSE, Place
from rules.money import minor_digits
from services.read_purchase_order import Both, ProductUnits, PurchaseOrderView
from views.language import Language
from views.screen import File
from views.sheets.workbook import add_row, fit_columns, new_workbook, to_bytes


def purchase_order_file(view: PurchaseOrderView, language: Language) -> File:
    """The xlsx of a purchase order in the supplier's language."""
    book, (sheet,) = new_workbook([language.plain("Purchase order")], view.closed_at)
    _head(sheet, view, language)
    _products(sheet, view, language)
    _addresses(sheet, view, language)
    fit_columns(sheet)
    revision = f"-R{view.revision}" if view.revision > 1 else ""
    return File(f"{view.number}{revision}.xlsx", to_bytes(book))


def _pick(both: Both, language: Language) -> str:
    return language.pick(both.zh, both.en)


def point_names(view: PurchaseOrderView, language: Language) -> dict[Place, str]:
    """What each pickup point is called, and what has none: units of members without one, and those of the house."""
    return {place: _pick(name, language) or _nowhere(place, view, language) for place, name, _ in view.points}


def _nowhere(place: Place, view: PurchaseOrderView, language: Language) -> str:
    if place != HOUSE:
        return language.plain("no pickup point chosen")
    if view.house_fills_cases:
        return language.plain("for the enterprise (fills the case)")
    return language.plain("for the enterprise")


def _money(minor: int, currency: str) -> float:
    return float(minor / 10 ** minor_digits(currency))


def _head(sheet: Worksheet, view: PurchaseOrderView, language: Language) -> None:
    add_row(sheet, [language.plain("Purchase order"), view.number], bold=True)
    if view.revision > 1:
        add_row(sheet, [language.plain("Revision"), view.revision], bold=True)
    add_row(sheet, [language.plain("Supplier"), _pick(view.supplier, language)])
    add_row(sheet, [language.plain("Enterprise"), view.enterprise])
    if view.delivers_on:
        add_row(sheet, [language.plain("Delivery day"), view.delivers_on.isoformat()])
    add_row(sheet, [language.plain("Contact"), view.coordinator])
    add_row(sheet, [language.plain("Total value"), _money(view.value, view.currency), view.currency])
    if view.freight:
        add_row(sheet, [language.plain("Freight"), _money(view.freight, view.currency), view.currency])
        add_row(
            sheet,
            [language.plain("In all"), _money(view.value + view.freight, view.currency), view.currency],
            bold=True,
        )
    add_row(sheet, [""])


def _products(sheet: Worksheet, view: PurchaseOrderView, language: Language) -> None:
    """Every product; once the supplier knew another revision, also what it said and what differs."""
    names = point_names(view, language)
    compared = (language.plain("In R{n}", n=view.known_revision), language.plain("Difference"))
    add_row(
        sheet,
        [
            language.plain("Product"), language.plain("Specification"), language.plain("Unit"),
            *names.values(), language.plain("Units"), language.plain("Price"), language.plain("Value"),
            *(compared if view.known_revision else ()),
        ],
        head=True,
    )  # fmt: skip
    for product in view.products:
        units = dict(product.by_point)
        add_row(
            sheet,
            [
                _pick(product.name, language), _pick(product.specification, language), _pick(product.unit, language),
                *(units.get(point_id, 0) for point_id, _, _ in view.points),
                product.units, _money(product.price, view.currency), _money(product.value, view.currency),
                *(_before(product, names, view.currency, language) if view.known_revision else ()),
            ],
            bold=product.differs,
        )  # fmt: skip
    for name, unit, before in view.dropped:
        none = [_pick(name, language), "", _pick(unit, language), *(0 for _ in names), 0, None, 0]
        add_row(sheet, [*none, before, language.plain("not any more")], bold=True)
    totals = [sum(dict(p.by_point).get(point_id, 0) for p in view.products) for point_id, _, _ in view.points]
    all_units = sum(product.units for product in view.products)
    add_row(
        sheet, [language.plain("Total"), "", "", *totals, all_units, None, _money(view.value, view.currency)], bold=True
    )


def _before(
    product: ProductUnits, names: dict[Place, str], currency: str, language: Language
) -> tuple[int | None, str]:
    return product.before, _difference(product, names, currency, language)


def _difference(product: ProductUnits, names: dict[Place, str], currency: str, language: Language) -> str:
    """What is not as the supplier knew it, point by point."""
    if not product.differs:
        return ""
    if not product.before:
        return language.plain("new")
    now, before = dict(product.by_point), dict(product.before_by_point)
    prices = [f"{_money(product.before_price, currency)} → {_money(product.price, currency)}"]
    units = [
        f"{names[point_id]} {before.get(point_id, 0)} → {now.get(point_id, 0)}"
        for point_id in dict.fromkeys((*now, *before))
        if now.get(point_id) != before.get(point_id)
    ]
    return " · ".join([*units, *(prices if product.before_price != product.price else ())])


def _addresses(sheet: Worksheet, view: PurchaseOrderView, language: Language) -> None:
    add_row(sheet, [""])
    add_row(sheet, [language.plain("Pickup point"), language.plain("Address")], head=True)
    names = point_names(view, language)
    for place, _, address in view.points:
        where = "" if isinstance(place, int) else language.plain("to the enterprise")
        add_row(sheet, [names[place], _pick(address, language) or where])
