"""Texts and callback data: what people mean, what they slip on, and what nobody would type."""

from dataclasses import fields
from typing import Any, get_type_hints

from hypothesis import strategies as st

from tests.who.specimens import specimens
from views.actions import Press, _registered

PRESSES = sorted(_registered.values(), key=lambda press: press.code)
WAYS = sorted(
    {value for area in specimens().values() for one in area for value in one.values if not value.startswith("#")}
)
"""Every word that some button carries."""
NUMBERS = (
    "0",
    "1",
    "2",
    "3",
    "5",
    "7",
    "12",
    "99",
    "9999",
    "10000",
    "-1",
    "1.5",
    "½",
    "２",
    "三",
    "十二",
    "两",
    "半",
    "廿",
    "¥39.9",
)
NAMES = ("甲橙", "甲云茶", "云茶", "橙", "chengzi", "甲云果", "乙橙", "oranges", "tea")
MORE = (
    "箱", "盒", "斤", "个", "boxes", "不要", "取消", "最多", "up to", "x", "*", "+", ",", "、", "\n", " ", "1. ", "接龙", "#接龙",
    "明天18点", "tomorrow 12:00", "Fri 18:00", "每周三", "every 2 weeks", "3月6日", "2026-03-06", "后天", "25:00", "20 46, 50 42",
    "-", "|", "北门", "车间", "&", "<b>", "</b>", "<a href='tg://user?id=1'>", "&lt;", "%s", "{n}", "=1+1", "@x", "'", '"', "\\",
    "\u202e", "\u2066", "\u2069", "\u200b", "\u200f", "\ufeff", "\x00", "\x07", "\ud800", "\U0001f34a", "e\u0301", "\u3164",
    "שלום", "مرحبا", "́" * 20,
)  # fmt: skip
COMMANDS = (
    "/start", "/start i", "/start iAAAA", "/start r1", "/start r999999999999", "/start r٣", "/help", "/cancel", "/me", "/language",
    "/leave", "/orders", "/round", "/publish", "/products", "/invite", "/points", "/members", "/series", "/link", "/x", "/",
    "/start@county_test_bot", "/START",
)  # fmt: skip
BIG = (2**31 - 1, 2**31, -(2**31), 2**53, 10**18, 3_000_000, 999_999_999, -99_999)

mixed = st.lists(st.sampled_from((*NUMBERS, *NAMES, *MORE)), min_size=1, max_size=8).map("".join)
spaced = st.lists(st.sampled_from((*NAMES, *NUMBERS)), min_size=1, max_size=6).map(" ".join)
any_unicode = st.text(st.characters(), max_size=12)
long = st.builds(
    lambda part, times: (part * times)[:4096], st.sampled_from((*NAMES, *NUMBERS, "a", "\n1. 甲 橙 2")), st.just(4096)
)
texts = st.one_of(spaced, mixed, any_unicode, long, st.sampled_from(COMMANDS))


def _field(kind: Any) -> st.SearchStrategy[str]:
    if kind is str:
        return st.sampled_from((*WAYS, "", "x", "\ud800", "橙"))
    if kind is bool:
        return st.sampled_from(("0", "1", "1", "2", "", "x"))
    small = st.integers(0, 30).map(str)
    odd = st.sampled_from((*map(str, BIG), "", "x", "-1", "+1", " 1", "1_0", "٣", "1.0", "20523", "1772597100"))
    return st.one_of(small, small, small, odd)


def _data(press: type[Press]) -> st.SearchStrategy[str]:
    hints = get_type_hints(press)
    parts = [_field(hints[field.name]) for field in fields(press)]  # type: ignore[arg-type]
    return st.tuples(*parts).map(lambda given: ":".join((press.code, *given)))


valid = st.sampled_from(PRESSES).flatmap(_data)
broken = st.tuples(valid, st.sampled_from((":", "x", "::1", ":9", "\n"))).map("".join)
SAID_AS = {"yes": "1", "no": "0", "none": "", "nothing": ""}
SPECIMENS = [(one.kind.code, *(SAID_AS.get(v, v) for v in one.values)) for area in specimens().values() for one in area]
odd_parts = st.one_of(st.sampled_from((*map(str, BIG), "", "-1", "x", "0", "1")), st.sampled_from(WAYS))


def _mutated(parts: tuple[str, ...], place: int, odd: str) -> str:
    """A button as it really is, `#id` and all, or with one part changed."""
    given = list(parts)
    if 0 < place < len(parts):
        given[place] = odd
    return ":".join(given)


near = st.builds(_mutated, st.sampled_from(SPECIMENS), st.integers(0, 5), odd_parts)
callback_data = st.one_of(near, near, near, near, valid, broken, any_unicode)
"""Where an id is written `#open round`, the ground puts the number there."""
