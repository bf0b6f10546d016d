"""Reads a sheet that somebody sent, xlsx or CSV, as rows of plain text; whatever is wrong is refused with its place."""

import csv
import io
import zipfile
from collections.abc import Iterator

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from rules.refusal import Refusal

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
MAX_ROWS = 2000
MAX_COLUMNS = 40
Rows = list[list[str]]
UNREADABLE = (
    zipfile.BadZipFile, InvalidFileException, DefusedXmlException, KeyError, IndexError, ValueError, OSError,
)  # fmt: skip
"""What openpyxl raises on a file that is no workbook."""


def read_sheet(name: str, content: bytes) -> Rows:
    """Rows of a sheet; the first is the head.

    Refusals: sheet_too_large, sheet_not_readable, sheet_too_many_rows(limit), sheet_has_formulas(cell),
    sheet_has_merged_cells(cells).
    """
    if len(content) > MAX_BYTES:
        raise Refusal("sheet_too_large")
    if name.lower().endswith(".csv"):
        return _read_csv(content)
    return _read_xlsx(content)


def _read_csv(content: bytes) -> Rows:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        delimiter = ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
        try:
            return _limited(csv.reader(io.StringIO(text), delimiter=delimiter))
        except csv.Error:
            break
    raise Refusal("sheet_not_readable")


def _read_xlsx(content: bytes) -> Rows:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED_BYTES:
                raise Refusal("sheet_too_large")
        _count_rows(content)
        book = load_workbook(io.BytesIO(content), data_only=False)
    except UNREADABLE as error:
        raise Refusal("sheet_not_readable") from error
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise Refusal("sheet_not_readable")
    if sheet.max_row > MAX_ROWS:
        raise Refusal("sheet_too_many_rows", limit=MAX_ROWS)
    if sheet.merged_cells.ranges:
        raise Refusal("sheet_has_merged_cells", cells=str(next(iter(sheet.merged_cells.ranges))))
    return _limited(_xlsx_rows(sheet))


def _count_rows(content: bytes) -> None:
    """Count before loading: a huge sheet is refused in a moment."""
    book = load_workbook(io.BytesIO(content), read_only=True)
    try:
        sheet = book.worksheets[0]
        for number, _ in enumerate(sheet.iter_rows(max_col=1), 1):
            if number > MAX_ROWS:
                raise Refusal("sheet_too_many_rows", limit=MAX_ROWS)
    finally:
        book.close()


def _xlsx_rows(sheet: Worksheet) -> Iterator[list[str]]:
    for row in sheet.iter_rows(max_col=min(sheet.max_column, MAX_COLUMNS)):
        for cell in row:
            if cell.data_type == "f":
                raise Refusal("sheet_has_formulas", cell=cell.coordinate)
        yield [_text(cell.value) for cell in row]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _limited(rows: Iterator[list[str]]) -> Rows:
    kept: Rows = []
    for row in rows:
        if len(kept) > MAX_ROWS:
            raise Refusal("sheet_too_many_rows", limit=MAX_ROWS)
        kept.append([cell.strip() for cell in row[:MAX_COLUMNS]])
    while kept and not any(kept[-1]):
        kept.pop()
    return kept
