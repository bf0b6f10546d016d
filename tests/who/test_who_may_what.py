"""Every button and every command, by everybody, on everybody's things: as docs/who-may-what.md says, and no other way."""

import re

import pytest
from telegram.ext import CallbackQueryHandler, ConversationHandler

from handlers.context import App
from services.database import Database
from tests.clock import Clock
from tests.who.cells import ROWS, STARTS_AT, furnish, on_a_stand, tried
from tests.who.columns import COLUMNS, Column
from tests.who.messages import READERS, messages, readers
from tests.who.page import PAGE, read
from tests.who.stand import ALLOWED, Outcome, Stand
from views.actions import _registered

EXPECTED = read(PAGE.read_text())
OWN = {
    "employee": {"another"}, "coordinator": set(), "supplier": {"云", "another"},
    "invited": {"橙", "云茶", "社", "11.10", "22.20"},
}  # fmt: skip
"""What of the own enterprise somebody may not read; whoever is nothing there may read nothing of it."""
NOBODY = {"甲企业", "橙", "云茶", "社", "北门", "11.10", "22.20"}
OTHER_ENTERPRISE = {"乙", "731.00", "742.00", "732.00"}
NOT_SHUT = {
    "ShowOffer (one)": "the card of one's own round, from its beginning",
    "ShowPad": "the card of one's own round, from its beginning",
    "Leave (a member, sure)": "only asks about the own hat",
    "Leave (a contact, sure)": "only asks about the own hat",
}
"""What answers a foreign id with one's own things."""
EVERYBODY = {
    "NothingToDo", "SetLanguage", "ShowMe", "/cancel", "/help", "/language", "/link", "/me", "/start",
    "/start (an invitation)", "/nonsense",
}  # fmt: skip


def secrets_of(column: Column) -> set[str]:
    """What nothing that is said in a column may contain."""
    return OTHER_ENTERPRISE | OWN.get(column.role, NOBODY)


def wrong(column: Column, name: str, outcome: Outcome) -> str:
    """What is wrong with a cell, if anything."""
    expected = EXPECTED.get((name, column.title), "not in the table")
    if outcome.code != expected:
        return f"{outcome.code} instead of {expected}"
    if ALLOWED not in outcome.code and (outcome.changed or outcome.files):
        return "refused, and yet something was changed or sent"
    if column.whose not in ("own",) and outcome.changed:
        return "something of others was changed"
    told = {secret for secret in secrets_of(column) if secret in outcome.shown}
    return f"shows {told}" if told and name != "/start (an invitation)" else ""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.title)
async def test_every_cell_is_as_the_table_says(stand: Stand, column: Column) -> None:
    found = {name: wrong(column, name, outcome) async for name, outcome in tried(stand, column)}
    assert {name: why for name, why in found.items() if why} == {}
    assert set(found) == {name for name, title in EXPECTED if title == column.title}


@pytest.mark.timeout(300)
async def test_what_is_refused_is_refused_on_postgresql_too(fresh_postgresql_url: str) -> None:
    """Nothing is put back between these cells, since none of them changes anything."""
    clock = Clock(STARTS_AT)
    database = Database(fresh_postgresql_url, clock)
    async with on_a_stand(database, clock, furnish(database, clock)) as stand:
        for column in (one for one in COLUMNS if one.whose != "own" or one.role == "left coordinator"):
            shut = {name for name, title in EXPECTED if title == column.title and ALLOWED not in EXPECTED[name, title]}
            found = {name: wrong(column, name, outcome) async for name, outcome in tried(stand, column, shut)}
            assert {name: why for name, why in found.items() if why} == {}, column.title
            assert not stand.changed, column.title
    database.close()


def test_nobody_reaches_what_is_not_theirs() -> None:
    """The table itself: whoever is nothing here may only look around, and a foreign id opens nothing."""
    for (name, title), cell in EXPECTED.items():
        column = next(one for one in COLUMNS if one.title == title)
        if column.role in ("nobody", "left member", "left coordinator", "left supplier") and ALLOWED in cell:
            assert name in EVERYBODY, (name, title)
        if column.whose != "own" and ALLOWED in cell:
            assert name in NOT_SHUT, (name, title)
        if column.title in ("coordinator, mixed", "supplier, mixed") and name not in NOT_SHUT:
            assert ALLOWED not in cell, (name, title)


def test_somebody_may_do_each_thing() -> None:
    """A row that everybody is refused proves nothing about whom it is refused to."""
    for name in {name for name, _ in EXPECTED}:
        own = [EXPECTED.get((name, column.title)) for column in COLUMNS if column.whose == "own"]
        assert ALLOWED in own, name


def test_no_button_is_forgotten(application: App) -> None:
    """Every press has a row, and is one that some handler takes."""
    handled = set(re.findall(r"\^(\w+)\(", " ".join(patterns(application))))
    assert {press.__name__ for code, press in _registered.items() if code in handled} == {
        press.__name__ for press in _registered.values()
    }
    assert {specimen.kind for specimen in ROWS.values()} == set(_registered.values())


def patterns(application: App) -> list[str]:
    """Those of all handlers of presses."""
    found = []
    for handler in (handler for group in application.handlers.values() for handler in group):
        inside = [handler, *(handler.entry_points if isinstance(handler, ConversationHandler) else ())]
        found += [one.pattern.pattern for one in inside if isinstance(one, CallbackQueryHandler) and one.pattern]  # type: ignore[union-attr]
    return found


def test_no_command_and_no_reader_is_forgotten(application: App) -> None:
    rows = {name for name, _ in EXPECTED}
    assert {message.name for message in messages(application)} <= rows
    assert {reader.__qualname__ for reader in readers(application)} == {reader.__qualname__ for reader in READERS}


def test_the_page_has_no_row_of_something_that_is_gone(application: App) -> None:
    names = set(ROWS) | {message.name for message in messages(application)}
    assert {name for name, _ in EXPECTED} == names
