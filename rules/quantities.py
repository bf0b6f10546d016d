"""Quantities as people type them: `2`, `２箱`, `两箱`, `x3`, `two boxes`, `a dozen`."""

import re
from collections.abc import Iterable

from rules.half_width import half_width
from rules.refusal import Refusal

MAX_QUANTITY = 9999
MAX_TEXT_CHARACTERS = 40
ENGLISH = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "zero": 0, "no": 0, "dozen": 12,
}  # fmt: skip
UNIT_WORDS = (
    "公斤", "千克", "箱", "盒", "袋", "斤", "瓶", "份", "件", "包", "罐", "提", "只", "个", "桶", "筐", "条", "块",
    "把", "捆", "枚", "颗", "板", "尾", "打",
    "boxes", "box", "bags", "bag", "bottles", "bottle", "jars", "jar", "packs", "pack", "packets", "packet", "cases",
    "case", "cans", "can", "tins", "tin", "kg", "pieces", "piece", "pcs", "units", "unit", "pounds", "pound",
)  # fmt: skip
CHINESE_NUMBER = "[零〇一二两俩仨三四五六七八九十百千]+"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_ONE = "[一二两三四五六七八九]"
_CHINESE = re.compile(
    rf"(?:(?P<thousands>{_ONE})千)?(?:零?(?P<hundreds>{_ONE})百)?"
    rf"(?:零?(?P<tens>{_ONE}?)(?P<ten>十))?(?:(?P<zero>[零〇])?(?P<ones>[一二两俩仨三四五六七八九]))?"
)
_DOZEN = re.compile(r"(?P<n>.*?)\s*(?:打|dozens?)$")
_TIMES = "x×*"
_HALF_DOZEN = re.compile(r"半打|half (?:a )?dozen")
_NEGATIVE = re.compile(r"[-−–]\s*\d+")
_NOT_WHOLE = re.compile(r"\d+[.,]\d+|.*半|half.*")


def parse_quantity(text: str, unit_words: Iterable[str] = ()) -> int:
    """A whole number of units; 0 means none. `unit_words` are further units: a product sold by the dozen.

    Refusals: quantity_not_understood(text), quantity_negative, quantity_not_whole, quantity_too_large(limit).
    """
    own_units = tuple(word.casefold() for word in unit_words if word.strip())
    plain = " ".join(half_width(text).casefold().split())
    number = _read(plain, own_units) if len(plain) <= MAX_TEXT_CHARACTERS else None
    if number is None:
        raise Refusal("quantity_not_understood", text=text)
    if number > MAX_QUANTITY:
        raise Refusal("quantity_too_large", limit=MAX_QUANTITY)
    return number


def _read(plain: str, own_units: tuple[str, ...]) -> int | None:
    bare = _bare(plain, own_units)
    if _NEGATIVE.fullmatch(bare):
        raise Refusal("quantity_negative")
    dozens = _dozens(plain) if not plain.endswith(("打", "dozen")) or not plain.endswith(own_units) else None
    number = dozens if dozens is not None else parse_number(bare)
    if number is None and _NOT_WHOLE.fullmatch(bare):
        raise Refusal("quantity_not_whole")
    return number


def _dozens(plain: str) -> int | None:
    """`一打` and `a dozen` are 12, unless the product itself is sold by the dozen."""
    if _HALF_DOZEN.fullmatch(plain):
        return 6
    found = _DOZEN.fullmatch(plain)
    number = parse_number(found["n"]) if found else None
    return None if number is None else number * 12


def _bare(text: str, own_units: tuple[str, ...]) -> str:
    text = re.sub(r"^[x×*+]\s*", "", text)
    for word in (*own_units, *UNIT_WORDS):
        if text.endswith(word) and text != word:
            text = text.removesuffix(word)
            break
    return text.strip().rstrip(_TIMES).strip()


def parse_number(text: str) -> int | None:
    """Digits, Chinese or English number words; None for anything else."""
    if text.isascii() and text.isdigit():
        return int(text)
    if text in ENGLISH:
        return ENGLISH[text]
    return _chinese(text)


def _chinese(text: str) -> int | None:
    if text in ("零", "〇"):
        return 0
    found = _CHINESE.fullmatch(text)
    if not text or found is None:
        return None
    ones = _DIGITS.get(found["ones"], 0)
    tens = _DIGITS[found["tens"]] if found["tens"] else int(found["ten"] is not None)
    hundreds, thousands = (_DIGITS.get(found[name], 0) for name in ("hundreds", "thousands"))
    if ones and not found["ten"] and not found["zero"]:
        # 一百五 is 150 and 两千五 is 2500; only 一百零五 is 105.
        ones *= 10 if hundreds else 100 if thousands else 1
    return thousands * 1000 + hundreds * 100 + tens * 10 + ones
