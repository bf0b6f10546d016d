"""The demo's people on their phones, played like a journey and seen in the chat page."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
import uvicorn
from PIL import Image
from playwright.async_api import Page, async_playwright, expect
from sqlmodel import Session, select

from bot.demo.world import load_demo, seed
from models import Offer, Round
from services.database import Database
from tests.browser.conftest import FLAGS
from tests.clock import Clock
from tests.journeys.play import BOT, Person, Play, playing

ROUND_MINUTES = 24 * 60
PATIENCE_MS = 20_000
PHONE_WIDTH, HEIGHT = 372, 900
COLOURS = 256


@dataclass
class Scene:
    """Four people of the demo and their open round: 李敏 and Anna order, 王 coordinates, 老向 supplies oranges."""

    play: Play
    address: str
    li: Person
    anna: Person
    wang: Person
    xiang: Person
    round_id: int

    def offer(self, name_zh: str) -> int:
        """The id of an offer of the round."""
        with Session(self.play.database.engine) as session:
            found = select(Offer.id).where(Offer.round_id == self.round_id, Offer.name_zh == name_zh)
            return session.exec(found).one() or 0

    def change_offer(self, name_zh: str, **terms: object) -> None:
        """Terms that the story begins with."""
        self._change(Offer, self.offer(name_zh), terms)

    def change_round(self, **terms: object) -> None:
        """Settings that the story begins with."""
        self._change(Round, self.round_id, terms)

    def _change(self, table: type[Offer] | type[Round], row_id: int, terms: dict[str, object]) -> None:
        with Session(self.play.database.engine) as session, session.begin():
            row = session.get_one(table, row_id)
            for name, value in terms.items():
                setattr(row, name, value)


@asynccontextmanager
async def demo_scene(database: Database, clock: Clock) -> AsyncIterator[Scene]:
    """The demo's enterprise with a round that is open for a day, served on a free port of this machine."""
    async with playing(database, clock) as play:
        world = load_demo()
        phones: dict[str, Person] = {}
        for person in world.people:
            given = {"id": person.id, "first_name": person.first_name, "language_code": person.language}
            await play.post("/sim/people", given)
            play.world.private_chat(person.id, play.world.bot_named(BOT))
            play.world.bot_named(BOT).started.add(person.id)
            phones[person.first_name] = Person(play, person.id, person.first_name)
        round_id = database.run(seed, None, None, world, ROUND_MINUTES)
        await play.settle()
        async with _served(play) as address:
            yield Scene(play, address, phones["李敏"], phones["Anna Weber"], phones["王团长"], phones["老向"], round_id)


@asynccontextmanager
async def _served(play: Play) -> AsyncIterator[str]:
    config = uvicorn.Config(play.simulator, port=0, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


async def look(scene: Scene, name: str, phones: dict[Person, tuple[str, ...]]) -> None:
    """Open the page with these phones, each of which shows all of its words; keep a picture where one is wanted."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("BASKET_TEST_NO_SKIP"):
            pytest.fail("Chromium is missing, and here no test may be skipped")
        pytest.skip("Chromium is not installed: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        size = {"width": PHONE_WIDTH * len(phones) + 60, "height": HEIGHT}
        page = await browser.new_page(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
        )
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(f"{scene.address}/?people={','.join(str(person.id) for person in phones)}&lang=zh")
        for person, words in phones.items():
            await _sees(page, person, words)
        await _keep(page, name)
        await browser.close()
        assert not errors


async def _sees(page: Page, person: Person, words: tuple[str, ...]) -> None:
    messages = page.locator(f'[data-testid=phone][data-person="{person.id}"]').get_by_test_id("messages")
    for word in words:
        await expect(messages).to_contain_text(re.compile(re.escape(word)), timeout=PATIENCE_MS)


async def _keep(page: Page, name: str) -> None:
    folder = os.environ.get("BASKET_PICTURES")
    if folder:
        await page.wait_for_function("[...document.images].every((image) => image.complete)")
        await page.wait_for_timeout(400)
        picture = Image.open(BytesIO(await page.screenshot()))
        picture.quantize(COLOURS).save(Path(folder) / f"{name}.png", optimize=True)
