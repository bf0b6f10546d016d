"""The terms of a product, an offer or a round as coordinators type them; nothing is read as 0 by mistake."""

import re
from collections.abc import Sequence

from rules.half_width import half_width
from rules.measures import MEASURES, is_sold_by
from rules.money import parse_money
from rules.quantities import parse_number, parse_quantity
from rules.refusal import Refusal

NONE_WORDS = frozenset(
    ["-", "—", "无", "没有", "没", "不限", "不设", "不用", "none", "no", "no limit", "unlimited", "off", "关"]
)
HOURS_IN = {
    "小时": 1, "个小时": 1, "时": 1, "h": 1, "hour": 1, "hours": 1, "hrs": 1, "天": 24, "d": 24, "day": 24, "days": 24,
    "": 1,
}  # fmt: skip
_MEASURED = re.compile(rf".*?[\d零〇一二两三四五六七八九十百千]\s*({'|'.join(MEASURES)})", re.I)
_HOURS = re.compile(r"(?P<number>\d+|[一二两三四五六七八九十百]+|an?|半)\s*(?P<unit>[a-z个小时天]*)", re.I)


def says_none(text: str) -> bool:
    """Whether a typed answer takes a term away."""
    return half_width(text).strip().casefold() in NONE_WORDS


def read_price(text: str, currency: str) -> int:
    """A price above zero in minor units. Refusals: price_zero and those of `rules.money`."""
    price = parse_money(text, currency)
    if price <= 0:
        raise Refusal("price_zero")
    return price


def read_amount(text: str, currency: str) -> int | None:
    """An amount in minor units, None for none or zero. Refusals of `rules.money`."""
    return None if says_none(text) else parse_money(text, currency) or None


def read_units(text: str, unit_words: Sequence[str] = ()) -> int | None:
    """Units of something sold by `unit_words`; None where it says none.

    Refusals: unit_differs(unit) for `20 kg` of what is sold by the box, and those of `rules.quantities`.
    """
    if says_none(text):
        return None
    check_unit(text, unit_words)
    return parse_quantity(text, unit_words)


def read_case_size(text: str, unit_words: Sequence[str] = ()) -> int:
    """How many units are packed together, at least 1. Refusals: case_zero and those of `read_units`."""
    size = read_units(text, unit_words)
    if size == 0:
        raise Refusal("case_zero")
    return size or 1


def check_unit(text: str, unit_words: Sequence[str]) -> None:
    """Refusal("unit_differs", unit) where a weight or volume is given for what is not sold by it."""
    measured = _MEASURED.fullmatch(half_width(text).strip().casefold())
    if measured is not None and not is_sold_by(measured[1], unit_words):
        raise Refusal("unit_differs", unit=measured[1])


def read_hours(text: str, least: int, most: int) -> int:
    """Whole hours: `24`, `两小时`, `1 day`, `半天`; 0 for none.

    Refusals: hours_not_understood, hours_out_of_range(least, most).
    """
    hours = 0 if says_none(text) else _hours(half_width(text).strip().casefold())
    if hours is None:
        raise Refusal("hours_not_understood")
    if not least <= hours <= most:
        raise Refusal("hours_out_of_range", least=least, most=most)
    return hours


def _hours(plain: str) -> int | None:
    found = _HOURS.fullmatch(plain)
    each = HOURS_IN.get(found["unit"]) if found else None
    if found is None or each is None:
        return None
    if found["number"] == "半":
        return each // 2 or None
    number = parse_number(found["number"])
    return None if number is None else number * each
