"""The answer to "why this many?" fits a pop-up, whatever the numbers, and names the real reason."""

from dataclasses import replace

import pytest

from services.explain_line import Explanation
from views.language import language
from views.screens.why import MAX_CHARACTERS, why_sentence

MOST = 999_999
LONG = Explanation(
    unit_zh="五公斤大礼盒装", unit_en="large gift basket", wished=MOST, tolerance=MOST, units=MOST, reason="full",
    manual=False, given=MOST, wished_by_all=MOST, extra_by_all=MOST, ordered=MOST - 1, delivered=MOST, case_size=9999,
    least=MOST, strategy="oldest", supplier_zh="云" * 40, supplier_en="Hill Farm " * 4, supplier_value=99_999_999_99,
    supplier_minimum=99_999_999_99, currency="CNY", instead_zh="奉节脐橙特级果" * 5, instead_en="Navel orange " * 3,
)  # fmt: skip
CASES = [
    LONG,
    replace(LONG, manual=True),
    replace(LONG, reason="case_dropped"),
    replace(LONG, reason="case_dropped", ordered=MOST),
    replace(LONG, reason="case_dropped", manual=True),
    replace(LONG, reason="minimum_missed"),
    replace(LONG, reason="minimum_missed", least=3 * MOST),
    replace(LONG, reason="tolerance_used"),
    replace(LONG, reason="shortage"),
    replace(LONG, reason="shortage", strategy="fair"),
    replace(LONG, reason="shortage", manual=True),
    replace(LONG, reason="declined"),
    replace(LONG, reason="declined", instead_zh="", instead_en=""),
]


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_reason_is_another_sentence_and_fits(locale: str) -> None:
    said = [why_sentence(case, language(locale)) for case in CASES]
    assert all(0 < len(sentence) <= MAX_CHARACTERS for sentence in said)
    by_hand = [said[1], said[4]]
    assert by_hand[0] == by_hand[1]
    assert len({*said}) == len(CASES) - 1


@pytest.mark.parametrize("reason", ["minimum_missed", "shortage", "declined"])
def test_what_was_given_by_hand_is_not_blamed_for_what_the_supplier_does(reason: str) -> None:
    by_hand = why_sentence(replace(LONG, manual=True), language("en"))
    assert why_sentence(replace(LONG, manual=True, reason=reason), language("en")) != by_hand
