"""Tells quantities from words in a piece of a typed order.

`10斤装脐橙2箱` has one quantity: a weight or a packing belongs to the product's name. `三峡脐橙` has none: a
Chinese number counts only before a unit, as a word of its own, or at the very end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.measures import MEASURES, measure_in
from rules.quantities import CHINESE_NUMBER, ENGLISH, MAX_QUANTITY, UNIT_WORDS, parse_number

_COUNTED = (*UNIT_WORDS, *(word for word in MEASURES if word not in ("克", "毫升")))
"""`五千克` is five kilograms: what is packed by the gram is a product's name."""
_CHINESE_UNITS = "|".join(sorted({u for u in _COUNTED if not u.isascii()}, key=len, reverse=True))
_ENGLISH_UNITS = "|".join(sorted({u for u in _COUNTED if u.isascii()}, key=len, reverse=True))
_DOZENS = "打|dozens?"
_ARTICLES = ("a", "an", "no")
_NUMBER_WORDS = "|".join(sorted((w for w in ENGLISH if w not in (*_ARTICLES, "dozen")), key=len, reverse=True))
UNIT = rf"(?:\s*(?:{_CHINESE_UNITS})(?!装)|\s*(?:{_ENGLISH_UNITS})(?![a-z]))"
_MEASURES = rf"\s*(?:{'|'.join(MEASURES)})(?![a-z装])"
_END = r"(?=$|[\s\d])"
_PRICE = re.compile(r"[¥€$]\s*\d+(?:\.\d+)?|\d+(?:\.\d+)?\s*(?:元|块钱)(?:\s*/\s*\w)?")
_MEASURE = (
    r"\d+(?:\.\d+)?(?:\s*[-~]\s*\d+(?:\.\d+)?)?\s*(?:(?:g|ml|l|mm|cm)(?![a-z])|克|毫升|升|度|年|%|:\d\d"
    rf"|(?:{_CHINESE_UNITS}|kg|枚|粒)装)|\d+\.\d+"
)
_TO = r"\s*(?:[-~–—]|到|至|(?:to|or)(?![a-z]))\s*"
_TOKEN = re.compile(
    rf"(?P<measure>{_MEASURE})"
    r"|(?P<reference>(?<!\d)\d{1,2}\s*[号#]|(?:\bno\.|#|№)\s*\d{1,2}(?!\d))"
    rf"|(?:(?<![a-z])x\s*|[×*:=+]\s*)?(?:"
    rf"(?P<number>-?\d+)(?:{_TO}(?P<most>\d+))?(?:\s*(?P<dozens>{_DOZENS})|{UNIT}{_END}|{_MEASURES}|(?:{_CHINESE_UNITS})(?!装))?"
    rf"|(?P<chinese>{CHINESE_NUMBER})(?:[到至](?P<most_zh>{CHINESE_NUMBER}))?(?:\s*(?P<dozens_zh>打)|\s*(?:{_CHINESE_UNITS})(?!装)|$)"
    rf"|(?:(?<=[\s×*:=+])|(?<![\s\S]))(?P<bare>{CHINESE_NUMBER})(?=\s)"
    rf"|(?P<half>半打|half a dozen)"
    rf"|(?<![a-z])(?P<article>an?)\s+(?:(?P<dozens_a>dozen)|(?:{_ENGLISH_UNITS}))(?![a-z])"
    rf"|(?<![a-z])(?P<english>{_NUMBER_WORDS})(?![a-z])(?:\s+(?:to|or)\s+(?P<most_en>{_NUMBER_WORDS})(?![a-z]))?(?:\s*(?P<dozens_en>dozen)(?![a-z])|{UNIT})?"
    r")(?:\s*x(?![a-z]))?(?P<of>\s*of(?![a-z])|的)?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Token:
    """Words, or a quantity, or the number of an offer in its round, with its place in the piece."""

    start: int
    end: int
    quantity: int | None = None
    reference: int | None = None
    of_follows: bool = False
    """`boxes of` says that the words come after."""
    most: int | None = None
    """`2-3`: up to so many."""
    measure: str | None = None
    """The weight or volume that the quantity counts."""

    @property
    def is_words(self) -> bool:
        """Whether it names a product."""
        return self.quantity is None


def without_prices(text: str) -> str:
    """`脐橙39.9元2箱` without its price."""
    return _PRICE.sub(" ", text)


def tokens(piece: str) -> list[Token]:
    """Words and quantities by turns; where quantities follow each other only the last is one."""
    found = [token for token in _tokens(piece) if token.quantity is not None or piece[token.start : token.end].strip()]
    kept: list[Token] = []
    for place, token in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else None
        if token.quantity is not None and following is not None and following.quantity is not None:
            token = Token(token.start, token.end)
        if kept and token.is_words and kept[-1].is_words and token.reference is None and kept[-1].reference is None:
            token = Token(kept.pop().start, token.end)
        kept.append(token)
    return kept


def _tokens(piece: str) -> Iterator[Token]:
    place = 0
    for found in _TOKEN.finditer(piece):
        token = _token(found)
        if token is not None:
            yield Token(place, found.start())
            yield token
            place = found.end()
    yield Token(place, len(piece))


def _token(found: re.Match[str]) -> Token | None:
    if found["measure"]:
        return Token(*found.span())
    if found["reference"]:
        return Token(*found.span(), reference=int(re.sub(r"\D", "", found["reference"])))
    quantity = _quantity(found)
    if quantity is None:
        return None
    most = parse_number((found["most"] or found["most_zh"] or found["most_en"] or "").casefold())
    return Token(*found.span(), quantity, of_follows=found["of"] is not None, most=most, measure=measure_in(found[0]))


def _quantity(found: re.Match[str]) -> int | None:
    if found["half"]:
        return 6
    said = (found["number"] or found["chinese"] or found["bare"] or found["english"] or found["article"]).casefold()
    number = parse_number(said.removeprefix("-"))
    if number is None:
        return None
    if any(found[name] for name in ("dozens", "dozens_zh", "dozens_a", "dozens_en")):
        number *= 12
    number = min(number, MAX_QUANTITY + 1)
    return -number if said.startswith("-") else number
