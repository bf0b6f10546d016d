"""The play: one round from the first invitation to the goods on their way, by people who act on what they see.

Whoever sees nothing happen does it again, as people do. The order in which oranges are wished decides who goes without,
so one thing happens after the other.
"""

from collections.abc import Callable

from tests.crash.cast import Cast, Outage
from tests.crash.person import Person, link_in

Before = Callable[[str], None]
"""Told the name of the act that begins."""
CLOSES_SECONDS = 40 * 3600
"""More than is left until the closing time that a draft proposes."""


async def play(cast: Cast, outage: Outage, *, by_hand: bool, before: Before | None = None) -> None:
    """All acts. `by_hand`: the coordinator closes the round before its time; `before` each act something may happen."""

    async def order_in_vain(cast: Cast) -> None:
        await order_in_an_outage(cast, outage)

    close = close_by_hand if by_hand else close_by_the_clock
    for act in (join, publish, order, order_in_vain, close, hear_the_outcome, answer, correct, ship):
        if before is not None:
            before(act.__name__)
        await act(cast)


async def join(cast: Cast) -> None:
    """小陈 is invited, types a name and a department, taps a pickup point."""
    wang, chen = cast.wang, cast.chen

    async def invite() -> None:
        await wang.asks("/invite", lambda: wang.shows("👥 员工"))
        await wang.step(lambda: wang.tap("👥 员工"), lambda: wang.reads("https://t.me/"))

    await wang.goes_through(invite, lambda: wang.reads("https://t.me/"))
    code = link_in(wang.reads("https://t.me/"))

    async def enter() -> None:
        await chen.step(lambda: chen.say(f"/start {code}"), lambda: chen.newest("订单上写什么名字") or joined(chen))
        await chen.step(lambda: chen.say("陈小"), lambda: chen.newest("您在哪个部门"))
        await chen.step(lambda: chen.say("财务"), lambda: chen.shows("北门"))
        await chen.step(lambda: chen.tap("北门"), lambda: joined(chen))

    await chen.goes_through(enter, lambda: joined(chen))
    chen.name = "陈小"


def joined(person: Person) -> str:
    """Whether somebody has read that they are in."""
    return person.reads("您已加入嘉陵机械")


async def publish(cast: Cast) -> None:
    """王芳 drafts a round with everything and publishes it; everybody gets the card."""
    wang = cast.wang

    async def draft() -> None:
        await wang.asks("/publish", lambda: wang.shows("🌾 选产品") or wang.shows("*奉节 白帝 *"))
        if not wang.shows("*奉节 白帝 *"):
            await wang.step(lambda: wang.tap("🌾 选产品"), lambda: wang.shows("*奉节 白帝 *"))
        await choose(wang, "白帝", "脐橙", "血橙")
        await wang.step(lambda: wang.tap("‹ 供应商"), lambda: wang.shows("*奉节 云上 *"))
        await choose(wang, "云上", "脆李")
        await wang.step(lambda: wang.tap("✔️ 好了"), lambda: wang.shows("📢 立即发布"))

    def drafted() -> bool:
        return bool(wang.reads("1. 脐橙", "2. 血橙", "3. 脆李")) and wang.shows("📢 立即发布")

    await wang.goes_through(draft, drafted)
    await wang.presses("📢 立即发布", lambda: wang.reads("🧺", "第1轮团购", "还剩"))
    for one in cast.members:
        await one.does(nothing, lambda one=one: one.reads("🧺", "脐橙"))  # type: ignore[misc]


async def choose(wang: Person, supplier: str, *products: str) -> None:
    """Tick products of a supplier."""
    await wang.step(lambda: wang.tap(f"*奉节 {supplier} *"), lambda: wang.shows(f"* {products[0]} ¥*"))
    for product in products:
        if not wang.shows(f"✅ {product} ¥*"):
            await wang.step(
                lambda product=product: wang.tap(f"⬜️ {product} ¥*"),  # type: ignore[misc]
                lambda product=product: wang.shows(f"✅ {product} ¥*"),  # type: ignore[misc]
            )


async def order(cast: Cast) -> None:
    """Taps, typed orders, changes of mind. 血橙 stays below its minimum."""
    li, zhou, anna, chen, wang = cast.li, cast.zhou, cast.anna, cast.chen, cast.wang
    await wishes(cast, li, "脐橙", 3, lambda: li.tap("3"), lambda: li.reads("您订了3箱"))
    await wishes(cast, anna, "脐橙", 2, lambda: anna.say("oranges 2"), lambda: anna.newest("脐橙 2 boxes"))
    await wishes(cast, li, "脐橙", 4, lambda: li.tap("+"), lambda: li.reads("您订了4箱"))
    await wishes(cast, zhou, "脆李", 1, lambda: zhou.say("脆李 1"), lambda: zhou.newest("脆李 1箱"))
    await wishes(cast, wang, "脐橙", 5, lambda: wang.tap("5"), lambda: wang.reads("您订了5箱"))
    await wishes(cast, chen, "血橙", 2, lambda: chen.say("血橙 2"), lambda: chen.newest("血橙 2箱"))
    await wishes(cast, anna, "脐橙", 3, lambda: anna.say("oranges 3"), lambda: anna.newest("脐橙 3 boxes"))
    await wishes(cast, wang, "脐橙", 1, lambda: wang.say("脐橙 1"), lambda: wang.newest("脐橙 1箱"))
    await wishes(cast, chen, "脆李", 2, lambda: chen.say("脆李 两箱"), lambda: chen.newest("脆李 2箱"))


