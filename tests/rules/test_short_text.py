"""Names and addresses as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.half_width import half_width
from rules.refusal import Refusal
from rules.short_text import short_text


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("  张  三 ", "张 三"),
        ("Li\nSi", "Li Si"),
        ("a\u202eb", "ab"),
        ("a\tb\x0bc", "a b c"),
        ("O’Neill 3", "O’Neill 3"),
    ],
)
def test_a_name_is_one_tidy_line(text: str, tidy: str) -> None:
    assert short_text(text) == tidy


@pytest.mark.parametrize(
    ("text", "code"), [("", "text_empty"), (" \n", "text_empty"), ("!!", "text_empty"), ("x" * 41, "text_too_long")]
)
def test_what_is_no_name(text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        short_text(text)
    assert caught.value.code == code


@given(st.text(max_size=80))
def test_any_text_is_a_tidy_line_or_a_refusal(text: str) -> None:
    try:
        tidy = short_text(text)
    except Refusal:
        return
    assert tidy == short_text(tidy)
    assert len(tidy.splitlines()) == 1


def test_full_width_is_made_ordinary_and_nothing_else() -> None:
    assert half_width("２箱：￥３９\u3000脐橙") == "2箱:¥39 脐橙"
    assert half_width("5² ½ ①") == "5² ½ ①"
