"""Many rows as one parameter, a JSON array: to select from, to insert, or to change others by.

One statement with one parameter spares PostgreSQL a statement for each row.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CTE, JSON, Integer, String, bindparam, cast, func, insert, select, update


def given_rows(embedded: bool, columns: Mapping[str, Any], given: Any) -> CTE:
    """A parameter with a JSON array of rows, to select from; `embedded` as of the database."""
    each = func.json_each(given) if embedded else func.json_array_elements(cast(given, JSON))
    value: Any = each.table_valued("value").c.value
    parts: list[Any] = [
        func.json_extract(value, f"$[{n}]") if embedded else value.op("->>")(n) for n in range(len(columns))
    ]
    named = zip(parts, columns.items(), strict=True)
    rows_given = select(*(cast(part, kind).label(name) for part, (name, kind) in named)).cte("given")
    return rows_given.prefix_with("MATERIALIZED")


def as_given(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The parameter of the statements below. ValueError for a moment without a zone."""
    return {"given": json.dumps([[_plain(value) for value in row.values()] for row in rows])}


def _plain(value: Any) -> Any:
    """A moment as text, and JSON as a text of its own: PostgreSQL would read the array's strings, and refuses some."""
    if isinstance(value, dict | list):
        return json.dumps(value)
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return value.isoformat()


@cache
def insert_given(table: Any, columns: tuple[str, ...], returning: tuple[Any, ...]) -> Any:
    """On PostgreSQL: insert rows of these columns, in their order."""
    statement = insert(table).from_select(columns, select(_given(table, columns)), include_defaults=False)
    return statement.returning(*returning) if returning else statement


@cache
def update_given(table: Any, columns: tuple[str, ...]) -> Any:
    """On PostgreSQL: write these columns, of which `which` names the row by its id."""
    given = _given(table, columns)
    values = {name: given.c[name] for name in columns if name != "which"}
    return update(table).where(table.c.id == given.c.which).values(values)


def _given(table: Any, columns: tuple[str, ...]) -> CTE:
    kinds = {name: Integer() if name == "which" else table.c[name].type for name in columns}
    return given_rows(False, kinds, bindparam("given", type_=String))
