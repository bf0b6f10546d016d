"""Random plays of a whole round, checked after every step, on both databases.

`BASKET_PLAYS=2000 pytest tests/stateful` plays longer, differently each time, and shortens what it finds.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from services.database import Database
from tests.clock import Clock
from tests.stateful.machine import Trade
from tests.stateful.stage import hurry

PLAYS = int(os.environ.get("BASKET_PLAYS", "0"))
STEPS = 25
PLAYS_IN_THE_SUITE = {"sqlite": 20, "postgresql": 8}


def play(database: Database, clock: Clock) -> None:
    """Many plays, each on an empty database."""
    hurry(database)
    bounded = settings(
        max_examples=PLAYS or PLAYS_IN_THE_SUITE[database.engine.dialect.name], stateful_step_count=STEPS,
        deadline=None, derandomize=not PLAYS, database=None, report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink) if PLAYS else (Phase.generate,),
    )  # fmt: skip
    run_state_machine_as_test(lambda: Trade(database, clock), settings=bounded)


@pytest.mark.timeout(0 if PLAYS else 240)
def test_the_laws_hold_after_every_step(database: Database, clock: Clock) -> None:
    play(database, clock)


def test_the_play_notices_when_nothing_checks_a_wish(
    sqlite_database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without stock, caps and closing time something must be found broken."""
    monkeypatch.setattr("services.place_order.check_wish", lambda *_: None)
    with pytest.raises(AssertionError):
        play(sqlite_database, clock)
