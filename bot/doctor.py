"""Examines an installation and says in plain words what is wrong."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp
from sqlalchemy import Engine, inspect

from bot.lead import is_led
from bot.migrate import KNOWN, NEWER, NEWEST, revision
from bot.settings import Settings
from bot.trouble import Trouble, opening
from bot.webhook import webhook_address
from services.database import make_engine

MAX_SKEW_SECONDS = 30
TIMEOUT = aiohttp.ClientTimeout(total=10)
UNDER_A_LEADER = (
    "The database is of another version, and a process leads on it that needs its tables as they are: restart the"
    " standby, then the leader, and the new leader migrates (docs/operations.md, Upgrade)"
    " · 数据库版本不符，且有进程正在其上运行：请先重启备用进程，再重启主进程，由新的主进程迁移"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    good: bool
    words: str


async def examine(settings: Settings) -> list[Finding]:
    """Token, clock and webhook by asking Telegram; the database by looking at it."""
    return [*await _telegram(settings), _database(settings)]


async def _telegram(settings: Settings) -> list[Finding]:
    if settings.token is None:
        return [Finding(True, "No BASKET_TOKEN: `make run` starts the demo · 未设置令牌，将运行演示")]
    base = f"{settings.api_url}/bot{settings.token.get_secret_value()}"
    try:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            async with session.get(f"{base}/getMe") as response:
                me, date = await response.json(content_type=None), response.headers.get("Date")
            async with session.get(f"{base}/getWebhookInfo") as response:
                hook = await response.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        reason = type(error).__name__
        return [Finding(False, f"Telegram cannot be reached ({reason}) at {settings.api_url} · 连不上 Telegram")]
    if not isinstance(me, dict) or not isinstance(hook, dict) or "ok" not in me:
        return [
            Finding(
                False, f"{settings.api_url} does not answer like Telegram: check BASKET_API_URL · 请检查 BASKET_API_URL"
            )
        ]
    if not me.get("ok"):
        return [Finding(False, "Telegram does not know this token: copy it again from @BotFather · 令牌无效")]
    return [
        Finding(True, f"The token is good: @{me['result']['username']} · 令牌有效"),
        _clock(date),
        _webhook(hook, settings),
    ]


def _clock(date: str | None) -> Finding:
    if not date:
        return Finding(True, "The server did not say the time, clock not checked · 未能核对时钟")
    skew = abs((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
    if skew > MAX_SKEW_SECONDS:
        return Finding(
            False, f"This machine's clock is {skew:.0f} s off: rounds would close at the wrong time · 本机时钟偏差"
        )
    return Finding(True, "The clock is right · 时钟准确")


def _webhook(hook: dict[str, object], settings: Settings) -> Finding:
    result = hook.get("result")
    info = result if isinstance(result, dict) else {}
    wanted = webhook_address(settings)[0] if settings.webhook_url else ""
    if info.get("url", "") != wanted:
        if wanted:
            return Finding(False, "The webhook is not registered: `run` does that · webhook 尚未登记，启动时会登记")
        return Finding(
            False, "A webhook is set: another program may own it; `run` takes it away · 已设置 webhook，启动时会取消"
        )
    if wanted and info.get("last_error_message"):
        return Finding(False, f"Telegram could not deliver: {info['last_error_message']} · Telegram 投递失败")
    return Finding(
        True, "The webhook is registered · webhook 正常" if wanted else "No webhook is in the way · 没有 webhook 冲突"
    )


def _database(settings: Settings) -> Finding:
    try:
        with opening():
            return _look(settings)
    except Trouble as trouble:
        return Finding(False, str(trouble))


def _look(settings: Settings) -> Finding:
    path = settings.sqlite_path
    if path is None or path.exists():
        return _version(make_engine(settings.database_url))
    _write_near(path)
    return Finding(True, f"There is no database yet, `make run` makes it at {path} · 数据库将在启动时创建")


def _write_near(path: Path) -> None:
    """Where its folder would be made, and nothing stays. OSError."""
    there = next(folder for folder in path.absolute().parents if folder.exists())
    tempfile.TemporaryFile(dir=there).close()


def _version(engine: Engine) -> Finding:
    found = revision(engine)
    if found == NEWEST:
        return Finding(True, "The database is there and up to date · 数据库正常")
    if found is not None and found not in KNOWN:
        return Finding(False, NEWER)
    if set(inspect(engine).get_table_names()) <= {"alembic_version"}:
        return Finding(True, "The database is empty, `run` makes its tables · 数据库为空，将在启动时建表")
    if is_led(engine):
        return Finding(False, UNDER_A_LEADER)
    return Finding(
        False,
        "The database is of another version: start the bot, or run `python -m bot migrate` while it is stopped · 数据库版本不符：启动时会迁移，也可在停止后手动迁移",
    )
