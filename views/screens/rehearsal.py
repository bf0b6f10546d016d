"""A rehearsal of the closing, as the coordinator reads it."""

from markupsafe import Markup

from services.rehearse import Rehearsal, RehearsedMember, RehearsedOffer, RehearsedSupplier
from views.language import Language
from views.presses.changing import AnswerHeld, Rehearse
from views.presses.coordinating import CloseNow, ShowRound
from views.screen import Button, Screen
from views.screens.fit import fit
from views.screens.pages import page_of, turns

MEMBERS_A_PAGE = 10
MAX_CHARACTERS = 3000


def rehearsal_screen(rehearsal: Rehearsal, members: bool, page: int, language: Language) -> Screen:
    """What would go to whom, or what each member would get; nothing is sent."""
    head = _head(rehearsal, language)
    if members:
        return _members_screen(rehearsal, page, head, language)
    rows = [(Button(language.plain("👥 For each member"), Rehearse(rehearsal.round_id, True, 0)),)]
    if rehearsal.phase == "open":
        rows.append((Button(language.plain("🔔 Close now"), CloseNow(rehearsal.round_id, sure=False)),))
    back = (Button(language.plain("‹ Back"), ShowRound(rehearsal.round_id)),)
    lines = [head, *_before(rehearsal, language), *_supplier_blocks(rehearsal, language), _sums(rehearsal, language)]
    return Screen(Markup("\n").join(lines), (*rows, back))


def order_anyway_screen(rehearsal: Rehearsal, language: Language) -> Screen:
    """Order although minimums were missed? Says what that comes to."""
    head = language.say(
        "✅ <b>Order {round} anyway?</b> Please ask the suppliers first. They would get:",
        round=_name(rehearsal, language),
    )
    yes = (Button(language.plain("Yes, order it"), AnswerHeld(rehearsal.round_id, "order", sure=True)),)
    back = (Button(language.plain("‹ Back"), ShowRound(rehearsal.round_id)),)
    lines = [head, *_supplier_blocks(rehearsal, language), _sums(rehearsal, language)]
    return Screen(Markup("\n").join(lines), (yes, back))


def _name(rehearsal: Rehearsal, language: Language) -> str:
    return rehearsal.title or language.plain("Round {number}", number=rehearsal.number)


def _head(rehearsal: Rehearsal, language: Language) -> Markup:
    name = _name(rehearsal, language)
    if rehearsal.phase == "open":
        return language.say("🧪 <b>Rehearsal of {round}</b> — nothing is sent.", round=name)
    if rehearsal.before.held_until:
        at = language.moment(rehearsal.before.held_until, rehearsal.zone)
        return language.say("✋ <b>{round}</b> waits for your answer. Without one by {at}:", round=name, at=at)
    return language.say("🧾 <b>{round}</b> as decided", round=name)


def _before(rehearsal: Rehearsal, language: Language) -> list[Markup]:
    """What comes before these figures count."""
    lines, before = [], rehearsal.before
    if before.completes_until:
        at = language.moment(before.completes_until, rehearsal.zone)
        lines.append(language.say("⏳ At its time it would first stay open until {at}, for missing units only.", at=at))
    if before.extends_until:
        at = language.moment(before.extends_until, rehearsal.zone)
        lines.append(
            language.say("⏳ At its time it would first stay open until {at}, once: a minimum is missed.", at=at)
        )
    if before.asks:
        lines.append(
            language.say("✋ It would wait for your answer first: a minimum is missed. Without one, it comes to this:")
        )
    if rehearsal.fallen:
        lines.append(
            language.say_many(
                "⚠️ {n} line falls away: a change nobody agreed to, or an order left behind.",
                "⚠️ {n} lines fall away: changes nobody agreed to, or orders left behind.",
                rehearsal.fallen,
            )
        )
    return lines


def _supplier_blocks(rehearsal: Rehearsal, language: Language) -> list[Markup]:
    if not rehearsal.suppliers:
        return [language.say("Nobody has ordered yet.")]
    return fit([_supplier(supplier, rehearsal, language) for supplier in rehearsal.suppliers], MAX_CHARACTERS, language)


