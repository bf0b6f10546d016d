"""Weights and volumes as people type them. What is sold by the bag cannot be ordered by them, and neither can what is
sold by another one: a 公斤 is two 斤."""

import re
from collections.abc import Iterable

from rules.quantities import ENGLISH

_SAME = (
    {"公斤", "千克", "kg", "kgs", "kilo", "kilos", "kilogram", "kilograms"},
    {"斤", "市斤", "jin"},
    {"克", "g", "gram", "grams"},
    {"磅", "lb", "lbs", "pound", "pounds"},
    {"ounce", "ounces", "oz"},
    {"升", "公升", "l", "liter", "liters", "litre", "litres"},
    {"毫升", "ml"},
)
MEASURES = tuple(sorted({word for same in _SAME for word in same}, key=lambda word: (-len(word), word)))
"""Every word for one, longer ones first."""
_MEASURED = re.compile(
    rf"(?:[\d零〇一二两三四五六七八九十百千]\s*|(?<![a-z])(?:{'|'.join(ENGLISH)})\s+)"
    rf"(?P<measure>{'|'.join(MEASURES)})(?![a-z装])",
    re.I,
)


def measure_in(text: str) -> str | None:
    """The first weight or volume that a text counts by: 斤 in `来五斤土豆`; none in `10斤装`, which is a packing."""
    found = _MEASURED.search(text)
    return found["measure"] if found else None


def is_sold_by(measure: str, unit_words: Iterable[str]) -> bool:
    """Whether one of a product's own units is this weight or volume, by whatever word."""
    own, typed = {word.casefold() for word in unit_words}, measure.casefold()
    return typed in own or any(typed in same and same & own for same in _SAME)
