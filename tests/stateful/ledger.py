"""What the play should have come to: wishes kept by our own book, and the laws checked against every row."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from tests.stateful.reference import Line, Terms, fates
from tests.stateful.stage import Rows

ROUND_WAYS = {
    "open": {"open", "closed", "cancelled"}, "closed": {"closed", "open", "settled"}, "cancelled": {"cancelled"},
}  # fmt: skip
ORDER_WAYS = {
    "sending": {"sending", "sent", "accepted", "declined"}, "sent": {"sent", "sending", "accepted", "declined"},
    "accepted": {"accepted", "sending", "shipped"}, "declined": {"declined", "sending"}, "shipped": {"shipped"},
}  # fmt: skip
REVISES = {"correct_line", "accept_with_less", "decline_purchase_order", "time", "reopen", "answer_held", "close_now"}
TAKES_LINES = {"time", "close_now", "withdraw_offer", "withdraw_order"}
"""Steps in which lines may fall away that their members did not take away themselves."""


class Ledger:
    """One round."""

    def __init__(self, rows: Rows) -> None:
        (self.round,) = rows["round"]
        self.lines: defaultdict[tuple[int, int], Line] = defaultdict(Line)
        self.announced: tuple[int, int, bool, int, datetime] | None = None
        self.decided = False

    def phase(self, rows: Rows) -> str:
        """The round's."""
        return str(rows["round"][self.round]["phase"])

    def wished(
        self, rows: Rows, member: int, offer: int, firm: int, tolerance: int | None, now: datetime, refused: str
    ) -> None:
        """A member wished: what is refused changes nothing; whoever only reduces is not refused."""
        line, terms = self.lines[member, offer], rows["offer"][(offer,)]
        kept = 0 if not firm else min(line.tolerance, max(0, line.firm + line.tolerance - firm))
        more = kept if tolerance is None else tolerance
        found = rows["round"][self.round]
        is_open = found["phase"] == "open" and found["closes_at"] > now
        if refused == "tolerance_useless":
            assert terms["case_size"] == 1
            assert more > line.tolerance
            return
        if refused:
            reduces = firm <= line.firm and firm + more <= line.firm + line.tolerance
            here = rows["member"][(member,)]["left_at"] is None
            assert not (reduces and is_open and here and found["completing_since"] is None), refused
            return
        assert is_open
        if firm + more > line.firm + line.tolerance:
            assert terms["member_cap"] is None or firm + more <= terms["member_cap"]
            assert terms["withdrawn_at"] is None
            self._check_limit(rows, member, offer, (firm + more) * terms["price_minor"])
        if (line.firm, line.tolerance) == (0, 0) and firm:
            line.promised = terms["price_minor"]
        line.wish(firm, more, now)
        self.check_lines(rows)

    def _check_limit(self, rows: Rows, member: int, offer: int, value: int) -> None:
        """An order that grew stays within the limit, counted at the most it can cost."""
        (enterprise,) = rows["enterprise"].values()
        others = [x for (who, what), x in self.lines.items() if who == member and what != offer]
        value += sum((x.firm + x.tolerance) * x.promised for x in others)
        assert enterprise["order_limit_minor"] is None or value <= enterprise["order_limit_minor"]

    def announce(self, member: int, offer: int, wish: bool, units: int, at: datetime) -> None:
        """A coordinator is about to correct a line."""
        self.announced = (member, offer, wish, units, at)

    def check_step(self, before: Rows, rows: Rows, step: str) -> None:
        """What one step may do: phases move along the drawn ways, only the members concerned are told."""
        if step == "correct_line" and self.announced:
            self._correct(rows, *self.announced)
        self._lines_fell_away(before, rows, step)
        self._substitutes(rows)
        old, new = before["round"][self.round], rows["round"][self.round]
        assert new["phase"] in ROUND_WAYS[old["phase"]] or step == "time"
        for key, row in rows["purchase_order"].items():
            if (then := before["purchase_order"].get(key)) is not None:
                self._order_step(then, row, before, rows, step)
        if step in ("correct_line", "accept_with_less", "decline_purchase_order"):
            corrected = {self.announced[0]} if self.announced else set()
            assert told(before, rows, "outcome_changed") | corrected == concerned(before, rows) | corrected
        if new["phase"] == "open" or new["held_until"] is not None:
            assert not told(before, rows, "outcome")
            assert not rows["allotment"]
        if step == "reopen":
            self._forget_hands()
        self.decided = new["phase"] == "closed" and new["held_until"] is None

    def _forget_hands(self) -> None:
        for line in self.lines.values():
            line.by_hand = None

    def _correct(self, rows: Rows, member: int, offer: int, wish: bool, units: int, at: datetime) -> None:
        line = self.lines[member, offer]
        if not wish:
            line.by_hand = units
            return
        if (line.firm, line.tolerance) == (0, 0):
            line.promised = rows["offer"][(offer,)]["price_minor"]
        line.wish(units, 0, at)
        line.by_hand = None

    def _order_step(self, then: dict[str, Any], row: dict[str, Any], before: Rows, rows: Rows, step: str) -> None:
        assert row["phase"] in ORDER_WAYS[then["phase"]], (then["phase"], row["phase"], step)
        assert row["revision"] >= then["revision"]
        assert row["revision"] == then["revision"] or step in REVISES, step
        if then["phase"] == "shipped":
            assert row["revision"] == then["revision"]
            assert row["value_minor"] == then["value_minor"]
        if step == "reopen":
            assert then["phase"] not in ("accepted", "shipped")

    def _lines_fell_away(self, before: Rows, rows: Rows, step: str) -> None:
        """A line falls away with a message to its member, or with the order of somebody who has left."""
        for key, line in lines_by_owner(rows).items():
            mine = self.lines[key]
            if (line["firm"], line["tolerance"]) == (0, 0) and mine.firm + mine.tolerance and step in TAKES_LINES:
                left = rows["member"][(key[0],)]["left_at"] is not None
                assert left or key[0] in told(before, rows, "line_dropped")
                mine.wish(0, 0, line["changed_at"])
            if line["price_minor"] > mine.promised and mine.firm + mine.tolerance:
                self._agreed(rows, line)
                mine.promised = line["price_minor"]
            mine.promised = min(mine.promised, line["price_minor"])

    def _agreed(self, rows: Rows, line: dict[str, Any]) -> None:
        """The promised price rose: only with the member's word for just that price."""
        prices = [
            rows["offer_change"][(consent["change_id"],)]["facts"]["after"]
            for consent in rows["consent"].values()
            if consent["line_id"] == line["id"] and consent["answer"] == "keep"
        ]
        assert line["price_minor"] in prices

    def _substitutes(self, rows: Rows) -> None:
        """A keeper's units of the product that is not delivered are wished of the substitute from then on."""
        for (member, offer), line in lines_by_owner(rows).items():
            if (member, offer) not in self.lines and offer > min(rows["offer"])[0] + 2:
                ages = [raised["at"] for raised in raises_of(rows, line["id"]) for _ in range(raised["units"])]
                self.lines[member, offer] = Line(ages, promised=line["price_minor"])

    def check(self, rows: Rows) -> None:
        """The laws that hold after every step."""
        self.check_lines(rows)
        self._check_stock(rows)
        orders = [(row["round_id"], row["supplier_id"]) for row in rows["purchase_order"].values()]
        assert len(orders) == len(set(orders))
        if self.decided:
            self._check_units(rows)
            self._check_money(rows)

    def check_lines(self, rows: Rows) -> None:
        """The book says what the rows say, and raises add up to their line."""
        for key, line in lines_by_owner(rows).items():
            mine = self.lines[key]
            assert (line["firm"], line["tolerance"]) == (mine.firm, mine.tolerance), key
            ages = sorted(raised["at"] for raised in raises_of(rows, line["id"]) for _ in range(raised["units"]))
            assert ages == mine.ages
            if mine.firm + mine.tolerance:
                assert line["price_minor"] == mine.promised

    def _check_stock(self, rows: Rows) -> None:
        for (offer,), row in rows["offer"].items():
            if row["stock_units"] is not None:
                taken = sum(x.firm + x.tolerance for (_, whose), x in self.lines.items() if whose == offer)
                assert taken <= row["stock_units"], "stock is never oversold"

    def _check_units(self, rows: Rows) -> None:
        """Allotments and purchase orders are what the reference says, for every offer."""
        owners = {line["id"]: key for key, line in lines_by_owner(rows).items()}
        got = {owners[row["line_id"]]: row for row in rows["allotment"].values()}
        for offer, fate in fates(self._offers(rows), self._minimums(rows)).items():
            for member, units in fate.units.items():
                row = got[member, offer]
                assert row["units"] == units, (member, offer)
                assert row["charge_minor"] == units * min(fate.price, self.lines[member, offer].promised)
                assert row["manual"] == (self.lines[member, offer].by_hand is not None)
            assert ordered(rows, offer) == fate.delivered
            assert house(rows, offer) == fate.house
            stock = rows["offer"][(offer,)]["stock_units"]
            assert stock is None or fate.ordered <= stock

    def _offers(self, rows: Rows) -> dict[int, tuple[int, Terms, dict[int, Line]]]:
        found = {}
        for (offer,), row in rows["offer"].items():
            lines = {who: x for (who, what), x in self.lines.items() if what == offer and x.firm + x.tolerance}
            terms = Terms(
                row["case_size"], 0 if row["minimum_waived"] else row["minimum_units"], row["case_policy"] == "house",
                row["stock_units"], row["price_minor"], [(units, price) for units, price in row["tiers"]],
                row["strategy"] == "fair", row["supplied_units"],
            )  # fmt: skip
            found[offer] = (row["supplier_id"], terms, lines)
        return found

    def _minimums(self, rows: Rows) -> dict[int, int]:
        return {
            row["supplier_id"]: 0 if row["minimum_waived"] else row["minimum_value_minor"]
            for row in rows["round_supplier"].values()
        }

    def _check_money(self, rows: Rows) -> None:
        """Σ charges + house = Σ purchase order values + freight; each value is what its lines say."""
        paid = sum(row["charge_minor"] + row["freight_minor"] for row in rows["allotment"].values())
        orders = [row for row in rows["purchase_order"].values() if row["phase"] != "declined"]
        assert paid + sum(row["house_minor"] for row in orders) == sum(
            row["value_minor"] + row["freight_minor"] for row in orders
        )
        for row in orders:
            lines = newest(rows, row)
            assert row["value_minor"] == sum(line["units"] * line["price_minor"] for line in lines)
            assert lines or not row["freight_minor"]


