"""Terms as coordinators type them: understood, or refused; never 0 by mistake."""

import pytest
from hypothesis import given

from rules.refusal import Refusal
from rules.terms import read_amount, read_case_size, read_hours, read_price, read_units
from tests.rules.strategies import ANY_TEXT

BOX, KILO = ("箱", "box"), ("公斤", "kg")


@pytest.mark.parametrize(
    ("text", "units", "expected"),
    [
        ("20", BOX, 20),
        ("２０箱", BOX, 20),
        ("二十箱", BOX, 20),
        ("20 boxes", BOX, 20),
        ("20 kg", KILO, 20),
        ("20公斤", KILO, 20),
        ("20千克", KILO, 20),
        ("20坛", ("坛", "jar"), 20),
        ("0", BOX, 0),
        ("无", BOX, None),
        ("-", BOX, None),
        ("No limit", BOX, None),
    ],
)
def test_units(text: str, units: tuple[str, str], expected: int | None) -> None:
    assert read_units(text, units) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("20 kg", "unit_differs"),
        ("二十公斤", "unit_differs"),
        ("20斤", "unit_differs"),
        ("20 lbs", "unit_differs"),
        ("5升", "unit_differs"),
        ("€ 50,00", "quantity_not_understood"),
        ("25 €", "quantity_not_understood"),
        ("50,00", "quantity_not_whole"),
        ("十二块五", "quantity_not_understood"),
        ("-5", "quantity_negative"),
        ("10000", "quantity_too_large"),
        ("", "quantity_not_understood"),
    ],
)
def test_foodsoft_1054_units_that_are_none_are_refused(text: str, code: str) -> None:
    """There, a minimum of "20 kg" was read as 0."""
    with pytest.raises(Refusal) as caught:
        read_units(text, BOX)
    assert caught.value.code == code


def test_a_case_holds_at_least_one() -> None:
    assert (read_case_size("４"), read_case_size("六箱", BOX), read_case_size("无")) == (4, 6, 1)
    assert read_case_size("六坛", ("坛",)) == 6
    for text in ("0", "零", "0箱"):
        with pytest.raises(Refusal) as caught:
            read_case_size(text, BOX)
        assert caught.value.code == "case_zero"


def test_amounts_and_prices() -> None:
    assert read_amount("€ 50,00", "EUR") == 5000
    assert read_amount("无", "CNY") is None
    assert read_amount("0", "CNY") is None
    assert read_price("￥１２．５", "CNY") == 1250
    for text in ("0", "0.00", "零元"):
        with pytest.raises(Refusal) as caught:
            read_price(text, "CNY")
        assert caught.value.code == "price_zero"


@pytest.mark.parametrize(
    ("text", "hours"),
    [("24", 24), ("两小时", 2), ("2个小时", 2), ("1 day", 24), ("半天", 12), ("an hour", 1), ("48h", 48), ("三天", 72)],
)
def test_hours(text: str, hours: int) -> None:
    assert read_hours(text, 1, 72) == hours


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("明天", "hours_not_understood"),
        ("2 weeks", "hours_not_understood"),
        ("半小时", "hours_not_understood"),
        ("1.5", "hours_not_understood"),
        ("-3", "hours_not_understood"),
        ("0", "hours_out_of_range"),
        ("无", "hours_out_of_range"),
        ("100小时", "hours_out_of_range"),
    ],
)
def test_hours_that_make_no_sense(text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_hours(text, 1, 72)
    assert caught.value.code == code


@given(ANY_TEXT)
def test_any_text_is_a_term_or_a_refusal(text: str) -> None:
    for read in (read_units, read_case_size, lambda t: read_price(t, "CNY"), lambda t: read_hours(t, 0, 72)):
        try:
            value = read(text)
        except Refusal:
            continue
        assert value is None or value >= 0
