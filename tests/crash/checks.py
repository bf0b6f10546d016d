"""What must be true after the play, however often the bot died and whatever else went wrong."""

from collections import Counter, defaultdict

from tests.crash.books import Books, Reader
from tests.crash.cast import Cast
from tests.crash.person import Person, text_of

CLOSINGS = "SELECT count(*) FROM journal WHERE what = 'round_closed'"
INCIDENTS = "SELECT count(*) FROM notice WHERE kind = 'incident'"
ORDER = "📦 采购单 "
REVISIONS = {"老向": ["CB1-1-1", "CB1-1-1-R2"], "Tess": ["CB1-1-2"]}


def check_all(cast: Cast, reader: Reader, wanted: Books) -> None:
    """Everything but how often things were said."""
    check_confirmed(cast, reader)
    assert reader.count(CLOSINGS) == 1, "the round did not close exactly once"
    assert reader.count(INCIDENTS) == 0, "an incident for what the infrastructure did"
    check_told(cast)
    check_books(reader.books(), wanted)


def check_confirmed(cast: Cast, reader: Reader) -> None:
    """What people saw confirmed is written."""
    for (member, product), units in cast.saw.items():
        assert reader.wished(member, product) == units, f"{member} saw {units} {product} confirmed"


def check_told(cast: Cast) -> None:
    """Each supplier has got each revision, and every member who ordered an outcome."""
    for supplier in (cast.xiang, cast.tess):
        assert list(dict.fromkeys(orders_sent(supplier))) == REVISIONS[supplier.name], supplier.transcript()
    for member in cast.members:
        assert outcomes_sent(member), member.transcript()


def check_books(found: Books, wanted: Books) -> None:
    """The books of two runs are the same."""
    for name, rows in wanted.items():
        missing, extra = Counter(rows) - Counter(found[name]), Counter(found[name]) - Counter(rows)
        assert not missing, f"{name}: missing {missing}, instead {extra}"
        assert not extra, f"{name}: too much {extra}"
        assert found[name] == rows, f"{name}: in another order"


def doubled(cast: Cast) -> int:
    """How many purchase orders and outcomes were sent again; each of them word for word as before."""
    again = 0
    for one in cast.everybody:
        for copies in _copies(one).values():
            again += len(copies) - 1
    for supplier in (cast.xiang, cast.tess):
        texts = {text for text in _copies(supplier) if text.startswith(ORDER)}
        assert len(texts) == len(REVISIONS[supplier.name]), f"a repeat with other words\n{texts}"
    return again


def check_only_a_death_doubles(cast: Cast) -> None:
    """No life sends the same purchase order or outcome twice: a copy means that the one before died in between."""
    life_of = cast.stage.gate.life_of
    for one in cast.everybody:
        for text, copies in _copies(one).items():
            lives = [life_of.get(message_id) for message_id in copies]
            known = [life for life in lives if life is not None]
            assert len(known) == len(set(known)), f"one life sent this twice to {one.name}\n{text}"


def orders_sent(supplier: Person) -> list[str]:
    """Numbers of the purchase orders in a supplier's chat, oldest first."""
    texts = [text for text, _ in _as_sent(supplier)]
    return [text.splitlines()[0].removeprefix(ORDER) for text in texts if text.startswith(ORDER)]


def outcomes_sent(member: Person) -> list[str]:
    """Outcomes of the closing in a member's chat."""
    return [text for text, _ in _as_sent(member) if _is_outcome(text)]


def _is_outcome(text: str) -> bool:
    return text.startswith("🔔") and any(word in text for word in ("应付", "不用付款", "To pay"))


def _copies(person: Person) -> dict[str, list[int]]:
    """Message ids of purchase orders and outcomes by their text."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for text, message_id in _as_sent(person):
        if text.startswith(ORDER) or _is_outcome(text):
            found[text].append(message_id)
    return found


def _as_sent(person: Person) -> list[tuple[str, int]]:
    """Texts as they were before any edit, oldest first."""
    messages = list(person.messages())[::-1]
    return [(text_of((one.edits or [one.data])[0]), one.data["message_id"]) for one in messages]
