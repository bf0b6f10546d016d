"""Finds every sentence that the code says, and writes the English catalogue: `python -m locales.sentences`.

The code's own sentences are English, so the English catalogue repeats them, with their plurals.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from views.language import catalogue

HOUSE = Path(__file__).parents[1]
SAID_IN = ("views", "handlers", "bot")
ONE, MANY = {"say", "plain"}, {"say_many", "plain_many"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, its plural where it has one, and where it is said."""

    one: str
    many: str | None
    where: str


def sentences() -> Iterator[Sentence]:
    """Every sentence said anywhere; a sentence that is not a literal is an error."""
    for folder in SAID_IN:
        for path in sorted((HOUSE / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    yield from _said(node, node.func.attr, f"{path.relative_to(HOUSE)}:{node.lineno}")


def _said(call: ast.Call, method: str, where: str) -> Iterator[Sentence]:
    if method in ONE and call.args:
        yield Sentence(_literal(call.args[0], where), None, where)
    elif method in MANY and len(call.args) >= 2:
        yield Sentence(_literal(call.args[0], where), _literal(call.args[1], where), where)


def _literal(node: ast.expr, where: str) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise ValueError(f"{where}: a sentence must be written out where it is said")


def write_english() -> None:
    """Write the English catalogue anew."""
    english = Catalog(locale="en", project="County Basket", fuzzy=False)
    for sentence in sorted(set(sentences()), key=lambda s: (s.one, s.where)):
        said = (sentence.one, sentence.many) if sentence.many else sentence.one
        english.add(said, string=said)
    path = HOUSE / "locales/en/LC_MESSAGES/messages.po"
    with path.open("wb") as file:
        write_po(
            file, english, width=120, no_location=True, omit_header=False, sort_output=True, include_previous=False
        )
    text = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in text if "-Date:" not in line), encoding="utf-8")


if __name__ == "__main__":
    write_english()
    chinese = catalogue("zh_CN")
    missing = [s for s in sentences() if s.one not in chinese or not chinese[s.one].string]
    for sentence in missing:
        print(f"{sentence.where}: not in Chinese yet: {sentence.one}")
    sys.exit(bool(missing))
