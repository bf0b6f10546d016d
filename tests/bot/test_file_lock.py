"""A SQLite file has one process: the second is told so, and a killed one leaves nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.file_lock import InUse, _held, hold
from tests.bot.processes import ROOT, python

TOKEN = "800008:a-token-for-the-second-process-only"
HOLDER = (
    "import sys, pathlib, bot.file_lock as f; f.hold(pathlib.Path(sys.argv[1])); print('held', flush=True); input()"
)


def holder_of(database: Path) -> subprocess.Popen[str]:
    """Another process that has the database."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(database)], cwd=ROOT, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


@pytest.mark.parametrize(("command", "name"), [("run", "basket.db"), ("demo", "demo.db")])
def test_a_second_process_refuses_in_both_languages(tmp_path: Path, command: str, name: str) -> None:
    holder = holder_of(tmp_path / "data" / name)
    try:
        second = python("bot", command, cwd=tmp_path, BASKET_TOKEN=TOKEN, BASKET_API_URL="http://127.0.0.1:1")
        said, _ = second.communicate(timeout=60)
    finally:
        holder.kill()
        holder.wait(10)
    assert second.returncode == 1, said
    assert f"data/{name} is in use by process {holder.pid}@" in said
    assert f"正被进程 {holder.pid}@" in said
    assert "Traceback" not in said
    assert not (tmp_path / "data" / name).exists(), "it has touched the database"


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    database = tmp_path / "basket.db"
    holder = holder_of(database)
    with pytest.raises(InUse) as no:
        hold(database)
    assert no.value.holder.startswith(f"{holder.pid}@")
    holder.send_signal(signal.SIGKILL)
    holder.wait(10)
    hold(database)
    hold(database)  # and again is the same
    assert (tmp_path / "basket.db.lock").read_text().startswith(f"{os.getpid()}@")
    os.close(_held.pop(database.resolve()))
