"""Plays a whole story: people in the simulator, the real application, the outbox and the alarm clock, one clock."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from sqlmodel import Session, select
from starlette.applications import Starlette
from telegram.request import HTTPXRequest

from bot.application import build_application
from bot.dispatcher import Dispatcher
from bot.pace import Limits, Pace
from bot.polling import Poller
from handlers.menus import set_menus
from models import Card, Notice, Round
from scheduler.clock import AlarmClock
from services.database import Database
from services.invitations import create_owner_invitation
from simulator.app import create_app
from simulator.clock import Clock as SimulatorClock
from tests.clock import Clock

TOKEN = "200002:token-of-the-tests-and-nothing-else"
BOT = "county_test_bot"
ROUNDS_OF_SETTLING = 400
NO_LIMITS = Limits(per_second=100_000, chat_gap_seconds=0, group_per_minute=1_000_000_000)
"""Stories are not about the pace, and their clock stands still."""


class Play:
    """The stage: what people do is followed by everything the bot does about it."""

    def __init__(self, database: Database, clock: Clock, simulator: Starlette | None = None) -> None:
        self.database, self.clock = database, clock
        self.simulator = simulator or create_app(SimulatorClock(lambda: clock().timestamp()))
        self.world = self.simulator.state.world
        transport = httpx.ASGITransport(self.simulator)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://simulator")
        request = HTTPXRequest(httpx_kwargs={"transport": transport})
        pace = Pace(NO_LIMITS)
        self.application = build_application(TOKEN, database, "http://simulator", pace=pace, request=request)
        self.poller = Poller(self.application)
        self.dispatcher = Dispatcher(self.application, database, pace)
        self.alarm = AlarmClock(database)

    async def begin(self) -> None:
        """Start the bot."""
        given = {"token": TOKEN, "username": BOT, "first_name": "County Basket"}
        await self.post("/sim/bots", given)
        await self.post("/sim/limits", {"enforce": False})
        await self.application.initialize()
        await set_menus(self.application.bot)

    async def end(self) -> None:
        """Stop the bot."""
        await self.application.shutdown()
        await self.http.aclose()

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """Something on the person's side; its refusal fails the test."""
        response = await self.http.post(path, json=body)
        assert response.status_code == 200, f"{path} {body}: {response.text}"
        return response.json()

    async def settle(self) -> None:
        """Until no update waits and no notice is due."""
        for _ in range(ROUNDS_OF_SETTLING):
            updates = await self.poller.poll(0)
            await self.dispatcher.step()
            if not updates and not self.dispatcher.busy and not self._due():
                return
            await asyncio.sleep(0)
        raise AssertionError("the bot does not come to rest")

    def _due(self) -> bool:
        with Session(self.database.engine) as session:
            due = select(Notice.id).where(Notice.state == "due", Notice.due_at <= self.clock())
            stale = select(Card.member_id).join(Round).where(Card.shown_version < Round.cards_version)
            return any(session.exec(one).first() is not None for one in (due, stale))

    async def pass_time(self, **span: float) -> None:
        """Time passes, and what comes due is done."""
        self.clock.pass_time(**span)
        await self.alarm.run_due()
        await self.settle()

    async def person(self, name: str, language: str = "zh-hans") -> "Person":
        """Somebody with a phone."""
        given = await self.post("/sim/people", {"first_name": name, "language_code": language})
        return Person(self, given["id"], name)

    def owner_code(self) -> str:
        """The code of the link that is printed on an empty installation."""
        return self.database.run(create_owner_invitation, None, None)


class Person:
    """Somebody with a phone: writes, presses what is written on buttons, reads."""

    def __init__(self, play: Play, person_id: int, name: str) -> None:
        self.play, self.id, self.name = play, person_id, name

    async def _act(self, what: str, body: dict[str, Any]) -> Any:
        result = await self.play.post(f"/sim/people/{self.id}/{what}", body)
        await self.play.settle()
        return result

    async def send(self, text: str, chat: Any = BOT) -> None:
        """Write."""
        await self._act("send", {"chat": chat, "text": text})

    async def start(self, code: str = "") -> None:
        """Open the bot, perhaps by a link."""
        await self._act("start", {"bot": BOT, "payload": code})

    async def press(self, label: str, nth: int = 0) -> None:
        """Press the newest button with this label."""
        try:
            await self._act("press", {"chat": BOT, "button": label, "nth": nth})
        except AssertionError as error:
            raise AssertionError(f"{error}\n{await self.transcript()}") from error

    async def press_data(self, message_id: int, data: str) -> None:
        """Press with made-up data, as a forged client could."""
        await self._act("press", {"chat": BOT, "message_id": message_id, "data": data})

    async def send_document(self, name: str, content: bytes) -> None:
        """Send a file."""
        file = {"name": name, "base64": base64.b64encode(content).decode()}
        await self._act("send", {"chat": BOT, "document": file})

    async def send_photo(self, content: bytes) -> None:
        """Send a picture."""
        await self._act("send", {"chat": BOT, "photo": {"name": "a.jpg", "base64": base64.b64encode(content).decode()}})

    async def _state(self) -> Any:
        response = await self.play.http.get(f"/sim/people/{self.id}/messages", params={"chat": BOT})
        return response.json()

    async def messages(self) -> list[dict[str, Any]]:
        """What the bot has written, oldest first."""
        return [message for message in (await self._state())["messages"] if not message["out"]]

    async def last(self) -> str:
        """The bot's newest message."""
        return text_of((await self.messages())[-1])

    async def popup(self) -> str:
        """The newest answer to a press."""
        toasts = [toast for toast in (await self._state())["toasts"] if toast["text"]]
        return str(toasts[-1]["text"]) if toasts else ""

    async def reads(self, *parts: str) -> dict[str, Any]:
        """The newest message of the bot that says all of this, or a failure with the whole chat."""
        for message in reversed(await self.messages()):
            if all(part in text_of(message) for part in parts):
                return message
        raise AssertionError(f"{self.name} does not read {parts}\n{await self.transcript()}")

    async def transcript(self) -> str:
        """The chat as text."""
        lines = [f"--- {self.name} ---"]
        for message in (await self._state())["messages"]:
            lines.append(("> " if message["out"] else "< ") + text_of(message))
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            lines += ["    " + " | ".join(f"[{button['text']}]" for button in row) for row in rows]
        return "\n".join(lines)

    async def download(self, message: dict[str, Any]) -> bytes:
        """The file of a message."""
        response = await self.play.http.get(message["file_url"])
        return response.content


def text_of(message: dict[str, Any]) -> str:
    """Text or caption."""
    return str(message.get("text") or message.get("caption") or "")


def buttons_of(message: dict[str, Any]) -> list[str]:
    """Labels of all buttons."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


@asynccontextmanager
async def playing(database: Database, clock: Clock) -> AsyncIterator[Play]:
    """A stage for the length of a test."""
    play = Play(database, clock)
    await play.begin()
    try:
        yield play
    finally:
        await play.end()