def _sums(rehearsal: Rehearsal, language: Language) -> Markup:
    line = language.say(
        "💰 Members pay <b>{members}</b>, suppliers are owed <b>{owed}</b>",
        members=language.money(rehearsal.paid_by_members, rehearsal.currency),
        owed=language.money(rehearsal.owed, rehearsal.currency),
    )
    if not rehearsal.paid_by_house:
        return line
    house = language.say(
        "🏢 the enterprise bears {house}", house=language.money(rehearsal.paid_by_house, rehearsal.currency)
    )
    return Markup("{}\n{}").format(line, house)


def _supplier(supplier: RehearsedSupplier, rehearsal: Rehearsal, language: Language) -> Markup:
    name = language.pick(supplier.name_zh, supplier.name_en)
    head = Markup("\n🌾 <b>{}</b> {}").format(name, language.money(supplier.value, rehearsal.currency))
    if supplier.missing_value:
        head = language.say(
            "\n❌ <b>{supplier}</b>: {missing} short of its minimum of {minimum}; nothing would be ordered",
            supplier=name,
            missing=language.money(supplier.missing_value, rehearsal.currency),
            minimum=language.money(supplier.minimum, rehearsal.currency),
        )
    lines = [head, *(_offer(offer, language) for offer in supplier.offers)]
    if supplier.freight:
        lines.append(language.say("• freight {value}", value=language.money(supplier.freight, rehearsal.currency)))
    return Markup("\n").join(lines)


def _offer(offer: RehearsedOffer, language: Language) -> Markup:
    name = language.pick(offer.name_zh, offer.name_en)
    wished = language.units(offer.wished, offer.unit_zh, offer.unit_en)
    if offer.failed:
        return language.say("• ❌ {name}: {wished} wished, too few", name=name, wished=wished)
    units = language.units(offer.units, offer.unit_zh, offer.unit_en)
    if offer.house_units:
        return language.say(
            "• {name} <b>{units}</b> for {wished} wished; the enterprise takes {house}",
            name=name, units=units, wished=wished, house=offer.house_units,
        )  # fmt: skip
    if offer.units != offer.wished:
        return language.say("• {name} <b>{units}</b> for {wished} wished", name=name, units=units, wished=wished)
    return Markup("• {} <b>{}</b>").format(name, units)


def failures(rehearsal: Rehearsal, language: Language) -> list[Markup]:
    """The minimums that are missed, offer by offer and supplier by supplier."""
    lines = []
    for supplier in rehearsal.suppliers:
        if supplier.missing_value:
            lines.append(
                language.say(
                    "• {supplier}: {missing} to its minimum of {minimum}",
                    supplier=language.pick(supplier.name_zh, supplier.name_en),
                    missing=language.money(supplier.missing_value, rehearsal.currency),
                    minimum=language.money(supplier.minimum, rehearsal.currency),
                )
            )
            continue
        lines += [
            language.say(
                "• {name}: {missing} more",
                name=language.pick(offer.name_zh, offer.name_en),
                missing=language.units(offer.missing, offer.unit_zh, offer.unit_en),
            )
            for offer in supplier.offers
            if offer.failed
        ]
    return fit(lines, MAX_CHARACTERS, language)


def _members_screen(rehearsal: Rehearsal, page: int, head: Markup, language: Language) -> Screen:
    shown, page, pages = page_of(rehearsal.members, page, MEMBERS_A_PAGE)
    lines = fit([_member(member, rehearsal, language) for member in shown], MAX_CHARACTERS, language)
    turn = turns(page, pages, lambda to: Rehearse(rehearsal.round_id, True, to))
    back = (Button(language.plain("🌾 For each supplier"), Rehearse(rehearsal.round_id, False, 0)),)
    return Screen(Markup("\n").join([head, *lines]), (*turn, back))


def _member(member: RehearsedMember, rehearsal: Rehearsal, language: Language) -> Markup:
    parts = []
    for line in member.lines:
        name = language.pick(line.name_zh, line.name_en)
        mark = language.plain(" ✋by hand") if line.manual else ""
        if line.units == line.wished:
            parts.append(f"{name} {line.units}{mark}")
        else:
            parts.append(f"{name} {line.wished} → {line.units}{mark}")
    return Markup("<b>{}</b> {} · {}").format(
        member.name, language.money(member.total, rehearsal.currency), language.listed(parts)
    )
