"""Presses about suppliers and products."""

from dataclasses import dataclass

from views.actions import Press


@dataclass(frozen=True)
class ListSuppliers(Press, code="cl"):
    """All suppliers."""


@dataclass(frozen=True)
class OpenSupplier(Press, code="cs"):
    """A supplier with its products."""

    supplier_id: int


@dataclass(frozen=True)
class OpenProduct(Press, code="cp"):
    """A product with its fields."""

    product_id: int


@dataclass(frozen=True)
class AskCatalogue(Press, code="ca"):
    """Ask for a new supplier, a new product, or a field of one."""

    what: str
    thing_id: int | None


@dataclass(frozen=True)
class SetFreightSplit(Press, code="cf"):
    """Share a supplier's freight by `units`, by `value` or `equally`."""

    supplier_id: int
    split: str


@dataclass(frozen=True)
class RetireThing(Press, code="cr"):
    """Take a `product` or a `supplier` out of use; asks first."""

    what: str
    thing_id: int
    sure: bool


@dataclass(frozen=True)
class ConfirmImport(Press, code="ci"):
    """Store what was previewed, or drop it."""

    store: bool


@dataclass(frozen=True)
class SendTemplate(Press, code="ct"):
    """Send an empty sheet to fill in."""
