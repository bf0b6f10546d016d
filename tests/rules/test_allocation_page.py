"""The pages for coordinators, `docs/allocation.md` and its Chinese sister: every table on them is computed.

A table stands under the line of its terms. Its headings say what its columns are; what is wished goes in, the rest
must come out.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rules.allot import AllotmentReason, LineWish
from rules.consolidate import OfferTerms, cases, consolidate_offer, missing_units
from rules.decide import Decision, SupplierTerms, WishedLine, WishedOffer, decide
from rules.ordering import Raise
from rules.pricing import Tier
from tests.rules.strategies import at

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("allocation.md", "allocation.zh.md")
COLUMNS = {
    "member": "member", "员工": "member", "wishes": "wishes", "下单": "wishes", "promised": "promised",
    "下单价": "promised", "by hand": "by hand", "手动": "by hand", "receives": "receives", "分得": "receives",
    "why": "why", "原因": "why", "pays": "pays", "货款": "pays", "freight": "freight", "运费": "freight",
    "difference": "difference", "差额": "difference", "cases": "cases", "箱数": "cases", "ordered": "ordered",
    "订货": "ordered", "missing": "missing", "还差": "missing", "reason": "why", "code": "code", "代码": "code",
    "meaning": "meaning", "含义": "meaning",
}  # fmt: skip
TERMS = {
    "price": r"price ¥(\S+)|单价 ¥(\S+)",
    "case": r"case size (\d+)|箱规 (\d+)",
    "house": r"(house)|(企业兜底)",
    "fair": r"(fair)|(按比例)",
    "declined": r"(declined)|(供应商拒单)",
    "supplied": r"supplier delivers (\d+)|供应商实供 (\d+)",
    "minimum value": r"supplier's minimum ¥(\S+)|起订金额 ¥(\S+)",
    "tier": r"from (\d+ ¥\S+)|满 (\d+ ¥\S+)",
    "freight": r"freight (¥\S+ .+)|运费 (¥\S+ .+)",
}
SPLITS = {
    "equally": "equally", "平均": "equally", "by units": "units", "按数量": "units", "by value": "value",
    "按金额": "value",
}  # fmt: skip
SUPPLIER, HOUSE = ("supplier", "供应商"), ("enterprise", "企业")


@dataclass
class Table:
    """One table: the terms above it, its columns, its rows by column."""

    terms: dict[str, list[str]]
    rows: list[dict[str, str]] = field(default_factory=list)


def tables(page: str) -> list[Table]:
    """Every table of a page, in order."""
    found: list[Table] = []
    terms: dict[str, list[str]] = {}
    columns: list[str] = []
    for line in (DOCS / page).read_text().splitlines():
        if line.startswith("> **"):
            terms = read_terms(line)
        elif not line.startswith("|"):
            columns = []
        elif not columns:
            columns = [COLUMNS.get(cell, cell) for cell in cells(line)]
            found.append(Table(terms))
            terms = {}
        elif not line.startswith("|---"):
            found[-1].rows.append(dict(zip(columns, cells(line), strict=True)))
    return found


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def read_terms(line: str) -> dict[str, list[str]]:
    """The terms in words; every one of them must be understood."""
    said: dict[str, list[str]] = {}
    for words in re.split(r"[;；]\s*", re.sub(r"^> \*\*(Terms:|条件：)\*\*\s*", "", line)):
        found = [(name, match) for name, pattern in TERMS.items() if (match := re.fullmatch(pattern, words.strip()))]
        assert len(found) == 1, f"not understood: {words}"
        name, match = found[0]
        said.setdefault(name, []).append(next(group for group in match.groups() if group))
    return said


def cents(text: str) -> int:
    sign, whole, fraction = re.fullmatch(r"¥?(-?)(\d+)(?:\.(\d\d))?", text).groups()  # type: ignore[union-attr]
    return (int(whole) * 100 + int(fraction or 0)) * (-1 if sign else 1)


def yuan(minor: int) -> str:
    sign, (whole, fraction) = "-" if minor < 0 else "", divmod(abs(minor), 100)
    return f"¥{sign}{whole}.{fraction:02}" if fraction else f"¥{sign}{whole}"


def wish(line_id: int, text: str) -> LineWish:
    """`10:00 2, 10:20 +3, 10:30 up to 8`: raises, and the most one would take."""
    raises: list[Raise] = []
    tolerance, given_at, moment = 0, None, at(0)
    for part in re.split(r"[,，]\s*", text):
        hour, minute, up_to, units = re.fullmatch(r"(?:(\d\d):(\d\d) )?(up to |最多 )?\+?(\d+)", part).groups()  # type: ignore[union-attr]
        moment = at(int(hour) * 60 + int(minute)) if hour else moment
        if up_to:
            tolerance, given_at = int(units) - sum(one.units for one in raises), moment
        else:
            raises.append(Raise(int(units), moment, line_id))
    return LineWish(line_id, tuple(raises), tolerance, given_at)


def decided(table: Table) -> Decision:
    """What the rules make of an example."""
    said = table.terms
    price = cents(said["price"][0])
    members = [row for row in table.rows if row["wishes"]]
    lines = [
        WishedLine(wish(n, row["wishes"]), n, cents(row["promised"]) if row.get("promised") else price)
        for n, row in enumerate(members, 1)
    ]
    tiers = [Tier(int(text.split()[0]), cents(text.split()[1])) for text in said.get("tier", [])]
    offer = WishedOffer(
        1, 1, OfferTerms(int(said.get("case", ["1"])[0]), 0, "house" if "house" in said else "drop"), price, lines,
        tiers, "fair" if "fair" in said else "oldest",
        0 if "declined" in said else int(said["supplied"][0]) if "supplied" in said else None,
        {n: int(row["by hand"]) for n, row in enumerate(members, 1) if row.get("by hand")}, "declined" in said,
    )  # fmt: skip
    freight, _, split = said.get("freight", ["¥0 equally"])[0].partition(" ")
    minimum = cents(said.get("minimum value", ["¥0"])[0])
    return decide([offer], {1: SupplierTerms(minimum, cents(freight), SPLITS[split])})


def outcome(table: Table, reasons: dict[str, str], before: dict[str, int]) -> list[dict[str, str]]:
    """The rows as the rules would write them, and what each pays in all, for a later difference."""
    decision = decided(table)
    offer, supplier = decision.offers[0], decision.suppliers[0]
    got = iter(offer.lines)
    rows = []
    for row in table.rows:
        if row["member"] in SUPPLIER:
            computed = {"receives": str(offer.units), "pays": yuan(supplier.value), "freight": yuan(supplier.freight)}
        elif row["member"] in HOUSE:
            computed = {"receives": str(offer.house_units), "pays": yuan(offer.house_cost)}
        else:
            line = next(got)
            paid = line.charge + line.freight
            computed = {
                "receives": str(line.units), "pays": yuan(line.charge), "freight": yuan(line.freight),
                "why": reasons[str(line.reason)], "difference": yuan(paid - before.get(row["member"], 0)),
            }  # fmt: skip
            before[row["member"]] = paid
        rows.append(row | {name: text for name, text in computed.items() if name in row})
    return rows


def sums(row: dict[str, str]) -> dict[str, str]:
    """A row of sums: W, T, U and M go in."""
    firm, tolerance, case, minimum = (int(row.get(name, "0")) for name in ("W", "T", "U", "M"))
    terms = OfferTerms(case, minimum)
    computed = {
        "cases": cases(firm, tolerance, case), "ordered": consolidate_offer(terms, firm, tolerance).units,
        "missing": missing_units(terms, firm, tolerance),
    }  # fmt: skip
    return row | {name: str(value) for name, value in computed.items() if name in row}


@pytest.mark.parametrize("page", PAGES)
def test_every_table_says_what_the_rules_say(page: str) -> None:
    found = tables(page)
    reasons = {row["code"]: row["why"] for table in found for row in table.rows if "code" in row}
    assert set(reasons) == {str(reason) for reason in AllotmentReason}
    paid: dict[str, int] = {}
    for table in found:
        if "member" in table.rows[0]:
            paid = paid if "difference" in table.rows[0] else {}
            assert table.rows == outcome(table, reasons, paid)
        elif "W" in table.rows[0]:
            assert table.rows == [sums(row) for row in table.rows]
        else:
            assert "code" in table.rows[0], "a table that nothing computes"


def test_both_pages_give_the_same_examples_in_the_same_sections() -> None:
    def numbers(page: str) -> list[list[list[str]]]:
        return [[re.findall(r"[\d.:¥-]+", " ".join(row.values())) for row in table.rows] for table in tables(page)]

    english, chinese = (
        [re.match(r"## \d+", line)[0] for line in (DOCS / page).read_text().splitlines() if line.startswith("## ")]  # type: ignore[index]
        for page in PAGES
    )
    assert english == chinese
    assert numbers(PAGES[0]) == numbers(PAGES[1])
    assert len(numbers(PAGES[0])) > 15


def test_a_changed_number_is_noticed() -> None:
    """The check itself: an example with a wrong number differs from what comes out."""
    reasons = {str(reason): str(reason) for reason in AllotmentReason}
    table = Table({"price": ["10"]}, [{"member": "Zhang", "wishes": "10:00 2", "receives": "3", "pays": "¥20"}])
    assert outcome(table, reasons, {}) == [
        {"member": "Zhang", "wishes": "10:00 2", "receives": "2", "pays": "¥20"}
    ]  # fmt: skip
    with pytest.raises(AssertionError, match="not understood"):
        read_terms("> **Terms:** case size 4; discount 3")
