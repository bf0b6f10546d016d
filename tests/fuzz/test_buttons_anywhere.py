"""Every button where the message that it was on is too old to be told, or cannot be named any more."""

import pytest

from tests.fuzz.ground import Ground
from tests.fuzz.updates import ACTIVE, pressed, query
from tests.fuzz.words import SPECIMENS


@pytest.mark.parametrize("how", ["inaccessible", "nowhere"])
async def test_every_button_is_answered_although_its_message_is_gone(ground: Ground, how: str) -> None:
    """By the coordinator, an employee and a supplier, one after the other."""
    await ground.application.initialize()
    people = [{"id": one, "is_bot": False, "first_name": "甲"} for one in sorted(set(ACTIVE))]
    for parts in SPECIMENS:
        data = {"data": ":".join(parts)}
        await ground.play([{"callback_query": query(one, data, pressed(one, 1, how))} for one in people])
    await ground.application.shutdown()
