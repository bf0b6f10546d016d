"""Coordinators remove members and change roles; one coordinator always remains."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, col, select

from models import Member, Person
from rules.refusal import Refusal
from services.database import Database
from services.invitations import create_invitation
from services.join import open_invitation
from services.me import leave
from services.members import read_member, read_members, remove_member, set_role
from tests.clock import Clock
from tests.services.changing import owed
from tests.services.test_leaving import leaves, member_id, rejoins
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database) -> World:
    """王 and 赵 coordinate; 甲, 乙 and 丙 work; oranges in an open round of 24 hours."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "赵雪", 2, "coordinator")
    for n, name in enumerate(("甲", "乙", "丙"), 3):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 1000)
    open_round(world, "王芳")
    return world


def test_a_coordinator_removes_a_member(world: World) -> None:
    world.places("甲", "脐橙", 2)
    seen = world.database.run(read_member, world.actor("王芳"), None, member_id(world, "甲"))
    assert seen.open_orders == 1
    rest = world.database.run(remove_member, world.actor("王芳"), None, member_id(world, "甲"))
    assert [one.name for one in rest.members] == sorted(("王芳", "赵雪", "乙", "丙"))
    assert owed(world, "member_removed") == ["甲"]
    assert owed(world, "member_left") == ["王芳", "赵雪"], "who removes is asked as well"
    assert world.actor("甲").role is None
    with pytest.raises(Refusal, match="not_found"):
        world.places("甲", "脐橙", 3)
    with pytest.raises(Refusal, match="not_found"):
        world.database.run(remove_member, world.actor("赵雪"), None, member_id(world, "甲"))


def test_an_older_link_does_not_lead_back_in(world: World, clock: Clock) -> None:
    invited = world.database.run(create_invitation, world.actor("王芳"), None, "employee")
    clock.pass_time(minutes=1)
    world.database.run(remove_member, world.actor("王芳"), None, member_id(world, "甲"))
    with pytest.raises(Refusal, match="removed_before"):
        world.database.run(open_invitation, world.actor("甲"), None, invited.code or "")
    clock.pass_time(days=1)
    rejoins(world, "甲")
    assert world.actor("甲").role == "employee"
    leaves(world, "甲")
    assert world.database.run(open_invitation, world.actor("甲"), None, invited.code or "").asks == "name"


def test_roles_and_the_last_coordinator(world: World) -> None:
    wang, zhao, jia = (member_id(world, name) for name in ("王芳", "赵雪", "甲"))
    world.database.run(set_role, world.actor("王芳"), None, jia, "coordinator")
    world.database.run(set_role, world.actor("王芳"), None, jia, "coordinator")
    assert owed(world, "role_changed") == ["甲"]
    world.database.run(remove_member, world.actor("甲"), None, wang)
    world.database.run(set_role, world.actor("甲"), None, zhao, "employee")
    with pytest.raises(Refusal, match="last_coordinator"):
        world.database.run(set_role, world.actor("甲"), None, jia, "employee")
    with pytest.raises(Refusal, match="remove_myself"):
        world.database.run(remove_member, world.actor("甲"), None, jia)
    with pytest.raises(Refusal, match="last_coordinator"):
        leaves(world, "甲")
    with pytest.raises(Refusal, match="not_coordinator"):
        world.database.run(remove_member, world.actor("赵雪"), None, jia)
    with pytest.raises(Refusal, match="not_coordinator"):
        world.database.run(read_members, world.actor("赵雪"), None)


def test_nobody_touches_members_of_another_enterprise(world: World) -> None:
    other = make_world(world.database, "别家")
    add_member(other, "外人", 900, "coordinator")
    for case, args in ((read_member, ()), (remove_member, ()), (set_role, ("coordinator",))):
        with pytest.raises(Refusal, match="not_found"):
            world.database.run(case, other.actor("外人"), None, member_id(world, "甲"), *args)
    assert [one.name for one in world.database.run(read_members, other.actor("外人"), None).members] == ["外人"]


def test_two_coordinators_who_go_at_the_same_moment_leave_one_behind(world: World) -> None:
    """Leaving, removing and demoting, each against each: somebody always runs the rounds."""
    wang, zhao = world.actor("王芳"), world.actor("赵雪")
    wang_id, zhao_id = member_id(world, "王芳"), member_id(world, "赵雪")

    def attempt(case: object, *args: object) -> str:
        try:
            world.database.run(case, *args)  # type: ignore[arg-type]
        except Refusal as no:
            return no.code
        return "done"

    with ThreadPoolExecutor(3) as pool:
        tried = [
            pool.submit(attempt, leave, wang, None),
            pool.submit(attempt, remove_member, zhao, None, wang_id),
            pool.submit(attempt, set_role, wang, None, zhao_id, "employee"),
        ]
        assert "done" in [one.result() for one in tried]
    with Session(world.database.engine) as session:
        left = session.exec(select(Member.id).where(Member.role == "coordinator", col(Member.left_at).is_(None))).all()
        assert left in ([wang_id], [zhao_id])


def test_a_removed_person_keeps_other_hats(world: World) -> None:
    other = make_world(world.database, "别家")
    add_member(other, "甲", 3)
    world.database.run(remove_member, world.actor("王芳"), None, _first_membership(world))
    assert world.actor("甲").enterprise_id == other.enterprise_id


def _first_membership(world: World) -> int:
    with Session(world.database.engine) as session:
        found = select(Member.id).join(Person, col(Person.id) == Member.person_id)
        return session.exec(found.where(Person.telegram_id == 3, Member.enterprise_id == 1)).one() or 0
