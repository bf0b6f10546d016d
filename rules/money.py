"""Money as people type it, in integer minor units (分, cents)."""

import re
import unicodedata
from collections.abc import Sequence

from rules.refusal import Refusal

MAX_MINOR = 10_000_000_00
"""Ten million of a currency with two decimals: more is a slip of the finger."""
NO_DECIMALS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "UGX", "XAF", "XOF"})
_WORDS = re.compile(r"(cny|rmb|eur|usd|gbp|chf|jpy|yuan|euros?|dollars?|人民币|[€¥￥$£]|元整?|块钱?|圆)", re.I)
_YUAN_JIAO = re.compile(r"(\d+)(?:元|块|圆)(\d)(?:[毛角])?$")
_JIAO = re.compile(r"(\d+)[毛角]$")
_NUMBER = re.compile(r"\d{1,3}(?:[.,' ]\d{3})*(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?")


def minor_digits(currency: str) -> int:
    """How many decimals a currency has."""
    return 0 if currency in NO_DECIMALS else 2


def parse_money(text: str, currency: str) -> int:
    """Minor units of `25 €`, `€ 50,00`, `1.234,50`, `￥39.9`, `39块9`, `3毛`; never garbage as 0.

    Refusal("money_not_understood", text), ("money_too_large", limit in minor units).
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = minor_digits(currency)
    spoken = _spoken(plain, digits)
    minor = spoken if spoken is not None else _written(plain, digits)
    if minor is None:
        raise Refusal("money_not_understood", text=text)
    if minor > MAX_MINOR:
        raise Refusal("money_too_large", limit=MAX_MINOR)
    return minor


def _spoken(text: str, digits: int) -> int | None:
    if digits != 2:
        return None
    both = _YUAN_JIAO.fullmatch(text)
    if both:
        return _int(both[1]) * 100 + _int(both[2]) * 10
    few = _JIAO.fullmatch(text)
    return _int(few[1]) * 10 if few else None


def _written(text: str, digits: int) -> int | None:
    number = _WORDS.sub(" ", text).strip()
    if not number.isascii() or not _NUMBER.fullmatch(number):
        return None
    whole, fraction = _split(number.replace("'", "").replace(" ", ""))
    if len(fraction) > digits:
        return None
    return _int(whole + fraction.ljust(digits, "0"))


def _split(number: str) -> tuple[str, str]:
    """Whole and fraction; the last mark is the decimal one unless exactly three digits follow it alone."""
    last = max(number.rfind("."), number.rfind(","))
    if last < 0:
        return number, ""
    head, tail = number[:last], number[last + 1 :]
    if len(tail) == 3:
        return re.sub("[.,]", "", number), ""
    return re.sub("[.,]", "", head), tail


def _int(text: str) -> int:
    return int(text[:18]) if text else 0


def split_by_largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Parts of a whole in proportion to weights ≥ 0; they add up to it, ties go to the earlier part.

    With no weight at all the parts are equal.
    """
    if not weights:
        return []
    weighted = list(weights) if any(weights) else [1] * len(weights)
    whole = sum(weighted)
    parts = [total * weight // whole for weight in weighted]
    rest = total - sum(parts)
    by_remainder = sorted(range(len(weighted)), key=lambda i: (-(total * weighted[i] % whole), i))
    for place in by_remainder[:rest]:
        parts[place] += 1
    return parts
