"""The message about what lacks: fits one message however much lacks, and escapes what people typed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.nudges import AtRisk, LackingSupplier, Nudge
from views.language import language
from views.screens.lacking import MAX_FIXES, lacking_screen

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LINES = tuple(
    AtRisk(n, f"<b>好物</b>{n}" + "长" * 40, "Produce & more " * 3, "箱", "box", 5, 1, n % 3, 3, (n % 2) * 500, 3)
    for n in range(1, 61)
)
SUPPLIERS = tuple(LackingSupplier("云上" * 20, "Hill Farm " * 4, 8240, 20000) for _ in range(20))
NUDGE = Nudge(
    1, "", 7, True, False, False, NOW + timedelta(hours=2), NOW, "Asia/Shanghai", "CNY", LINES, SUPPLIERS,
)  # fmt: skip


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("changes", [{}, {"call": True}, {"call": True, "completing": True}])
def test_it_fits_one_message(locale: str, changes: dict[str, bool]) -> None:
    screen = lacking_screen(replace(NUDGE, **changes), language(locale))  # type: ignore[arg-type]
    assert len(screen.text) < 4096
    assert len(screen.rows) <= 3 * MAX_FIXES + 1
    assert all(button.data and len(button.data) <= 64 for row in screen.rows for button in row)
    assert "<b>好物" not in screen.text


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_nothing_lacks_and_too_late_are_other_messages_without_fixes(locale: str) -> None:
    well = replace(NUDGE, lines=(), suppliers=())
    screens = [
        lacking_screen(one, language(locale))
        for one in (well, replace(well, call=True), replace(NUDGE, open=False), NUDGE)
    ]
    assert len({screen.text for screen in screens}) == 4
    assert [len(screen.rows) for screen in screens[:3]] == [1, 1, 0]


def labels(nudge: Nudge) -> list[str]:
    return [button.label for row in lacking_screen(nudge, language("en")).rows for button in row]


def test_only_what_one_may_add_is_offered() -> None:
    more = ["➕ Produce & more…: 2 boxes more", "👌 Produce & more…: up to 8 boxes"]
    less = ["✂️ Produce & more…: only 2 boxes", "🧺 Open card"]
    part, none = (replace(NUDGE, lines=(replace(LINES[1], may_add=n),), suppliers=()) for n in (2, 0))
    assert labels(part) == [*more, *less]
    assert labels(none) == less
    assert labels(replace(none, call=True)) == ["🧺 Open card"]


def test_in_a_completion_phase_an_older_nudge_no_longer_offers_to_give_up() -> None:
    nudge = replace(NUDGE, lines=(LINES[1],), suppliers=(), completing=True)
    assert not [label for label in labels(nudge) if "✂️" in label]


def test_lines_without_a_fix_take_no_place_from_those_with_one() -> None:
    lines = (*(replace(line, may_add=0) for line in LINES[:MAX_FIXES]), replace(LINES[MAX_FIXES], name_en="Tea"))
    assert any(label.startswith("➕ Tea") for label in labels(replace(NUDGE, call=True, lines=lines)))


@pytest.mark.parametrize(("name", "rows"), [("Tea", [2, 1, 1]), ("Mountain potatoes", [1, 1, 1, 1])])
def test_long_labels_have_rows_of_their_own(name: str, rows: list[int]) -> None:
    one = replace(NUDGE, lines=(replace(LINES[1], name_en=name),), suppliers=())
    assert [len(row) for row in lacking_screen(one, language("en")).rows] == rows
