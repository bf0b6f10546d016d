"""An enterprise of many members with open rounds, whose broadcasts are owed and have not begun to leave."""

from datetime import UTC, datetime

from sqlalchemy import insert, update

from bench.databases import Kind
from bot.migrate import migrate
from models import Member, Person
from services.database import Database, make_engine
from services.work import Work
from tests.world import World, add_product, add_supplier, make_world, open_round

COORDINATOR = "m1"
OFFERS = 6


def crowd(kind: Kind, members: int, rounds: int = 1) -> tuple[str, World]:
    """A fresh database's URL, and what is in it: the product itself has opened the rounds and owes everybody a card."""
    url = kind.fresh("crowd")
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()
    database = Database(url, lambda: datetime.now(UTC))
    world = make_world(database)
    database.run(_people, None, None, world, members)
    world.people[COORDINATOR] = 1
    add_supplier(world, "s")
    for n in range(OFFERS):
        add_product(world, "s", f"p{n}", 4990, **({"case_size": 4, "stock_units": 50_000} if n < 2 else {}))
    for _ in range(rounds):
        open_round(world, COORDINATOR)
    database.close()
    return url, world


def _people(work: Work, world: World, members: int) -> None:
    numbers = range(1, members + 1)
    run, now = work.session.execute, work.now
    run(
        insert(Person),
        [
            {"telegram_id": n, "first_name": f"m{n}", "locale": "zh_CN", "is_operator": False, "created_at": now}
            for n in numbers
        ],
    )
    run(
        insert(Member),
        [
            {"enterprise_id": world.enterprise_id, "person_id": n, "role": "coordinator" if n == 1 else "employee", "name": f"m{n}",
             "department": "", "pickup_point_id": world.points["北门"], "joined_at": now}
            for n in numbers
        ],
    )  # fmt: skip
    run(update(Person).values(member_id=Person.id))
