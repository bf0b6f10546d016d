"""Compares the mutants of rules/ that no test kills with those that docs/mutants.md explains.

`make mutants` runs it after mutmut. It fails where a mutant survives unexplained, and where an explained one does not
survive any more; it also writes the figures into the page.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

PAGE = Path(__file__).parents[2] / "docs" / "mutants.md"
KILLED = ("killed", "timeout")
UNFINISHED = ("not checked", "check was interrupted by user")
EVERYWHERE = "everywhere"
_STRICT = re.compile(r"strict=(?:True|False|None)")
_ENTRY = re.compile(
    r"^### (?P<function>[\w.]+)\n\n(?P<reason>\S[^\n].*?)\n\n```diff\n(?P<changes>.*?)\n```$", re.M | re.S
)
_FIGURES = re.compile(r"(?<=\| module \| mutants \| killed \| equivalent \|\n\|---\|---\|---\|---\|\n)(?:\|.*\n)*")


class Mutant(NamedTuple):
    """A change of one expression, described by what stays the same when other code changes."""

    function: str
    before: str
    after: str


def explained(page: str) -> list[Mutant]:
    """The mutants that a page explains. Each needs a reason and a change; ValueError where one lacks."""
    entries = list(_ENTRY.finditer(page))
    if len(entries) != page.count("\n### "):
        raise ValueError("docs/mutants.md: each ### needs a function, a reason and a diff")
    return [mutant for entry in entries for mutant in _changes(entry["function"], entry["changes"].split("\n"))]


def _changes(function: str, lines: list[str]) -> Iterator[Mutant]:
    for before, after in zip(lines[::2], lines[1::2], strict=True):
        if (before[0], after[0]) != ("-", "+"):
            raise ValueError(f"docs/mutants.md, {function}: each - line needs one + line")
        yield Mutant(function, before[1:], after[1:])


def mutant_of(key: str, path: Path) -> Mutant:
    """What mutmut calls `rules.allot.x__fair__mutmut_9`, described. What only a `strict` of zip does is one for all."""
    name, of_class = orig_function_and_class_names_from_key(key)
    function = ".".join(part for part in (path.stem, of_class, name) if part)
    diff = get_diff_for_mutant(key, path=path).splitlines()[2:]
    before, after = (" ".join(line[1:].strip() for line in diff if line[0] == sign) for sign in "-+")
    if _STRICT.sub("", before) == _STRICT.sub("", after):
        return Mutant(EVERYWHERE, "zip(…, strict=True)", "zip(…)")
    return Mutant(function, before, after)


def results() -> tuple[Counter[tuple[str, str]], list[Mutant]]:
    """How many mutants of each module (and "rules" as a whole) have each status, and which survive."""
    counts: Counter[tuple[str, str]] = Counter()
    alive = []
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        for key, exit_code in data.exit_code_by_key.items():
            status = status_by_exit_code[exit_code]
            if status in UNFINISHED:
                sys.exit("Not every mutant was tried: run `make mutants` to its end.")
            for of in (path.stem, "rules"):
                counts[of, "mutants"] += 1
                counts[of, "killed" if status in KILLED else "alive"] += 1
            if status not in KILLED:
                alive.append(mutant_of(key, path))
    return counts, alive


def figures(counts: Counter[tuple[str, str]]) -> str:
    """The rows of the table."""
    modules = dict.fromkeys(module for module, _ in counts if module != "rules")
    return "".join(
        f"| {module} | {counts[module, 'mutants']} | {counts[module, 'killed']} | {counts[module, 'alive']} |\n"
        for module in (*modules, "rules")
    )


def _as_entries(mutants: Iterable[Mutant]) -> str:
    return "\n".join(f"### {one.function}\n\n-{one.before}\n+{one.after}\n" for one in dict.fromkeys(mutants))


def main() -> None:
    """Compare, write the figures, exit with 1 where the two differ."""
    counts, alive = results()
    page = PAGE.read_text("utf-8")
    PAGE.write_text(_FIGURES.sub(figures(counts), page), "utf-8")
    listed = explained(page)
    unexplained = [one for one in alive if one not in listed]
    gone = [one for one in listed if one not in alive]
    print(figures(counts))
    if unexplained:
        print("These survive and are not explained in docs/mutants.md:\n", _as_entries(unexplained), sep="\n")
    if gone:
        print("These are explained in docs/mutants.md and do not survive:\n", _as_entries(gone), sep="\n")
    sys.exit(bool(unexplained or gone))


if __name__ == "__main__":
    main()
