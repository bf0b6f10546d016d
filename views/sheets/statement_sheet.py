"""A round's statement as a spreadsheet: suppliers and the sums, every member, every line."""

from openpyxl.worksheet.worksheet import Worksheet

from rules.money import minor_digits
from services.read_statement import Statement
from views.language import Language
from views.screen import File
from views.screens.purchase_order_state import state_words
from views.sheets.orders_sheet import reason_word
from views.sheets.workbook import add_row, fit_columns, new_workbook, to_bytes


def statement_file(statement: Statement, language: Language) -> File:
    """The xlsx in the coordinator's language."""
    titles = [language.plain("Suppliers"), language.plain("Members"), language.plain("Lines")]
    book, (suppliers, members, lines) = new_workbook(titles, statement.found.closed_at)
    _suppliers(suppliers, statement, language)
    _members(members, statement, language)
    _lines(lines, statement, language)
    for sheet in (suppliers, members, lines):
        fit_columns(sheet)
        sheet.freeze_panes = "A2"
    return File(f"statement-{statement.found.number}.xlsx", to_bytes(book))


def _money(minor: int, statement: Statement) -> float:
    return float(minor / 10 ** minor_digits(statement.currency))


def _suppliers(sheet: Worksheet, statement: Statement, language: Language) -> None:
    head = [
        language.plain("Supplier"), language.plain("Purchase order"), language.plain("Revision"),
        language.plain("State"), language.plain("Produce"), language.plain("Freight"), language.plain("Owed"),
        language.plain("At the closing"), language.plain("Difference"),
    ]  # fmt: skip
    add_row(sheet, head, head=True)
    for part in statement.suppliers:
        sums = (part.value, part.freight, part.owed, part.first, part.difference)
        state = str(state_words(part.phase, cancelled=not part.owed, language=language))
        add_row(
            sheet,
            [
                language.pick(part.supplier.zh, part.supplier.en), part.number, part.revision, state,
                *(_money(minor, statement) for minor in sums),
            ],
        )  # fmt: skip
    paid, first_paid = statement.paid, statement.first_owed - statement.first_house
    for title, now, first in (
        (language.plain("Suppliers together"), statement.owed, statement.first_owed),
        (language.plain("Members pay"), paid, first_paid),
        (language.plain("The enterprise pays"), statement.house, statement.first_house),
    ):
        amounts = [_money(minor, statement) for minor in (now, first, now - first)]
        cells = [title, "", None, "", None, None, *amounts, statement.currency]
        add_row(sheet, cells, bold=True)


def _members(sheet: Worksheet, statement: Statement, language: Language) -> None:
    head = [
        language.plain("Department"), language.plain("Name"), language.plain("Produce"), language.plain("Freight"),
        language.plain("To pay"), language.plain("At the closing"), language.plain("Difference"),
    ]  # fmt: skip
    add_row(sheet, head, head=True)
    rows = [(part.produce, part.freight, part.total, part.first, part.difference) for part in statement.members]
    for part, sums in zip(statement.members, rows, strict=True):
        add_row(sheet, [part.department, part.name, *(_money(minor, statement) for minor in sums)])
    totals = [sum(row[column] for row in rows) for column in range(5)]
    add_row(sheet, [language.plain("Total"), "", *(_money(minor, statement) for minor in totals)], bold=True)


def _lines(sheet: Worksheet, statement: Statement, language: Language) -> None:
    head = [
        language.plain("Department"), language.plain("Name"), language.plain("Product"), language.plain("Wished"),
        language.plain("Received"), language.plain("Unit"), language.plain("Price"), language.plain("Produce"),
        language.plain("Freight"), language.plain("To pay"), language.plain("Why"),
    ]  # fmt: skip
    add_row(sheet, head, head=True)
    for part in statement.members:
        for line in part.lines:
            why = reason_word(line.reason, line.manual, language)
            sums = (line.price, line.charge, line.freight, line.charge + line.freight)
            add_row(
                sheet,
                [
                    part.department, part.name, language.pick(line.name.zh, line.name.en), line.wished, line.units,
                    language.pick(line.unit.zh, line.unit.en), *(_money(minor, statement) for minor in sums), why,
                ],
            )  # fmt: skip
