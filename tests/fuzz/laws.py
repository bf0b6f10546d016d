"""What holds in the rows however they came about; constraints of the database aside, which hold by themselves."""

from collections import defaultdict

from tests.stateful.ledger import newest
from tests.stateful.stage import Rows


def check(rows: Rows) -> None:
    """Stock, raises and money."""
    _check_raises(rows)
    _check_stock(rows)
    _check_money(rows)


def _check_raises(rows: Rows) -> None:
    """The moments at which units were added add up to what is wished."""
    raised: defaultdict[int, int] = defaultdict(int)
    for row in rows["line_raise"].values():
        raised[row["line_id"]] += row["units"]
    for line in rows["order_line"].values():
        assert raised[line["id"]] == line["firm"], line


def _check_stock(rows: Rows) -> None:
    """No more is ordered than there is; where a coordinator lowered the stock, whoever ordered is asked first."""
    asked = {row["offer_id"] for row in rows["offer_change"].values() if row["kind"] == "stock"}
    taken: defaultdict[int, int] = defaultdict(int)
    for line in rows["order_line"].values():
        taken[line["offer_id"]] += line["firm"] + line["tolerance"]
    for (offer,), row in rows["offer"].items():
        if row["stock_units"] is not None and offer not in asked:
            assert taken[offer] <= row["stock_units"], row


def _check_money(rows: Rows) -> None:
    """A purchase order costs what its lines cost, and is borne by members and house to the last cent."""
    owed: defaultdict[int, int] = defaultdict(int)
    for order in rows["purchase_order"].values():
        lines = newest(rows, order)
        assert order["value_minor"] == sum(line["units"] * line["price_minor"] for line in lines), order
        owed[order["round_id"]] += order["value_minor"] + order["freight_minor"] - order["house_minor"]
    round_of = {offer: row["round_id"] for (offer,), row in rows["offer"].items()}
    paid: defaultdict[int, int] = defaultdict(int)
    for row in rows["allotment"].values():
        found = round_of[rows["order_line"][(row["line_id"],)]["offer_id"]]
        paid[found] += row["charge_minor"] + row["freight_minor"]
    for found in owed:
        assert paid[found] == owed[found], rows["round"][(found,)]
