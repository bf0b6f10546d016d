"""Telephone numbers as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.refusal import Refusal
from rules.telephone import read_telephone


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13996001234", "13996001234"), ("139 9600 1234", "13996001234"), ("139-9600-1234", "139-9600-1234"),
        ("023-68001234", "023-68001234"), ("０２３－６８００１２３４", "023-68001234"), ("（023）68001234", "02368001234"),
        ("(023) 6800.1234", "02368001234"), ("023—68001234", "023-68001234"), ("023–68001234", "023-68001234"),
        ("+86 139 9600 1234", "+8613996001234"), ("＋８６　１３９　９６００　１２３４", "+8613996001234"),
        ("+86-23-6800-1234", "+862368001234"), ("0086 139 9600 1234", "+8613996001234"), ("400-800-1234", "400-800-1234"),
        (" 6800123\n", "6800123"), ("+123456789012345", "+123456789012345"),
    ],
)  # fmt: skip
def test_what_is_dialled_is_kept(typed: str, number: str) -> None:
    assert read_telephone(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "-", "老向", "23-6800", "680012", "1234567890123456", "+1234567890123456", "++8613996001234",
        "139 9600 1234 老向", "a@b.example", "023--68001234", "-02368001234", "02368001234-", "13996001234+", "１３９九六",
        "<b>13996001234</b>", "٠١٢٣٤٥٦٧٨", "½1234567", "tel:13996001234", "13996001234, 13996005678",
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as no:
        read_telephone(typed)
    assert (no.value.code, no.value.facts) == ("telephone_not_understood", {})


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_number_or_refused(typed: str) -> None:
    try:
        number = read_telephone(typed)
    except Refusal:
        return
    assert set(number) <= set("0123456789-+")
    assert read_telephone(number) == number
