"""Any JSON that Telegram could send, through the real application: no defect, no broken law, always an answer.

`make fuzz` tries 100,000 updates (BASKET_FUZZ says how many); the share of an ordinary run is the same every time.
"""

import asyncio
import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.ground import Ground
from tests.fuzz.updates import DATE, KNOWN, updates

UPDATES = int(os.environ.get("BASKET_FUZZ", "0"))
SHARE = 3000
A_PLAY = 20
PHASES = (Phase.explicit, Phase.generate, Phase.shrink)


@pytest.mark.timeout(0 if UPDATES else 300)
def test_strange_updates_do_no_harm(ground: Ground) -> None:
    plays = (UPDATES or SHARE) // A_PLAY
    with asyncio.Runner() as runner:
        runner.run(ground.application.initialize())

        @settings(
            max_examples=plays, derandomize=not UPDATES, database=None, deadline=None, phases=PHASES,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(st.lists(updates, min_size=A_PLAY, max_size=A_PLAY))
        def play(some: list[dict[str, object]]) -> None:
            runner.run(ground.play(some))

        play()
        runner.run(ground.application.shutdown())
    print(f"{ground.tried} updates, of which the library could not read {ground.unread}")
    assert ground.tried >= plays * A_PLAY // 2
    assert ground.unread < ground.tried // 5


async def test_one_that_cannot_be_read_holds_up_no_other(ground: Ground) -> None:
    """A required field is missing, as from a server of another version."""
    ground.begin()
    await ground.application.initialize()
    person = {"id": KNOWN[0], "is_bot": False, "first_name": "甲"}
    hello = {
        "message_id": 1,
        "date": DATE,
        "chat": {"id": KNOWN[0], "type": "private"},
        "from": person,
        "text": "hello",
    }
    ground.wire.waiting = [{"update_id": 7, "callback_query": {"id": "1"}}, {"update_id": 8, "message": hello}]
    assert await ground.poller.poll(0) == 1
    assert "sendMessage" in ground.wire.said
    assert ground.poller.offset == 9
    await ground.application.shutdown()


@pytest.mark.parametrize("number", [2**31 - 1, -(2**31) + 1, 3_000_000, 0])
async def test_a_number_that_no_calendar_holds_is_stale(ground: Ground, number: int) -> None:
    await ground.application.initialize()
    person = {"id": KNOWN[0], "is_bot": False, "first_name": "甲coordinator"}
    whats = ("delivers", "reminder", "closes", "opens", "extend", "complete")
    datas = [f"rr:#draft round:{what}:{number}" for what in whats] + [
        f"re:#open round:{number}:1",
        f"fd:#series:{number}",
    ]
    query = {"id": "0", "from": person, "chat_instance": "1", "inline_message_id": "i"}
    await ground.play([{"callback_query": query | {"data": data}} for data in datas])
    await ground.application.shutdown()
