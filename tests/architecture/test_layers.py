"""The house stands as DESIGN draws it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_imports_point_down() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_start_does_not_import_what_few_processes_ever_need() -> None:
    """Together these take a third of the time and of the memory."""
    rarely = "{'alembic', 'holidays', 'pypinyin'} & set(sys.modules)"
    code = f"import sys; import bot.__main__; sys.exit(str({rarely}) if {rarely} else 0)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
