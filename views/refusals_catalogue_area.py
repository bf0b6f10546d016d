"""Refusals about the catalogue and imported sheets."""

from rules.refusal import Refusal
from views.language import Language
from views.refusals import refusal


@refusal("parts_missing")
def _parts(language: Language, no: Refusal) -> str:
    return language.plain("Please give {least} parts with a bar | between them.", least=no.facts["least"])


@refusal("photo_not_asked")
def _photo(language: Language, _no: Refusal) -> str:
    return language.plain("To set a photo, open the product under /products and tap 🖼 Photo first.")


@refusal("photo_too_large")
def _photo_large(language: Language, _no: Refusal) -> str:
    return language.plain("That picture is larger than 10 MB. Please send it smaller.")


@refusal("photo_wanted")
def _photo_wanted(language: Language, _no: Refusal) -> str:
    return language.plain("Please send the photo as a picture, not as text or a file.")


@refusal("sheet_too_large")
def _large(language: Language, _no: Refusal) -> str:
    return language.plain("That file is too large. Please keep it under 5 MB.")


@refusal("sheet_not_readable")
def _unreadable(language: Language, _no: Refusal) -> str:
    return language.plain("I cannot read this file. Please send a real xlsx or CSV; /products has an empty one.")


@refusal("sheet_too_many_rows")
def _rows(language: Language, no: Refusal) -> str:
    return language.plain("The sheet has more than {limit} rows. Please split it.", limit=no.facts["limit"])


@refusal("sheet_has_formulas")
def _formulas(language: Language, no: Refusal) -> str:
    return language.plain(
        "Cell {cell} holds a formula. Please paste the values only and send it again.", cell=no.facts["cell"]
    )


@refusal("sheet_has_merged_cells")
def _merged(language: Language, no: Refusal) -> str:
    return language.plain("The cells {cells} are merged. Please split them and send it again.", cells=no.facts["cells"])


@refusal("sheet_empty")
def _empty(language: Language, _no: Refusal) -> str:
    return language.plain("There is no product in this sheet. /products has an empty one with an example.")


@refusal("sheet_columns_missing")
def _columns(language: Language, no: Refusal) -> str:
    return language.plain("These columns are missing: {columns}. Please add them.", columns=no.facts["columns"])


@refusal("row_doubled")
def _doubled(language: Language, no: Refusal) -> str:
    return language.plain("the same product as in row {row}", row=no.facts["row"])


@refusal("import_gone")
def _gone(language: Language, _no: Refusal) -> str:
    return language.plain("This import is done or dropped already. Send the file again to start over.")


@refusal("telephone_not_understood")
def _telephone(language: Language, _no: Refusal) -> str:
    return language.plain(
        "That is no telephone number. Please type digits only, for example 023-68001234 or +86 139 9600 1234."
    )
