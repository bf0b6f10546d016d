"""Money as people type it."""

import re
from decimal import Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from rules.money import MAX_MINOR, minor_digits, parse_money
from rules.quantities import CHINESE_NUMBER
from rules.refusal import Refusal
from tests.rules.strategies import ANY_TEXT


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("25 €", "EUR", 2500),
        ("€ 50,00", "EUR", 5000),
        ("1.234,50", "EUR", 123_450),
        ("1,234.50", "EUR", 123_450),
        ("1 234,50 €", "EUR", 123_450),
        ("CHF 1’234.50", "CHF", 123_450),
        ("25 euros", "EUR", 2500),
        ("1,234", "CNY", 123_400),
        ("1.234", "EUR", 123_400),
        ("39.999", "CNY", 3_999_900),
        ("12,5", "EUR", 1250),
        ("￥39.9", "CNY", 3990),
        ("３９．９元", "CNY", 3990),
        ("39块9", "CNY", 3990),
        ("39块95", "CNY", 3995),
        ("39元5角", "CNY", 3950),
        ("39块钱", "CNY", 3900),
        ("100元整", "CNY", 10_000),
        ("3毛", "CNY", 30),
        ("3角5分", "CNY", 35),
        ("5分", "CNY", 5),
        ("十二块五", "CNY", 1250),
        ("三十九块九", "CNY", 3990),
        ("十二块五毛三分钱", "CNY", 1253),
        ("十二块零五", "CNY", 1205),
        ("十二块半", "CNY", 1250),
        ("12块半", "CNY", 1250),
        ("三十九点零五", "CNY", 3905),
        ("一百二十元整", "CNY", 12_000),
        ("￥三十", "CNY", 3000),
        ("五毛", "CNY", 50),
        ("三十欧元", "EUR", 3000),
        ("rmb 39", "CNY", 3900),
        ("39 CNY", "CNY", 3900),
        ("500", "JPY", 500),
        ("¥1,500", "JPY", 1500),
        ("0", "CNY", 0),
    ],
)
def test_what_people_type(text: str, currency: str, minor: int) -> None:
    assert parse_money(text, currency) == minor


@pytest.mark.parametrize("text", ["€ 50,00", "25 €", "50.00€", "EUR 50", "50,0"])
def test_foodsoft_1166_a_minimum_with_its_sign_is_not_read_as_zero(text: str) -> None:
    """There, "€ 50,00" became 0 and an order went out by mistake."""
    assert parse_money(text, "EUR") in (2500, 5000)


@pytest.mark.parametrize("text", ["20 kg", "kg", "", " ", "-5", "1e5", "abc", "€", "5²", "½", "٣", "1,2,3", "1.234.50"])
def test_foodsoft_1054_garbage_is_refused_and_never_zero(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_money(text, "EUR")
    assert caught.value.code == "money_not_understood"
    assert caught.value.facts == {"text": text}


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("0.125", "CNY"),
        ("1.234,567", "EUR"),
        ("5.5", "JPY"),
        ("39元500", "CNY"),
        ("25 €", "CNY"),
        ("$5", "CNY"),
        ("HK$5", "USD"),
        ("39块9", "EUR"),
        ("十二块五", "EUR"),
        ("两百3", "CNY"),
        ("二十 一百", "CNY"),
        ("三块钱一斤", "CNY"),
        ("二十千克", "CNY"),
        ("一二", "CNY"),
        ("元半", "CNY"),
    ],
)
def test_too_fine_or_another_currency_is_refused(text: str, currency: str) -> None:
    with pytest.raises(Refusal, match="money_not_understood"):
        parse_money(text, currency)


@pytest.mark.parametrize("text", ["10000001", "99999999999999999999", "9" * 39])
def test_absurd_amounts_are_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_money(text, "CNY")
    assert caught.value.code == "money_too_large"


@given(st.integers(0, MAX_MINOR), st.sampled_from(["CNY", "EUR", "USD", "JPY"]), st.sampled_from(["en", "zh_CN"]))
def test_what_the_bot_writes_it_can_read(minor: int, currency: str, locale: str) -> None:
    coin = 10 ** minor_digits(currency)
    text = format_currency(Decimal(minor) / coin, currency, locale=locale)
    assert parse_money(text, currency) == minor


@given(st.integers(0, MAX_MINOR), st.sampled_from(["de", "fr", "es", "nl"]))
def test_euros_are_read_as_other_countries_write_them(minor: int, locale: str) -> None:
    assert parse_money(format_currency(Decimal(minor) / 100, "EUR", locale=locale), "EUR") == minor


@given(st.integers(0, MAX_MINOR))
def test_foodsoft_1329_no_amount_changes_on_its_way(minor: int) -> None:
    """There, 242 was stored as 241.96."""
    assert parse_money(f"{minor // 100}.{minor % 100:02}", "CNY") == minor
    assert parse_money(f"{minor // 100},{minor % 100:02} €", "EUR") == minor
    assert parse_money(f"{minor // 100}元{minor % 100 // 10}角{minor % 10}分", "CNY") == minor


@given(ANY_TEXT, st.sampled_from(["CNY", "EUR", "JPY", "XYZ"]))
def test_any_text_is_an_amount_or_a_refusal(text: str, currency: str) -> None:
    try:
        minor = parse_money(text, currency)
    except Refusal:
        return
    assert 0 <= minor <= MAX_MINOR
    assert any(c.isdigit() or re.fullmatch(CHINESE_NUMBER, c) for c in text), "nothing is read where there is no number"


def test_spaces_between_chinese_words_of_an_amount_are_nothing() -> None:
    assert parse_money("十二 块 五", "CNY") == 1250
