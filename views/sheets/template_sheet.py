"""The empty sheet for importing products, with one row as an example."""

from services.import_products import HEADS
from views.language import Language
from views.screen import File
from views.sheets.workbook import add_row, fit_columns, new_workbook, to_bytes

EXAMPLE = (
    "白帝柑橘合作社", "奉节", "奉节脐橙", "Navel oranges", "5kg/箱", "箱",
    "49.90", 4, 8, "", 10, "20 46, 50 42", "现摘现发", "橙子、脐橙",
)  # fmt: skip


def template_file(language: Language) -> File:
    """The xlsx with heads in the coordinator's language; both languages are understood."""
    book, (sheet,) = new_workbook([language.plain("Products")], None)
    heads = [words[0] if language.code == "zh_CN" else words[-1] for words in HEADS.values()]
    add_row(sheet, heads, head=True)
    add_row(sheet, EXAMPLE)
    fit_columns(sheet)
    return File("products.xlsx", to_bytes(book))
