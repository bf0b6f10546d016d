"""Every button where Telegram says of no message that it was on."""

from tests.fuzz.ground import Ground
from tests.fuzz.updates import ACTIVE, query
from tests.fuzz.words import SPECIMENS


async def test_every_button_is_answered_although_its_message_is_not_named(ground: Ground) -> None:
    """By the coordinator, an employee and a supplier, one after the other."""
    await ground.application.initialize()
    people = [{"id": one, "is_bot": False, "first_name": "甲"} for one in sorted(set(ACTIVE))]
    for parts in SPECIMENS:
        await ground.play([{"callback_query": query(one, {"data": ":".join(parts)}, {})} for one in people])
    await ground.application.shutdown()
