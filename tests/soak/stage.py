"""The bot of a soak, its clock, and the phones: everything in one process, nothing on a socket."""

import asyncio
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice

from sqlmodel import Session, col, func, select

from bot.application import build_application
from bot.dispatcher import Dispatcher
from bot.pace import Pace
from bot.polling import Poller
from models import Card, Notice, Round
from scheduler.clock import AlarmClock
from scheduler.table import next_moment
from services.database import Database
from simulator import people
from simulator.clock import Clock as SimulatorClock
from simulator.people import NotPossible
from simulator.world import Chat, Json, World
from tests.clock import Clock
from tests.journeys.play import BOT, NO_LIMITS, TOKEN
from tests.soak.in_process import InProcess

Button = tuple[int, str]
"""A message and what the button carries."""
LOOKED_AT = 60
"""Messages of a chat among which a person looks for a button."""
KEPT = timedelta(days=3)
"""How long the phones keep messages."""


class Stage:
    """Acts are gathered on the phones; `settle` lets the bot do everything about them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        self.world = World(SimulatorClock(lambda: clock().timestamp()))
        people.add_bot(self.world, {"token": TOKEN, "username": BOT, "first_name": "County Basket"})
        self.bot = self.world.bots[TOKEN]
        self.bot.limits.enforce = False
        pace = Pace(NO_LIMITS)
        self.application = build_application(TOKEN, database, "http://x", pace=pace, request=InProcess(self.world))
        self.poller = Poller(self.application)
        self.dispatcher = Dispatcher(self.application, database, pace)
        self.alarm = AlarmClock(database)

    async def begin(self) -> None:
        """Start the bot and its alarm clock."""
        await self.application.initialize()
        await self.alarm.start()

    async def end(self) -> None:
        """Stop both."""
        self.alarm.stop()
        await self.application.shutdown()

    def phone(self, person_id: int, name: str, language: str) -> None:
        """Somebody has started the bot."""
        people.add_person(self.world, {"id": person_id, "first_name": name, "language_code": language})
        self.world.private_chat(person_id, self.bot)
        self.bot.started.add(person_id)

    def chat(self, person_id: int) -> Chat:
        """Somebody's chat with the bot."""
        return self.world.private_chat(person_id, self.bot)

    def say(self, person_id: int, text: str) -> None:
        """Somebody writes."""
        people.send(self.world, person_id, {"chat": BOT, "text": text})

    def buttons(self, person_id: int, start: str) -> list[Button]:
        """The buttons that begin so, on the newest message that has any."""
        return next(self._with_buttons(person_id, start), [])

    def all_buttons(self, person_id: int, start: str) -> list[Button]:
        """The first such button of each message that has any, the newest first."""
        return [found[0] for found in self._with_buttons(person_id, start)]

    def _with_buttons(self, person_id: int, start: str) -> Iterator[list[Button]]:
        for message in islice(reversed(self.chat(person_id).messages.values()), LOOKED_AT):
            rows = message.data.get("reply_markup", {}).get("inline_keyboard", [])
            datas = [button.get("callback_data", "") for row in rows for button in row]
            if found := [(message.data["message_id"], data) for data in datas if data.startswith(start)]:
                yield found

    def texts(self, person_id: int) -> Iterator[str]:
        """What the bot has written, the newest first."""
        for message in islice(reversed(self.chat(person_id).messages.values()), LOOKED_AT):
            if message.sender == self.bot.user["id"]:
                yield str(message.data.get("text") or message.data.get("caption") or "")

    def tap(self, person_id: int, button: Button) -> bool:
        """Press it; False where it has gone meanwhile."""
        given: Json = {"chat": BOT, "message_id": button[0], "data": button[1]}
        try:
            people.press(self.world, person_id, given)
        except NotPossible:
            return False
        return True

    async def settle(self) -> None:
        """Until no update waits and nothing is due."""
        while True:
            updates = await self.poller.poll(0)
            started = await self.dispatcher.step()
            if not updates and not started and not self.dispatcher.busy and not self.owed():
                return
            await asyncio.sleep(0)

    def owed(self) -> int:
        """Notices that are due now, and rounds with cards that are behind."""
        with Session(self.database.engine) as session:
            due = select(func.count(col(Notice.id))).where(Notice.state == "due", Notice.due_at <= self.clock())
            behind = select(func.count(col(Round.id))).where(
                select(Card.round_id)
                .where(Card.round_id == Round.id, Card.shown_version < Round.cards_version)
                .exists()
            )
            return session.exec(due).one() + session.exec(behind).one()

    def next_due(self, until: datetime) -> datetime:
        """When the scheduler or a notice that was put off comes due, or `until`."""
        with Session(self.database.engine) as session:
            later = session.exec(select(func.min(Notice.due_at)).where(Notice.state == "due")).one()
        moments = [until, self.database.run(next_moment, None, None), later]
        return max(self.clock(), min(moment for moment in moments if moment is not None))

    async def live_until(self, until: datetime) -> None:
        """Let time pass, from one due moment to the next."""
        while self.clock() < until:
            self.clock.now = self.next_due(until)
            await self.alarm.run_due()
            await self.settle()

    @contextmanager
    def phones_away(self) -> Iterator[None]:
        """What the phones hold is put aside: it is not what is measured."""
        chats = pickle.dumps(self.world.chats)
        self.world.chats.clear()
        yield
        self.world.chats.update(pickle.loads(chats))

    def forget_old(self) -> None:
        """The phones forget what is old, and the simulator what nobody asks for any more."""
        oldest = (self.clock() - KEPT).timestamp()
        for chat in self.world.chats.values():
            for message_id in [n for n, one in chat.messages.items() if one.data["date"] < oldest]:
                del chat.messages[message_id]
            for message in chat.messages.values():
                message.edits.clear()
            chat.toasts.clear()
        for file_id in [n for n, one in self.world.files.items() if one["name"].endswith(".xlsx")]:
            del self.world.files[file_id]
        self.world.events.clear()
        self.world.queries.clear()
        self.world.calls.clear()
