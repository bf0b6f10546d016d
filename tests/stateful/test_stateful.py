"""Random plays of a whole round, checked after every step, on both databases.

`COUNTY_BASKET_PLAYS=2000 pytest tests/stateful` plays longer.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from services.database import Database
from tests.clock import Clock
from tests.stateful.machine import Trade
from tests.stateful.stage import hurry

PLAYS = int(os.environ.get("COUNTY_BASKET_PLAYS", "0"))
STEPS = int(os.environ.get("COUNTY_BASKET_STEPS", "30"))


@pytest.mark.timeout(0 if PLAYS else 120)
def test_the_laws_hold_after_every_step(database: Database, clock: Clock) -> None:
    hurry(database)
    bounded = settings(
        max_examples=PLAYS or 40, stateful_step_count=STEPS, deadline=None, derandomize=not PLAYS, database=None, report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink) if PLAYS else (Phase.generate,),
    )  # fmt: skip
    run_state_machine_as_test(lambda: Trade(database, clock), settings=bounded)
