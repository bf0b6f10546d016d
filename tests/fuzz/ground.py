"""Where strange updates are tried: the real application and poller on the two enterprises, anew for each play."""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, select
from telegram.ext import ConversationHandler

from bot.application import build_application
from bot.polling import Poller
from models import Notice
from rules.refusal import Refusal
from services.database import Database
from simulator.clock import Clock as SimulatorClock
from simulator.world import Chat, World
from tests.clock import Clock
from tests.fuzz.laws import check
from tests.fuzz.telegram import Wire
from tests.journeys.play import TOKEN
from tests.stateful.stage import hurry, rows_of, run_what_is_due

Json = dict[str, Any]
SILENT = ("edited_", "channel_", "business_", "my_chat_member", "chat_member")


class Ground:
    """One application for all plays; each begins with the same rows and with no conversation."""

    def __init__(self, database: Database, clock: Clock, ids: Mapping[str, int]) -> None:
        hurry(database)
        self.database, self.clock, self._starts_at = database, clock, clock.now
        self.wire = Wire(World(SimulatorClock(lambda: clock().timestamp())))
        self.application = build_application(TOKEN, database, "http://telegram", request=self.wire)
        self.application.add_error_handler(self._note)
        self.poller = Poller(self.application)
        self._ids = ids
        self._defects: list[BaseException] = []
        self._saved = sqlite3.connect(":memory:", check_same_thread=False)
        self._copy(self._raw(), self._saved)
        self.tried = self.unread = 0
        """Updates so far, and how many of them the library could not read."""

    async def _note(self, _update: object, context: Any) -> None:
        if not isinstance(context.error, Refusal):
            self._defects.append(context.error)

    def _raw(self) -> Any:
        return self.database.engine.raw_connection()

    def _copy(self, source: Any, target: Any) -> None:
        ends = [getattr(end, "driver_connection", end) for end in (source, target)]
        ends[0].backup(ends[1])
        for end in (source, target):
            if end is not self._saved:
                end.close()

    def begin(self) -> None:
        """As it was at first."""
        self._copy(self._saved, self._raw())
        self.clock.now = self._starts_at
        self._defects.clear()
        self.wire.begin()
        self.poller = Poller(self.application)
        for handler in self.application.handlers[0]:
            if isinstance(handler, ConversationHandler):
                handler._conversations.clear()

    async def play(self, updates: Sequence[Json]) -> None:
        """One update after the other, an hour between them now and then; then the laws."""
        self.begin()
        for number, update in enumerate(updates, 1):
            await self._one(self._with_ids(update) | {"update_id": number})
            if number % 7 == 0:
                self.clock.pass_time(hours=1)
                run_what_is_due(self.database)
        check(rows_of(self.database))
        with Session(self.database.engine) as session:
            assert session.exec(select(Notice.id).where(Notice.kind == "incident")).first() is None

    async def _one(self, update: Json) -> None:
        self._introduce(update)
        self.wire.said.clear()
        self.wire.waiting = [update]
        taken = await asyncio.wait_for(self.poller.poll(0), 20)
        assert not self._defects, f"{update}: {self._defects!r}"
        assert self.poller.offset == update["update_id"] + 1
        assert self.wire.said or not taken or not wants_answer(update), f"not answered: {update}"
        self.tried += 1
        self.unread += not taken

    def _with_ids(self, update: Json) -> Json:
        """A button's `#open round` is that round."""
        query = update.get("callback_query", {})
        if "#" not in query.get("data", ""):
            return update
        data = ":".join(str(self._ids.get(part[1:], part)) for part in query["data"].split(":"))
        return update | {"callback_query": query | {"data": data}}

    def _introduce(self, update: Json) -> None:
        """Telegram knows whoever writes, the group they write in, and the query that a press is."""
        world, bot = self.wire.world, self.wire.world.bots[TOKEN]
        for payload in (one for one in update.values() if isinstance(one, dict)):
            chat = payload.get("chat", {})
            if chat.get("type") in ("group", "supergroup"):
                world.chats.setdefault((chat["id"], 0), Chat((chat["id"], 0), chat, bots={bot.user["id"]}))
            user = payload.get("from")
            if user and not user["is_bot"]:
                world.people.setdefault(user["id"], user)
                bot.started.add(user["id"])
                if "chat_instance" in payload:
                    payload["id"] = str(update["update_id"])
                    key = world.private_chat(user["id"], bot).key
                    world.queries[payload["id"]] = {
                        "id": payload["id"], "bot": bot.user["id"], "chat": key, "person": user["id"],
                        "at": world.clock.now(),
                    }  # fmt: skip


def wants_answer(update: Json) -> bool:
    """Whoever presses or writes in private is told something; the rest is none of the bot's business."""
    if "callback_query" in update:
        return True
    message = update.get("message", {})
    person = message.get("from", {"is_bot": True})
    return bool(message) and message["chat"]["type"] == "private" and not person["is_bot"]
