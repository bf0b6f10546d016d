"""Trying the cells of one column after the other."""

from collections.abc import AsyncIterator, Container
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from services.database import Database
from simulator import people
from tests.clock import Clock
from tests.journeys.play import BOT, playing
from tests.stateful.stage import hurry
from tests.who.columns import Column
from tests.who.messages import AREA, Message, messages
from tests.who.specimens import specimens
from tests.who.stand import Outcome, Stand
from tests.who.tenants import ASIDE, LEAVERS, ROLES, Tenant, make_tenants

STARTS_AT = datetime(2026, 2, 25, 1, 0, tzinfo=UTC)
"""A Wednesday, 9:00 in Chongqing."""
ROWS = {specimen.name: specimen for area in specimens().values() for specimen in area}


def areas_of(stand: Stand) -> dict[str, list[str]]:
    """The rows of the table by area."""
    pressed = {area: [specimen.name for specimen in some] for area, some in specimens().items()}
    return pressed | {AREA: [message.name for message in messages(stand.play.application)]}


def furnish(database: Database, clock: Clock) -> dict[str, Tenant]:
    """Both enterprises on an empty database."""
    hurry(database)
    return make_tenants(database, clock)


@asynccontextmanager
async def on_a_stand(database: Database, clock: Clock, tenants: dict[str, Tenant]) -> AsyncIterator[Stand]:
    """Everybody of 甲 with the bot's chat on their phone."""
    async with playing(database, clock) as play:
        stand = Stand(play, tenants)
        for role in (*ROLES, *LEAVERS, *ASIDE):
            await stand.meet(tenants["甲"], role)
        yield stand


async def tried(stand: Stand, column: Column, only: Container[str] | None = None) -> AsyncIterator[tuple[str, Outcome]]:
    """Every cell of a column that is not empty, or those in some rows only."""
    for specimen in (row for row in ROWS.values() if only is None or row.name in only):
        outcomes = [
            await stand.presses(stand.tenants["甲"], column.role, specimen.data(ids))
            for ids in column.ids(specimen.keys, stand.tenants)
        ]
        if outcomes:
            yield specimen.name, together(outcomes)
    for message in messages(stand.play.application):
        if column.whose in ("own", "other enterprise") and (only is None or message.name in only):
            async for outcome in _written(stand, column, message):
                yield message.name, outcome


async def _written(stand: Stand, column: Column, message: Message) -> AsyncIterator[Outcome]:
    mine = stand.tenants["甲"]
    chat = _group(stand, column.role) if message.in_group else BOT
    for ids in column.ids(message.keys, stand.tenants):
        yield await stand.writes(mine, column.role, message.content(ids, mine), chat)


def _group(stand: Stand, role: str) -> int:
    members = [stand.tenants["甲"].telegram_id(role)]
    chat = people.add_group(stand.play.world, {"title": "群", "members": members, "bots": [BOT]})
    return int(chat.info["id"])


def together(outcomes: list[Outcome]) -> Outcome:
    """What came of a press in all its mixtures."""
    return Outcome(
        " / ".join(sorted({outcome.code for outcome in outcomes})), any(outcome.changed for outcome in outcomes),
        "\n".join(outcome.shown for outcome in outcomes), sum(outcome.files for outcome in outcomes),
    )  # fmt: skip
