"""The webhook over a real socket: who may call, what is acknowledged when, and what a repeat changes."""

import asyncio
import json
import logging
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any

import pytest
from sqlmodel import Session, select
from structlog.testing import capture_logs

from bot.intake import Intake
from bot.polling import ALLOWED
from bot.settings import Settings
from bot.webhook import BODY_LIMIT_BYTES, webhook_address, webhook_secret
from models import ConversationState, Person
from services.database import Database
from tests.bot.hooked import SECRET, HookedPlay, all_rows, hooked
from tests.clock import Clock
from tests.journeys.play import BOT, TOKEN
from tests.journeys.play import Person as Phone
from tests.journeys.scene import Scene, set_scene

STRANGER = 7_000_001


@pytest.fixture
async def play(sqlite_database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[HookedPlay]:
    """A stage with a webhook on SQLite."""
    monkeypatch.setattr("simulator.webhook.FIRST_RETRY_SECONDS", 0.05)
    async with hooked(sqlite_database, clock) as stage:
        yield stage


def a_message(update_id: int, text: str = "/start") -> bytes:
    """An update: somebody whom the bot has never seen writes."""
    person = {"id": STRANGER, "is_bot": False, "first_name": "Zhao", "language_code": "en"}
    chat = {"id": STRANGER, "type": "private", "first_name": "Zhao"}
    entities = [{"type": "bot_command", "offset": 0, "length": 6}] if text.startswith("/") else []
    message = {"message_id": 1, "date": 1772413200, "chat": chat, "from": person, "text": text, "entities": entities}
    return json.dumps({"update_id": update_id, "message": message}).encode()


async def held_press(play: HookedPlay, scene: Scene, label: str) -> bytes:
    """The update of a press that Telegram has not delivered yet."""
    await play.hold_back()
    await play.post(f"/sim/people/{scene.li.id}/press", {"chat": BOT, "button": label})
    return json.dumps(play.waiting[-1]).encode()


def strangers(play: HookedPlay) -> int:
    """How often the stranger is known."""
    with Session(play.database.engine) as session:
        return len(session.exec(select(Person).where(Person.telegram_id == STRANGER)).all())


async def test_a_press_arrives_by_webhook_and_is_placed(play: HookedPlay) -> None:
    scene = await set_scene(play)
    await scene.li.press("2")
    assert await scene.li.popup() == "脐橙：已订2箱"
    assert scene.world.wished("脐橙") == {"李敏": 2}
    registered = play.world.bot_named(BOT)
    assert registered.webhook["url"] == f"{play.address}/hook"
    assert registered.webhook["secret_token"] == SECRET
    assert registered.allowed == ALLOWED


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1] + "x", SECRET + "x", "ü".encode(), SECRET.upper()])
async def test_without_the_secret_nothing_happens_at_all(play: HookedPlay, secret: str | bytes | None) -> None:
    transactions: list[float] = []
    play.database.observe = transactions.append
    before = all_rows(play.database)
    calls = len(play.world.calls)
    for body in (a_message(900), b"not json", b"x" * (BODY_LIMIT_BYTES + 1)):
        assert await play.call(body, secret) == 403
    assert transactions == []
    assert all_rows(play.database) == before
    assert len(play.world.calls) == calls, "the bot says nothing either"
    assert await play.call(a_message(900)) == 200
    assert strangers(play) == 1, "the same update with the secret has an effect"


async def test_a_repeated_press_changes_nothing(play: HookedPlay) -> None:
    """Telegram repeats when our answer was lost; after a restart the bot does not even remember."""
    scene = await set_scene(play)
    press = await held_press(play, scene, "2")
    assert await play.call(press) == 200
    before = all_rows(play.database)
    assert scene.world.wished("脐橙") == {"李敏": 2}
    assert await play.call(press) == 200
    assert all_rows(play.database) == before
    play.webhook._intake = Intake(play.application)
    assert await play.call(press) == 200
    assert all_rows(play.database) == before


async def test_a_press_that_arrives_twice_at_once_is_placed_once(play: HookedPlay) -> None:
    scene = await set_scene(play)
    press = await held_press(play, scene, "3")
    assert await asyncio.gather(*(play.call(press) for _ in range(5))) == [200] * 5
    assert scene.world.wished("脐橙") == {"李敏": 3}
    answers = [call for call in play.world.calls if call["method"] == "answerCallbackQuery"]
    assert len(answers) == 1, "only one of them was handled"