async def wishes(
    cast: Cast, who: Person, product: str, units: int, do: Callable[[], object], seen: Callable[[], object]
) -> None:
    """Somebody orders, and sees it confirmed."""
    await who.does(do, seen)
    await cast.sees(who, product, units)


async def order_in_an_outage(cast: Cast, outage: Outage) -> None:
    """The bot is away for longer than Telegram keeps a tap: 李敏 taps in vain, 周强's text stays."""
    li, zhou = cast.li, cast.zhou
    async with outage():
        li.tap("+")
        zhou.say("脆李 3")
    await zhou.does(nothing, lambda: zhou.newest("脆李 3箱"), repeats=False)
    await cast.sees(zhou, "脆李", 3)
    if not await li.until(lambda: li.reads("您订了5箱"), 0.5):
        await li.presses("+", lambda: li.reads("您订了5箱"))
    await cast.sees(li, "脐橙", 5)


async def close_by_the_clock(cast: Cast) -> None:
    """The closing time comes."""
    cast.stage.clock.shift += CLOSES_SECONDS


async def close_by_hand(cast: Cast) -> None:
    """王芳 closes now."""
    wang = cast.wang

    async def walk() -> None:
        await wang.asks("/round", lambda: wang.shows("🔔 立即截单"))
        await wang.step(lambda: wang.tap("🔔 立即截单"), lambda: wang.shows("是的，立即截单"))
        await wang.step(lambda: wang.tap("是的，立即截单"), lambda: wang.reads("已截单", "应付"))

    await wang.goes_through(walk, lambda: wang.reads("已截单", "应付"))


async def hear_the_outcome(cast: Cast) -> None:
    """Everybody who ordered hears what they get, both suppliers get their order."""
    for one in (cast.wang, cast.li, cast.zhou, cast.chen):
        await one.does(nothing, lambda one=one: one.reads("已截单"))  # type: ignore[misc]
    await cast.anna.does(nothing, lambda: cast.anna.reads("is closed"))
    await cast.xiang.does(nothing, lambda: cast.xiang.reads("采购单 CB1-1-1"))
    await cast.tess.does(nothing, lambda: cast.tess.reads("采购单 CB1-1-2"))


async def answer(cast: Cast) -> None:
    """Both suppliers accept."""
    await accepts(cast, cast.xiang, "白帝", "CB1-1-1")
    await accepts(cast, cast.tess, "云上", "CB1-1-2")


async def accepts(cast: Cast, supplier: Person, name: str, number: str) -> None:
    """One accepts; the coordinator hears of it."""
    await supplier.presses("✅ 接单", lambda: supplier.reads(f"采购单 {number}", "✅ 已接单"))
    await cast.wang.does(nothing, lambda: cast.wang.reads(f"{name}已接单：{number}"))


async def correct(cast: Cast) -> None:
    """李敏 gets only 2 oranges after all: a second revision, which 老向 accepts as well."""
    wang, xiang = cast.wang, cast.xiang

    async def walk() -> None:
        await wang.asks("/round", lambda: wang.shows("第1轮团购*"))
        await wang.step(lambda: wang.tap("第1轮团购*"), lambda: wang.shows("✏️ 更正"))
        await wang.step(lambda: wang.tap("✏️ 更正"), lambda: wang.shows("🧺 李敏*"))
        await wang.step(lambda: wang.tap("🧺 李敏*"), lambda: wang.shows("脐橙：订购*"))
        await wang.step(lambda: wang.tap("脐橙：订购*"), lambda: wang.reads("改成订多少"))
        await wang.step(lambda: wang.say("两箱"), lambda: wang.shows("是的，更正"))
        await wang.step(lambda: wang.tap("是的，更正"), lambda: xiang.reads("CB1-1-1-R2"))

    await wang.goes_through(walk, lambda: xiang.reads("CB1-1-1-R2"))
    await cast.li.does(nothing, lambda: cast.li.reads("团长更正了第1轮团购"))
    await cast.sees(cast.li, "脐橙", 2)
    await accepts(cast, xiang, "白帝", "CB1-1-1-R2")


async def ship(cast: Cast) -> None:
    """老向 sends the goods off; who gets oranges hears of it."""
    xiang = cast.xiang
    await xiang.presses("🚚 已发货", lambda: xiang.reads("CB1-1-1-R2", "🚚 已发货"))
    await cast.li.does(nothing, lambda: cast.li.reads("白帝已发货"))


def nothing() -> None:
    """Only look."""
