"""The table as a page that can be read; `python -m tests.who.page` plays every cell and writes it anew."""

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.migrate import migrate
from services.database import Database
from tests.clock import Clock
from tests.who.cells import STARTS_AT, areas_of, furnish, on_a_stand, tried
from tests.who.columns import COLUMNS

PAGE = Path(__file__).parents[2] / "docs" / "who-may-what.md"
EMPTY = "–"
INTRODUCTION = """# Who may what

Every button and every command, and what becomes of it when it is pressed or sent by each kind of person, with ids that
really exist. A test plays each cell through the running bot and compares it with this page; a button or command that
has no row fails it. `python -m tests.who.page` writes the page anew, for a reviewer to read the difference.

- `allowed`: it is done, or shown; only what is one's own is ever shown.
- anything else: the refusal. Nothing in the database changes, no file is sent, nothing of others is shown. `not_found`
  is the answer to what does not exist and to what belongs to somebody else alike.
- `–`: the button carries nothing that could be somebody else's.

| column | who presses | whose ids the button carries |
|---|---|---|
| employee, coordinator | a member of the enterprise in that role | of their own enterprise, and their own order |
| …, another member's | an employee | of another member of the same enterprise |
| …, other enterprise | | of another enterprise on the same bot |
| …, mixed | | each id in turn of another enterprise, the others one's own |
| supplier | a supplier's contact | of the enterprise, and the supplier's own purchase order |
| …, other supplier | | of the purchase order of another supplier in the same round |
| nobody | somebody who never joined anything | of the enterprise |
| left … | a member, coordinator or contact until they left | of what was theirs |
| invited | somebody who has opened an invitation and not answered all its questions | of the enterprise |
"""
Cells = dict[tuple[str, str], str]
"""By row and column."""


def write(areas: Mapping[str, list[str]], cells: Mapping[tuple[str, str], str]) -> str:
    """The page."""
    titles = [column.title for column in COLUMNS]
    parts = [INTRODUCTION]
    for area, names in areas.items():
        parts += [f"\n## {area}\n", f"| action | {' | '.join(titles)} |", "|---" * (len(titles) + 1) + "|"]
        parts += [f"| {name} | {' | '.join(cells.get((name, title), EMPTY) for title in titles)} |" for name in names]
    return "\n".join(parts) + "\n"


def read(text: str) -> Cells:
    """The cells of the page."""
    cells: Cells = {}
    titles: list[str] = []
    for line in text.splitlines():
        first, *rest = [part.strip() for part in line.strip("|").split("|")]
        if first == "action":
            titles = rest
        elif titles and line.startswith("|") and not line.startswith("|-"):
            cells |= {(first, title): cell for title, cell in zip(titles, rest, strict=True) if cell != EMPTY}
    return cells


async def _play() -> str:
    clock = Clock(STARTS_AT)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/who.db", clock)
        migrate(database.engine)
        async with on_a_stand(database, clock, furnish(database, clock)) as stand:
            cells: Cells = {}
            for column in COLUMNS:
                cells |= {(name, column.title): outcome.code async for name, outcome in tried(stand, column)}
        database.close()
        return write(areas_of(stand), cells)


if __name__ == "__main__":
    PAGE.write_text(asyncio.run(_play()))
