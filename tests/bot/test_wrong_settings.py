"""Whatever is set wrong, the operator reads one sentence that names the variable; no traceback, no token, no password."""

import asyncio
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from bot import command_line
from bot import run as run_module
from bot.lead import Lead
from bot.settings import Settings
from bot.trouble import Trouble, opening, read_settings
from handlers.context import App
from services.database import Database, make_engine
from tests.bot.processes import PATIENCE_SECONDS, python
from tests.bot.processes import simulator as start_simulator
from tests.bot.web_server import Quiet, serving

TOKEN = "900009:a-token-of-the-wrong-settings-only"
SECRET = "not-to-be-seen"
COMMANDS = (("run",), ("migrate",), ("doctor",), ("backup", "copy.db"))


def said_by(cwd: Path, *arguments: str, **settings: str) -> str:
    """What a command says that must fail with one sentence and without secrets."""
    process = python("bot", *arguments, cwd=cwd, **settings)
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1, said
    for unwanted in ("Traceback", "Unclosed", SECRET, settings.get("BASKET_TOKEN") or TOKEN):
        assert unwanted not in said, said
    return said


Does = Callable[..., str]


@pytest.fixture
def does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Does:
    """The same in this process."""

    def do(*arguments: str, **settings: str) -> str:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(command_line, "start_logging", lambda *_: None)
        monkeypatch.setattr(sys, "argv", ["bot", *arguments])
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            command_line.main()
        said = "".join(capfd.readouterr())
        assert ended.value.code == 1
        assert SECRET not in said
        assert TOKEN not in said
        return said

    return do


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("TOKEN", f"{SECRET}", "must look like 123456789:"),
        ("TOKEN", f"123:{SECRET} {SECRET}", "must look like 123456789:"),
        ("DEMO_PORT", "abc", "should be a valid integer"),
        ("DEMO_PORT", "99999", "should be less than or equal to 65535"),
        ("LOG_LEVEL", "loud", "should be 'debug', 'info', 'warning' or 'error'"),
        ("WEBHOOK_URL", "http://bot.example.org/x", "must begin with https://"),
        ("WEBHOOK_URL", "https://[x", "must begin with https://"),
        ("WEBHOOK_SECRET", "not to be seen", "must be 1 to 256 of"),
        ("API_URL", "127.0.0.1:24199", "must be a whole address such as http://127.0.0.1:8081"),
        ("API_URL", "localhost:24199", "must be a whole address"),
        ("API_URL", f"http://localhost:{SECRET}", "must be a whole address"),
        ("API_URL", f"https://api.telegram.org/bot123:{SECRET}", "neither a token nor a password"),
        ("API_URL", f"https://u:{SECRET}@example.org", "neither a token nor a password"),
        ("DATABASE_URL", "data/basket.db", "must be sqlite:///data/basket.db or the like"),
        ("DATABASE_URL", "sqlite:///", "must be sqlite:///data/basket.db or the like"),
        ("DATABASE_URL", f"mysql://u:{SECRET}@h/d", "or postgresql://user:password@host/database: there is no other"),
        ("DATABASE_URL", f"postgresql://u:{SECRET}@h:port/d", "or postgresql://user:password@host/database"),
        ("DATABASE_URL", f"postgresql://u:a@{SECRET}@h/d", "%40"),
    ],
)
def test_a_wrong_setting_is_named_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"BASKET_{name}", value)
    with pytest.raises(Trouble) as trouble:
        read_settings()
    said = str(trouble.value)
    assert said.startswith(f"BASKET_{name} is wrong: it ")
    assert why in said
    assert f"设置 BASKET_{name} 有误" in said
    assert "\n" not in said
    assert SECRET not in said
    assert trouble.value.__suppress_context__


@pytest.mark.parametrize("arguments", [*COMMANDS, ("demo",)])
def test_every_command_says_it_alike(does: Does, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    said = does(*arguments, BASKET_DEMO_PORT="abc", BASKET_API_URL="here", BASKET_TOKEN=TOKEN)
    assert [line.partition(" ")[0] for line in said.splitlines()] == ["BASKET_API_URL", "BASKET_DEMO_PORT"]
    assert not list(tmp_path.iterdir())


def test_what_a_file_leaves_empty_is_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("".join(f"BASKET_{name.upper()}=\n" for name in Settings.model_fields))
    assert read_settings() == Settings(_env_file=None)
    assert read_settings().token is None
    Path(".env").write_text(f"BASKET_TOKEN={TOKEN}\nBASKET_API_URL=http://localhost:1/\n")
    assert read_settings().token is not None
    assert read_settings().api_url == "http://localhost:1"
    monkeypatch.setenv("BASKET_TOKEN", "")
    assert read_settings().token is None, "the environment comes first, also to ask for the demo"


def test_a_file_of_settings_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"BASKET_SUPPORT=\xff\xfe")
    assert said_by(tmp_path, "doctor").startswith(".env cannot be read (")


def test_doctor_on_an_empty_token(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BASKET_TOKEN=\n")
    process = python("bot", "doctor", cwd=tmp_path)
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, said.splitlines()[0][:17]) == (0, "✓ No BASKET_TOKEN")


