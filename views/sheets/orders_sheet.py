"""All orders of a round as a spreadsheet: every line, then sums by department and by pickup point."""

from collections import defaultdict
from collections.abc import Callable

from openpyxl.worksheet.worksheet import Worksheet

from rules.money import minor_digits
from services.read_round_orders import OrderRow, RoundOrders
from views.language import Language
from views.screen import File
from views.screens.outcome import BEYOND_THE_COORDINATOR
from views.sheets.workbook import add_row, fit_columns, new_workbook, to_bytes


def orders_file(orders: RoundOrders, language: Language) -> File:
    """The xlsx in the coordinator's language."""
    titles = [language.plain("Orders"), language.plain("Departments"), language.plain("Pickup points")]
    book, (lines, departments, points) = new_workbook(titles, orders.found.closed_at)
    _lines(lines, orders, language)
    _sums(departments, orders, language, language.plain("Department"), lambda row: row.department)
    _sums(
        points, orders, language, language.plain("Pickup point"), lambda row: language.pick(row.point_zh, row.point_en)
    )
    for sheet in (lines, departments, points):
        fit_columns(sheet)
        sheet.freeze_panes = "A2"
    return File(f"orders-{orders.found.number}.xlsx", to_bytes(book))


def reason_word(reason: str, manual: bool, language: Language) -> str:
    """Why a line receives what it receives, in a word or two."""
    words = {
        "": "",
        "full": language.plain("full"),
        "case_dropped": language.plain("last case not full"),
        "minimum_missed": language.plain("minimum missed"),
        "tolerance_used": language.plain("extra units taken"),
        "shortage": language.plain("shortage"),
        "declined": language.plain("declined by the supplier"),
    }
    if manual and reason not in BEYOND_THE_COORDINATOR:
        return language.plain("by hand")
    return words[reason]


def who(row: OrderRow, language: Language) -> str:
    """Whose line it is, and who collects it where that is somebody else."""
    if not row.collector:
        return row.member
    return language.plain("{member} (collected by {collector})", member=row.member, collector=row.collector)


def _lines(sheet: Worksheet, orders: RoundOrders, language: Language) -> None:
    head = [
        language.plain("Department"), language.plain("Name"), language.plain("Pickup point"),
        language.plain("Product"), language.plain("Wished"), language.plain("Received"), language.plain("Unit"),
        language.plain("Price"), language.plain("Produce"), language.plain("Freight"), language.plain("To pay"),
        language.plain("Why"),
    ]  # fmt: skip
    add_row(sheet, head, head=True)
    scale = 10 ** minor_digits(orders.currency)
    for row in orders.rows:
        add_row(
            sheet,
            [
                row.department, who(row, language), language.pick(row.point_zh, row.point_en),
                language.pick(row.name_zh, row.name_en), row.wished, row.units,
                language.pick(row.unit_zh, row.unit_en), row.price / scale, row.charge / scale,
                row.freight / scale, row.to_pay / scale, reason_word(row.reason, row.manual, language),
            ],
        )  # fmt: skip
    _foot(sheet, orders, scale, language)


def _foot(sheet: Worksheet, orders: RoundOrders, scale: int, language: Language) -> None:
    """What members pay; where the enterprise bears something, that too, and what suppliers are owed in all."""

    def add(title: str, to_pay: int, *parts: int) -> None:
        empty: list[None] = [None] * (2 - len(parts))
        money = [part / scale for part in (*parts, to_pay)]
        add_row(sheet, [title, "", "", "", None, None, "", None, *empty, *money, orders.currency], bold=True)

    produce = sum(row.charge for row in orders.rows)
    add(language.plain("Total"), orders.to_pay, produce, orders.to_pay - produce)
    if orders.house:
        add(language.plain("The enterprise bears"), orders.house)
        add(language.plain("Suppliers are owed"), orders.to_pay + orders.house)


def _sums(
    sheet: Worksheet, orders: RoundOrders, language: Language, title: str, key: Callable[[OrderRow], str]
) -> None:
    products = list(dict.fromkeys(language.pick(row.name_zh, row.name_en) for row in orders.rows))
    units: defaultdict[tuple[str, str], int] = defaultdict(int)
    charges: defaultdict[str, int] = defaultdict(int)
    for row in orders.rows:
        units[key(row), language.pick(row.name_zh, row.name_en)] += row.units
        charges[key(row)] += row.to_pay
    add_row(sheet, [title, *products, language.plain("To pay")], head=True)
    scale = 10 ** minor_digits(orders.currency)
    for name in sorted(charges):
        add_row(sheet, [name or "—", *(units[name, product] for product in products), charges[name] / scale])
    sums = [sum(units[name, product] for name in charges) for product in products]
    add_row(sheet, [language.plain("Total"), *sums, sum(charges.values()) / scale], bold=True)
