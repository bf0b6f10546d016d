"""A card with everything on it: said in both languages, and short enough for a picture's caption."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest

from rules.hints import CheaperFrom
from services.card_view import CardOffer, CardView
from views.language import language
from views.screens.card import card

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MAX_CAPTION = 1024
ORANGES = CardOffer(
    id=1, position=1, name_zh="奉节脐橙", name_en="Navel oranges", county_zh="奉节", county_en="Fengjie",
    specification_zh="5kg/箱", specification_en="5 kg box", unit_zh="箱", unit_en="box", story_zh="", story_en="",
    price=6800, case_size=4, minimum=8, cap=None, left=None, wished_by_all=9, mine=2, photo_id=None, tolerance=1,
    promised=6800, missing=3, tolerance_of_all=1, cheaper=CheaperFrom(12, 6400, 6800), supplier_missing=42_000,
)  # fmt: skip
VIEW = CardView(
    round_id=1, member_id=1, number=1, title="", enterprise="嘉陵机械", phase="open", closes_at=NOW + timedelta(hours=5),
    delivers_on=date(2026, 3, 6), now=NOW, zone="Asia/Shanghai", currency="CNY", offers=(ORANGES,), point_zh="北门",
    point_en="North gate", point_address_zh="", point_address_en="",
)  # fmt: skip


def read(locale: str, view: CardView = VIEW) -> str:
    """The caption as a person reads it."""
    return unescape(re.sub("<[^>]+>", "", card(view, language(locale)).text))


def test_every_hint_in_english() -> None:
    assert read("en").split("\n")[1:] == [
        "Navel oranges · Fengjie",
        "¥68.00/box · 5 kg box",
        "▓▓▓▓▓▓▓▓ minimum reached: 9 boxes · Packed in cases of 4 boxes",
        "📦 3 boxes more to fill the next case",
        "📉 12 boxes more and everyone pays ¥64.00 instead of ¥68.00",
        "🌾 ¥420.00 to the supplier's minimum",
        "✅ You ordered 2 boxes, ¥136.00",
        "👌 up to 3 boxes if that fills a case or the minimum",
        "🚚 Fri 6 Mar · North gate",
    ]


def test_every_hint_in_chinese() -> None:
    assert read("zh_CN").split("\n")[1:] == [
        "奉节脐橙 · 奉节",
        "¥68.00/箱 · 5kg/箱",
        "▓▓▓▓▓▓▓▓ 已成团：9箱 · 每4箱成一件",
        "📦 再订3箱就凑满一件",
        "📉 再订12箱，大家都按¥64.00算（现在¥68.00）",
        "🌾 离供应商起送金额还差¥420.00",
        "✅ 您订了2箱，¥136.00",
        "👌 需要凑单时最多可要3箱",
        "🚚 3月6日周五 · 北门",
    ]


def test_a_minimum_that_is_met_by_tolerance_is_reached() -> None:
    offer = replace(ORANGES, wished_by_all=6, tolerance_of_all=3, missing=0)
    assert "▓▓▓▓▓▓▓▓ minimum reached: 8 boxes" in read("en", replace(VIEW, offers=(offer,)))


def test_a_minimum_that_is_missed_counts_tolerance() -> None:
    offer = replace(ORANGES, wished_by_all=5, tolerance_of_all=1, missing=2)
    text = read("zh_CN", replace(VIEW, offers=(offer,)))
    assert "6/8箱" in text
    assert "凑满一件" not in text, "the minimum comes first"


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_longest_card_there_can_be_fits_a_caption(locale: str) -> None:
    words = {"zh": "😀" * 40, "en": "Mmmm " * 8}
    long = replace(
        ORANGES, left=20, cap=9999, price=10**9, promised=10**9, wished_by_all=9999, mine=9990, tolerance=9,
        minimum=9999, missing=9, cheaper=CheaperFrom(9999, 10**9 - 1, 10**9), supplier_missing=10**9,
        specification_zh=words["zh"] + words["zh"][:20], specification_en=words["en"] + words["en"][:20],
        story_zh="橘" * 300, story_en="&" * 300, unit_zh="箱" * 8, unit_en="m" * 12,
        name_zh=words["zh"], name_en=words["en"], county_zh=words["zh"], county_en=words["en"],
    )  # fmt: skip
    view = replace(
        VIEW, offers=(long, replace(long, id=2)), title=words["zh"], completing=True, point_zh=words["zh"],
        point_en=words["en"],
    )  # fmt: skip
    assert len(read(locale, view).encode("utf-16-le")) // 2 <= MAX_CAPTION
