"""Making a spreadsheet in which nothing that a person typed can become a formula."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

HEAD = PatternFill("solid", fgColor="FFF1E0")
MAX_WIDTH_CHARACTERS = 42
Cell = str | int | float | None


def add_row(sheet: Worksheet, cells: Iterable[Cell], *, bold: bool = False, head: bool = False) -> None:
    """Append a row; texts stay texts even when they begin like a formula."""
    row = sheet.max_row + 1 if sheet.max_row > 1 or sheet["A1"].value is not None else 1
    for column, value in enumerate(cells, 1):
        cell = sheet.cell(row, column)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.quotePrefix = value[:1] in "=+-@\t\r" if value else False
        if bold or head:
            cell.font = Font(bold=True)
        if head:
            cell.fill = HEAD


def fit_columns(sheet: Worksheet) -> None:
    """Make columns as wide as their texts; a Chinese character counts double."""
    for column in range(1, sheet.max_column + 1):
        texts = (str(sheet.cell(row, column).value or "") for row in range(1, sheet.max_row + 1))
        width = max((sum(2 if ord(c) > 0x2E80 else 1 for c in text) for text in texts), default=8)
        sheet.column_dimensions[get_column_letter(column)].width = min(MAX_WIDTH_CHARACTERS, max(8, width + 2))


def new_workbook(titles: Sequence[str], made_at: datetime | None) -> tuple[Workbook, list[Worksheet]]:
    """A workbook with these sheets."""
    book = Workbook()
    book.properties.creator = "County Basket"
    if made_at is not None:
        book.properties.created = book.properties.modified = made_at.replace(tzinfo=None)
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = titles[0][:31]
    return book, [first, *(book.create_sheet(title[:31]) for title in titles[1:])]


def to_bytes(book: Workbook) -> bytes:
    """The file."""
    file = BytesIO()
    book.save(file)
    return file.getvalue()
