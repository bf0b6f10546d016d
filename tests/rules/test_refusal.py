"""An expected "no"."""

import re
from pathlib import Path

import rules
from rules import refusal
from rules.refusal import Refusal

MODULES = list(Path(rules.__file__).parent.glob("*.py"))


def test_every_code_that_the_rules_raise_is_in_the_table() -> None:
    raised = {code for path in MODULES for code in re.findall(r'raise Refusal\("(\w+)"', path.read_text("utf-8"))}
    listed = set(re.findall(r"^\| (\w+_\w+) \|", refusal.__doc__ or "", re.M))
    assert raised == listed


def test_a_refusal_carries_its_facts() -> None:
    no = Refusal("over_stock", left=3)
    assert (no.code, no.facts) == ("over_stock", {"left": 3})
    assert "over_stock" in str(no)
    assert "left" in str(no)