async def held_text(play: HookedPlay, person: Phone, text: str) -> bytes:
    """The update of a text that Telegram has not delivered yet."""
    await play.post(f"/sim/people/{person.id}/send", {"chat": BOT, "text": text})
    return json.dumps(play.waiting[-1]).encode()


async def test_a_conversation_is_written_before_its_update_is_acknowledged_and_a_repeat_does_not_go_on_with_it(
    play: HookedPlay,
) -> None:
    """A typed answer that comes twice must not answer the next question as well."""
    founder = await play.person("Zhao", "en")
    await founder.start()
    await play.hold_back()
    assert await play.call(await held_text(play, founder, f"/start {play.owner_code()}")) == 200
    answer = await held_text(play, founder, "Works")
    with Session(play.database.engine) as session:
        assert session.exec(select(ConversationState.state)).all() == ['"join.answer"']
    asked = all_rows(play.database)
    assert await play.call(answer) == 200
    answered = all_rows(play.database)
    assert answered != asked
    assert await play.call(answer) == 200
    assert all_rows(play.database) == answered, "one answer, one step"


async def test_of_a_tap_and_a_newer_text_that_arrive_swapped_the_text_counts(play: HookedPlay) -> None:
    """3 stands. 李 taps on [+] and then types `脐橙 3`: the last word is 3."""
    scene = await set_scene(play)
    await scene.li.press("3")
    tap = await held_press(play, scene, "+")
    text = await held_text(play, scene.li, "脐橙 3")
    assert [await play.call(text), await play.call(tap)] == [200, 200]
    assert scene.world.wished("脐橙") == {"李敏": 3}


