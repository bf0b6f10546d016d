"""Importing many products at once: a preview names every problem by row and column; nothing is stored before it is
confirmed, and then all or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from models import Product, Supplier
from rules.refusal import Refusal
from rules.short_text import short_text
from rules.terms import read_case_size, read_price, read_units
from rules.tier_text import read_tiers
from services.access import acting_coordinator
from services.catalogue import find_supplier
from services.drafts import draft, drop_draft, save_draft
from services.read_sheet import Rows
from services.work import Work

KIND = "import"
REQUIRED = ("supplier", "county", "name", "unit", "price")
HEADS = {
    "supplier": ("供应商", "supplier"), "county": ("县", "区县", "county"),
    "name": ("产品", "品名", "名称", "product", "name"),
    "name_en": ("英文名", "english name", "name (en)"), "specification": ("规格", "specification", "spec"),
    "unit": ("单位", "unit"), "price": ("价格", "单价", "price"), "case_size": ("箱规", "case size", "case"),
    "minimum": ("最小起订量", "起订量", "minimum"), "stock": ("库存", "stock"), "cap": ("每人限购", "限购", "cap"),
    "tiers": ("阶梯价", "tiers"),
    "story": ("介绍", "故事", "story"), "aliases": ("别名", "aliases"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, by row (as numbered in the sheet) and column."""

    row: int
    column: str
    no: Refusal


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do."""

    fresh: int
    changed: int
    suppliers: int
    problems: tuple[Problem, ...]
    names: tuple[str, ...]


def preview_import(work: Work, rows: Rows) -> Preview:
    """Say what the rows of a sheet would do; kept for confirming where nothing is wrong."""
    _, enterprise = acting_coordinator(work)
    columns = _columns(rows)
    problems: list[Problem] = []
    items: list[dict[str, Any]] = []
    for number, row in enumerate(rows[1:], 2):
        if any(row):
            item = _read_row(number, row, columns, enterprise.currency, problems)
            items.append(item)
    if not items:
        raise Refusal("sheet_empty")
    _find_doubles(items, problems)
    drop_draft(work, KIND)
    if not problems:
        save_draft(work, KIND, {"items": items})
    known = _known(work, enterprise.id or 0)
    changed = sum((item["supplier"], item["name"]) in known for item in items)
    suppliers = {item["supplier"] for item in items} - {supplier for supplier, _ in known}
    names = tuple(f"{item['name']}" for item in items[:8])
    return Preview(len(items) - changed, changed, len(suppliers), tuple(problems), names)


def confirm_import(work: Work) -> int:
    """Store the previewed products, all of them; how many. A second press finds nothing to do."""
    _, enterprise = acting_coordinator(work)
    row = draft(work, KIND)
    if row is None:
        raise Refusal("import_gone")
    items: list[dict[str, Any]] = row.facts["items"]
    for item in items:
        _store(work, enterprise.id or 0, item)
    drop_draft(work, KIND)
    work.journal("products_imported", enterprise_id=enterprise.id, products=len(items))
    return len(items)


def drop_import(work: Work) -> None:
    """Store nothing."""
    acting_coordinator(work)
    drop_draft(work, KIND)


def _columns(rows: list[list[str]]) -> dict[str, int]:
    if not rows:
        raise Refusal("sheet_empty")
    head = [cell.casefold().strip() for cell in rows[0]]
    columns = {name: head.index(word) for name, words in HEADS.items() for word in words if word in head}
    missing = [HEADS[name][0] + "/" + HEADS[name][-1] for name in REQUIRED if name not in columns]
    if missing:
        raise Refusal("sheet_columns_missing", columns=", ".join(missing))
    return columns


def _read_row(
    number: int, row: list[str], columns: dict[str, int], currency: str, problems: list[Problem]
) -> dict[str, Any]:
    def cell(name: str) -> str:
        place = columns.get(name)
        return row[place] if place is not None and place < len(row) else ""

    def read(name: str, reader: Callable[[str], Any], default: Any) -> Any:
        text = cell(name)
        if not text and name not in REQUIRED:
            return default
        try:
            return reader(text)
        except Refusal as no:
            problems.append(Problem(number, HEADS[name][0], no))
            return default

    unit = read("unit", lambda text: short_text(text, 8), "")
    price = read("price", lambda text: read_price(text, currency), 0)
    return {
        "row": number,
        "supplier": read("supplier", short_text, ""), "county": read("county", short_text, ""),
        "name": read("name", short_text, ""), "name_en": read("name_en", short_text, ""),
        "specification": read("specification", lambda text: short_text(text, 60), ""),
        "unit": unit, "price": price, "case_size": read("case_size", lambda text: read_case_size(text, [unit]), 1),
        "minimum": read("minimum", lambda text: read_units(text, [unit]), 0) or 0,
        "stock": read("stock", lambda text: read_units(text, [unit]), None),
        "cap": read("cap", lambda text: read_units(text, [unit]), None) or None,
        "tiers": read("tiers", lambda text: _tiers(text, price, currency, unit), []) if "tiers" in columns else None,
        "story": read("story", lambda text: short_text(text, 300), ""),
        "aliases": read("aliases", lambda text: short_text(text, 120), ""),
    }  # fmt: skip


def _tiers(text: str, price: int, currency: str, unit: str) -> list[list[int]]:
    if not price:
        return []  # the price itself is a problem already
    return [[tier.from_units, tier.price] for tier in read_tiers(text, price, currency, [unit])]


def _find_doubles(items: list[dict[str, Any]], problems: list[Problem]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for item in items:
        key = (item["supplier"], item["name"])
        if item["name"] and key in seen:
            problems.append(Problem(item["row"], HEADS["name"][0], Refusal("row_doubled", row=seen[key])))
        seen.setdefault(key, item["row"])


def _known(work: Work, enterprise_id: int) -> set[tuple[str, str]]:
    rows = work.session.exec(
        select(Supplier.name_zh, Product.name_zh)
        .join(Product, col(Product.supplier_id) == Supplier.id)
        .where(Supplier.enterprise_id == enterprise_id, col(Product.retired_at).is_(None))
    )
    return {(supplier, product) for supplier, product in rows}


def _store(work: Work, enterprise_id: int, item: dict[str, Any]) -> None:
    supplier = find_supplier(work, enterprise_id, item["supplier"])
    if supplier is None:
        supplier = Supplier(enterprise_id=enterprise_id, name_zh=item["supplier"], county_zh=item["county"])
        work.session.add(supplier)
        work.session.flush()
    product = work.session.exec(
        select(Product).where(
            Product.supplier_id == supplier.id, Product.name_zh == item["name"], col(Product.retired_at).is_(None)
        )
    ).first() or Product(
        enterprise_id=enterprise_id, supplier_id=supplier.id or 0, name_zh=item["name"], price_minor=item["price"]
    )
    product.price_minor, product.case_size = item["price"], item["case_size"]
    product.minimum_units, product.stock_units, product.member_cap = item["minimum"], item["stock"], item["cap"]
    # A sheet without a column for tiers leaves them, as far as they are still cheaper than the price.
    tiers = product.tiers if item["tiers"] is None else item["tiers"]
    product.tiers = [tier for tier in tiers if tier[1] < product.price_minor]
    product.name_en, product.specification_zh, product.unit_zh = item["name_en"], item["specification"], item["unit"]
    product.story_zh, product.aliases = item["story"], item["aliases"].replace("、", "\n").replace(",", "\n")
    work.session.add(product)
    work.session.flush()
