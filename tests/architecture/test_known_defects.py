"""Every known defect of others is survived by a test that names it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIST = ROOT / "docs" / "known-defects.md"
DEFECTS = {
    "foodsoft #1166", "foodsoft #1054", "foodsoft #1040", "foodsoft #280", "foodsoft #1056", "foodsoft #786",
    "foodsoft #1329", "foodsoft freight", "foodsoft #169", "foodsoft #173", "foodsoft send", "foodsoft send twice",
    "Open Food Network #13278", "Open Food Network closing job", "Open Food Network #6108", "foodsoft #436",
    "Open Food Network #4018", "Open Food Network #5300", "Open Food Network #2690", "Open Food Network #9127",
    "Open Food Network #312", "Open Food Network #9254", "foodcoopshop #878", "foodcoopshop #408", "VOKO mail",
    "VOKO rounds", "Odoo #77700", "Odoo #75429", "GASdotto #188", "GASdotto #251", "foodsoft #314", "foodsoft #643",
}  # fmt: skip


def rows() -> list[tuple[str, str, str, str]]:
    """Defect, what happened there, what we do, test."""
    cells = [line.strip("|").split("|") for line in LIST.read_text().splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in row) for row in cells[2:]]  # type: ignore[misc]


def test_the_list_is_complete() -> None:
    listed = [defect for defect, *_ in rows()]
    assert sorted(listed) == sorted(DEFECTS)
    assert all(there and here for _, there, here, _ in rows())


@pytest.mark.parametrize(("defect", "where"), [(row[0], row[3]) for row in rows()])
def test_its_test_exists_and_names_it(defect: str, where: str) -> None:
    path, name = where.split("::")
    tree = ast.parse((ROOT / path).read_text())
    found = [
        node for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name
    ]  # fmt: skip
    assert len(found) == 1, where
    said = f"{name} {ast.get_docstring(found[0]) or ''}".casefold()
    project, _, number = defect.casefold().partition(" #")
    project = project.removesuffix(" twice").removesuffix(" mail").removesuffix(" rounds")
    assert all(word in said for word in re.findall(r"\w+", project)), said
    assert not number or re.search(rf"\b{number}\b|_{number}_", said), said
