"""The plain command, `python -m bot run`, killed while people order, and started again."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.crash.books import Reader
from tests.crash.cast import set_stage
from tests.crash.checks import check_confirmed
from tests.crash.life import TOKEN
from tests.crash.person import Person
from tests.crash.story import join, order, publish
from tests.crash.theatre import Theatre, theatre

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0


@contextmanager
def command(stage: Theatre, folder: Path, life: int) -> Iterator[subprocess.Popen[bytes]]:
    """The bot as an operator starts it; killed in the end."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("BASKET_")}
    environment |= {
        "PYTHONPATH": str(ROOT), "BASKET_TOKEN": TOKEN, "BASKET_DATABASE_URL": stage.database_url,
        "BASKET_API_URL": f"{stage.address}/life/{life}",
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=folder, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


@pytest.mark.timeout(240)
async def test_the_plain_command_is_killed_and_started_again(sqlite_template: Path, tmp_path: Path) -> None:
    """A draft is half answered, orders are placed, a tap waits: three lives, and nothing is lost."""
    shutil.copyfile(sqlite_template, tmp_path / "basket.db")
    url = f"sqlite:///{tmp_path / 'basket.db'}"
    reader = Reader(url)
    async with theatre(url, tmp_path, 0.0) as stage:
        cast = set_stage(stage, reader)
        with command(stage, tmp_path, 1):
            await is_up(cast.wang, 1)
            await join(cast)
        with command(stage, tmp_path, 2):
            await is_up(cast.wang, 2)
            await publish(cast)
            await order(cast)
        cast.li.tap("+")
        with command(stage, tmp_path, 3):
            assert await cast.li.until(lambda: cast.li.reads("您订了5箱"), START_SECONDS), cast.li.transcript()
            cast.saw["李敏", "脐橙"] = 5
            check_confirmed(cast, reader)
    reader.close()


async def is_up(person: Person, life: int) -> None:
    """The process has called; it takes a while to load."""
    assert await person.until(lambda: person.stage.gate.calls(life) > 1, START_SECONDS)
