"""Money as people type it, in integer minor units (分, cents)."""

import re
from collections.abc import Sequence

from rules.half_width import half_width
from rules.quantities import CHINESE_NUMBER, parse_number
from rules.refusal import Refusal

MAX_MINOR = 10_000_000_00
"""Ten million of a currency with two decimals: more is a slip of the finger."""
MAX_TEXT_CHARACTERS = 40
NO_DECIMALS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"],
)
_DOLLARS = frozenset(["USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD", "MXN"])
_MARKS = {
    "¥": {"CNY", "JPY"}, "元": {"CNY", "HKD", "TWD"}, "圆": {"CNY", "JPY"}, "块": {"CNY", "HKD", "TWD"},
    "rmb": {"CNY"}, "人民币": {"CNY"}, "yuan": {"CNY"}, "€": {"EUR"}, "euro": {"EUR"}, "欧": {"EUR"}, "欧元": {"EUR"},
    "$": _DOLLARS, "dollar": _DOLLARS, "£": {"GBP"}, "pound": {"GBP"}, "yen": {"JPY"},
}  # fmt: skip
"""What people write beside an amount, and the currencies it can mean."""
_SIGNS = "€¥$£"
_ENDINGS = "整钱"
_WORD = r"(?P<{}>[a-z]{{3,7}}|[a-z]{{0,2}}[€¥$£]|[元圆]整?|块钱?|欧元?|人民币)?"
_AMOUNT = re.compile(
    rf"{_WORD.format('before')}\s*(?P<number>\d[\d.,' ]*?)\s*{_WORD.format('after')}",
    re.ASCII,
)
_NUMBER = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?P<sep>[.,' ])\d{3}(?:(?P=sep)\d{3})*|\d+)(?:(?P<mark>[.,])(?P<fraction>\d+))?",
    re.ASCII,
)
_SPOKEN = re.compile(
    r"¥?(?:(\d{1,9})[元块圆](?:(\d)(?:[毛角]?(\d)分?|[毛角])?)?|(\d{1,9})[毛角](?:(\d)分?)?|(\d{1,9})分)钱?",
    re.ASCII,
)
_HALF = re.compile(r"(?<=[\d一二两俩仨三四五六七八九十百千][元块圆])半$")
_FEN_ALONE = re.compile(r"(?<=[元块圆])零(?=[一二两三四五六七八九]分?$)")
_POINT = re.compile(
    r"(?<=[零〇一二两三四五六七八九十百千])点([零〇一二三四五六七八九]{1,2})(?![零〇一二三四五六七八九])"
)


def minor_digits(currency: str) -> int:
    """How many decimals a currency has."""
    return 0 if currency in NO_DECIMALS else 2


def parse_money(text: str, currency: str) -> int:
    """Minor units of `25 €`, `€ 50,00`, `1.234,50`, `￥39.9`, `39块9`, `十二块五`, `3毛`; never garbage as 0.

    Three digits after a single mark are thousands: `1,234` is one thousand two hundred and thirty-four.
    Refusals: money_not_understood(text), also for another currency's sign or too many decimals;
    money_too_large(limit in minor units).
    """
    plain = _in_digits(half_width(text[: MAX_TEXT_CHARACTERS + 1]).strip().casefold().replace("’", "'"))
    minor = _spoken(plain, currency)
    if minor is None:
        minor = _written(plain, currency)
    if minor is None or len(text) > MAX_TEXT_CHARACTERS:
        raise Refusal("money_not_understood", text=text)
    if minor > MAX_MINOR:
        raise Refusal("money_too_large", limit=MAX_MINOR)
    return minor


def _in_digits(plain: str) -> str:
    """`十二块五` as `12块5`, `三十九点九` as `39.9`. A text that mixes both kinds of digits stays as it is."""
    if any(c.isdigit() for c in plain):
        return _HALF.sub("5", plain)
    joined = _HALF.sub("五", "".join(plain.split()))
    joined = _FEN_ALONE.sub("0角", joined)
    joined = _POINT.sub(lambda point: "." + "".join(str(parse_number(c)) for c in point[1]), joined)
    return re.sub(CHINESE_NUMBER, lambda found: _number_or_text(found[0]), joined)


def _number_or_text(chinese: str) -> str:
    number = parse_number(chinese)
    return chinese if number is None else str(number)


def _spoken(plain: str, currency: str) -> int | None:
    """`39块9`, `39元5角`, `3毛`, `5分`."""
    found = _SPOKEN.fullmatch(plain) if currency == "CNY" else None
    if found is None:
        return None
    yuan, jiao, fen, only_jiao, more_fen, only_fen = (int(part or 0) for part in found.groups())
    return yuan * 100 + (jiao + only_jiao) * 10 + fen + more_fen + only_fen


def _written(plain: str, currency: str) -> int | None:
    amount = _AMOUNT.fullmatch(plain)
    if amount is None:
        return None
    if not all(_may_mean(word, currency) for word in (amount["before"], amount["after"]) if word):
        return None
    number = _NUMBER.fullmatch(amount["number"])
    if number is None or (number["sep"] and number["sep"] == number["mark"]):
        return None
    digits, fraction = minor_digits(currency), number["fraction"] or ""
    if len(fraction) > digits:
        return None
    return int(re.sub(r"\D", "", number["whole"]) + fraction.ljust(digits, "0"))


def _may_mean(word: str, currency: str) -> bool:
    """Whether a sign or word beside an amount fits the currency: `25 $` is no amount of yuan."""
    if word == currency.casefold():
        return True
    region, sign = (word[:-1], word[-1]) if word[-1] in _SIGNS else ("", word.rstrip(_ENDINGS).removesuffix("s"))
    return currency in _MARKS.get(sign, ()) and currency.casefold().startswith(region)


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
