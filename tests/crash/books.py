"""What is written in the database, by names instead of ids and without moments, so that two runs can be compared."""

from sqlalchemy import Connection, create_engine, text

BOOKS = {
    "people": """
        SELECT person.first_name, member.name, role, department, point.name_zh, person.unreachable_since IS NULL
        FROM person LEFT JOIN member ON member.person_id = person.id
        LEFT JOIN pickup_point point ON point.id = member.pickup_point_id""",
    "rounds": "SELECT number, phase, closings, extended_at IS NULL, held_until IS NULL FROM round WHERE phase <> 'draft'",
    "orders": """
        SELECT round.number, member.name, point.name_zh, first_charge_minor, collector_id
        FROM member_order JOIN round ON round.id = round_id JOIN member ON member.id = member_id
        LEFT JOIN pickup_point point ON point.id = member_order.pickup_point_id""",
    "lines": """
        SELECT member.name, offer.name_zh, firm, tolerance, line.price_minor, units, reason, allotment.price_minor,
          charge_minor, freight_minor, manual, given_units
        FROM order_line line JOIN member_order ON member_order.id = order_id JOIN member ON member.id = member_id
        JOIN offer ON offer.id = offer_id LEFT JOIN allotment ON line_id = line.id""",
    "purchase orders": """
        SELECT supplier.name_zh, purchase_order.number, purchase_order.phase, revision, accepted_revision, known_revision,
          value_minor, purchase_order.freight_minor, house_minor, first_owed_minor, decline_reason, answered_by
        FROM purchase_order JOIN supplier ON supplier.id = supplier_id""",
    "purchase order lines": """
        SELECT number, line.revision, offer.name_zh, point.name_zh, units, line.price_minor
        FROM purchase_order_line line JOIN purchase_order ON purchase_order.id = purchase_order_id
        JOIN offer ON offer.id = offer_id LEFT JOIN pickup_point point ON point.id = pickup_point_id""",
    "raises": """
        SELECT member.name, offer.name_zh, line_raise.units
        FROM line_raise JOIN order_line line ON line.id = line_id JOIN member_order ON member_order.id = order_id
        JOIN member ON member.id = member_id JOIN offer ON offer.id = offer_id""",
    # a card whose delivery was not noted before a crash is not sent once more when its round is over by then
    "told": """
        SELECT kind, person.first_name, CASE WHEN kind = 'offer_card' AND state = 'withdrawn' THEN 'sent' ELSE state END
        FROM notice LEFT JOIN person ON person.id = notice.person_id
        WHERE kind NOT IN ('card_refresh', 'purchase_order') AND notice.key NOT LIKE '%:sent:%'""",
    "journal": """
        SELECT what, person.first_name FROM journal LEFT JOIN person ON person.id = journal.person_id
        WHERE what NOT IN ('purchase_order_sent', 'invitation_made')
        UNION ALL SELECT DISTINCT what, person.first_name FROM journal JOIN person ON person.id = journal.person_id
        WHERE what = 'invitation_made'""",
    "talks": "SELECT name, key FROM conversation_state",
}
"""Left out: that a purchase order was noted as sent. A supplier may answer it before that, and then nobody needs it. And
how many invitations were made: who gets no answer in time may ask for another one, which is one more press."""
RAISED = """
    SELECT member.name, offer.name_zh FROM line_raise JOIN order_line line ON line.id = line_id
    JOIN member_order ON member_order.id = order_id JOIN member ON member.id = member_id
    JOIN offer ON offer.id = offer_id ORDER BY line_raise.at, line_raise.id"""
WISHED = """
    SELECT firm FROM order_line line JOIN member_order ON member_order.id = order_id
    JOIN member ON member.id = member_id JOIN offer ON offer.id = offer_id
    WHERE member.name = :member AND offer.name_zh = :product"""
UNDONE = """
    SELECT count(*) FROM notice WHERE state = 'due'
    UNION ALL SELECT count(*) FROM card JOIN round ON round.id = round_id
      WHERE shown_version < cards_version AND phase <> 'draft'"""
Books = dict[str, list[str]]


class Reader:
    """Reads a database beside the bot, without ever locking it."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_pre_ping=True)

    def books(self) -> Books:
        """Everything that must be the same however often the bot died."""
        with self._engine.connect() as connection:
            books = {name: sorted(_rows(connection, query)) for name, query in BOOKS.items()}
            books["order of raises"] = _rows(connection, RAISED)
        return books

    def wished(self, member: str, product: str) -> int | None:
        """Firm units of a line, if it exists."""
        with self._engine.connect() as connection:
            found = connection.execute(text(WISHED), {"member": member, "product": product}).scalar()
        return None if found is None else int(found)

    def at_rest(self) -> bool:
        """Whether no message is owed and no card is behind."""
        with self._engine.connect() as connection:
            return not any(count for (count,) in connection.execute(text(UNDONE)))

    def undone(self) -> list[str]:
        """What is owed, and which cards are behind."""
        with self._engine.connect() as connection:
            return _rows(
                connection,
                "SELECT kind, lane, key, due_at, leased_until, attempts, error FROM notice WHERE state = 'due'",
            ) + _rows(
                connection,
                "SELECT card.round_id, member_id, shown_version, cards_version, phase FROM card JOIN round ON round.id = round_id WHERE shown_version < cards_version",
            )

    def count(self, query: str) -> int:
        """The number that a query finds."""
        with self._engine.connect() as connection:
            return int(connection.execute(text(query)).scalar_one())

    def close(self) -> None:
        """Disconnect."""
        self._engine.dispose()


def _rows(connection: Connection, query: str) -> list[str]:
    """As text; SQLite and PostgreSQL say truth differently, but are never compared with each other."""
    return [" | ".join(map(str, row)) for row in connection.execute(text(query))]
