"""What an operator's watch sees: /healthz with its reasons, and the numbers of /metrics after a small story."""

import asyncio
import re
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import Session

from bot.persistence import RowPersistence
from bot.settings import Settings
from bot.web import Web
from bot.webhook import Webhook
from models import Notice
from services.database import Database
from services.work import Lane
from tests.bot.hooked import HookedPlay, gone, hooked
from tests.clock import Clock
from tests.journeys.play import BOT, TOKEN, playing
from tests.journeys.scene import set_scene


@pytest.fixture
async def play(sqlite_database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[HookedPlay]:
    """A stage with a webhook on SQLite."""
    monkeypatch.setattr("simulator.webhook.FIRST_RETRY_SECONDS", 0.05)
    async with hooked(sqlite_database, clock) as stage:
        stage.web.health.dispatching = stage.web.health.watching = lambda: True
        yield stage


async def health(play: HookedPlay, path: str = "/healthz") -> tuple[int, list[str]]:
    """The status and the reasons."""
    answer = await play.client.get(path)
    return answer.status_code, answer.json()["reasons"]


async def numbers(play: HookedPlay) -> dict[tuple[str, ...], float]:
    """Every sample of /metrics by its name and the values of its labels, which stand in the order of their names."""
    answer = await play.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(answer.text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


async def test_ready_when_everything_runs(play: HookedPlay) -> None:
    answer = await play.client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"live": True, "ready": True, "reasons": []}
    assert await health(play, "/healthz/live") == (200, [])


async def test_each_part_that_does_not_run_is_named(play: HookedPlay) -> None:
    parts = play.web.health
    parts.dispatching = lambda: False
    assert await health(play) == (503, ["the dispatcher is not running"])
    assert await health(play, "/healthz/live") == (503, ["the dispatcher is not running"]), "a restart helps"
    parts.dispatching, parts.watching = lambda: True, lambda: play.alarm.running
    assert await health(play) == (503, ["the alarm clock is not running"])
    await play.alarm.start()
    assert await health(play) == (200, [])
    play.alarm.stop()
    assert await health(play) == (503, ["the alarm clock is not running"])


async def test_one_that_stands_by_lives_but_is_not_ready(play: HookedPlay) -> None:
    parts = play.web.health
    parts.leads = parts.dispatching = parts.watching = lambda: False
    assert await health(play) == (503, ["another process leads, this one stands by"])
    assert await health(play, "/healthz/live") == (200, [])


async def test_telegram_must_have_been_reached_lately(play: HookedPlay) -> None:
    play.web.health._reached_at = time.monotonic() - 150
    status, (reason,) = await health(play)
    assert status == 503
    assert re.fullmatch(r"Telegram was last reached 1[56]\d s ago", reason)
    await play.post("/sim/people", {"id": 71, "first_name": "Zhao"})
    await play.post("/sim/people/71/start", {"bot": BOT})
    await play.settle()
    assert await health(play) == (200, []), "an update by webhook shows that it is there"


async def test_a_poll_shows_that_telegram_is_there(play: HookedPlay) -> None:
    polling = Web(play.application, play.dispatcher, Settings(_env_file=None), TOKEN)
    assert "Telegram was not reached yet" in await polling.health.reasons()
    await play.http.post(f"/bot{TOKEN}/deleteWebhook")
    assert not isinstance(polling.incoming, Webhook)
    await polling.incoming.poll(0)
    assert "Telegram was not reached yet" not in await polling.health.reasons()


async def test_not_ready_while_another_holds_the_database(play: HookedPlay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.health.ANSWER_SECONDS", 0.3)
    with closing(sqlite3.connect(play.database.engine.url.database or "", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert await health(play) == (503, ["the database does not answer: TimeoutError"])
        assert (await numbers(play))[("basket_database_up",)] == 0
        other.execute("ROLLBACK")
    monkeypatch.setattr("bot.health.ANSWER_SECONDS", 20)
    assert await health(play) == (200, [])
    assert (await numbers(play))[("basket_database_up",)] == 1


async def test_not_ready_while_the_database_is_gone_and_nothing_is_lost(
    fresh_postgresql_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A press in that time is not acknowledged: Telegram keeps it and repeats it."""
    monkeypatch.setattr("simulator.webhook.FIRST_RETRY_SECONDS", 0.05)
    database = Database(fresh_postgresql_url, clock)
    async with hooked(database, clock) as play:
        play.web.health.dispatching = play.web.health.watching = lambda: True
        scene = await set_scene(play)
        assert await health(play) == (200, [])
        with gone(fresh_postgresql_url):
            assert await health(play) == (503, ["the database does not answer: OperationalError"])
            assert await health(play, "/healthz/live") == (200, []), "no restart brings the database back"
            await play.post(f"/sim/people/{scene.li.id}/press", {"chat": BOT, "button": "2"})
            await asyncio.sleep(0.5)
            seen = await numbers(play)
            assert len(play.waiting) == 1
        await play.settle()
        assert scene.world.wished("脐橙") == {"李敏": 2}
        assert await health(play) == (200, [])
        assert seen["basket_database_up",] == 0
        assert not any(name[0] == "basket_rounds" for name in seen), "what cannot be known is not shown"
        assert ("basket_updates_total", "press", "done") not in seen, "it waits for the database"
        assert (await numbers(play))["basket_updates_total", "press", "done"] == 1
    database.close()


async def test_the_numbers_after_a_small_story(play: HookedPlay) -> None:
    scene = await set_scene(play)
    await play.call(b"", "wrong")
    await scene.li.press("2")
    await scene.anna.press("3")
    await scene.anna.press("›")
    await scene.li.send("脐橙 1")
    seen = await numbers(play)
    assert seen["basket_updates_total", "press", "done"] == 3
    assert seen["basket_update_seconds_count", "press"] == 3
    assert seen["basket_update_seconds_count", "message"] == 1
    assert seen["basket_webhook_requests_total", "403"] == 1
    assert seen["basket_webhook_requests_total", "200"] == 4
    assert (seen["basket_rounds", "open"], seen["basket_rounds", "closed"]) == (1, 0)
    assert seen["basket_notices_total", "broadcast", "sent"] == 3, "the card to everybody"
    transactions = seen["basket_transaction_seconds_count",]
    card = (await scene.li.messages())[0]
    button = card["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await play.pass_time(days=2)
    await scene.li.press_data(card["message_id"], button)
    seen = await numbers(play)
    assert seen["basket_refusals_total", "round_closed"] == 1, "a late press is refused, with a fresh card"
    assert seen["basket_rounds", "closed"] == 1
    assert seen["basket_notices_total", "purchase_order", "sent"] == 1
    assert seen["basket_notices_total", "outcome", "sent"] >= 2
    assert seen["basket_transaction_seconds_count",] > transactions
    assert 0 < seen["basket_transaction_seconds_sum",] < 60


async def test_every_refusal_is_counted_once(play: HookedPlay) -> None:
    scene = await set_scene(play)
    card = (await scene.li.messages())[-1]
    await scene.li.press_data(card["message_id"], "no-such-press:1")
    await scene.li.press_data(card["message_id"], "ol:garbage")
    seen = await numbers(play)
    refused = {name[1]: value for name, value in seen.items() if name[0] == "basket_refusals_total"}
    assert refused == {"button_stale": 2}


async def test_what_becomes_of_notices_is_counted(play: HookedPlay) -> None:
    scene = await set_scene(play)
    await scene.li.press("2")
    await play.post(f"/sim/people/{scene.anna.id}/block", {"bot": BOT})
    await play.settle()
    await play.post("/sim/faults", {"kind": "429", "method": "sendDocument", "times": 1, "retry_after": 1})
    await play.post("/sim/faults", {"kind": "500", "method": "sendMessage", "chat": scene.li.id, "times": 1})
    await play.pass_time(days=2)
    await asyncio.sleep(1)
    await play.pass_time(minutes=1)
    seen = await numbers(play)
    assert seen["basket_notices_total", "purchase_order", "429"] == 1
    assert seen["basket_notices_total", "purchase_order", "sent"] == 1
    assert seen["basket_notices_total", "outcome", "retried"] == 1
    assert seen["basket_notices_total", "edit", "failed"] == 1, "of the card of who has blocked the bot"


async def test_what_waits_is_shown_by_lane_with_the_age_of_the_oldest(play: HookedPlay) -> None:
    with Session(play.database.engine) as session, session.begin():
        for n, (lane, state, seconds) in enumerate([
            (Lane.BROADCAST, "due", 30), (Lane.BROADCAST, "paused", 90), (Lane.OUTCOME, "due", -60), (Lane.EDIT, "paused", 5),
        ]):  # fmt: skip
            due = play.clock() - timedelta(seconds=seconds)
            row = Notice(
                key=f"k{n}", lane=lane, kind="x", facts={}, chat_id=n + 1, state=state, due_at=due, created_at=due
            )
            session.add(row)
    seen = await numbers(play)
    assert [seen["basket_notices_waiting", lane] for lane in ("broadcast", "outcome", "edit")] == [2, 1, 1]
    assert [seen["basket_notices_overdue_seconds", lane] for lane in ("broadcast", "outcome", "edit")] == [30, 0, 0]


async def test_updates_that_wait_at_telegram_are_shown(play: HookedPlay) -> None:
    await play.hold_back()
    await play.post("/sim/people", {"id": 72, "first_name": "Zhao"})
    await play.post("/sim/people/72/start", {"bot": BOT})
    await play.webhook.look()
    assert (await numbers(play))["basket_webhook_pending_updates",] == 1
    play.deliver()
    await play.settle()
    await play.webhook.look()
    assert (await numbers(play))["basket_webhook_pending_updates",] == 0


async def test_polling_confirms_nothing_while_the_database_is_gone(fresh_postgresql_url: str, clock: Clock) -> None:
    """It waits, and goes on by itself."""
    database = Database(fresh_postgresql_url, clock)
    async with playing(database, clock) as play:
        scene = await set_scene(play)
        with gone(fresh_postgresql_url):
            await play.post(f"/sim/people/{scene.li.id}/press", {"chat": BOT, "button": "2"})
            offset = play.poller.offset
            polling = asyncio.create_task(play.poller.poll(0))
            await asyncio.sleep(0.5)
            assert not polling.done(), "handled without the database"
            assert play.poller.offset == offset
        await polling
        assert scene.world.wished("脐橙") == {"李敏": 2}
        assert play.poller.offset > offset
    database.close()


async def test_where_a_conversation_stands_is_owed_until_it_is_written(fresh_postgresql_url: str, clock: Clock) -> None:
    """The library forgets a state that could not be written; the update is not confirmed before it is."""
    database = Database(fresh_postgresql_url, clock)
    persistence = RowPersistence(database)
    await persistence.update_conversation("talk", (1, 1), "first")
    with gone(fresh_postgresql_url):
        flushing = asyncio.create_task(persistence.flush())
        await asyncio.sleep(0.3)
        assert not flushing.done(), "written without the database"
    await flushing
    await persistence.update_conversation("talk", (2, 2), "second")
    await persistence.flush()
    assert await RowPersistence(database).get_conversations("talk") == {(1, 1): "first", (2, 2): "second"}
    await persistence.update_conversation("talk", (1, 1), None)
    await persistence.flush()
    assert await RowPersistence(database).get_conversations("talk") == {(2, 2): "second"}
    database.close()
