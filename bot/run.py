"""Runs the bot until it is told to stop."""

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.application import build_application
from bot.dispatcher import Dispatcher
from bot.lead import Lead, is_led, lead_of
from bot.migrate import migrate
from bot.pace import Pace
from bot.settings import Settings
from bot.trouble import Trouble
from bot.web import Web
from handlers.context import App
from handlers.menus import set_menus
from scheduler.clock import AlarmClock
from services.database import Database
from services.invitations import create_owner_invitation, needs_owner
from services.outbox import give_back_leased
from services.refresh_cards import refresh_open_cards

log = structlog.get_logger()
CONNECT_PAUSE_SECONDS = 3.0
FINISH_SECONDS = 20.0
LOOK_FOR_GARBAGE_EVERY = 10_000
"""Containers that were made and not yet freed; a megabyte or two."""


def open_database(settings: Settings) -> Database:
    """The database of the settings: migrated, unless another process leads; then it is once this one does."""
    if settings.sqlite_path is not None:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    if not is_led(database.engine):
        migrate(database.engine)
    return database


async def run(
    settings: Settings, token: str, database: Database, ready: Callable[[App], Awaitable[None]] | None = None
) -> None:
    """Work until SIGINT, SIGTERM or SIGHUP, once this process leads; what is on its way is finished. LostLead, Trouble."""
    lead, pace = lead_of(database), Pace(settings.limits)
    application = build_application(
        token, database, settings.api_url, pace=pace, support=settings.support, sure=lead.sure
    )
    dispatcher = Dispatcher(application, database, pace)
    web = Web(application, dispatcher, settings, token, lead)
    stop = _stop_signal()
    await web.server.open()
    try:
        await _connect(application, stop, settings.api_url)
        if not stop.is_set():
            await lead.take(application.bot.id, stop)
    except Trouble:
        await _leave(application, web, lead)
        raise
    if not stop.is_set():
        await _work(application, database, dispatcher, web, lead, stop, ready or _greet)
    await _leave(application, web, lead)


async def _leave(application: App, web: Web, lead: Lead) -> None:
    await web.server.close()
    await application.bot.shutdown()
    await lead.release()


async def _work(
    application: App,
    database: Database,
    dispatcher: Dispatcher,
    web: Web,
    lead: Lead,
    stop: asyncio.Event,
    ready: Callable[[App], Awaitable[None]],
) -> None:
    """Poll, deliver and watch the clock."""
    alarm = AlarmClock(database, after=dispatcher.wake)
    loop = asyncio.get_running_loop()
    await application.initialize()  # reads where conversations stand: only now does nobody else change it
    _wake_after_change(database, loop, dispatcher, alarm)
    await application.start()
    await database.transact(give_back_leased, None, None)
    await database.transact(refresh_open_cards, None, None)
    keep_what_stays()
    tasks = [asyncio.create_task(web.incoming.run()), asyncio.create_task(dispatcher.run())]
    web.health.dispatching, web.health.watching = lambda: not tasks[1].done(), lambda: alarm.running
    await alarm.start()  # nobody waits meanwhile for what fell due while no process ran
    await _set_menus(application)
    await ready(application)
    await _until(stop, lead, tasks)
    log.info("stopping")
    await web.server.close()
    await _stop(application, alarm, tasks)


async def _until(stop: asyncio.Event, lead: Lead, tasks: list[asyncio.Task[None]]) -> None:
    """Wait for the stop. LostLead. A poller or a dispatcher that ends by itself has a defect: better no process than a deaf one."""
    stopping = asyncio.create_task(lead.until(stop))
    done, _ = await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    for task in done:
        task.result()


async def _connect(application: App, stop: asyncio.Event, server: str) -> None:
    """Trouble where waiting would not help; the library's own words for it have the token in them."""
    while not stop.is_set():
        try:
            await application.bot.initialize()
            return
        except (NetworkError, RetryAfter) as error:
            log.warning("Telegram cannot be reached, trying again", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), CONNECT_PAUSE_SECONDS)
        except InvalidToken:
            raise Trouble(
                f"{server} does not know the token in BASKET_TOKEN: copy it again from @BotFather · 令牌 BASKET_TOKEN 无效"
            ) from None
        except (TelegramError, LookupError) as error:
            raise Trouble(
                f"{server} does not answer like Telegram ({type(error).__name__}): check BASKET_API_URL · 请检查 BASKET_API_URL"
            ) from None


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
    with suppress(TimeoutError):  # what waits for a database that is gone is not finished by waiting
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), FINISH_SECONDS)
    with suppress(TelegramError):
        await application.stop()
    with suppress(TelegramError):
        await application.shutdown()


def keep_what_stays() -> None:
    """What is there now stays until the end: looking for garbage among it would hold up taps for a tenth of a second.

    Of what comes, nearly everything goes by itself: to look every 700 objects took a tenth of the time of a tap.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(LOOK_FOR_GARBAGE_EVERY, 10, 10)


def _stop_signal() -> asyncio.Event:
    """SIGHUP is what a closed terminal sends; who started this with nohup wants it to go on."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(name) is not signal.SIG_IGN:
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
