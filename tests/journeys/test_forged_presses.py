"""Every button there is, pressed by everybody with made-up ids: nothing breaks, and nothing of others changes."""

from dataclasses import fields
from itertools import product
from typing import Any, get_type_hints

import pytest
from sqlalchemy import inspect, text
from sqlmodel import Session

from rules.refusal import Refusal
from tests.journeys.play import BOT, Person, Play
from tests.journeys.scene import Scene, set_scene
from tests.world import add_member, add_product, add_supplier, make_world, open_round
from views.actions import _registered

OWN_TABLES = {"draft", "conversation_state", "alembic_version", "card", "notice", "journal", "person"}
VALUES: dict[Any, tuple[str, ...]] = {
    int: ("1", "2", "999", "-1"),
    bool: ("1",),
    str: ("x", "employee", "name"),
    int | None: ("1", ""),
}
MAX_EACH = 6


def forged() -> list[str]:
    """Callback data for every kind of press."""
    data = []
    for code, press in sorted(_registered.items()):
        hints = get_type_hints(press)
        choices = [VALUES[hints[field.name]] for field in fields(press)]  # type: ignore[arg-type]
        data += [":".join((code, *values)) for values in list(product(*choices))[:MAX_EACH]]
    return data


def contents(play: Play) -> dict[str, list[Any]]:
    """All rows that belong to somebody."""
    with Session(play.database.engine) as session:
        tables = set(inspect(play.database.engine).get_table_names()) - OWN_TABLES
        return {table: sorted(map(str, session.execute(text(f"SELECT * FROM {table}")))) for table in tables}


async def presses_everything(play: Play, person: Person) -> None:
    """Press it all on one message, and never meet a defect."""
    defects: list[str] = []

    async def note(_update: object, context: Any) -> None:
        if not isinstance(context.error, Refusal):
            defects.append(repr(context.error))

    play.application.add_error_handler(note)
    message = (await person.messages())[0]["message_id"]
    for data in forged():
        await play.post(f"/sim/people/{person.id}/press", {"chat": BOT, "message_id": message, "data": data})
        await play.settle()
        assert not defects, f"{data}: {defects}"


async def stage(play: Play) -> tuple[Scene, Person]:
    """Two enterprises, a closed and an open round in the first; the outsider coordinates the second."""
    scene = await set_scene(play)
    await scene.li.press("2")
    await play.pass_time(days=2)
    open_round(scene.world, "王芳")
    outsider = await play.person("外人")
    await outsider.start()
    await play.settle()
    return scene, outsider


@pytest.mark.parametrize("hat", ["stranger", "other coordinator"])
async def test_an_outsider_changes_nothing(play_on_both: Play, hat: str) -> None:
    play = play_on_both
    scene, outsider = await stage(play)
    before = contents(play)
    if hat == "other coordinator":
        other = make_world(play.database, "别家")
        add_member(other, "外人", outsider.id, "coordinator")
        add_supplier(other, "别社")
        add_product(other, "别社", "别货", 100)
    await presses_everything(play, outsider)
    after = contents(play)
    for table, rows in before.items():
        assert set(rows) <= set(after[table]), f"{table} of others was changed"
    assert scene.world.wished("脐橙") == {}


async def test_an_employee_and_a_supplier_meet_no_defect(play: Play) -> None:
    scene, _ = await stage(play)
    for person in (scene.li, scene.xiang):
        await presses_everything(play, person)


async def test_a_coordinator_meets_no_defect(play: Play) -> None:
    scene, _ = await stage(play)
    await presses_everything(play, scene.wang)
