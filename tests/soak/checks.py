"""What must hold at the end of each day."""

from sqlalchemy import bindparam, text
from sqlmodel import Session, col, select

from models import Allotment, Enterprise, Member, Notice, Order, OrderLine, Round
from models.base import UtcMoment
from services.database import Database
from services.identify import read_actor
from services.read_statement import read_statement
from services.work import Work
from tests.soak.stage import Stage

NOTHING = {
    "a notice that is due": "SELECT kind, key, attempts, error FROM notice WHERE state = 'due' AND due_at <= :now",
    "a notice that is in hand": "SELECT kind, key FROM notice WHERE state = 'due' AND leased_until > :now",
    "a notice that failed": "SELECT kind, key, error FROM notice WHERE state = 'failed'",
    "a card that is behind": """
        SELECT round_id, member_id FROM card JOIN round ON round.id = round_id WHERE shown_version < cards_version""",
    "an incident": "SELECT key FROM notice WHERE kind = 'incident'",
    "a round that is open for too long": "SELECT id, closes_at FROM round WHERE phase = 'open' AND closes_at <= :now",
    "a round that is held for too long": "SELECT id FROM round WHERE held_until <= :now",
    "a round that did not open": """
        SELECT id FROM round WHERE phase = 'draft' AND scheduled_at IS NOT NULL AND opens_at <= :now""",
    "a round that has closed more than once": """
        SELECT round_id, count(*) FROM journal WHERE what = 'round_closed' GROUP BY round_id HAVING count(*) > 1""",
    "a round that is closed without saying so": """
        SELECT id FROM round WHERE phase IN ('closed', 'settled') AND held_until IS NULL
          AND id NOT IN (SELECT round_id FROM journal WHERE what = 'round_closed' AND round_id IS NOT NULL)""",
    "a line of a closed round without an allotment": """
        SELECT line.id FROM order_line line JOIN offer ON offer.id = offer_id JOIN round ON round.id = offer.round_id
        WHERE phase IN ('closed', 'settled') AND held_until IS NULL AND firm > 0
          AND line.id NOT IN (SELECT line_id FROM allotment)""",
    "an allotment beyond its wish": """
        SELECT line_id FROM allotment JOIN order_line line ON line.id = line_id WHERE units > firm + tolerance""",
    "a charge that is not its units times its price": """
        SELECT line_id FROM allotment WHERE charge_minor <> units * price_minor""",
    "a standing order of somebody who left": """
        SELECT standing_order.id FROM standing_order JOIN member ON member.id = member_id WHERE left_at IS NOT NULL""",
    "units of a purchase order that are not those of its members and the house": """
        SELECT offer.id, given.units, ordered.units FROM offer
        LEFT JOIN (SELECT offer_id, sum(units) AS units FROM allotment JOIN order_line line ON line.id = line_id
          GROUP BY offer_id) given ON given.offer_id = offer.id
        LEFT JOIN (SELECT offer_id, sum(units) AS units FROM purchase_order_line line
          JOIN purchase_order ON purchase_order.id = purchase_order_id
          WHERE line.revision = purchase_order.revision AND NOT house AND phase <> 'declined' GROUP BY offer_id
        ) ordered ON ordered.offer_id = offer.id
        WHERE coalesce(given.units, 0) <> coalesce(ordered.units, 0)""",
    "a purchase order whose value is not that of its lines": """
        SELECT purchase_order.id FROM purchase_order LEFT JOIN purchase_order_line line
          ON purchase_order_id = purchase_order.id AND line.revision = purchase_order.revision
        WHERE phase <> 'declined' GROUP BY purchase_order.id, value_minor HAVING coalesce(sum(units * price_minor), 0) <> value_minor""",
}
"""Each finds what there must not be."""
BOUNDED = {
    "draft": "SELECT 3 * count(*) FROM person",
    "conversation_state": "SELECT count(*) FROM person",
    "lead": "SELECT 1",
}
"""Tables that do not keep history, and how many rows each may have."""
JOBS = {"alarm", "sweep"}


