"""Where every cell is tried: the real application on one database, which is put back as it was after every change."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import SQLModel
from telegram.ext import ConversationHandler

from handlers.context import REFUSED
from rules.refusal import Refusal
from simulator import people
from tests.journeys.play import BOT, Play
from tests.who.tenants import Tenant

ALLOWED = "allowed"
ANSWERS = frozenset({"answerCallbackQuery", "sendMessage", "sendPhoto", "sendDocument"})


def _all_of(table: str) -> str:
    """All that somebody could have changed; Telegram's id of a picture is noted whoever sees it first."""
    return f"SELECT {'id, enterprise_id, sha256, content' if table == 'photo' else '*'} FROM {table}"


@dataclass(frozen=True)
class Outcome:
    """What came of an action: `allowed` or the refusal's code, whether any row changed, and all that was shown.

    Rows are compared after each action on SQLite only; elsewhere whoever tries looks at `Stand.changed` in the end.
    """

    code: str
    changed: bool
    shown: str
    files: int


class Stand:
    """One stage for many cells."""

    def __init__(self, play: Play, tenants: dict[str, Tenant]) -> None:
        self.play, self.tenants = play, tenants
        self._database = play.database
        self._saved = self._copy() if self.embedded else None
        self._before = self.rows()
        self._refused: list[str] = []
        self._defects: list[BaseException] = []
        self._pressed: dict[int, int] = {}
        play.application.add_error_handler(self._note)
        play.application.bot_data[REFUSED] = self._refused.append

    @property
    def embedded(self) -> bool:
        """Whether the database can be put back."""
        return self._database.engine.dialect.name == "sqlite"

    async def _note(self, _update: object, context: Any) -> None:
        if not isinstance(context.error, Refusal):
            self._defects.append(context.error)

    async def meet(self, tenant: Tenant, role: str) -> None:
        """Somebody has the bot's chat on their phone, with a message whose buttons they can forge."""
        telegram_id = tenant.telegram_id(role)
        self.play.world.people[telegram_id] = {
            "id": telegram_id, "is_bot": False, "first_name": f"{tenant.name}{role}", "language_code": "zh-hans",
        }  # fmt: skip
        bot = self.play.world.bot_named(BOT)
        self.play.world.private_chat(telegram_id, bot)
        bot.started.add(telegram_id)
        message = await self.play.application.bot.send_message(telegram_id, "·")
        self._pressed[telegram_id] = message.message_id

    async def presses(self, tenant: Tenant, role: str, data: str, *, stays: bool = False) -> Outcome:
        """A press with any data, as a forged client could send it; what comes of it is put back, unless it `stays`."""
        person = tenant.telegram_id(role)
        given = {"chat": BOT, "message_id": self._pressed[person], "data": data}
        people.press(self.play.world, person, given)
        return await self._outcome(data, stays)

    async def writes(
        self, tenant: Tenant, role: str, what: dict[str, Any], chat: Any = BOT, *, stays: bool = False
    ) -> Outcome:
        """A message; what comes of it is put back, unless it `stays`."""
        people.send(self.play.world, tenant.telegram_id(role), {"chat": chat} | what)
        return await self._outcome(str(what), stays)

    async def _outcome(self, what: str, stays: bool = False) -> Outcome:
        self.play.world.calls.clear()
        self._refused.clear()
        while await self.play.poller.poll(0):
            pass
        assert not self._defects, f"{what}: {self._defects!r}"
        calls = [call for call in self.play.world.calls if call["method"] != "getUpdates"]
        assert ANSWERS & {call["method"] for call in calls}, f"{what} is not answered"
        shown = json.dumps([call["params"] for call in calls], ensure_ascii=False)
        files = sum(call["method"] == "sendDocument" for call in calls)
        changed = self.embedded and self.changed
        if not stays:
            self.put_back(changed)
        return Outcome(self._refused[0] if self._refused else ALLOWED, changed, shown, files)

    @property
    def changed(self) -> bool:
        """Whether the database holds anything else than at the beginning."""
        return self.rows() != self._before

    def begin(self) -> None:
        """What the database holds now is what the next cell begins with."""
        self._before = self.rows()

    def state(self, tenant: Tenant, role: str) -> object:
        """The question that somebody's conversation waits on."""
        key = (tenant.telegram_id(role), tenant.telegram_id(role))
        (talk,) = (one for one in self.play.application.handlers[0] if isinstance(one, ConversationHandler))
        return talk._conversations.get(key)

    def put_back(self, changed: bool = True) -> None:
        """As it was before the cell; conversations begin anew."""
        for handler in self.play.application.handlers[0]:
            if isinstance(handler, ConversationHandler):
                handler._conversations.clear()
        if changed and self._saved is not None:
            with self._connection() as connection:
                self._saved.backup(connection)

    def rows(self) -> list[list[tuple[Any, ...]]]:
        """Everything that the database holds."""
        names = sorted(table.name for table in SQLModel.metadata.sorted_tables)
        if self.embedded:
            with self._connection() as connection:
                return [connection.execute(_all_of(name)).fetchall() for name in names]
        with self._database.engine.connect() as session:
            found = [session.execute(text(_all_of(name))).all() for name in names]
        return [sorted((tuple(row) for row in rows), key=repr) for rows in found]

    def _copy(self) -> sqlite3.Connection:
        saved = sqlite3.connect(":memory:", check_same_thread=False)
        with self._connection() as connection:
            connection.backup(saved)
        return saved

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """SQLite's own connection."""
        borrowed = self._database.engine.raw_connection()
        try:
            connection = borrowed.driver_connection
            assert isinstance(connection, sqlite3.Connection)
            yield connection
        finally:
            borrowed.close()
