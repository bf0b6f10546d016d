"""Reads an order out of a typed or pasted text; which product the words mean is not decided here."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rules.measures import measure_in
from rules.order_tokens import UNIT, Token, tokens, without_prices
from rules.quantities import CHINESE_NUMBER, ENGLISH, MAX_QUANTITY, parse_number

MAX_WISHES = 30
MAX_TEXT_CHARACTERS = 2000
_LIST_NUMBER = re.compile(r"^\s*\d{1,3}\s*(?:[、)]|\.(?!\d))\s*", re.M)
_BREAKS = re.compile(
    r"[\n,;、。!]+|\s+(?:and|plus)\s+|/(?=\s*[^\d\s])"
    rf"|[&+](?=\s*[^\d\s])(?!\s*{CHINESE_NUMBER}(?:{UNIT})?\s*(?:$|[\n,;]))"
)
_REMOVE = re.compile(
    r"(?:取消|不要|不用|删除|去掉|退掉|(?:please\s+)?(?:remove|cancel|no)\s)\s*(?P<words>[^\d.#].*?)(?:了|吧)?"
    r"|(?P<words_first>.+?)\s*(?:不要了?|取消了?|退掉)",
    re.I,
)
_POLITE = re.compile(
    r"^(?:(?:我|请|麻烦|给我|帮我|再|还)*(?:想要|想|要|买|订购?|来|加|带|留|下单)+|(?:我|请|麻烦|给我|帮我)+"
    r"|(?:i\s*(?:'d|would)?\s*(?:like|want)|please|send me|give me|get me|some|of|the)(?![a-z])|还有|以及|和|跟)\s*",
    re.I,
)
_POLITE_END = re.compile(r"\s*(?:please|thanks|thank you|谢谢.*|多谢|吧|哦|啊|和|还有|以及|要|来|订|买)$", re.I)
_MORE = re.compile(
    r"追加|多(?=[来要加订])|加(?=\s*[\d一二两三四五六七八九十])|再(?:来|加|要|订)?|[+](?=\s*[\d一二两三四五六七八九十])"
    r"|\b(?P<one>one more|another)\b|\bmore\b",
    re.I,
)
_STILL_MORE = re.compile(r"^\s*(?:我|请|麻烦)*还(?:想要|想|要|来)")
_NO_PRODUCT = re.compile(
    r"^(?:个?小时|[点月日楼层时分天周年岁位人]|(?:am|pm|th|o'clock|hours?|minutes?|days?|people|persons?)(?![a-z]))"
    r"|(?:电话|手机|号码|工号|[早晚]上|[上下中]午|[周月住在共]|周[一二三四五六日天]|合计|(?<![a-z])(?:at|phone|room|total))$",
    re.I,
)
_UP_TO = re.compile(
    r"\(?\s*(?:最多|至多|不超过|(?<![a-z])(?:up\s+to|at\s+most|max(?:imum)?\.?))\s*(?P<extra>再|多)?(?:可以|可|到|要|加|收|来)*"
    rf"\s*(?P<number>\d{{1,9}}(?![\d.])|{CHINESE_NUMBER}|(?:{'|'.join(ENGLISH)})(?![a-z]))(?:{UNIT})?"
    r"(?P<more>\s*(?:more|extra)(?![a-z]))?\s*\)?",
    re.I,
)
_EACH = re.compile(r"(?:\s*各|\s+each)$", re.I)
_CHAIN_LINE = re.compile(r"^\s*\d{1,3}\s*[.、:)]\s*(?P<body>.+)$")
_EDGES = " \t-–:*×=的,.?？"


@dataclass(frozen=True, slots=True)
class WishedText:
    """One wish as typed: the words for the product or its number in the round, and how many if said.

    A bare quantity (`两箱`) has no words. A quantity may be negative or too large: placing it is refused.
    `most` may be less than the quantity, or stand without one: that is refused, too.
    """

    raw: str
    words: str
    quantity: int | None
    number: int | None = None
    most: int | None = None
    """`最多3箱`: would take up to so many, if that fills a case or a minimum."""
    extra: bool = False
    """`up to 1 more`: `most` counts on top of the quantity."""
    measure: str | None = None
    """`10斤`: the weight or volume that was counted by."""
    more: bool = False
    """`再来一箱`: how many it is in all was not said."""

    @property
    def asks_for_something(self) -> bool:
        """Whether a quantity was typed for what may be a product: not `3点来拿`, and no telephone number."""
        named = self.number is not None or bool(self.words and not _NO_PRODUCT.search(self.words))
        return named and (self.more or 0 < (self.quantity or self.most or 0) <= MAX_QUANTITY)

    def up_to(self, other: "WishedText") -> "WishedText":
        """The same wish, and up to so many as the other one says."""
        most = (other.most or 0) + (self.quantity or 0) if other.extra else other.most
        return replace(self, raw=f"{self.raw} {other.raw}", most=most, measure=self.measure or other.measure)


def split_order_text(text: str) -> list[WishedText]:
    """The wishes in a text, in order; words without a quantity come with None. Never raises."""
    plain = unicodedata.normalize("NFKC", text[:MAX_TEXT_CHARACTERS])
    pieces = _BREAKS.split(without_prices(_LIST_NUMBER.sub("", plain)))
    wishes = [wish for piece in pieces for part in _joined(" ".join(piece.split())) for wish in _read_up_to(part)]
    if wishes and _STILL_MORE.search(plain):
        wishes[0] = replace(wishes[0], quantity=None, more=True)
    return _each(_attached(wishes))[:MAX_WISHES]


def _joined(piece: str) -> list[str]:
    """`2箱脐橙+1袋土豆` in two; `脐橙+1` says how many more."""
    first, *others = piece.split("+")
    parts = [first]
    counted = _is_counted(first)
    for other in others:
        if counted and _named(_wishes(other)):
            parts.append(other.strip())
        else:
            parts[-1] += f"+{other}"
        counted = _is_counted(other)
    return parts


def _is_counted(part: str) -> bool:
    return any(wish.quantity is not None for wish in _named(_wishes(part)))


def _read_up_to(piece: str) -> list[WishedText]:
    """`脐橙2箱 最多3箱`; what is said of how many at most stays a wish of its own, without words."""
    found = _UP_TO.search(piece)
    number = parse_number(found["number"].casefold()) if found else None
    if found is None or number is None:
        return _read(piece)
    before = _read(piece[: found.start()])
    again = _UP_TO.search(piece, found.end())
    if again and piece[again.end() :].strip():  # `最多3箱脐橙 最多4箱土豆`
        return [*_read_up_to(piece[: again.start()].strip()), *_read_up_to(piece[again.start() :])]
    after = _read_up_to(piece[found.end() :].strip())
    if not before and after and after[0].quantity is None and after[0].words:
        measure = measure_in(found[0])
        return [replace(after[0], raw=piece, most=number, measure=measure), *after[1:]]  # `up to 3 boxes of oranges`
    extra = bool(found["extra"] or found["more"])
    return [*before, WishedText(found[0].strip(), "", None, None, number, extra, measure_in(found[0])), *after]


def _attached(wishes: list[WishedText]) -> list[WishedText]:
    """`脐橙2箱，最多3箱` is one wish."""
    kept: list[WishedText] = []
    for wish in wishes:
        if wish.words or wish.number is not None or wish.most is None or wish.quantity is not None:
            kept.append(wish)
        elif kept:
            kept[-1] = kept[-1].up_to(wish)
    return kept


def _read(piece: str) -> list[WishedText]:
    removed = _REMOVE.fullmatch(piece)
    if removed:
        words = _tidy(removed["words"] or removed["words_first"])
        return [WishedText(piece, words, 0)] if words.strip("了") else []
    if _MORE.search(piece):
        # What counts is the whole wish: "one more" does not say it, so it has to be asked.
        rest = _MORE.sub(lambda more: " 1 " if more["one"] else " ", piece)
        return [replace(wish, raw=piece, quantity=None, more=True) for wish in _named(_wishes(rest.strip()))]
    return _wishes(piece)


def _named(wishes: list[WishedText]) -> list[WishedText]:
    return [wish for wish in wishes if wish.words or wish.number is not None]


def _wishes(piece: str) -> list[WishedText]:
    """`脐橙2箱 土豆 1` is two wishes, and so is `2箱脐橙 1袋土豆`."""
    found = [token for token in tokens(piece) if not token.is_words or _means_something(piece, token)]
    if _quantity_leads(found):
        return _pairs(piece, found[next(i for i, token in enumerate(found) if not token.is_words) :], leads=True)
    if found and not found[0].is_words and len(found) > 1:
        found = [Token(found[0].start, found[1].end), *found[2:]]  # `六个核桃 2`: the name begins with a number
    return _pairs(piece, found, leads=False)


def _means_something(piece: str, token: Token) -> bool:
    return token.reference is not None or any(c.isalnum() for c in _tidy(piece[token.start : token.end]))


def _quantity_leads(found: list[Token]) -> bool:
    if any(token.of_follows for token in found):
        return True
    return bool(found) and not found[0].is_words and found[-1].is_words


def _pairs(piece: str, found: list[Token], *, leads: bool) -> list[WishedText]:
    wishes: list[WishedText] = []
    waiting: Token | None = None
    for token in found:
        if token.is_words == leads and waiting is not None:
            wishes.append(_wish(piece, *((token, waiting) if leads else (waiting, token))))
            waiting = None
        elif token.is_words == leads or (waiting is not None and token.is_words):
            wishes.append(_alone(piece, waiting or token))
            waiting = token if waiting is not None else None
        else:
            waiting = token
    return [*wishes, _alone(piece, waiting)] if waiting is not None else wishes


def _alone(piece: str, token: Token) -> WishedText:
    raw = piece[token.start : token.end].strip()
    if token.is_words:
        words = "" if token.reference is not None else _tidy(raw)
        return WishedText(raw, words, None, token.reference, measure=measure_in(raw))
    return WishedText(raw, "", token.quantity, most=token.most)


def _wish(piece: str, words: Token, quantity: Token) -> WishedText:
    raw = piece[min(words.start, quantity.start) : max(words.end, quantity.end)].strip()
    said = "" if words.reference is not None else _tidy(piece[words.start : words.end])
    return WishedText(raw, said, quantity.quantity, words.reference, quantity.most, measure=quantity.measure)


def _tidy(words: str) -> str:
    while (shorter := _POLITE_END.sub("", _POLITE.sub("", words)).strip(_EDGES)) != words:
        words = shorter
    return words


def _each(wishes: list[WishedText]) -> list[WishedText]:
    """`脐橙、土豆各2箱` gives the quantity to the words before it as well."""
    given: list[WishedText] = []
    shared: WishedText | None = None
    for wish in reversed(wishes):
        if wish.quantity is not None:
            shared = wish if _EACH.search(wish.words) else None
            given.append(replace(wish, words=_EACH.sub("", wish.words)))
        elif shared is not None:
            given.append(replace(wish, quantity=shared.quantity, most=shared.most, measure=shared.measure))
        else:
            given.append(wish)
    return given[::-1]


def is_chain(text: str) -> bool:
    """Whether a text is a pasted chain sign-up (接龙)."""
    plain = unicodedata.normalize("NFKC", text[:MAX_TEXT_CHARACTERS])
    return "接龙" in plain[:200] or len([line for line in plain.splitlines() if _CHAIN_LINE.match(line)]) >= 2


def chain_line_of(text: str, own_names: Iterable[str]) -> str | None:
    """The sender's own line of a chain sign-up, without its number and name; None if nobody can tell.

    It is the last line that names them, or the only line there is. A line of 张三丰 is not one of 张三.
    """
    lines = [_CHAIN_LINE.match(line) for line in unicodedata.normalize("NFKC", text).splitlines()]
    bodies = [str(line["body"]).strip() for line in lines if line]
    names = sorted({unicodedata.normalize("NFKC", name).strip() for name in own_names} - {""}, key=len, reverse=True)
    for body in reversed(bodies):
        for name in names:
            found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", body, re.I)
            if found:
                return body[found.end() :].strip(" :,-") or body[: found.start()].strip(" :,-")
    return bodies[0] if len(bodies) == 1 else None
