"""Who plays, and what is there before the first act: an enterprise, two suppliers with produce, four members.

王芳 coordinates and operates the bot, 李敏, 周强 and Anna are employees, 小陈 joins while the play runs; 老向 speaks
for 白帝 and Tess for 云上.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from models import Person as PersonRow
from models import Supplier
from services.database import Database
from tests.crash.books import Reader
from tests.crash.person import Person, arrives
from tests.crash.theatre import Theatre
from tests.world import World, add_member, add_product, add_supplier, make_world

FREIGHT_MINOR = {"白帝": 1000, "云上": 500}
Outage = Callable[[], AbstractAsyncContextManager[None]]
"""What is done inside happens while the bot is away; in an undisturbed run it is not away at all."""


@dataclass
class Cast:
    """The people on the stage."""

    stage: Theatre
    reader: Reader
    wang: Person
    li: Person
    zhou: Person
    anna: Person
    chen: Person
    xiang: Person
    tess: Person
    saw: dict[tuple[str, str], int] = field(default_factory=dict)
    """What the people of the play have seen confirmed last: units by member and product."""

    async def sees(self, who: Person, product: str, units: int) -> None:
        """Somebody has just seen an order confirmed: it is written already, since truth comes before speech."""
        written = await self._written(who.name, product)
        assert written == units, f"{who.name} saw what is not written\n{who.transcript()}"
        self.saw[who.name, product] = units

    async def _written(self, member: str, product: str) -> int | None:
        while True:
            try:
                return self.reader.wished(member, product)
            except DBAPIError:  # the database is away for a while
                await asyncio.sleep(0.1)

    @property
    def members(self) -> tuple[Person, ...]:
        """Whoever may order."""
        return self.wang, self.li, self.zhou, self.anna, self.chen

    @property
    def everybody(self) -> tuple[Person, ...]:
        """All of them."""
        return *self.members, self.xiang, self.tess


def set_stage(stage: Theatre, reader: Reader) -> Cast:
    """Everybody but 小陈 is in; no round is open yet."""
    database = Database(stage.database_url, stage.clock)
    try:
        return _fill(stage, reader, database)
    finally:
        database.close()


def _fill(stage: Theatre, reader: Reader, database: Database) -> Cast:
    names = ("王芳", "李敏", "周强", "Anna", "小陈", "老向", "Tess")
    phones = {name: arrives(stage, name, "en" if name == "Anna" else "zh-hans") for name in names}
    world = make_world(database)
    add_member(world, "王芳", phones["王芳"].id, "coordinator")
    for name in ("李敏", "周强"):
        add_member(world, name, phones[name].id)
    add_member(world, "Anna", phones["Anna"].id, locale="en")
    add_supplier(world, "白帝", ("老向", phones["老向"].id))
    add_supplier(world, "云上", ("Tess", phones["Tess"].id))
    add_product(world, "白帝", "脐橙", 4990, aliases="oranges", unit_en="box", case_size=4)
    add_product(world, "白帝", "血橙", 3680, minimum_units=6)
    add_product(world, "云上", "脆李", 5880)
    _last_touches(world)
    wang, li, zhou, anna, chen, xiang, tess = phones.values()
    return Cast(stage, reader, wang, li, zhou, anna, chen, xiang, tess)


def _last_touches(world: World) -> None:
    with Session(world.database.engine) as session, session.begin():
        for supplier in session.exec(select(Supplier)):
            supplier.freight_minor = FREIGHT_MINOR[supplier.name_zh]
        session.exec(select(PersonRow).where(PersonRow.first_name == "王芳")).one().is_operator = True
