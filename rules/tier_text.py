"""Price tiers as people type them: `20 46, 50 42`, `20箱46元，50箱42元`, `20+ ¥46`."""

import re
from collections.abc import Sequence

from rules.half_width import half_width
from rules.pricing import Tier, check_tiers
from rules.quantities import CHINESE_NUMBER, MAX_QUANTITY, UNIT_WORDS, parse_number
from rules.refusal import Refusal
from rules.terms import check_unit, read_price, says_none

MAX_TIERS = 6
MAX_TEXT_CHARACTERS = 200
_CERTAIN_BREAKS = re.compile(r"[\n;；，、]+")
_UNITS = re.compile(rf"(?:from|满|够|到|达|>=|≥|>)?\s*(?P<number>\d{{1,9}}|{CHINESE_NUMBER})", re.I)
_ON = re.compile(
    r"(?:\s*(?:[及和]?以上|起|or more|and (?:up|more)|on|\+))?\s*(?:[:=@→]|-+>|each|at|每\w|单价)?\s*", re.I
)
_SIGN = re.compile(r"[¥€$£]|[a-z]{3}\s?\d", re.I)


def read_tiers(text: str, base_price: int, currency: str, unit_words: Sequence[str] = ()) -> tuple[Tier, ...]:
    """Tiers from the fewest units on; none where the text says none.

    Refusals: tiers_not_understood, too_many_tiers(limit), price_zero, unit_differs, quantity_too_large, and those of
    `rules.pricing.check_tiers`.
    """
    if says_none(text):
        return ()
    pieces = [half_width(piece).strip() for piece in _CERTAIN_BREAKS.split(text) if piece.strip()]
    if not pieces or len(text) > MAX_TEXT_CHARACTERS:
        raise Refusal("tiers_not_understood")
    tiers = [tier for piece in pieces for tier in _tiers(piece, currency, unit_words)]
    if len(tiers) > MAX_TIERS:
        raise Refusal("too_many_tiers", limit=MAX_TIERS)
    return check_tiers(base_price, tiers)


def _tiers(piece: str, currency: str, unit_words: Sequence[str]) -> list[Tier]:
    """A comma may stand in a price (`20 46,50`) or between two tiers (`20 46,50 42`)."""
    try:
        return [_tier(piece, currency, unit_words)]
    except Refusal as no:
        if no.code != "tiers_not_understood" or "," not in piece:
            raise
    halves = re.split(r",\s+", piece) if re.search(r",\s", piece) else piece.split(",")
    return [tier for half in halves if half.strip() for tier in _tiers(half.strip(), currency, unit_words)]


def _tier(piece: str, currency: str, unit_words: Sequence[str]) -> Tier:
    found = _UNITS.match(piece)
    units = parse_number(found["number"]) if found else None
    if found is None or units is None:
        raise Refusal("tiers_not_understood")
    rest = piece[found.end() :]
    price = _without_unit(rest, unit_words)
    check_unit(found["number"] + rest[: len(rest) - len(price)].strip(), unit_words)
    price = price[_on(price) :]
    if price == rest and not _SIGN.match(price):
        raise Refusal("tiers_not_understood")
    if units > MAX_QUANTITY:
        raise Refusal("quantity_too_large", limit=MAX_QUANTITY)
    return Tier(units, _price(price, currency, unit_words))


def _on(text: str) -> int:
    found = _ON.match(text)
    return found.end() if found else 0


def _words(unit_words: Sequence[str]) -> list[str]:
    return sorted({word.casefold() for word in (*unit_words, *UNIT_WORDS) if word.strip()}, key=len, reverse=True)


def _without_unit(text: str, unit_words: Sequence[str]) -> str:
    """`箱46元` without its unit. A sign of money (`块`) is no unit here."""
    bare = text.lstrip()
    for word in _words(unit_words):
        if word != "块" and bare.casefold().startswith(word):
            return bare[len(word) :]
    return text


def _price(text: str, currency: str, unit_words: Sequence[str]) -> int:
    each = "|".join(re.escape(word) for word in _words(unit_words))
    bare = re.sub(rf"\s*(?:(?:/|每|一|\bper|\ba)\s*(?:{each})|each|\bper unit)$", "", text.strip(), flags=re.I)
    try:
        return read_price(bare, currency)
    except Refusal as no:
        raise Refusal("tiers_not_understood") if no.code == "money_not_understood" else no from no