def lines_by_owner(rows: Rows) -> dict[tuple[int, int], dict[str, Any]]:
    """Lines by member and offer."""
    owner = {key: row["member_id"] for (key,), row in rows["member_order"].items()}
    return {(owner[line["order_id"]], line["offer_id"]): line for line in rows["order_line"].values()}


def raises_of(rows: Rows, line_id: int) -> list[dict[str, Any]]:
    """The raises of a line."""
    return [row for row in rows["line_raise"].values() if row["line_id"] == line_id]


def newest(rows: Rows, order: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of a purchase order's newest revision; one that was declined delivers nothing."""
    if order["phase"] == "declined":
        return []
    return [
        line for line in rows["purchase_order_line"].values()
        if line["purchase_order_id"] == order["id"] and line["revision"] == order["revision"]
    ]  # fmt: skip


def ordered(rows: Rows, offer: int) -> int:
    """Units of an offer that the supplier is to deliver."""
    lines = [line for order in rows["purchase_order"].values() for line in newest(rows, order)]
    return sum(line["units"] for line in lines if line["offer_id"] == offer)


def house(rows: Rows, offer: int) -> int:
    """Units of them that the enterprise bears."""
    lines = [line for order in rows["purchase_order"].values() for line in newest(rows, order)]
    return sum(x["units"] for x in lines if x["offer_id"] == offer and x["house"])


def told(before: Rows, rows: Rows, kind: str) -> set[int]:
    """Members who are owed a new message of a kind."""
    fresh = [row for key, row in rows["notice"].items() if key not in before["notice"] and row["kind"] == kind]
    return {row["facts"]["member_id"] for row in fresh}


def concerned(before: Rows, rows: Rows) -> set[int]:
    """Members who receive or pay something else than before, or for another reason."""
    owner = {line["id"]: key[0] for key, line in lines_by_owner(rows).items()}
    then, now = ({key: _told_of(row) for key, row in some["allotment"].items()} for some in (before, rows))
    return {owner[key[0]] for key in then.keys() | now.keys() if then.get(key) != now.get(key)}


def _told_of(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["units"], row["reason"], row["price_minor"], row["charge_minor"], row["freight_minor"]
