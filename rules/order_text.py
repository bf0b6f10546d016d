"""Reads an order out of a typed or pasted text; which product the words mean is not decided here."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rules.quantities import CHINESE_NUMBER, ENGLISH, MAX_QUANTITY, UNIT_WORDS, parse_number

MAX_WISHES = 30
_UNITS = "|".join(sorted(UNIT_WORDS, key=len, reverse=True))
_WORDS = "|".join(sorted(ENGLISH, key=len, reverse=True))
_BREAKS = re.compile(r"[\n,;，；、。！!]+|\s+and\s+|\s*(?<!\w)[&+](?!\d)\s*|和(?=\D)|(?<=\d)\s*/\s*")
_WEIGHT = re.compile(r"\d+(?:\.\d+)?\s*(?:kg|g|ml|l|克|千克|公斤|毫升|升|斤装|mm)(?![a-z])", re.I)
_CHAIN_LINE = re.compile(r"^\s*(\d{1,3})\s*[.、．:：)）]\s*(.+)$")
_REMOVE = re.compile(
    r"^(?:取消|不要|删除|去掉|退掉|remove|cancel|no)\s*(?P<words>.+)$|^(?P<words2>.+?)\s*(?:不要了?|取消)$", re.I
)
_NUMBERED = re.compile(
    rf"^(?:no\.?\s*|#)?(\d{{1,2}})\s*(?:号|#)\s*[x×*:：]?\s*(\d{{1,6}}|{CHINESE_NUMBER})?\s*(?:{_UNITS})?$", re.I
)
_LEADING = re.compile(
    rf"^(?P<n>\d{{1,6}}|{CHINESE_NUMBER}|(?:{_WORDS})\b)\s*(?:x|×|\*)?\s*(?:(?:{_UNITS})(?![a-z])\s*(?:of\s+|的)?)?(?P<words>\S.*)$",
    re.I,
)
_TRAILING = re.compile(
    rf"^(?P<words>.*?\S)\s*(?:x|×|\*|:|：|=|＝)?\s*(?P<n>-?\d{{1,6}}|{CHINESE_NUMBER})\s*(?:{_UNITS})?$", re.I
)
_WORD_TRAILING = re.compile(rf"^(?P<words>.*?\S)\s+(?P<n>{_WORDS})(?:\s+(?:{_UNITS}))?$", re.I)
_ENDS_IN_QUANTITY = re.compile(rf"\D(?:\d+|{CHINESE_NUMBER})\s*(?:{_UNITS})?\s*$")


@dataclass(frozen=True, slots=True)
class WishedText:
    """One wish as typed: the words for the product or its number in the round, and how many if said."""

    raw: str
    words: str
    quantity: int | None
    number: int | None = None


def split_order_text(text: str) -> list[WishedText]:
    """The wishes in a text, in order; words without a quantity come with None. Never raises."""
    plain = unicodedata.normalize("NFKC", text[:2000])
    pieces = [piece.strip() for chunk in _BREAKS.split(plain) for piece in _separate(chunk)]
    wishes = [_read(piece) for piece in pieces if any(c.isalnum() for c in piece)]
    return wishes[:MAX_WISHES]


def _separate(chunk: str) -> list[str]:
    """`脐橙2箱 土豆 1` is two wishes: a new one starts where words follow a quantity."""
    if _is_led_by_quantity(chunk.strip()):
        return [chunk]
    pieces, start = [], 0
    for gap in re.finditer(
        rf"(\d+|{CHINESE_NUMBER})\s*({_UNITS})?(?=\s+[^\W\d_]|(?<=[箱盒袋斤瓶份件包罐提只个桶筐条块])[^\W\d_])", chunk
    ):
        head = chunk[start : gap.end()].strip()
        weight = _WEIGHT.match(chunk, gap.start())
        if not head or weight or _is_only_number(head):
            continue
        pieces.append(head)
        start = gap.end()
    return [*pieces, chunk[start:]]


def _is_led_by_quantity(chunk: str) -> bool:
    """`2 boxes of oranges`: the quantity leads, and none follows."""
    led = _LEADING.match(chunk) and not _NUMBERED.match(chunk)
    return bool(led) and not _ENDS_IN_QUANTITY.search(chunk)


def _is_only_number(text: str) -> bool:
    return re.fullmatch(rf"(\d+|{CHINESE_NUMBER})\s*({_UNITS})?", text) is not None


def _read(piece: str) -> WishedText:
    numbered = _NUMBERED.match(piece)
    if numbered:
        return WishedText(piece, "", parse_number(numbered[2]) if numbered[2] else None, int(numbered[1]))
    removed = _REMOVE.match(piece)
    if removed:
        return WishedText(piece, _tidy(removed["words"] or removed["words2"]), 0)
    for pattern in (_TRAILING, _WORD_TRAILING, _LEADING):
        found = pattern.match(piece)
        if found and not _WEIGHT.search(piece[found.start("n") :].strip()[: len(found["n"]) + 3]):
            wish = _wish(piece, found)
            if wish is not None:
                return wish
    return WishedText(piece, _tidy(piece), None)


def _wish(piece: str, found: "re.Match[str]") -> WishedText | None:
    quantity = parse_number(found["n"].casefold().lstrip("-"))
    words = _tidy(found["words"])
    if quantity is None or not any(c.isalpha() for c in words):
        return None
    if found["n"].startswith("-"):
        quantity = -quantity
    return WishedText(piece, words, min(quantity, MAX_QUANTITY + 1))


def _tidy(words: str) -> str:
    words = re.sub(
        r"^(?:我?(?:想)?(?:要|买|订|来|加)|i(?:'d| would)? (?:like|want)|please|of)\s*", "", words.strip(), flags=re.I
    )
    return words.strip(" -–:：*x×的").strip()


def is_chain(text: str) -> bool:
    """Whether a text is a pasted chain sign-up (接龙)."""
    return "接龙" in text[:200] or len([line for line in text.splitlines() if _CHAIN_LINE.match(line)]) >= 2


def chain_line_of(text: str, own_names: Iterable[str]) -> str | None:
    """The sender's own line of a chain sign-up, without its number and name; None if nobody can tell."""
    names = sorted({name.casefold() for name in own_names if name.strip()}, key=len, reverse=True)
    own = None
    for line in text.splitlines():
        numbered = _CHAIN_LINE.match(unicodedata.normalize("NFKC", line))
        if numbered is None:
            continue
        body = numbered[2].strip()
        name = next((name for name in names if body.casefold().startswith(name)), None)
        if name is not None:
            own = body[len(name) :].strip(" ：:,，-")
    return own
