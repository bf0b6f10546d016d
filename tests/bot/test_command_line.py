"""The command line and the settings, as an operator meets them."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.backup import backup_sqlite
from bot.log import hide_tokens
from bot.migrate import migrate
from bot.settings import Settings
from services.database import make_engine
from tests.bot.test_file_lock import holder_of
from tests.bot.web_server import Quiet, serving

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:a-secret-that-must-not-be-seen-anywhere"


def run(tmp_path: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """`python -m bot …` in an empty folder with only these settings."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("BASKET_")}
    environment |= {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "100"} | settings
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_help_names_every_command(tmp_path: Path) -> None:
    said = run(tmp_path, "--help").stdout
    for command in ("run", "demo", "migrate", "doctor", "backup"):
        assert command in said


def test_every_setting_is_in_the_example_with_its_default() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else str(field.default)
        assert f"#BASKET_{name.upper()}={default}\n" in example, name


def test_migrate_makes_the_database(tmp_path: Path) -> None:
    assert run(tmp_path, "migrate").returncode == 0
    with sqlite3.connect(tmp_path / "data/basket.db") as connection:
        assert connection.execute("SELECT count(*) FROM member_order").fetchone() == (0,)


class FakeTelegram(Quiet):
    """Knows the token, has a webhook set, and a clock that is an hour slow."""

    def do_GET(self) -> None:
        result: dict[str, object] = {"username": "good_bot"} if "getMe" in self.path else {"url": "https://elsewhere"}
        body = json.dumps({"ok": TOKEN in self.path, "result": result}).encode()
        self.send_response_only(200)
        self.send_header("Date", "Mon, 02 Mar 2020 00:00:00 GMT")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def telegram() -> Iterator[str]:
    """Its address."""
    with serving(FakeTelegram) as address:
        yield address


def test_doctor_says_what_is_wrong_in_plain_words(tmp_path: Path, telegram: str) -> None:
    seen = run(tmp_path, "doctor", BASKET_TOKEN=TOKEN, BASKET_API_URL=telegram)
    assert seen.returncode == 1
    assert "✓ The token is good: @good_bot" in seen.stdout
    assert "✗ This machine's clock is" in seen.stdout
    assert "✗ A webhook is set" in seen.stdout
    assert "✓ There is no database yet" in seen.stdout
    assert TOKEN not in seen.stdout + seen.stderr


def test_doctor_on_a_wrong_token_and_an_unreachable_server(tmp_path: Path, telegram: str) -> None:
    wrong = run(tmp_path, "doctor", BASKET_TOKEN="1:wrong", BASKET_API_URL=telegram)
    assert "✗ Telegram does not know this token" in wrong.stdout
    lost = run(tmp_path, "doctor", BASKET_TOKEN=TOKEN, BASKET_API_URL="http://127.0.0.1:1")
    assert "✗ Telegram cannot be reached" in lost.stdout
    assert TOKEN not in lost.stdout + lost.stderr


def at_revision(path: Path, revision: str) -> None:
    """A SQLite file that says it is at another revision."""
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))


def test_doctor_finds_an_old_database_and_one_that_is_too_new(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    migrate(make_engine(f"sqlite:///{tmp_path}/data/basket.db"))
    at_revision(tmp_path / "data/basket.db", "0003")
    assert "✗ The database is of another version: start the bot, or run" in run(tmp_path, "doctor").stdout
    at_revision(tmp_path / "data/basket.db", "9999")
    assert "✗ The database is of a newer version than this code" in run(tmp_path, "doctor").stdout
    migrating = run(tmp_path, "migrate")
    assert (migrating.returncode, migrating.stderr.partition(" than")[0]) == (1, "The database is of a newer version")


def test_doctor_on_an_empty_database(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    sqlite3.connect(tmp_path / "data/basket.db").close()
    seen = run(tmp_path, "doctor")
    assert (seen.returncode, "✓ The database is empty, `run` makes its tables" in seen.stdout) == (0, True)


def test_migrate_leaves_a_file_alone_that_a_process_has(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    sqlite3.connect(tmp_path / "data/basket.db").close()
    holder = holder_of(tmp_path / "data/basket.db")
    try:
        refused = run(tmp_path, "migrate")
    finally:
        holder.kill()
        holder.wait(10)
    assert refused.returncode == 1
    assert f"is in use by process {holder.pid}@" in refused.stderr
    assert (tmp_path / "data/basket.db").stat().st_size == 0
    assert run(tmp_path, "migrate").returncode == 0


def test_a_backup_is_whole_while_somebody_writes(tmp_path: Path) -> None:
    source, target = tmp_path / "basket.db", tmp_path / "copy.db"
    engine = make_engine(f"sqlite:///{source}")
    migrate(engine)
    with engine.begin() as writing:
        writing.exec_driver_sql(
            "INSERT INTO enterprise (name, zone, currency, locale, answer_hours, created_at)"
            " VALUES ('x', 'UTC', 'CNY', 'en', 6, '2026-03-02')"
        )
        backup_sqlite(source, target)
    with sqlite3.connect(target) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) FROM enterprise").fetchone() == (0,), "what was not committed is not in it"
    again = run(tmp_path, "backup", str(target), BASKET_DATABASE_URL=f"sqlite:///{source}")
    assert again.returncode == 1
    assert "exists already" in again.stderr
    missing = run(tmp_path, "backup", "new.db", BASKET_DATABASE_URL="sqlite:///nowhere.db")
    assert "no database" in missing.stderr


def test_tokens_never_reach_the_log() -> None:
    seen = hide_tokens(None, "info", {"event": f"POST /bot{TOKEN}/getMe", "n": 1})
    assert TOKEN not in str(seen)
    assert seen["n"] == 1
