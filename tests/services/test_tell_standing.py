"""Who hears that a series is paused, goes on or has ended: exactly those with a standing order; on both databases."""

import pytest
from sqlmodel import Session, col, select

from models import Member, Notice, Person
from rules.refusal import Refusal
from services.database import Database
from services.due_series import make_due_rounds
from services.make_series import make_series, set_series_phase
from services.me import leave
from services.standing_orders import end_standing, keep_every_time, set_standing_units, standing_told
from services.work import Lane
from tests.clock import Clock
from tests.services.weekly import act, at, rows
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    """甲, 乙 and the coordinators 王芳 and 赵 order oranges every time; 丙 has only ordered."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "赵", 2, "coordinator")
    for n, name in enumerate(("丙", "乙", "甲"), 3):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 4990)
    round_id = open_round(world, "王芳")
    act(world, make_series, round_id)
    act(world, set_series_phase, 1, "running")
    for name in ("甲", "乙", "丙", "王芳", "赵"):
        world.places(name, "脐橙", 2)
    for name in ("甲", "乙", "王芳", "赵"):
        act(world, keep_every_time, round_id, who=name)
    return world


def told(world: World, phase: str) -> list[str]:
    """Who is owed a notice about it, one name for each."""
    with Session(world.database.engine) as session:
        names = dict(session.exec(select(Member.id, Member.name)).all())
        notices = session.exec(select(Notice).where(Notice.kind == "standing_series").order_by(col(Notice.id))).all()
        assert all((one.lane, one.must_arrive) == (Lane.BROADCAST, False) for one in notices)
        return sorted(names[one.facts["member_id"]] for one in notices if one.facts["phase"] == phase)


def test_each_phase_is_told_once_to_everybody_but_whoever_did_it(world: World, clock: Clock) -> None:
    assert told(world, "running") == [], "nobody ordered every time when it started"
    for who, phase, others in (
        ("王芳", "paused", ["乙", "甲", "赵"]), ("赵", "running", ["乙", "王芳", "甲"]),
        ("王芳", "ended", ["乙", "甲", "赵"]),
    ):  # fmt: skip
        for _ in range(2):
            act(world, set_series_phase, 1, phase, who=who)
        assert told(world, phase) == others
        clock.pass_time(seconds=1)


def test_whose_standing_order_is_over_or_empty_hears_nothing(world: World) -> None:
    act(world, end_standing, 1, who="甲")
    act(world, leave, who="乙")
    act(world, set_standing_units, 1, world.products["脐橙"], 0, who="赵")
    act(world, set_series_phase, 1, "paused")
    assert told(world, "paused") == []


def test_whom_nothing_reaches_is_owed_nothing(world: World, clock: Clock) -> None:
    with Session(world.database.engine) as session, session.begin():
        session.exec(select(Person).where(Person.telegram_id == 5)).one().unreachable_since = clock()
    act(world, set_series_phase, 1, "paused")
    assert told(world, "paused") == ["乙", "赵"]


def test_another_series_and_a_refused_press_tell_nobody(world: World) -> None:
    other = open_round(world, "王芳")
    act(world, make_series, other)
    act(world, set_series_phase, 2, "running")
    act(world, set_series_phase, 2, "ended")
    with pytest.raises(Refusal):
        act(world, set_series_phase, 2, "paused")
    assert rows(world, Notice)
    assert not [one for one in rows(world, Notice) if one.kind == "standing_series"]


def test_what_is_over_when_it_would_be_read_is_not_said(world: World, clock: Clock) -> None:
    act(world, set_series_phase, 1, "paused")
    member_id = next(one.id for one in rows(world, Member) if one.name == "甲")
    read = world.database.run
    assert read(standing_told, None, None, 1, member_id, "paused").opens_at is None
    act(world, set_series_phase, 1, "running")
    assert read(standing_told, None, None, 1, member_id, "paused") is None
    at(world, clock, 2026, 3, 8, 1, 0)
    read(make_due_rounds, None, None, 1)
    act(world, set_series_phase, 1, "ended")
    assert read(standing_told, None, None, 1, member_id, "ended").opens_at is not None, "it was made already"
    act(world, end_standing, 1, who="甲")
    assert read(standing_told, None, None, 1, member_id, "ended") is None
