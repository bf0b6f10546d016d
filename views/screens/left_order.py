"""An order whose member has left: the coordinator's question, who collects it, and what was decided."""

from markupsafe import Markup

from services.members import MemberPage
from services.read_left_order import LeftOrder
from views.language import Language
from views.presses.members import KeepOrder, WithdrawOrder
from views.screen import Button, Rows, Screen
from views.screens.pages import turns

MAX_LINES = 12


def left_round(left: LeftOrder, language: Language) -> str:
    """The round's title or number."""
    return left.title or language.plain("Round {number}", number=left.number)


def left_lines(left: LeftOrder, language: Language) -> Markup:
    """What there is to collect."""
    lines = [
        Markup("• {} {}").format(
            language.pick(line.name_zh, line.name_en), language.units(line.units, line.unit_zh, line.unit_en)
        )
        for line in left.lines[:MAX_LINES]
    ]
    more = len(left.lines) - MAX_LINES
    if more > 0:
        lines.append(language.say_many("… and {n} more", "… and {n} more", more))
    return Markup("\n").join(lines)


def left_question_screen(left: LeftOrder, language: Language) -> Screen:
    """Who collects it? The default is stated."""
    facts = {"member": left.member, "round": left_round(left, language), "lines": left_lines(left, language)}
    choose: tuple[Button, ...] = (
        Button(language.plain("🙋 I collect it"), KeepOrder(left.order_id, 0, 0, None)),
        Button(language.plain("👥 Somebody else"), KeepOrder(left.order_id, None, 0, None)),
    )
    if left.phase != "open":
        text = language.say(
            "👋 <b>{member}</b> has left. {round} is closed, and this is still to be collected:\n{lines}\n"
            "Who collects it? Without an answer it waits under {member}'s name, who pays as before.",
            **facts,
        )
        return Screen(text, (choose,))
    text = language.say(
        "👋 <b>{member}</b> has left, with an open order in {round}:\n{lines}\nWho collects it? "
        "Without an answer it is withdrawn when the round closes ({at}).",
        at=language.moment(left.closes_at, left.zone) if left.closes_at else "",
        **facts,
    )
    return Screen(text, (choose, (Button(language.plain("🗑 Withdraw it"), WithdrawOrder(left.order_id, None)),)))


def collector_screen(order_id: int, members: MemberPage, instead_of: int | None, language: Language) -> Screen:
    """Who collects it?"""
    rows: Rows = tuple(
        (Button(" · ".join(filter(None, (one.name, one.department))), KeepOrder(order_id, one.id, 0, instead_of)),)
        for one in members.members
    )
    turn = turns(members.page, members.pages, lambda to: KeepOrder(order_id, None, to, instead_of))
    return Screen(language.say("Who collects the order?"), (*rows, *turn))


def left_screen(left: LeftOrder, language: Language) -> Screen:
    """What was decided about an order left behind; it can be changed here."""
    if left.collector_id is None:
        return Screen(language.say("🗑 The order of <b>{member}</b> is withdrawn.", member=left.member))
    text = language.say(
        "🙋 <b>{collector}</b> collects the order of {member}. Both are told.",
        collector=left.collector, member=left.member,
    )  # fmt: skip
    other = Button(language.plain("👥 Somebody else"), KeepOrder(left.order_id, None, 0, left.collector_id))
    if left.phase != "open":
        return Screen(text, ((other,),))
    withdraw = Button(language.plain("🗑 Withdraw it"), WithdrawOrder(left.order_id, left.collector_id))
    return Screen(text, ((other, withdraw),))


def collects_screen(left: LeftOrder, language: Language) -> Screen:
    """To the collector: what, for whom, where and when."""
    place = language.pick(left.point_zh, left.point_en) or language.plain("no pickup point yet")
    day = language.day(left.delivers_on) if left.delivers_on else language.plain("the day is not set yet")
    text = language.say(
        "🤝 You collect an order for <b>{member}</b>, who has left {enterprise} ({round}):\n{lines}\n"
        "📍 {place} · 🚚 {day}",
        member=left.member, enterprise=left.enterprise, round=left_round(left, language),
        lines=left_lines(left, language), place=place, day=day,
    )  # fmt: skip
    if left.phase == "open":
        text += "\n" + language.say("The round is still open; you hear what there really is when it has closed.")
    return Screen(text)


def collects_no_more_screen(left: LeftOrder, language: Language) -> Screen:
    """To whoever would have collected."""
    return Screen(
        language.say(
            "👌 You need not collect the order of <b>{member}</b> in {round} any more.",
            member=left.member,
            round=left_round(left, language),
        )
    )


def fate_screen(left: LeftOrder, fate: str, language: Language) -> Screen:
    """To whoever left: what became of their order."""
    facts = {"round": left_round(left, language), "enterprise": left.enterprise}
    if fate == "withdrawn":
        return Screen(
            language.say(
                "🗑 Your order in {round} ({enterprise}) was withdrawn, since you have left. You pay nothing for it.",
                **facts,
            )
        )
    return Screen(
        language.say(
            "🤝 <b>{collector}</b> collects your order in {round} ({enterprise}). Please settle the payment with them.",
            collector=left.collector,
            **facts,
        )
    )
