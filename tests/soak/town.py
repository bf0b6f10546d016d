"""The enterprises of a soak: their members, suppliers, produce, and weekly series that run."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import select

from models import Enterprise, Member, Product, Series, SeriesOffer, SeriesPickupPoint
from services.database import Database
from services.make_series import set_series_phase
from services.work import Work
from tests.soak.size import Size
from tests.world import World, add_member, add_product, add_supplier, make_world

ZONES = (("Asia/Shanghai", "CNY", "zh_CN"), ("Europe/Berlin", "EUR", "en"))
"""In Berlin the clocks change within the month."""
PRODUCTS = (
    ("白帝", "脐橙", "navel oranges", {"case_size": 4}),
    ("白帝", "血橙", "blood oranges", {"stock_units": 60, "member_cap": 4}),
    ("白帝", "柠檬", "lemons", {"case_size": 3}),
    ("云上", "脆李", "plums", {"minimum_units": 12}),
    ("云上", "土蜂蜜", "honey", {"tiers": [[10, 9000], [30, 8000]]}),
    ("云上", "粉丝", "vermicelli", {}),
)
POLICIES = ("cancel", "extend", "hold")
FIRST_PERSON, A_TOWN = 1_000, 10_000
COORDINATORS = 2


@dataclass
class Town:
    """One enterprise with the Telegram ids of its people."""

    world: World
    coordinators: list[int] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    suppliers: list[int] = field(default_factory=list)
    guests: int = 0
    """How many have joined by an invitation."""


def make_towns(database: Database, size: Size, dice: random.Random) -> list[Town]:
    """All of them; each series runs, the rounds of the next week are still to be made."""
    return [_town(database, n, size, dice) for n in range(size.enterprises)]


def _town(database: Database, n: int, size: Size, dice: random.Random) -> Town:
    zone, currency, locale = ZONES[n % len(ZONES)]
    world = make_world(database, f"企业{n}", zone=zone, currency=currency, locale=locale)
    town, first = Town(world), FIRST_PERSON + n * A_TOWN
    for m in range(COORDINATORS + size.members):
        coordinates = m < COORDINATORS
        add_member(world, f"员工{n}-{m}", first + m, "coordinator" if coordinates else "employee", locale)
        (town.coordinators if coordinates else town.members).append(first + m)
    for s, (name, freight) in enumerate((("白帝", 1000), ("云上", 0))):
        add_supplier(
            world, name, (f"{name}{n}", first + 5_000 + s), freight_minor=freight, minimum_value_minor=s * 9_000
        )
        town.suppliers.append(first + 5_000 + s)
    for supplier, product, english, terms in PRODUCTS:
        add_product(world, supplier, product, dice.randrange(2_000, 10_000), name_en=english, **terms)
    for weekday in range(size.series):
        _series(world, weekday, n)
    return town


def _series(world: World, weekday: int, n: int) -> None:
    """A round each week: opens at nine, closes the evening or the day after, is delivered two days later."""

    def make(work: Work) -> int:
        enterprise = work.session.get_one(Enterprise, world.enterprise_id)
        enterprise.order_limit_minor = 60_000 if n % 3 == 0 else None
        coordinator = work.session.exec(
            select(Member).where(Member.enterprise_id == world.enterprise_id, Member.role == "coordinator")
        ).first()
        assert coordinator is not None
        series = Series(
            enterprise_id=world.enterprise_id, coordinator_id=coordinator.id or 0, title=f"每周{weekday + 1}",
            starts_on=_monday(work.now).date() + timedelta(days=weekday), opens_minute=540, closes_days=weekday % 2 + 1,
            closes_minute=1080, delivers_days=2, reminder_minutes=120, minimum_policy=POLICIES[weekday % 3],
            extension_hours=12, completion_hours=6 if weekday % 2 else 0, created_at=work.now,
        )  # fmt: skip
        work.session.add(series)
        work.session.flush()
        work.session.add(SeriesPickupPoint(series_id=series.id or 0, pickup_point_id=world.points["北门"]))
        products = work.session.exec(select(Product).where(Product.enterprise_id == world.enterprise_id)).all()
        for position, product in enumerate(products, 1):
            work.session.add(_offer(series, position, product))
        return series.id or 0

    series_id = world.database.run(make, None, None)
    coordinator = next(name for name in world.people if name.endswith("-0"))
    world.database.run(set_series_phase, world.actor(coordinator), None, series_id, "running")


def _offer(series: Series, position: int, product: Product) -> SeriesOffer:
    return SeriesOffer(
        series_id=series.id or 0, product_id=product.id or 0, position=position, price_minor=product.price_minor,
        minimum_units=product.minimum_units, case_size=product.case_size, stock_units=product.stock_units,
        member_cap=product.member_cap, case_policy=("drop", "house")[position % 2],
        strategy=("oldest", "fair")[position % 3 // 2],
    )  # fmt: skip


def _monday(now: datetime) -> datetime:
    return now - timedelta(days=now.weekday())
