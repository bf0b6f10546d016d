"""The suppliers of the enterprise worn now, by name."""

from sqlmodel import col, select

from models import Supplier
from services.access import acting_coordinator
from services.work import Work


def read_supplier_names(work: Work) -> tuple[tuple[int, str, str], ...]:
    """Id and both names of every supplier that a coordinator may invite a contact for."""
    _, enterprise = acting_coordinator(work)
    rows = work.session.exec(
        select(Supplier)
        .where(Supplier.enterprise_id == enterprise.id, col(Supplier.retired_at).is_(None))
        .order_by(col(Supplier.id))
    )
    return tuple((row.id or 0, row.name_zh, row.name_en) for row in rows)
