"""What the operator must put right, in one plain sentence without secrets; no traceback would help them."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError
from sqlalchemy.exc import DatabaseError, InterfaceError, ProgrammingError

from bot.settings import Settings
from services.database import is_away

DATABASE_SETTING = "BASKET_DATABASE_URL"
NO_PRIVILEGE, UNKNOWN_OPTION = "42501", None
"""What PostgreSQL's errors call it where the role may not do it, and where the URL has an option that there is not."""


class Trouble(Exception):
    """Its words are for the operator, in both languages. The process ends with code 1."""


def read_settings() -> Settings:
    """The settings. Trouble names each variable that is wrong, and why; what it holds is never shown."""
    try:
        return Settings()
    except ValidationError as error:
        raise Trouble("\n".join(_wrong(found["loc"], found["msg"]) for found in error.errors())) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f".env cannot be read ({reason(error)}): it must be UTF-8 text · 无法读取 .env") from None


def _wrong(where: tuple[int | str, ...], why: str) -> str:
    name, why = f"BASKET_{str(where[0]).upper()}", why.removeprefix("Value error, ").removeprefix("Input ")
    return f"{name} is wrong: it {why} · 设置 {name} 有误，请参照 .env.example 修改"


@contextmanager
def opening(setting: str = DATABASE_SETTING) -> Iterator[None]:
    """Whoever opens a database in it gets Trouble where that fails; a defect of ours stays what it is."""
    try:
        yield
    except (DatabaseError, InterfaceError, OSError) as error:
        if _is_ours(error):
            raise
        raise Trouble(
            f"The database cannot be opened ({reason(error)}): check {setting} · 数据库打不开，请检查 {setting}"
        ) from None


def _is_ours(error: Exception) -> bool:
    """SQLite calls a wrong statement by the same name as a file that it cannot open."""
    if isinstance(error, ProgrammingError):
        return getattr(error.orig, "sqlstate", "") not in (NO_PRIVILEGE, UNKNOWN_OPTION)
    return isinstance(error, DatabaseError) and type(error) is not DatabaseError and not is_away(error)


def reason(error: Exception) -> str:
    """Why, in the words of the driver or the system: their first line. Neither repeats a password."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__
