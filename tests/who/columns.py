"""Who acts, and whose things they reach for."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from tests.who.tenants import Tenant

ANOTHERS = {
    "member employee": "member another", "closed line": "closed another line", "consent employee": "consent another",
}  # fmt: skip
OTHER_SUPPLIERS = {
    "purchase order": "other purchase order", "accepted order": "other accepted order", "closed 橙": "closed 云茶",
    "contact supplier": "contact other supplier",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One person reaching for what is `whose`: own, another's of the enterprise, another enterprise's, or mixed."""

    title: str
    role: str
    whose: str = "own"

    def ids(self, keys: Collection[str], tenants: Mapping[str, Tenant]) -> Iterator[dict[str, int]]:
        """The ids for an action that carries these, in this column; none where it carries nothing of that kind."""
        mine, theirs = tenants["甲"].ids, tenants["乙"].ids
        if self.whose == "own":
            yield mine | self._own(mine)
        elif self.whose == "other enterprise" and _foreign(keys):
            yield theirs
        elif self.whose == "mixed" and len(_foreign(keys)) > 1:
            yield from (mine | {key: theirs[key]} for key in _foreign(keys))
        elif self.whose in ("another", "other supplier"):
            instead = ANOTHERS if self.whose == "another" else OTHER_SUPPLIERS
            if any(key in instead for key in keys):
                yield mine | {key: mine[instead[key]] for key in instead}

    def _own(self, mine: Mapping[str, int]) -> dict[str, int]:
        """Whoever has left reaches for what was theirs."""
        return {"member employee": mine[f"member {self.role}"]} if f"member {self.role}" in mine else {}


def _foreign(keys: Collection[str]) -> tuple[str, ...]:
    """The ids that say whose it is; a day or a moment is nobody's."""
    return tuple(key for key in keys if key not in ("series day", "later"))


COLUMNS = (
    Column("employee", "employee"),
    Column("employee, another member's", "employee", "another"),
    Column("employee, other enterprise", "employee", "other enterprise"),
    Column("coordinator", "coordinator"),
    Column("coordinator, other enterprise", "coordinator", "other enterprise"),
    Column("coordinator, mixed", "coordinator", "mixed"),
    Column("supplier", "supplier"),
    Column("supplier, other supplier", "supplier", "other supplier"),
    Column("supplier, other enterprise", "supplier", "other enterprise"),
    Column("supplier, mixed", "supplier", "mixed"),
    Column("nobody", "nobody"),
    Column("left member", "left member"),
    Column("left coordinator", "left coordinator"),
    Column("left supplier", "left supplier"),
    Column("invited", "invited"),
)
