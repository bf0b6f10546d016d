"""Which offers a typed text means. Clear lines are placed; unclear ones come back with what they may mean.

Words are compared with names, aliases and pinyin by RapidFuzz. A match must be good, and clearly better than
the next, to count: a wrong order is worse than a question. The dictionary of pinyin takes 55 MiB and a quarter of a
second: it is read when words are typed for the first time that are no product's name.
"""

from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process, utils
from sqlmodel import col, select

from models import Member, Offer, Order, OrderLine, Person
from rules.measures import is_sold_by
from rules.order_text import WishedText, chain_line_of, is_chain, split_order_text
from rules.ordering import tolerance_up_to
from rules.refusal import Refusal
from services.access import acting_member
from services.offer_rows import lock_offers
from services.own_rounds import RoundName, names_of_several, open_round_ids
from services.place_order import Placed, place_order
from services.work import Work

EXACT = 120.0
"""A name typed exactly wins over one that merely contains it: oranges over blood oranges."""
GOOD = 82
CLEARLY_BETTER = 8
POSSIBLE = 58
MAX_CHOICES = 4
WORTH_ASKING = 70


@dataclass(frozen=True, slots=True)
class UnderstoodLine:
    """A line that was placed, and what was wished before, to undo it."""

    offer_id: int
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    before: int
    quantity: int
    cost: int
    tolerance: int = 0
    before_tolerance: int = 0
    round: RoundName | None = None
    """Which round it is in, where several are open."""