async def test_an_update_is_acknowledged_after_its_effect_is_committed(play: HookedPlay) -> None:
    """Another process holds the database's write lock: as long as nothing can be committed, nothing is answered."""
    scene = await set_scene(play)
    press = await held_press(play, scene, "2")
    path = play.database.engine.url.database
    with closing(sqlite3.connect(path or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        calling = asyncio.create_task(play.call(press))
        await asyncio.sleep(0.7)
        assert not calling.done(), "answered before the commit"
        assert other.execute("SELECT count(*) FROM order_line").fetchone() == (0,)
        other.execute("ROLLBACK")
        assert await calling == 200
        (units,) = other.execute("SELECT firm FROM order_line").fetchone()
    assert units == 2


@pytest.mark.parametrize(
    "body",
    [
        b"", b"not json", b"\xff\xfe", b"[1]", b"null", b"3", b"{}", b'{"update_id": "5"}', b'{"update_id": true}',
        b'{"update_id": 5.5}', b"[" * 200_000, b'{"update_id": ' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
async def test_what_is_no_update_is_refused_without_a_traceback(
    play: HookedPlay, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    before = all_rows(play.database)
    with caplog.at_level(logging.DEBUG), capture_logs() as logged:
        assert await play.call(body) == 400
    assert [entry["log_level"] for entry in logged] == ["warning"]
    assert not any(record.exc_info for record in caplog.records)
    assert all_rows(play.database) == before


@pytest.mark.parametrize(
    "body",
    [
        b'{"update_id": 5, "message": "x"}', b'{"update_id": 5, "message": {"message_id": 1}}',
        b'{"update_id": 5, "callback_query": []}',
        b'{"update_id": 5, "message": {"message_id": 1, "date": 1e300, "chat": {"id": 1, "type": "private"}}}',
    ],
)  # fmt: skip
async def test_an_update_that_cannot_be_read_does_not_come_for_ever(
    play: HookedPlay, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    before = all_rows(play.database)
    with caplog.at_level(logging.DEBUG), capture_logs() as logged:
        assert await play.call(body) == 200
    assert [entry["log_level"] for entry in logged] == ["error"]
    assert not any(record.exc_info for record in caplog.records)
    assert all_rows(play.database) == before


async def test_a_body_that_is_too_large_is_refused(play: HookedPlay) -> None:
    fits = a_message(900).ljust(BODY_LIMIT_BYTES)
    assert await play.call(fits) == 200
    assert await play.call(fits + b" ") == 413
    assert (await play.client.get("/hook")).status_code == 405
    assert (await play.client.post("/elsewhere")).status_code == 404


async def test_a_defect_is_told_and_acknowledged_but_what_cannot_be_told_comes_again(
    play: HookedPlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the incident written down a repeat would bring nothing; where not even that works, it is worth trying."""
    scene = await set_scene(play)
    press = await held_press(play, scene, "2")

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("services.place_and_read.place_all", broken)
        patched.setattr("handlers.errors.report_incident", broken)
        assert await play.call(press) == 500
    assert scene.world.wished("脐橙") == {}
    play.deliver()
    await play.settle()
    assert scene.world.wished("脐橙") == {"李敏": 2}, "Telegram has repeated it"
    press = await held_press(play, scene, "+")
    with monkeypatch.context() as patched:
        patched.setattr("services.place_and_read.place_all", broken)
        assert await play.call(press) == 200
    assert re.search(r"编号 ?[0-9A-F]{6}", await scene.li.popup()), await scene.li.popup()


async def test_a_process_that_may_not_act_takes_nothing(play: HookedPlay) -> None:
    play.web.health.leads = lambda: False
    assert await play.call(a_message(900)) == 503
    assert strangers(play) == 0
    play.web.health.leads = lambda: True
    assert await play.call(a_message(900)) == 200
    assert strangers(play) == 1


async def test_it_registers_again_when_another_address_is_called(play: HookedPlay) -> None:
    bot = play.world.bot_named(BOT)
    bot.webhook = {"url": "https://elsewhere.example/hook"}
    await play.webhook.look()
    assert bot.webhook == {"url": f"{play.address}/hook", "secret_token": SECRET}
    sent = len([call for call in play.world.calls if call["method"] == "setWebhook"])
    await play.webhook.look()
    assert len([call for call in play.world.calls if call["method"] == "setWebhook"]) == sent, "not again and again"


async def test_what_telegram_could_not_deliver_is_told_once(play: HookedPlay) -> None:
    play.world.bot_named(BOT).webhook |= {"last_error_date": 1772413300, "last_error_message": "Connection refused"}
    with capture_logs() as logged:
        await play.webhook.look()
        await play.webhook.look()
    assert [entry["reason"] for entry in logged] == ["Connection refused"]


def settings(**given: Any) -> Settings:
    """Settings that nothing else has a say in."""
    return Settings(_env_file=None, **given)


def test_the_path_and_the_secret_come_from_the_settings() -> None:
    assert webhook_address(settings(webhook_url="https://b.example")) == ("https://b.example/telegram", "/telegram")
    assert webhook_address(settings(webhook_url="https://b.example/")) == ("https://b.example/telegram", "/telegram")
    assert webhook_address(settings(webhook_url="https://b.example/a/b")) == ("https://b.example/a/b", "/a/b")
    made = webhook_secret(settings(), TOKEN)
    assert made == webhook_secret(settings(webhook_secret=""), TOKEN), "the same after every start"
    assert made != webhook_secret(settings(), TOKEN + "x")
    assert len(made) == 64
    assert made not in TOKEN
    assert webhook_secret(settings(webhook_secret=SECRET), TOKEN) == SECRET


@pytest.mark.parametrize(
    "given",
    [
        {"webhook_url": "http://b.example/hook-xyz"}, {"webhook_url": "b.example/hook-xyz"},
        {"webhook_url": "https:///hook-xyz"}, {"webhook_url": "https://b.example/metrics?hook-xyz"},
        {"webhook_secret": "hook-xyz with blanks"}, {"webhook_secret": "hook-xyz" * 40},
    ],
)  # fmt: skip
def test_settings_that_telegram_would_refuse_are_refused_without_repeating_them(given: dict[str, str]) -> None:
    with pytest.raises(ValueError) as refused:
        settings(**given)
    assert next(iter(given)) in str(refused.value)
    assert "hook-xyz" not in str(refused.value)


def test_without_a_webhook_nothing_is_served_unless_a_port_is_given() -> None:
    assert settings().served_port == 0
    assert settings(webhook_url="https://b.example").served_port == 8080
    assert settings(listen_port="9000").served_port == 9000
