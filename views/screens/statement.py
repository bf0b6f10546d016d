"""The statement of a round: for its coordinator, and a supplier's own part of it."""

from markupsafe import Markup

from services.read_statement import MemberPart, OwnStatement, Statement, SupplierPart
from views.language import Language
from views.presses.closing import ShowPurchaseOrder
from views.presses.coordinating import ShowRound
from views.presses.statement import SendStatement, SettleRound, ShowStatement
from views.screen import Button, Screen
from views.screens.fit import fit
from views.screens.outcome import phase_name
from views.screens.pages import page_of, turns
from views.screens.purchase_order_state import state_words

MEMBERS_A_PAGE = 15
MAX_CHARACTERS = 3000


def statement_screen(
    statement: Statement, members: bool, page: int, language: Language, toast: str | None = None
) -> Screen:
    """Suppliers and the sums, or members a page."""
    if members:
        return _members_screen(statement, page, language)
    parts = [_supplier(part, statement, language) for part in statement.suppliers]
    lines = fit(parts, MAX_CHARACTERS, language) or [language.say("Nothing was ordered from any supplier.")]
    rows = (
        (
            Button(language.plain("👥 For each member"), ShowStatement(statement.found.id or 0, True, 0)),
            Button(language.plain("📄 As a sheet"), SendStatement(statement.found.id or 0)),
        ),
        *((_settle_button(statement, language),) if statement.found.phase == "closed" else ()),
        (Button(language.plain("‹ Back"), ShowRound(statement.found.id or 0)),),
    )
    text = Markup("\n").join([_head(statement, language), *lines, "", *_sums(statement, language)])
    return Screen(text, rows, toast=toast)


def _settle_button(statement: Statement, language: Language) -> tuple[Button, ...]:
    return (Button(language.plain("🏁 Settle the round"), SettleRound(statement.found.id or 0, sure=False)),)


def settle_screen(statement: Statement, language: Language) -> Screen:
    """Settle? Says what that means."""
    round_id = statement.found.id or 0
    text = language.say(
        "🏁 Settle <b>{round}</b>?\nEverything has arrived, members have paid {paid}, suppliers have their {owed}. "
        "Nothing about the round changes after that.",
        round=_name(statement, language), paid=language.money(statement.paid, statement.currency),
        owed=language.money(statement.owed, statement.currency),
    )  # fmt: skip
    yes = Button(language.plain("Yes, settle it"), SettleRound(round_id, sure=True))
    return Screen(text, ((yes,), (Button(language.plain("‹ Back"), ShowStatement(round_id, False, 0)),)))


def _head(statement: Statement, language: Language) -> Markup:
    head = language.say("🧾 <b>Statement of {round}</b>", round=_name(statement, language))
    if statement.found.phase == "closed":
        return head
    return Markup("{} · {}").format(head, phase_name(statement.found.phase, language))


def _name(statement: Statement, language: Language) -> str:
    return statement.found.title or language.plain("Round {number}", number=statement.found.number)


def _supplier(part: SupplierPart, statement: Statement, language: Language) -> Markup:
    def money(minor: int) -> str:
        return language.money(minor, statement.currency)

    name = language.pick(part.supplier.zh, part.supplier.en)
    text = language.say(
        "🌾 <b>{supplier}</b> {number}: <b>{owed}</b>", supplier=name, number=part.number, owed=money(part.owed)
    )
    if part.freight:
        text += language.say(
            "\n   produce {value} + freight {freight}", value=money(part.value), freight=money(part.freight)
        )
    if not part.owed:
        text += Markup("\n   {}").format(state_words(part.phase, cancelled=True, language=language))
    return text + _difference(part.difference, statement.currency, language)


def _difference(difference: int, currency: str, language: Language) -> Markup:
    """What has changed since the closing, on a line of its own; nothing where nothing has."""
    if not difference:
        return Markup("")
    amount = language.money(abs(difference), currency)
    if difference > 0:
        return language.say("\n   ➕ {amount} since the closing", amount=amount)
    return language.say("\n   ➖ {amount} since the closing", amount=amount)


def _sums(statement: Statement, language: Language) -> list[Markup]:
    """Members and the enterprise pay what suppliers are owed."""

    def money(minor: int) -> str:
        return language.money(minor, statement.currency)

    more = sum(max(0, part.difference) for part in statement.members)
    less = sum(max(0, -part.difference) for part in statement.members)
    lines = [
        language.say(
            "👥 Members pay <b>{paid}</b> + 🏢 the enterprise <b>{house}</b> = <b>{owed}</b>",
            paid=money(statement.paid), house=money(statement.house), owed=money(statement.owed),
        )
    ]  # fmt: skip
    if more:
        lines.append(language.say("➕ Members have {amount} more to pay than at the closing", amount=money(more)))
    if less:
        lines.append(language.say("↩️ {amount} are to be returned to members", amount=money(less)))
    house = statement.house - statement.first_house
    if house:
        lines.append(
            language.say(
                "🏢 The enterprise bore {before} at the closing, now {now}",
                before=money(statement.first_house), now=money(statement.house),
            )
        )  # fmt: skip
    return lines


def _members_screen(statement: Statement, page: int, language: Language) -> Screen:
    round_id = statement.found.id or 0
    shown, page, pages = page_of(statement.members, page, MEMBERS_A_PAGE)
    lines = fit([_member(part, statement, language) for part in shown], MAX_CHARACTERS, language)
    total = language.say("👥 Together <b>{paid}</b>", paid=language.money(statement.paid, statement.currency))
    back = (Button(language.plain("🌾 For each supplier"), ShowStatement(round_id, False, 0)),)
    text = Markup("\n").join([_head(statement, language), *lines, "", total])
    return Screen(text, (*turns(page, pages, lambda to: ShowStatement(round_id, True, to)), back))


def _member(part: MemberPart, statement: Statement, language: Language) -> Markup:
    total = language.money(part.total, statement.currency)
    text = Markup("{} <b>{}</b>").format(part.name, total)
    if part.freight:
        text = language.say(
            "{member} (freight {freight})", member=text, freight=language.money(part.freight, statement.currency)
        )
    return text + _difference(part.difference, statement.currency, language)


def own_statement_screen(statement: OwnStatement, language: Language) -> Screen:
    """What a supplier is owed, and the value of each revision."""

    def money(minor: int) -> str:
        return language.money(minor, statement.currency)

    part = statement.part
    name = statement.title or language.plain("Round {number}", number=statement.round_number)
    lines = [
        language.say("🧾 <b>Statement of {number}</b>", number=part.number),
        Markup("{} · {}").format(statement.enterprise, name),
    ]
    if len(statement.revisions) > 1:
        for revision, value in statement.revisions:
            mark = " ✅" if revision == statement.accepted_revision else ""
            lines.append(Markup("• R{} {}{}").format(revision, money(value), mark))
    lines.append(language.say("Produce: {value}", value=money(part.value)))
    if part.freight:
        lines.append(language.say("Freight: {value}", value=money(part.freight)))
    lines.append(language.say("You are owed: <b>{owed}</b>", owed=money(part.owed)))
    lines.append(state_words(part.phase, cancelled=not part.owed, language=language))
    order = Button(language.plain("📦 The purchase order"), ShowPurchaseOrder(statement.purchase_order_id))
    return Screen(Markup("\n").join(lines), ((order,),))