def test_a_token_that_telegram_refuses(tmp_path: Path) -> None:
    """The library's words for it hold the token."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with start_simulator(tmp_path, TOKEN, "wrong_bot") as client:
        api = str(client.base_url).rstrip("/")
        for wrong in ("123:wrong", TOKEN + "x"):
            said = said_by(tmp_path, "run", BASKET_TOKEN=wrong, BASKET_API_URL=api, BASKET_LISTEN_PORT=port)
            assert said.splitlines()[0].startswith(f"{api} does not know the token in BASKET_TOKEN"), said
            assert "令牌 BASKET_TOKEN 无效" in said
            assert len(said.splitlines()) == 1


class Elsewhere(Quiet):
    """Some web page, or nothing at all."""

    said = b"<html>"

    def answer(self) -> None:
        """The same to everybody."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.said)))
        self.end_headers()
        self.wfile.write(self.said)

    do_GET = do_POST = answer


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Its address."""
    with serving(Elsewhere) as address:
        yield address


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b""])
def test_a_server_that_is_not_telegram(
    tmp_path: Path, elsewhere: str, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Elsewhere, "said", body)
    for command in ("run", "doctor"):
        said = said_by(tmp_path, command, BASKET_TOKEN=TOKEN, BASKET_API_URL=elsewhere)
        assert "Telegram" in said
        assert elsewhere in said


def databases(path: Path) -> dict[str, tuple[str, str]]:
    """What can be wrong with a database, and the short reason."""
    (path / "notes.db").write_text("These are notes, and no database at all.\n" * 50)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        "refused": (f"postgresql://u:{SECRET}@127.0.0.1:{port}/d", "Connection refused"),
        "no such host": (f"postgresql://u:{SECRET}@nowhere.invalid/d", "nowhere.invalid"),
        "no such option": (f"postgresql://u:{SECRET}@127.0.0.1:{port}/d?sslmod=x", "sslmod"),
        "no folder": (f"sqlite:///{path}/notes.db/data/basket.db", f"Not a directory: {path}/notes.db/"),
        "a folder not to be written": ("sqlite:////proc/basket/basket.db", "/proc"),
        "no database": (f"sqlite:///{path}/notes.db", "file is not a database"),
        "a folder": (f"sqlite:///{path}", "unable to open database file"),
    }


@pytest.mark.parametrize(
    "wrong",
    ["refused", "no such host", "no such option", "no folder", "a folder not to be written", "no database", "a folder"],
)
@pytest.mark.parametrize("command", ["run", "migrate", "doctor"])
def test_a_database_that_cannot_be_opened(does: Does, tmp_path: Path, wrong: str, command: str) -> None:
    url, why = databases(tmp_path)[wrong]
    token = {} if command == "doctor" else {"BASKET_TOKEN": TOKEN}
    said = does(command, BASKET_DATABASE_URL=url, **token)
    last = said.splitlines()[-1].removeprefix("✗ ")
    assert last.startswith("The database cannot be opened ("), said
    assert why in last
    assert "check BASKET_DATABASE_URL" in last
    assert "请检查 BASKET_DATABASE_URL" in last
    assert len(said.splitlines()) == (2 if command == "doctor" else 1)


def test_a_database_that_the_server_does_not_have(does: Does, fresh_postgresql_url: str) -> None:
    url = fresh_postgresql_url.replace("/basket?", "/no_such_basket?")
    for command in ("doctor", "migrate", "run"):
        token = {"BASKET_TOKEN": TOKEN} if command == "run" else {}
        said = does(command, BASKET_DATABASE_URL=url, **token)
        assert 'database "no_such_basket" does not exist' in said


def test_a_role_that_may_not_make_tables(fresh_postgresql_url: str) -> None:
    """PostgreSQL gives new roles no right to it, and the library calls that a wrong statement."""
    engine = make_engine(fresh_postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE ROLE stranger"))
        connection.execute(text("SET LOCAL ROLE stranger"))
        with pytest.raises(Trouble, match="permission denied for schema public"), opening():
            connection.execute(text("CREATE TABLE x (y int)"))
        connection.rollback()
    engine.dispose()


def test_a_wrong_statement_of_ours_stays_a_defect(database: Database) -> None:
    with database.engine.connect() as connection, pytest.raises(DatabaseError, match="syntax error"), opening():
        connection.execute(text("SELEC"))


async def test_a_lead_that_cannot_be_used_is_given_back(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where newer code has migrated while this process stood by: another may lead at once."""
    done: list[str] = []

    class Unusable(Lead):
        async def take(self, bot_id: int, stop: asyncio.Event) -> None:
            raise Trouble("newer")

        async def release(self) -> None:
            done.append("released")

    async def connect(application: App, *_: object) -> None:
        await application.bot.request.initialize()
        monkeypatch.setattr(type(application.bot), "id", 1)

    monkeypatch.setattr(run_module, "lead_of", lambda _: Unusable())
    monkeypatch.setattr(run_module, "_connect", connect)
    with pytest.raises(Trouble, match="newer"):
        await run_module.run(Settings(_env_file=None), TOKEN, sqlite_database)
    assert done == ["released"]


def test_doctor_leaves_nothing_behind_where_a_database_will_be(tmp_path: Path) -> None:
    doctor = python("bot", "doctor", cwd=tmp_path, BASKET_DATABASE_URL=f"sqlite:///{tmp_path}/a/b/basket.db")
    said, _ = doctor.communicate(timeout=PATIENCE_SECONDS)
    assert "✓ There is no database yet" in said
    assert not list(tmp_path.iterdir())
