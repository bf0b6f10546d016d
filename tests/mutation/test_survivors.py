"""The page that explains the mutants which survive."""

from pathlib import Path

import pytest

from tests.mutation.survivors import EVERYWHERE, PAGE, Mutant, explained

RULES = Path(__file__).parents[2] / "rules"
ENTRY = "\n### allot._fair\n\nBoth are the same.\n\n```diff\n-a > b\n+a >= b\n-c\n+d\n```\n"


def test_an_explanation_is_a_function_a_reason_and_changes() -> None:
    assert explained(ENTRY) == [Mutant("allot._fair", "a > b", "a >= b"), Mutant("allot._fair", "c", "d")]


@pytest.mark.parametrize("taken_away", ["Both are the same.\n\n", "+a >= b\n", "```\n", "+d\n"])
def test_an_explanation_that_lacks_a_part_is_no_explanation(taken_away: str) -> None:
    with pytest.raises(ValueError):
        explained(ENTRY.replace(taken_away, ""))


def test_every_explained_line_still_stands_in_its_module() -> None:
    for mutant in explained(PAGE.read_text("utf-8")):
        if mutant.function != EVERYWHERE:
            source = (RULES / f"{mutant.function.split('.')[0]}.py").read_text("utf-8")
            assert mutant.before in " ".join(source.split()), mutant
