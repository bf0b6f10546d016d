"""Runs the bot until it is told to stop."""

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from telegram.error import NetworkError, RetryAfter, TelegramError

from bot.application import build_application
from bot.dispatcher import Dispatcher
from bot.migrate import migrate
from bot.polling import Poller
from bot.settings import Settings
from handlers.context import App
from handlers.menus import set_menus
from scheduler.clock import AlarmClock
from services.database import Database
from services.invitations import create_owner_invitation, needs_owner
from services.refresh_cards import refresh_open_cards

log = structlog.get_logger()
CONNECT_PAUSE_SECONDS = 3.0


def open_database(settings: Settings) -> Database:
    """The migrated database of the settings."""
    if settings.sqlite_path is not None:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    migrate(database.engine)
    return database


async def run(
    settings: Settings, token: str, database: Database, ready: Callable[[App], Awaitable[None]] | None = None
) -> None:
    """Poll, deliver and watch the clock until SIGINT or SIGTERM; what is on its way is finished."""
    application = build_application(token, database, settings.api_url, support=settings.support)
    dispatcher = Dispatcher(application, database)
    alarm = AlarmClock(database, after=dispatcher.wake)
    stop = _stop_signal()
    await _connect(application, stop)
    if stop.is_set():
        return
    loop = asyncio.get_running_loop()
    _wake_after_change(database, loop, dispatcher, alarm)
    await application.start()
    await database.transact(refresh_open_cards, None, None)
    await alarm.start()
    _keep_what_stays()
    tasks = [asyncio.create_task(Poller(application).run()), asyncio.create_task(dispatcher.run())]
    await _set_menus(application)
    await (ready or _greet)(application)
    await _until(stop, tasks)
    log.info("stopping")
    await _stop(application, alarm, tasks)


async def _until(stop: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
    """Wait for the stop. A poller or a dispatcher that ends by itself has a defect: better no process than a deaf one."""
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    for task in done:
        task.result()


async def _connect(application: App, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await application.initialize()
            return
        except (NetworkError, RetryAfter) as error:
            log.warning("Telegram cannot be reached, trying again", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), CONNECT_PAUSE_SECONDS)


async def _set_menus(application: App) -> None:
    """Menus are a comfort: without them everything else still works, and the next start sets them."""
    try:
        await set_menus(application.bot)
    except (NetworkError, RetryAfter) as error:
        log.warning("the menus are not set", error=type(error).__name__)


async def _stop(application: App, alarm: AlarmClock, tasks: list[asyncio.Task[None]]) -> None:
    alarm.stop()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    with suppress(TelegramError):
        await application.stop()
    with suppress(TelegramError):
        await application.shutdown()


def _keep_what_stays() -> None:
    """What is there now stays until the end: looking for garbage among it would hold up taps for a tenth of a second."""
    gc.collect()
    gc.freeze()


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop


def _wake_after_change(
    database: Database, loop: asyncio.AbstractEventLoop, dispatcher: Dispatcher, alarm: AlarmClock
) -> None:
    """A change may owe a message or move a closing time: look at once."""
    armed = False

    def rearm() -> None:
        nonlocal armed
        armed = False
        background = asyncio.ensure_future(alarm.wake())
        background.add_done_callback(lambda done: done.exception())

    def on_loop() -> None:
        nonlocal armed
        dispatcher.wake()
        if not armed:
            armed = True
            loop.call_later(1.0, rearm)

    def changed() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(on_loop)

    database.on_change = changed


async def _greet(application: App) -> None:
    database: Database = application.bot_data["database"]
    name = application.bot.username
    if await database.transact(needs_owner, None, None):
        code = await database.transact(create_owner_invitation, None, None)
        print(
            f"Open this link once to found your enterprise · 打开此链接创建企业（仅一次）:\n  https://t.me/{name}?start={code}"
        )
    print(f"County Basket · 县鲜拼 is running as @{name}. Ctrl-C stops it.", flush=True)
