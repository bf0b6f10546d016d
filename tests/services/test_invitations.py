"""An invitation cannot be guessed, replayed, or used by more than it says, also not by all of them at one moment."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from string import ascii_letters, digits

import pytest
from sqlmodel import Session, col, func, select

from models import Invitation, InvitationUse, Member
from services.database import Database
from services.identify import identify
from services.invitations import CODE_BYTES, PREFIX, create_invitation, revoke_invitation
from services.join import NO_DEPARTMENT, answer_open_question, open_invitation
from services.work import Actor
from tests.clock import Clock
from tests.services.test_races import at_once, code_of
from tests.world import World, add_member, make_world

ALPHABET = ascii_letters + digits + "-_"
CROWD, USES = 12, 3


@pytest.fixture
def world(database: Database) -> World:
    """王 invites."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    return world


def invites(world: World, role: str = "employee") -> str:
    """The code of a new invitation."""
    code = world.database.run(create_invitation, world.actor("王芳"), None, role).code
    assert code is not None
    return code


def someone(world: World, telegram_id: int) -> Actor:
    return world.database.run(identify, None, None, telegram_id, f"人{telegram_id}", "zh_CN")


def opens(world: World, who: Actor, code: str) -> str:
    return code_of(lambda: world.database.run(open_invitation, who, None, code))


def answers(world: World, who: Actor, *texts: str) -> str:
    """The code of the refusal of the last answer."""
    for text in texts:
        refused = code_of(partial(world.database.run, answer_open_question, who, None, text))
        if refused:
            return refused
    return ""


def members(world: World) -> int:
    with Session(world.database.engine) as session:
        return int(session.exec(select(func.count(col(Member.id)))).one())


def test_a_code_is_128_random_bits_of_which_only_the_hash_is_kept(world: World) -> None:
    codes = {invites(world) for _ in range(200)}
    assert len(codes) == 200
    assert CODE_BYTES * 8 >= 128
    assert {len(code) for code in codes} == {len(PREFIX) + 22}
    for place in range(len(PREFIX), len(PREFIX) + 21):  # the 22nd carries the last two bits
        assert len({code[place] for code in codes}) > 32, "a place that varies little can be guessed"
    with Session(world.database.engine) as session:
        kept = repr([row.model_dump() for row in session.exec(select(Invitation)).all()])
    assert not [code for code in codes if code in kept or code[1:] in kept]


def test_whoever_knows_all_but_one_character_knows_nothing(world: World) -> None:
    code, who = invites(world), someone(world, 100)
    for place in range(1, len(code), 3):
        other = ALPHABET[(ALPHABET.index(code[place]) + 1) % len(ALPHABET)]
        assert opens(world, who, code[:place] + other + code[place + 1 :]) == "invitation_unknown"
    for near in ("", PREFIX, code[:-1], code + "A", code.swapcase(), code[1:]):
        assert opens(world, who, near) == "invitation_unknown"
    assert opens(world, who, code) == ""


def test_a_hash_read_from_the_database_lets_nobody_in(world: World) -> None:
    invites(world)
    with Session(world.database.engine) as session:
        (kept,) = session.exec(select(Invitation.code_sha256)).all()
    assert opens(world, someone(world, 100), kept) == "invitation_unknown"
    assert opens(world, someone(world, 100), PREFIX + kept) == "invitation_unknown"


def test_opened_again_and_again_it_is_used_once(world: World) -> None:
    code, who = invites(world), someone(world, 100)
    for _ in range(3):
        assert opens(world, who, code) == ""
        answers(world, who, "甲", NO_DEPARTMENT, "1")
    assert members(world) == 2
    with Session(world.database.engine) as session:
        assert session.exec(select(Invitation.used)).one() == 1


def test_many_at_the_same_moment_use_it_no_more_often_than_it_says(world: World) -> None:
    code = invites(world)
    with Session(world.database.engine) as session, session.begin():
        session.exec(select(Invitation)).one().uses = USES
    crowd = [someone(world, 100 + n) for n in range(CROWD)]
    for who in crowd:
        assert opens(world, who, code) == ""
        assert answers(world, who, "甲", NO_DEPARTMENT) == ""
    results = at_once(*(partial(answers, world, who, "1") for who in crowd))
    assert sorted(map(str, results)) == [""] * USES + ["invitation_used_up"] * (CROWD - USES)
    assert members(world) == 1 + USES
    with Session(world.database.engine) as session:
        assert session.exec(select(Invitation.used)).one() == USES
        assert session.exec(select(func.count(col(InvitationUse.person_id)))).one() == USES


def test_the_same_answer_twice_at_one_moment_uses_it_once(world: World) -> None:
    code, who = invites(world), someone(world, 100)
    assert opens(world, who, code) == ""
    assert answers(world, who, "甲", NO_DEPARTMENT) == ""
    at_once(*[lambda: answers(world, who, "1")] * 4)
    assert members(world) == 2
    with Session(world.database.engine) as session:
        assert session.exec(select(Invitation.used)).one() == 1


def _revoke(world: World, _clock: Clock) -> None:
    world.database.run(revoke_invitation, world.actor("王芳"), None, 1)


def _expire(_world: World, clock: Clock) -> None:
    clock.pass_time(days=8)


@pytest.mark.parametrize(("end", "why"), [(_revoke, "invitation_revoked"), (_expire, "invitation_expired")])
@pytest.mark.parametrize("answered", [(), ("甲",), ("甲", NO_DEPARTMENT)])
def test_one_that_ended_lets_nobody_in_however_far_they_came(
    world: World, clock: Clock, end: Callable[[World, Clock], None], why: str, answered: tuple[str, ...]
) -> None:
    code, who = invites(world), someone(world, 100)
    assert opens(world, who, code) == ""
    assert answers(world, who, *answered) == ""
    end(world, clock)
    assert answers(world, who, "1") == why
    assert opens(world, who, code) == why
    assert opens(world, someone(world, 101), code) == why
    assert members(world) == 1


def test_the_last_moment_still_counts_and_the_next_does_not(world: World, clock: Clock) -> None:
    code = invites(world, "coordinator")
    clock.pass_time(days=2)
    clock.now -= timedelta(microseconds=1)
    assert opens(world, someone(world, 100), code) == ""
    clock.now += timedelta(microseconds=1)
    assert opens(world, someone(world, 100), code) == "invitation_expired"
