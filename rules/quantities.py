"""Quantities as people type them: `2`, `２箱`, `两箱`, `x3`, `two boxes`, `a dozen`."""

import re
import unicodedata

from rules.refusal import Refusal

MAX_QUANTITY = 9999
_CHINESE_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
    "仨": 3,
    "壹": 1,
    "贰": 2,
}
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000}
ENGLISH = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "zero": 0, "no": 0, "dozen": 12,
}  # fmt: skip
UNIT_WORDS = (
    "公斤", "千克", "箱", "盒", "袋", "斤", "瓶", "份", "件", "包", "罐", "提", "只", "个", "桶", "筐", "条", "块",
    "打",
    "boxes", "box", "bags", "bag", "bottles", "bottle", "jars", "jar", "packs", "pack", "packets", "packet", "cases",
    "case", "cans", "can", "tins", "tin", "kg", "pieces", "piece", "pcs", "units", "unit", "pounds", "pound",
)  # fmt: skip
CHINESE_NUMBER = "[零〇一二两俩仨三四五六七八九十百千]+"
_CHINESE = re.compile(CHINESE_NUMBER)


def parse_quantity(text: str) -> int:
    """A whole number of units; 0 means none. Refusal("quantity_not_understood", text), ("quantity_negative"),
    ("quantity_not_whole") or ("quantity_too_large", limit)."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    bare = _bare(plain)
    if re.fullmatch(r"[-−–]\s*\d+", bare):
        raise Refusal("quantity_negative")
    if re.fullmatch(r"\d+[.,]\d+|半", bare):
        raise Refusal("quantity_not_whole")
    number = parse_number(bare)
    if number is None:
        raise Refusal("quantity_not_understood", text=text)
    if "打" in plain and number:
        number *= 12
    if number > MAX_QUANTITY:
        raise Refusal("quantity_too_large", limit=MAX_QUANTITY)
    return number


def _bare(text: str) -> str:
    text = re.sub(r"^[x×*+]\s*|^a (?=dozen)", "", text)
    for word in UNIT_WORDS:
        if text.endswith(word) and text != word:
            return text[: -len(word)].strip().rstrip("x×*").strip()
    return text


def parse_number(text: str) -> int | None:
    """Digits, Chinese or English number words; None for anything else."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 9 else MAX_QUANTITY + 1
    if text in ENGLISH:
        return ENGLISH[text]
    return _chinese(text) if _CHINESE.fullmatch(text) else None


def _chinese(text: str) -> int | None:
    total, digit = 0, None
    for character in text:
        if character in _CHINESE_UNITS:
            total += (1 if digit is None else digit) * _CHINESE_UNITS[character]
            digit = None
        else:
            if digit not in (None, 0):
                return None
            digit = _CHINESE_DIGITS[character]
    return total + (digit or 0)
