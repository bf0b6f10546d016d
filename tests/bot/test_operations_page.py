"""docs/operations.md says what the code does: its figures, commands, settings, log lines."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from bot import lead, lead_session, run
from bot.settings import Settings
from services.outbox import LEASE

ROOT = Path(__file__).parents[2]
PAGE = " ".join((ROOT / "docs/operations.md").read_text(encoding="utf-8").split())
SOURCE = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").glob("*.py"))


@pytest.mark.parametrize(
    "sentence",
    [
        f"The standby looks every {lead.LOOK_SECONDS:g} s.",
        f"heartbeat is {lead_session.FREE_SECONDS:g} s old, since a leader that only lost its connection may trust"
        f" that heartbeat for {lead.TRUST_SECONDS:g} s.",
        f"once it is {lead_session.FROZEN_SECONDS:g} s old, by the database's clock",
        f"older than {lead.TRUST_SECONDS:g} s confirms the lead first",
        f"{lead.EXIT_CODE} where the lead was lost",
        f"finishes what is on its way, for {run.FINISH_SECONDS:g} s at most",
        f"its lease of {LEASE.total_seconds():g} s",
    ],
)
def test_figures(sentence: str) -> None:
    assert sentence in PAGE


def test_commands_settings_and_log_lines() -> None:
    commands = set(re.findall(r"python -m bot (\w+)", PAGE)) | set(re.findall(r'"-m", "bot", "(\w+)"', PAGE))
    assert commands == {"run", "backup", "doctor", "migrate"}
    assert all(f"def {command}(" in SOURCE for command in commands)
    named = set(re.findall(r"BASKET_([A-Z_]+)", PAGE))
    assert named <= {name.upper() for name in Settings.model_fields}
    lines = re.findall(r"the log lines (.+?)\. ", PAGE)[0]
    assert all(f'"{line}' in SOURCE for line in re.findall(r"`(.+?)`", lines))


def test_the_compose_file_starts_two_that_know_one_database() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert found is not None
    services = yaml.safe_load(found[1])["services"]
    bot, database = services["bot"], services["database"]["environment"]
    assert bot["deploy"]["replicas"] == 2
    assert set(bot["environment"]) <= {f"BASKET_{name.upper()}" for name in Settings.model_fields}
    url = bot["environment"]["BASKET_DATABASE_URL"]
    assert url.startswith(f"postgresql://{database['POSTGRES_USER']}:")
    assert url.endswith(f"@database/{database['POSTGRES_DB']}")
    assert int(bot["stop_grace_period"].removesuffix("s")) > run.FINISH_SECONDS


@pytest.mark.parametrize("beside", [[], ["basket.db-wal", "basket.db-shm"]])
def test_restoring_a_file_as_the_page_says(tmp_path: Path, beside: list[str]) -> None:
    """A stop in good order leaves nothing beside it: no step may fail because of that."""
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    steps = page[page.index("    mkdir data/before") : page.index("\nStart.\n")]
    (tmp_path / "data").mkdir()
    (tmp_path / "copy.db").write_text("copy")
    for name in ("basket.db", "basket.db.lock", *beside):
        (tmp_path / "data" / name).write_text("old")
    steps = re.sub(r"/backup/\S+", "copy.db", steps)
    subprocess.run(["sh", "-euc", steps], cwd=tmp_path, check=True, timeout=20)
    assert (tmp_path / "data/basket.db").read_text() == "copy"
    assert {path.name for path in (tmp_path / "data").iterdir()} == {"before", "basket.db"}
    assert {path.name for path in (tmp_path / "data/before").iterdir()} == {"basket.db", "basket.db.lock", *beside}


def test_the_unit_can_start_where_there_is_no_folder_for_a_file() -> None:
    """systemd refuses to start what names a path that is not there, unless a - says that it may be missing."""
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert re.findall(r"^ReadWritePaths=(\S+)$", page, re.MULTILINE) == ["-/srv/basket/data"]


def test_the_order_of_waiting_keeps_two_leaders_apart() -> None:
    assert lead.BEAT_SECONDS < lead.TRUST_SECONDS < lead_session.FREE_SECONDS < lead_session.FROZEN_SECONDS
    assert lead_session.FROZEN_SECONDS + lead.LOOK_SECONDS < 5, "the issue's bar"
