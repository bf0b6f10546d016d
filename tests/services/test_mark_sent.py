"""What has arrived is noted together: each with its message, once, and whoever was not reachable is so again."""

from sqlmodel import Session, col, select

from models import Notice, Person
from services.database import Database
from services.outbox import mark_sent
from services.work import Lane, Work
from tests.world import add_member, make_world


def _owe(work: Work) -> None:
    for person in work.session.exec(select(Person).order_by(col(Person.id))):
        person.unreachable_since = work.now
        work.notify(f"of {person.first_name}", "incident", Lane.OUTCOME, person=person)
    work.notify("of a group", "incident", Lane.OUTCOME, chat_id=-5)


def test_it_is_noted_once_and_reaches_only_who_got_it(database: Database) -> None:
    world = make_world(database)
    for n, name in enumerate(("甲", "乙", "丙"), 1):
        add_member(world, name, n)
    database.run(_owe, None, None)
    with Session(database.engine) as session:
        ids = {key.removeprefix("of "): number for key, number in session.exec(select(Notice.key, Notice.id)).all()}
    first, second, group = (ids[key] or 0 for key in ("甲", "乙", "a group"))
    assert database.run(mark_sent, None, None, {first: 11, group: 13}) == {first, group}
    assert database.run(mark_sent, None, None, {first: 99, second: 12}) == {second}
    assert database.run(mark_sent, None, None, {}) == set()
    with Session(database.engine) as session:
        sent = {row.id: row.message_id for row in session.exec(select(Notice).where(Notice.state == "sent"))}
        assert sent == {first: 11, second: 12, group: 13}
        names = session.exec(select(Person.first_name).where(col(Person.unreachable_since).is_not(None))).all()
        assert names == ["丙"]
