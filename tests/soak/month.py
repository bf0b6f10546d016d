"""Days in the towns, one after the other."""

import random
import time
from collections.abc import Callable
from datetime import timedelta

from sqlmodel import Session, col, select

from models import Person, Round
from services.database import Database
from tests.clock import Clock
from tests.soak.checks import check_day
from tests.soak.memory import Memory
from tests.soak.scripts import Life, Script, play
from tests.soak.size import Size
from tests.soak.stage import Stage
from tests.soak.town import Town, make_towns

HOURS = (1, 6, 11, 15)
"""When people look at their phones, UTC: rounds open at 1:00 in Chongqing and close at 10:00."""
NEWCOMERS, LEAVERS = 0.15, 0.15
"""A town's chance of each on a day."""
Tell = Callable[[str], None]


async def live(database: Database, clock: Clock, size: Size, tell: Tell = lambda _line: None) -> Memory:
    """Live so many days; each ends with all checks. What memory was in use on each."""
    dice, memory = random.Random(size.seed), Memory()
    towns = make_towns(database, size, dice)
    stage = Stage(database, clock)
    _hand_out_phones(stage)
    await stage.begin()
    midnight = clock().replace(hour=0, minute=0)
    for day in range(1, size.days + 1):
        began = time.process_time()
        for hour in HOURS:
            await stage.live_until(midnight + timedelta(hours=hour))
            await play(stage, [script for town in towns for script in _acts(Life(stage, town, dice), size, hour)])
        midnight += timedelta(days=1)
        await stage.live_until(midnight)
        check_day(stage)
        stage.forget_old()
        with stage.phones_away():
            memory.measure()
        spent = time.process_time() - began
        tell(f"day {day}: {memory.blocks[-1]:,} blocks, {memory.resident_mib[-1]:.0f} MiB resident, {spent:.0f} s")
    await stage.end()
    return memory


def _hand_out_phones(stage: Stage) -> None:
    with Session(stage.database.engine) as session:
        for person in session.exec(select(Person)).all():
            stage.phone(person.telegram_id, person.first_name, "en" if person.locale == "en" else "zh-hans")


def _acts(life: Life, size: Size, hour: int) -> list[Script]:
    """What the people of a town do at one look at their phones; nobody does two things at once."""
    dice, town = life.dice, life.town
    free = dice.sample(town.members, len(town.members))
    acts: list[Script] = []
    for round_id in _rounds(life.stage, town, "open"):
        some = round(len(town.members) * size.active / len(HOURS)) or int(life.chance(size.active))
        acts += [life.orders(free.pop(), round_id) for _ in range(min(some, len(free)))]
    acts += [life.answers(contact) for contact in town.suppliers]
    acts.append(life.coordinates(town.coordinators[0]))
    closed = _rounds(life.stage, town, "closed")
    if closed and life.chance(0.3):
        of = closed[-1] if life.chance(0.5) else closed[0]
        acts.append((life.corrects if of == closed[-1] else life.settles)(town.coordinators[1], of))
    if hour == HOURS[1]:
        acts += _comings_and_goings(life, free)
    return acts


def _comings_and_goings(life: Life, free: list[int]) -> list[Script]:
    acts: list[Script] = []
    if free and len(life.town.members) > 3 and life.chance(LEAVERS):
        acts.append(life.leaves(free.pop()))
    if life.chance(NEWCOMERS):
        life.town.guests += 1
        newcomer = life.town.suppliers[0] + 1_000 + life.town.guests
        life.stage.phone(newcomer, f"新人{newcomer}", "zh-hans")
        life.stage.bot.started.discard(newcomer)
        acts.append(life.joins(newcomer))
    return acts


def _rounds(stage: Stage, town: Town, phase: str) -> list[int]:
    with Session(stage.database.engine) as session:
        mine = select(Round.id).where(Round.enterprise_id == town.world.enterprise_id, Round.phase == phase)
        return [one or 0 for one in session.exec(mine.order_by(col(Round.id))).all()]
