"""The poller at its ends: a lost lead, a stop while a batch is in hand, a stop that must not wait for ever."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import pytest
from telegram import Update

from bot import run as run_module
from bot.application import build_application
from bot.lead import Lead, LostLead
from bot.polling import Poller
from bot.settings import Settings
from bot.web import Web
from handlers.context import App
from scheduler.clock import AlarmClock
from services.database import Database
from tests.journeys.play import BOT, TOKEN, Play

PATIENCE_SECONDS = 20
Asked = dict[str, Any]


def waiting(monkeypatch: pytest.MonkeyPatch, application: App, numbers: Callable[[Asked], Iterable[int]]) -> None:
    """A Telegram that hands out updates of these numbers, and nothing in them."""

    async def answer(_endpoint: str, asked: Asked) -> list[Asked]:
        return [{"update_id": number} for number in numbers(asked)]

    monkeypatch.setattr(type(application.bot), "do_api_request", staticmethod(answer))


async def test_nothing_is_asked_answered_or_confirmed_without_the_lead(sqlite_database: Database) -> None:
    async def lost() -> None:
        raise LostLead

    application = build_application("1:x", sqlite_database, "http://127.0.0.1:1", sure=lost)
    with pytest.raises(LostLead):
        await application.bot.send_message(1, "late")
    poller = Poller(application, sure=lost)
    with pytest.raises(LostLead):
        await asyncio.wait_for(poller.run(), PATIENCE_SECONDS)


async def test_who_loses_the_lead_while_it_asks_handles_nothing(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = build_application("1:x", sqlite_database, "http://127.0.0.1:1")
    handled: list[Update] = []
    lead = [True]

    def one(_: Asked) -> Iterable[int]:
        lead.clear()
        return [5]

    async def sure() -> None:
        if not lead:
            raise LostLead

    async def handle(update: Update) -> None:
        handled.append(update)

    waiting(monkeypatch, application, one)
    monkeypatch.setattr(type(application), "process_update", staticmethod(handle))
    poller = Poller(application, sure=sure)
    with pytest.raises(LostLead):
        await poller.poll(0)
    assert (handled, poller.offset) == ([], 0)


class Died(BaseException):
    """The process is gone."""


async def test_who_dies_again_and_again_gets_on(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each life manages three updates and no more: what one has done is not done by all that follow."""
    application = build_application("1:x", sqlite_database, "http://127.0.0.1:1")
    handled: list[int] = []

    def fifty(asked: Asked) -> Iterable[int]:
        return range(asked["offset"] or 1, 51)[: asked["limit"]]

    async def handle(update: Update) -> None:
        handled.append(update.update_id)
        if len(handled) % 3 == 0:
            raise Died

    waiting(monkeypatch, application, fifty)
    monkeypatch.setattr(type(application), "process_update", staticmethod(handle))
    offset, lives = 0, 0
    while offset <= 50:
        poller = Poller(application)
        poller.offset, lives = offset, lives + 1
        with suppress(Died):
            while poller.offset <= 50:
                await poller.poll(0)
        assert poller.offset > offset, f"life {lives} got nowhere"
        offset = poller.offset
    assert set(handled) == set(range(1, 51))


async def test_who_lives_on_takes_more_at_once(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    application = build_application("1:x", sqlite_database, "http://127.0.0.1:1")
    limits: list[int] = []

    def one(asked: Asked) -> Iterable[int]:
        limits.append(asked["limit"])
        return [asked["offset"] or 1]

    async def handle(_: Update) -> None:
        pass

    waiting(monkeypatch, application, one)
    monkeypatch.setattr(type(application), "process_update", staticmethod(handle))
    poller = Poller(application)
    for _ in range(9):
        await poller.poll(0)
    assert limits == [1, 2, 4, 8, 16, 32, 64, 100, 100]


async def test_a_poller_that_is_stopped_finishes_its_batch_and_confirms_it(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = build_application("1:x", sqlite_database, "http://127.0.0.1:1")
    handling, handled, offsets = asyncio.Event(), list[int](), list[object]()

    def one(asked: Asked) -> Iterable[int]:
        offsets.append(asked["offset"])
        return [5]

    async def delete_webhook(**_: object) -> bool:
        return True

    async def handle(update: Update) -> None:
        handling.set()
        await asyncio.sleep(0.05)
        handled.append(update.update_id)

    waiting(monkeypatch, application, one)
    monkeypatch.setattr(type(application.bot), "delete_webhook", staticmethod(delete_webhook))
    monkeypatch.setattr(type(application), "process_update", staticmethod(handle))
    polling = asyncio.create_task(Poller(application).run())
    await handling.wait()
    polling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await polling
    assert (handled, offsets) == ([5], [None, 6])


async def test_telegram_is_reached_before_anybody_says_something(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first poll may wait for half a minute; whoever watches the start must not take that for a failure."""
    application = build_application("1:x", sqlite_database, "http://127.0.0.1:1")
    reached = asyncio.Event()

    async def nothing(_endpoint: str, _asked: Asked) -> list[Asked]:
        await asyncio.Event().wait()
        return []

    async def delete_webhook(**_: object) -> bool:
        return True

    monkeypatch.setattr(type(application.bot), "do_api_request", staticmethod(nothing))
    monkeypatch.setattr(type(application.bot), "delete_webhook", staticmethod(delete_webhook))
    poller = Poller(application)
    poller.reached = reached.set
    polling = asyncio.create_task(poller.run())
    await asyncio.wait_for(reached.wait(), PATIENCE_SECONDS)
    polling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await polling


async def test_updates_are_taken_while_what_fell_due_is_dealt_with(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    taken, stop = asyncio.Event(), asyncio.Event()

    async def deal_with_it(_: AlarmClock) -> None:
        await taken.wait()

    async def ready(_: object) -> None:
        stop.set()

    monkeypatch.setattr(AlarmClock, "start", deal_with_it)
    web = Web(play.application, play.dispatcher, Settings(_env_file=None), TOKEN)
    web.incoming.reached = taken.set
    working = run_module._work(play.application, play.database, play.dispatcher, web, Lead(), stop, ready)
    await asyncio.wait_for(working, PATIENCE_SECONDS)


async def test_a_stop_does_not_wait_for_ever(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    handling = asyncio.Event()

    async def handle(_: Update) -> None:
        handling.set()
        await asyncio.Event().wait()

    await play.application.start()
    monkeypatch.setattr(type(play.application), "process_update", staticmethod(handle))
    monkeypatch.setattr(run_module, "FINISH_SECONDS", 0.05)
    polling = asyncio.create_task(play.poller.run())
    person = await play.post("/sim/people", {"first_name": "P"})
    await play.post(f"/sim/people/{person['id']}/start", {"bot": BOT})
    await handling.wait()
    await asyncio.wait_for(run_module._stop(play.application, play.alarm, [polling]), PATIENCE_SECONDS)
    assert play.poller.offset == 0, "what was not finished is not confirmed"


async def test_an_update_that_a_lost_lead_left_without_effect_is_not_confirmed(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise LostLead

    monkeypatch.setattr(play.database, "run", refused)
    person = await play.post("/sim/people", {"first_name": "P"})
    await play.post(f"/sim/people/{person['id']}/start", {"bot": BOT})
    with pytest.raises(LostLead):
        await play.poller.poll(0)
    assert play.poller.offset == 0
