"""A closed round to correct: 李 and Anna order from 白帝, 周 only from 云上, so that 周 is concerned by nothing of 白帝's.

李 5 oranges at ¥49.90, a minute later Anna 3, in cases of 4; Anna 2 blood oranges at ¥36.80; 周 2 plums at ¥58.80.
白帝 takes ¥10.00 freight, 云上 ¥5.00, by value. So at the closing
白帝: 8 × 49.90 + 2 × 36.80 = 472.80, freight 10.00; 李 249.50 + 5.28 = 254.78, Anna 149.70 + 73.60 + 4.72 = 228.02;
云上: 117.60, freight 5.00, all of it 周's: 122.60.
"""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from models import Person as Person_
from models import Supplier
from tests.journeys.play import BOT, Person, Play
from tests.journeys.scene import Scene, set_scene
from tests.world import add_member, add_product, add_supplier, open_round


@dataclass
class Trade(Scene):
    """The scene with 周, who orders from 云上, and Tess, who speaks for it in English."""

    zhou: Person
    tess: Person

    async def count(self) -> int:
        """How many messages 周, whom nothing of 白帝's concerns, has got."""
        return len(await self.zhou.messages())


async def phone(play: Play, name: str, language: str) -> Person:
    """Somebody who has started the bot."""
    person = await play.person(name, language)
    play.world.private_chat(person.id, play.world.bot_named(BOT))
    play.world.bot_named(BOT).started.add(person.id)
    return person


async def set_trade(play: Play, *, closed: bool = True, **terms: Any) -> Trade:
    """Everybody has ordered; with `closed`, the round is closed and every message has arrived."""
    scene = await set_scene(play, opened=False, **({"case_size": 4} | terms))
    zhou, tess = await phone(play, "周强", "zh-hans"), await phone(play, "Tess", "en")
    add_member(scene.world, "周强", zhou.id)
    add_supplier(scene.world, "云上", ("Tess", tess.id))
    speaks(play, "Tess", "en")
    add_product(scene.world, "云上", "脆李", 5880)
    freight(play, 白帝=1000, 云上=500)
    open_round(scene.world, "王芳")
    await play.settle()
    await scene.li.send("脐橙 5")
    play.clock.pass_time(minutes=1)
    await scene.anna.send("oranges 3")
    await scene.anna.send("blood oranges 2")
    await zhou.send("脆李 2")
    if closed:
        await play.pass_time(days=1)
    return Trade(scene.play, scene.world, scene.wang, scene.li, scene.anna, scene.xiang, zhou, tess)


def speaks(play: Play, name: str, locale: str) -> None:
    """Somebody's language from now on."""
    with Session(play.database.engine) as session:
        person = session.exec(select(Person_).where(Person_.first_name == name)).one()
        person.locale = locale
        session.add(person)
        session.commit()


def freight(play: Play, **minor: int) -> None:
    """What a delivery of each supplier costs."""
    with Session(play.database.engine) as session:
        for row in session.exec(select(Supplier)).all():
            row.freight_minor = minor[row.name_zh]
            session.add(row)
        session.commit()


async def on_round(wang: Person, *labels: str) -> None:
    """The coordinator opens the round's page and presses on."""
    wang.play.clock.pass_time(minutes=1)
    await wang.send("/round")
    for label in ("第1轮团购", *labels):
        await wang.press(label)


async def corrects(wang: Person, who: str, line: str, units: str) -> None:
    """The coordinator sets a member's wish."""
    await on_round(wang, "✏️ 更正", f"🧺 {who}", f"{line}：订购")
    await wang.send(units)
    await wang.press("是的，更正")


async def press_old(person: Person, message: dict[str, Any], label: str) -> None:
    """Press a button of a message as it once was, whatever it shows by now."""
    rows = message["reply_markup"]["inline_keyboard"]
    data = next(button["callback_data"] for row in rows for button in row if button["text"] == label)
    await person.press_data(message["message_id"], data)
