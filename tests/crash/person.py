"""People on their phones: they press and write what they see, and do it again when nothing comes of it."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from simulator import people
from simulator.world import Message
from tests.crash.theatre import BOT, Theatre

LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 2.5
"""How long somebody waits for something to happen before trying again."""
DEADLINE_SECONDS = 60.0
Seen = Callable[[], object]
"""Whether what was wanted can be seen; truthy if so."""


@dataclass
class Person:
    """Somebody with a phone."""

    stage: Theatre
    id: int
    name: str
    repeats: int = 0
    """How often they tried something again."""

    def messages(self) -> Iterator[Message]:
        """What the bot has written, newest first."""
        bot = self.stage.world.bot_named(BOT)
        chat = self.stage.world.private_chat(self.id, bot)
        return (one for one in reversed(chat.messages.values()) if one.sender != self.id and not one.deleted)

    def reads(self, *parts: str) -> str:
        """The newest message that says all of this, as it is now; empty if there is none."""
        shown = (text_of(message.data) for message in self.messages())
        return next((text for text in shown if all(part in text for part in parts)), "")

    def newest(self, *parts: str) -> bool:
        """Whether the newest message says all of this."""
        message = next(self.messages(), None)
        return message is not None and all(part in text_of(message.data) for part in parts)

    def shows(self, label: str) -> bool:
        """Whether the newest message with buttons has one with this label; `*` stands for any text."""
        newest = next((found for message in self.messages() if (found := labels_of(message.data))), [])
        return any(fnmatchcase(one, label) for one in newest)

    def popup(self, *parts: str) -> bool:
        """Whether an answer to a press has said all of this."""
        bot = self.stage.world.bot_named(BOT)
        toasts = self.stage.world.private_chat(self.id, bot).toasts
        return any(all(part in str(toast["text"]) for part in parts) for toast in toasts)

    def say(self, text: str) -> None:
        """Write."""
        people.send(self.stage.world, self.id, {"chat": BOT, "text": text})

    def tap(self, label: str) -> None:
        """Press the newest button with this label, if there is one; `*` stands for any text."""
        for message in self.messages():
            button = next((one for one in labels_of(message.data) if fnmatchcase(one, label)), None)
            if button is not None:
                which = {"chat": BOT, "message_id": message.data["message_id"], "button": button}
                people.press(self.stage.world, self.id, which)
                return

    async def until(self, seen: Seen, patience: float) -> bool:
        """Look at the phone until something is there, or patience ends."""
        ends = time.monotonic() + patience
        while not seen():
            if time.monotonic() >= ends:
                return False
            await asyncio.sleep(LOOK_SECONDS)
        return True

    async def does(self, what: Callable[[], object], seen: Seen, *, repeats: bool = True) -> None:
        """Do something until its effect is seen; a failure shows the whole chat."""
        ends = time.monotonic() + DEADLINE_SECONDS
        what()
        while not await self.until(seen, PATIENCE_SECONDS):
            assert time.monotonic() < ends, f"{self.name} sees no effect\n{self.transcript()}"
            if repeats:
                self.repeats += 1
                what()
        self.stage.got_on += 1

    async def presses(self, label: str, seen: Seen) -> None:
        """Press until the effect is seen."""
        await self.does(lambda: self.tap(label), seen)

    async def writes(self, text: str, seen: Seen) -> None:
        """Write until the effect is seen."""
        await self.does(lambda: self.say(text), seen)

    async def goes_through(self, steps: Callable[[], Awaitable[None]], seen: Seen) -> None:
        """Walk through several screens, from the beginning again if the end is not reached."""
        ends = time.monotonic() + DEADLINE_SECONDS
        while not seen():
            assert time.monotonic() < ends, f"{self.name} does not get through\n{self.transcript()}"
            try:
                await steps()
                await self.until(seen, PATIENCE_SECONDS)
            except Lost:
                self.repeats += 1
        self.stage.got_on += 1

    async def step(self, what: Callable[[], object], seen: Seen) -> None:
        """One step of a walk: given up when its effect is not seen."""
        what()
        if not await self.until(seen, PATIENCE_SECONDS):
            raise Lost

    async def asks(self, text: str, seen: Seen) -> None:
        """The first step of a walk: write, and wait for a new message that shows what was asked for."""
        before = next(self.messages(), None)
        await self.step(lambda: self.say(text), lambda: next(self.messages(), None) is not before and seen())

    def transcript(self) -> str:
        """The chat as text."""
        lines = [f"--- {self.name} ---"]
        bot = self.stage.world.bot_named(BOT)
        for message in self.stage.world.private_chat(self.id, bot).messages.values():
            lines.append((">" if message.sender == self.id else "<") + " " + text_of(message.data))
            lines.append("    " + " ".join(f"[{label}]" for label in labels_of(message.data)))
        toasts = self.stage.world.private_chat(self.id, bot).toasts
        return "\n".join((*lines, "pop-ups: " + " | ".join(str(toast["text"]) for toast in toasts)))


class Lost(Exception):
    """A walk through screens did not go on."""


def text_of(data: dict[str, object]) -> str:
    """Text or caption."""
    return str(data.get("text") or data.get("caption") or "")


def labels_of(data: dict[str, object]) -> list[str]:
    """Labels of all buttons."""
    markup = data.get("reply_markup")
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    return [button["text"] for row in rows for button in row]


def link_in(text: str) -> str:
    """The code of an invitation link."""
    found = re.search(r"start=(\S+)", text)
    assert found, text
    return found[1]


def arrives(stage: Theatre, name: str, language: str) -> Person:
    """Somebody who has started the bot."""
    given = people.add_person(stage.world, {"first_name": name, "language_code": language})
    bot = stage.world.bot_named(BOT)
    stage.world.private_chat(given["id"], bot)
    bot.started.add(given["id"])
    return Person(stage, given["id"], name)