def check_day(stage: Stage) -> None:
    """The outbox is empty, every round was closed in time and once, the books balance, nothing piles up."""
    with Session(stage.database.engine) as session:
        for what, query in NOTHING.items():
            now = [bindparam("now", stage.clock(), UtcMoment)] if ":now" in query else []
            found = session.execute(text(query).bindparams(*now)).all()
            assert not found, f"{stage.clock()}: {what}: {found[:5]} ({len(found)})"
        for table, bound in BOUNDED.items():
            rows, most = (session.execute(text(q)).scalar_one() for q in (f"SELECT count(*) FROM {table}", bound))
            assert rows <= most, f"{stage.clock()}: {table} has {rows} rows, at most {most} are meant"
    assert {job.id for job in stage.alarm._scheduler.get_jobs()} <= JOBS
    assert not stage.bot.updates
    check_told(stage.database)
    check_statements(stage.database)


def check_told(database: Database) -> None:
    """Every member has heard what became of what they ordered, in each round that is closed and decided."""
    concerned = (
        select(Order.round_id, Member.person_id)
        .join(Member, col(Member.id) == Order.member_id)
        .join(OrderLine, col(OrderLine.order_id) == Order.id)
        .join(Allotment, col(Allotment.line_id) == OrderLine.id)
        .where(col(Member.left_at).is_(None), OrderLine.firm > 0)
        .distinct()
    )
    kinds = col(Notice.kind).in_(("outcome", "outcome_changed"))
    with Session(database.engine) as session:
        sent = session.exec(select(Notice.person_id, Notice.facts).where(kinds, Notice.state == "sent"))
        told = {(facts["round_id"], person_id) for person_id, facts in sent}
        untold = set(session.exec(concerned).all()) - told
    assert not untold, f"not told (round, person): {sorted(untold)[:5]} ({len(untold)})"


def check_statements(database: Database) -> None:
    """What members and the enterprise pay is what suppliers get, in each closed round, by its statement."""
    with Session(database.engine) as session:
        rounds = session.exec(
            select(Round.id, Round.coordinator_id).where(
                col(Round.phase).in_(("closed", "settled")), col(Round.held_until).is_(None)
            )
        ).all()
        persons = dict(session.exec(select(Member.id, Member.person_id)).all())
    for round_id, coordinator_id in rounds:
        database.run(_check_statement, None, None, round_id or 0, persons[coordinator_id])


def _check_statement(work: Work, round_id: int, person_id: int) -> None:
    work.actor = read_actor(work, person_id)
    statement = read_statement(work, round_id)
    owed = statement.paid + statement.house
    assert owed == statement.owed, f"round {round_id}: {statement.paid} + {statement.house} != {statement.owed}"


def figures(database: Database) -> dict[str, int]:
    """How much there was of everything."""
    queries = {
        "rounds": "SELECT count(*) FROM round WHERE phase <> 'draft'",
        "closed": "SELECT count(*) FROM journal WHERE what = 'round_closed'",
        "orders": "SELECT count(*) FROM member_order",
        "lines": "SELECT count(*) FROM order_line",
        "standing orders": "SELECT count(*) FROM standing_order",
        "wishes": "SELECT count(*) FROM journal WHERE what = 'line_wished'",
        "purchase orders": "SELECT count(*) FROM purchase_order",
        "revisions": "SELECT coalesce(sum(revision), 0) FROM purchase_order",
        "notices sent": "SELECT count(*) FROM notice WHERE state = 'sent'",
        "joined": "SELECT count(*) FROM invitation_use",
        "settled": "SELECT count(*) FROM round WHERE phase = 'settled'",
        "left": "SELECT count(*) FROM member WHERE left_at IS NOT NULL",
    }
    with Session(database.engine) as session:
        assert session.exec(select(Enterprise.id)).first() is not None
        return {what: int(session.execute(text(query)).scalar_one()) for what, query in queries.items()}