@dataclass(frozen=True, slots=True)
class UnclearLine:
    """A line that may mean one of several offers, or lacks a quantity."""

    raw: str
    quantity: int | None
    choices: tuple[tuple[int, str, str], ...]
    most: int | None = None
    """Up to so many, if that was said."""
    rounds: tuple[RoundName, ...] = ()
    """Each choice's round, where they are of several."""
    measure: str | None = None
    """The weight or volume that was typed, where a choice is not sold by it: how many is asked, too."""
    sold_by: tuple[str, str, str, str] | None = None
    """The only choice's own unit and specification, each in Chinese and English, where that is so."""


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that was understood and cannot be had."""

    name_zh: str
    name_en: str
    no: Refusal


@dataclass(slots=True)
class Understood:
    """What became of a typed order."""

    round_id: int | None = None
    currency: str = "CNY"
    placed: list[UnderstoodLine] = field(default_factory=list)
    unclear: list[UnclearLine] = field(default_factory=list)
    refused: list[RefusedLine] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """What was wanted, as typed, and is not to be had."""
    chain_without_name: bool = False
    rounds: dict[int, RoundName] = field(default_factory=dict)
    """The open rounds by id, where there are several."""

    @property
    def anything(self) -> bool:
        """Whether the text was an order at all."""
        return bool(self.placed or self.unclear or self.refused or self.chain_without_name)


def order_by_text(work: Work, text: str) -> Understood:
    """Place the clear lines of a typed order in the newest open round. The quantity typed is the wish itself."""
    member, enterprise = acting_member(work)
    rounds = open_round_ids(work)
    result = Understood(currency=enterprise.currency)
    if not rounds:
        return result
    own = _own_line(work, member, text)
    if own is None:
        result.chain_without_name = True
        return result
    offers = {round_id: _offers(work, round_id) for round_id in rounds}
    result.round_id, result.rounds = rounds[0], names_of_several(work, rounds)
    every = [offer for listed in offers.values() for offer in listed]
    clear: list[tuple[Offer, WishedText]] = []
    for wish in split_order_text(own):
        clear += _understand(work, wish, every, result)
    lock_offers(work, [offer.id or 0 for offer, _ in clear])
    for offer, wish in _last_of_each(clear):
        _place(work, offer, wish, result)
    return result


def set_typed_line(work: Work, offer_id: int, quantity: int, tolerance: int | None) -> UnderstoodLine:
    """Undo a typed line, or settle what an unclear one meant."""
    placed = place_order(work, offer_id, quantity, tolerance)
    return _line(work.session.get_one(Offer, offer_id), placed, names_of_several(work, open_round_ids(work)))


def _own_line(work: Work, member: Member, text: str) -> str | None:
    if not is_chain(text):
        return text
    person = work.session.get_one(Person, member.person_id)
    return chain_line_of(text, (member.name, person.first_name))


def _offers(work: Work, round_id: int) -> list[Offer]:
    return list(work.session.exec(select(Offer).where(Offer.round_id == round_id).order_by(col(Offer.position))))


def _understand(
    work: Work, wish: WishedText, offers: list[Offer], result: Understood
) -> list[tuple[Offer, WishedText]]:
    """What a clear line is about; an unclear one is asked about, so many of what is not there is told, and what is no
    order says nothing."""
    ranked = _rank(wish, offers)
    if not ranked or ranked[0][0] < POSSIBLE:
        result.missing += [wish.raw] if wish.asks_for_something else []
        return []
    best, offer = ranked[0]
    others = [other for score, other in ranked[1:] if score > best - CLEARLY_BETTER]
    clear = best >= GOOD and not others
    if clear and _is_differently_sold(wish, [offer]):
        _ask(work, wish, [offer], result)
    elif clear and (wish.quantity is not None or wish.most is not None):
        return [(offer, wish)]
    elif best >= WORTH_ASKING or wish.quantity is not None:
        choices = [other for score, other in ranked if score >= max(POSSIBLE, best - 2 * CLEARLY_BETTER)]
        _ask(work, wish, choices[:MAX_CHOICES], result)
    return []


def _is_differently_sold(wish: WishedText, choices: list[Offer]) -> bool:
    """Ten 斤 of what is sold by the bag are not ten bags; none at all is none of anything."""
    units = [(offer.unit_zh, offer.unit_en) for offer in choices]
    return bool(wish.measure and wish.quantity != 0 and not all(is_sold_by(wish.measure, own) for own in units))


def _ask(work: Work, wish: WishedText, choices: list[Offer], result: Understood) -> None:
    measure = wish.measure if _is_differently_sold(wish, choices) else None
    if measure:
        wish = replace(wish, quantity=None, most=None)
    try:
        if wish.quantity is not None and wish.most is not None:
            tolerance_up_to(wish.quantity, wish.most)
    except Refusal as no:
        result.refused.append(RefusedLine(wish.raw, wish.raw, no))
    else:
        named = tuple((offer.id or 0, offer.name_zh, offer.name_en) for offer in choices)
        rounds = _rounds(choices, result.rounds)
        sold_by = _sold_by(choices[0]) if measure and len(choices) == 1 else None
        result.unclear.append(UnclearLine(wish.raw, wish.quantity, named, wish.most, rounds, measure, sold_by))


def _sold_by(offer: Offer) -> tuple[str, str, str, str]:
    return offer.unit_zh, offer.unit_en, offer.specification_zh, offer.specification_en


def _rounds(choices: list[Offer], names: dict[int, RoundName]) -> tuple[RoundName, ...]:
    several = len({offer.round_id for offer in choices}) > 1
    return tuple(names[offer.round_id] for offer in choices) if several else ()


def _last_of_each(clear: list[tuple[Offer, WishedText]]) -> list[tuple[Offer, WishedText]]:
    """One update wishes each line once: what is said last counts. `最多3箱` alone adds to what was said before."""
    last: dict[int, tuple[Offer, WishedText]] = {}
    for offer, wish in clear:
        said = last.get(offer.id or 0)
        if said and wish.quantity is None and wish.most is not None:
            wish = said[1].up_to(wish)
        last[offer.id or 0] = offer, wish
    return list(last.values())


def _place(work: Work, offer: Offer, wish: WishedText, result: Understood) -> None:
    """`最多3箱` alone says only how far one would go beyond what one wishes already."""
    try:
        quantity = _firm(work, offer) if wish.quantity is None else wish.quantity
        tolerance = None if wish.most is None else tolerance_up_to(quantity, wish.most)
        placed = place_order(work, offer.id or 0, quantity, tolerance)
    except Refusal as no:
        result.refused.append(RefusedLine(offer.name_zh, offer.name_en, no))
    else:
        result.placed.append(_line(offer, placed, result.rounds))


def _firm(work: Work, offer: Offer) -> int:
    firm = work.session.exec(
        select(OrderLine.firm)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .where(OrderLine.offer_id == offer.id, Order.member_id == work.someone.member_id)
    ).first()
    return firm or 0


def _line(offer: Offer, placed: Placed, rounds: dict[int, RoundName]) -> UnderstoodLine:
    return UnderstoodLine(
        offer.id or 0, offer.name_zh, offer.name_en, offer.unit_zh, offer.unit_en, placed.before, placed.firm,
        placed.firm * offer.price_minor, placed.tolerance, placed.before_tolerance,
        rounds.get(offer.round_id),
    )  # fmt: skip


def _rank(wish: WishedText, offers: list[Offer]) -> list[tuple[float, Offer]]:
    if wish.number is not None:
        return [(100.0, offer) for offer in offers if offer.position == wish.number]
    plain = utils.default_process(wish.words)
    scored = [(_score(plain, _names(offer)), offer) for offer in offers] if plain else []
    if all(score < EXACT for score, _ in scored):  # against a name that is typed exactly, no sound can count
        scored = [(max(score, _sound(plain, _names(offer))), offer) for score, offer in scored]
    return sorted(scored, key=lambda pair: -pair[0])


def _score(plain: str, names: list[str]) -> float:
    exact = EXACT if plain in {utils.default_process(name) for name in names} else 0.0
    inside = max((_inside(plain, utils.default_process(name)) for name in names), default=0.0)
    fuzzy = process.extractOne(plain, names, scorer=fuzz.WRatio, processor=utils.default_process)
    return max(exact, inside, (fuzzy[1] if fuzzy else 0.0) * 0.95)


def _names(offer: Offer) -> list[str]:
    full = [f"{offer.county_zh}{offer.name_zh}", f"{offer.county_en} {offer.name_en}"]
    return [name for name in (offer.name_zh, offer.name_en, *offer.aliases.split("\n"), *full) if name.strip()]


def _inside(words: str, name: str) -> float:
    """`脐橙` in `奉节脐橙`, `orange` for `navel oranges`."""
    stem = words.removesuffix("es") if words.endswith("oes") else words.removesuffix("s")
    if len(stem) < 2:
        return 0.0
    if stem in name:
        return 88.0 + 10.0 * len(stem) / len(name)
    return 88.0 if len(name) >= 2 and name in words else 0.0


def _sound(words: str, names: list[str]) -> float:
    """Same sound, other characters: `齐橙`, or `qicheng` typed without characters."""
    from pypinyin import lazy_pinyin

    said = "".join(lazy_pinyin(words)).replace(" ", "")
    if len(said) < 4:
        return 0.0
    sounds = ["".join(lazy_pinyin(name)).replace(" ", "") for name in names if not name.isascii()]
    return max((90.0 if said == s else 86.0 if said in s else fuzz.ratio(said, s) * 0.9 for s in sounds), default=0.0)
