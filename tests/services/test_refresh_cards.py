"""Cards are made fresh: once for however many changes, never less than once for the last of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from models import Card, Member, Notice, Round
from services.change_round import cancel, extend_round
from services.database import Database
from services.outbox import Leased, lease, mark_sent
from services.place_and_read import place_and_read
from services.place_order import Wanted
from services.refresh_cards import refresh_open_cards, remember_card
from services.understand_order import order_by_text, set_typed_line
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database) -> World:
    """A round is open, and two employees hold its card."""
    return small(database)


def small(database: Database) -> World:
    """The same on any database."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n, name in enumerate(("甲", "乙"), 2):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 4990)
    open_round(world, "王芳")
    for name, message_id in (("甲", 7), ("乙", 8)):
        show(world, name, message_id)
    world.database.run(deliver_all, None, None)
    return world


def show(world: World, name: str, message_id: int, version: int = 0) -> None:
    """A card has arrived in somebody's chat."""
    actor = world.actor(name)
    world.database.run(remember_card, None, None, 1, actor.member_id or 0, actor.telegram_id, message_id, version)


def extend(world: World, hours: int) -> None:
    """The round stays open for longer, which every card is to show."""
    world.database.run(extend_round, world.actor("王芳"), None, 1, closing(world) + timedelta(hours=hours))


def closing(world: World) -> datetime:
    with Session(world.database.engine) as session:
        moment = session.get_one(Round, 1).closes_at
        assert moment is not None
        return moment


def leased_edits(world: World) -> list[Leased]:
    """Edits that leave now."""
    return [one for one in world.database.run(lease, None, None, 100) if one.kind == "card_refresh"]


def edited(leased: Sequence[Leased]) -> list[int]:
    return sorted(one.facts["edits"] for one in leased)


def sent(world: World, leased: Sequence[Leased]) -> None:
    for one in leased:
        world.database.run(mark_sent, None, None, {one.id: one.facts["edits"]})


def deliver_all(work: object) -> None:
    session = work.session  # type: ignore[attr-defined]
    for notice in session.exec(select(Notice)):
        notice.state = "sent"


def test_many_changes_are_one_edit_of_each_card(world: World) -> None:
    for _ in range(3):
        extend(world, 1)
    leased = leased_edits(world)
    assert edited(leased) == [7, 8]
    sent(world, leased)
    assert leased_edits(world) == []
    with Session(world.database.engine) as session:
        assert len(session.exec(select(Notice).where(Notice.kind == "card_refresh")).all()) == 2


def test_a_change_in_the_same_moment_as_an_edit_is_shown_as_well(world: World) -> None:
    """A message whose key counted seconds lost the second of two changes within one."""
    extend(world, 1)
    sent(world, leased_edits(world))
    extend(world, 1)
    assert edited(leased_edits(world)) == [7, 8]


def test_a_change_while_an_edit_is_on_its_way_is_shown_after_it(world: World) -> None:
    extend(world, 1)
    on_their_way = leased_edits(world)
    extend(world, 1)
    assert leased_edits(world) == []
    sent(world, on_their_way[:1])
    assert edited(leased_edits(world)) == edited(on_their_way[:1])


def test_only_the_newest_card_is_edited_and_nobody_elses(world: World) -> None:
    show(world, "甲", 9)
    extend(world, 1)
    assert edited(leased_edits(world)) == [8, 9]


def test_a_card_that_was_read_before_a_change_is_made_fresh(world: World) -> None:
    """It was on its way while the change was made; one that was read after it is left alone."""
    extend(world, 1)
    sent(world, leased_edits(world))
    show(world, "甲", 10, version=0)
    show(world, "乙", 11, version=1)
    assert edited(leased_edits(world)) == [10]


def test_an_answer_makes_one_card_fresh(world: World) -> None:
    with Session(world.database.engine) as session, session.begin():
        member = session.exec(select(Member.id).where(Member.name == "甲")).one()
        session.exec(select(Card).where(Card.member_id == member)).one().shown_version = -1
    assert edited(leased_edits(world)) == [7]


def test_an_order_that_was_not_tapped_on_the_card_makes_it_fresh_once(world: World) -> None:
    """Its buttons carry the wish that they lead to: one that shows an older order would cut the newer one."""
    for text in ("脐橙3箱", "脐橙3箱 脐橙4箱"):
        world.database.run(order_by_text, world.actor("甲"), None, text)
    leased = leased_edits(world)
    assert edited(leased) == [7]
    sent(world, leased)
    world.database.run(order_by_text, world.actor("甲"), None, "脐橙4箱")
    assert leased_edits(world) == [], "nothing has changed"
    world.database.run(set_typed_line, world.actor("甲"), None, world.offers["脐橙"], 3, 0)
    assert edited(leased_edits(world)) == [7]


def test_a_tap_on_the_card_owes_no_edit_since_the_press_is_answered_with_one(world: World) -> None:
    actor = world.actor("甲")
    world.database.run(place_and_read, None, None, [Wanted(world.offers["脐橙"], actor.person_id, 2, None, actor)])
    assert world.wished("脐橙") == {"甲": 2}
    assert leased_edits(world) == []


def test_all_open_cards_after_an_outage_and_none_of_rounds_long_over(world: World, clock: Clock) -> None:
    world.database.run(refresh_open_cards, None, None)
    sent(world, leased_edits(world))
    world.database.run(cancel, world.actor("王芳"), None, 1)
    clock.pass_time(days=3)
    assert leased_edits(world) == []
    with Session(world.database.engine) as session:
        assert session.exec(select(Card).where(col(Card.shown_version) < 2)).all() != []


def test_looking_for_stale_cards_does_not_read_the_cards_of_all_rounds_ever(
    sqlite_database: Database, clock: Clock
) -> None:
    """A year of rounds holds more cards than can be read each second."""
    asked: list[tuple[str, Any]] = []
    world = small(sqlite_database)
    extend(world, 1)
    note = lambda *it: asked.append((it[2], it[3]))  # noqa: E731
    event.listen(sqlite_database.engine, "before_cursor_execute", note)
    assert edited(leased_edits(world)) == [7, 8]
    event.remove(sqlite_database.engine, "before_cursor_execute", note)
    plans = [plan for statement in asked for plan in planned(sqlite_database, *statement)]
    assert any("card USING" in plan for plan in plans)
    assert [plan for plan in plans if plan.startswith("SCAN card")] == []


def planned(database: Database, statement: str, values: Any) -> list[str]:
    """How SQLite goes about a statement."""
    with database.engine.connect() as connection:
        return [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
