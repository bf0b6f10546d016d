"""What is counted and measured, in Prometheus' text format. The rest of the house calls plain callables."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from bot.health import ask
from services.database import Database
from services.read_backlog import Backlog, read_backlog
from services.work import Lane

PHASES = ("draft", "open", "closed", "settled", "cancelled")
UPDATE_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
TRANSACTION_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 20.0)


class Metrics:
    """One for each process, with a registry of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._count()
        self._measure()

    def _count(self) -> None:
        registry = self.registry
        self._updates = Counter(
            "basket_updates", "Updates received; undone ones come again", ["kind", "outcome"], registry=registry
        )
        self._refusals = Counter("basket_refusals", "What people asked for and may not", ["code"], registry=registry)
        self._notices = Counter(
            "basket_notices", "Notices by what became of them", ["result", "lane"], registry=registry
        )
        self._webhook = Counter("basket_webhook_requests", "Calls of the webhook", ["status"], registry=registry)

    def _measure(self) -> None:
        registry = self.registry
        self._update_seconds = Histogram(
            "basket_update_seconds", "From receiving an update to having handled it", ["kind"],
            buckets=UPDATE_BUCKETS, registry=registry,
        )  # fmt: skip
        self._transaction_seconds = Histogram(
            "basket_transaction_seconds", "Transactions", buckets=TRANSACTION_BUCKETS, registry=registry
        )
        self._waiting = Gauge("basket_notices_waiting", "Notices not yet delivered", ["lane"], registry=registry)
        self._overdue = Gauge(
            "basket_notices_overdue_seconds", "How long the oldest notice is overdue", ["lane"], registry=registry
        )
        self._rounds = Gauge("basket_rounds", "Rounds by phase", ["phase"], registry=registry)
        self._database_up = Gauge("basket_database_up", "Whether the database answers", registry=registry)
        self._pending = Gauge("basket_webhook_pending_updates", "What Telegram has still to deliver", registry=registry)

    def update(self, kind: str, seconds: float, done: bool) -> None:
        """An update was handled, or is left to come again."""
        self._updates.labels(kind, "done" if done else "undone").inc()
        self._update_seconds.labels(kind).observe(seconds)

    def refusal(self, code: str) -> None:
        """Somebody was refused something."""
        self._refusals.labels(code).inc()

    def notice(self, result: str, lane: int) -> None:
        """The dispatcher has dealt with a notice."""
        self._notices.labels(result, Lane(lane).name.lower()).inc()

    def transaction(self, seconds: float) -> None:
        """A transaction has ended, in whatever way; called in the database's threads."""
        self._transaction_seconds.observe(seconds)

    def webhook(self, status: int) -> None:
        """The webhook was called, and answered this."""
        self._webhook.labels(str(status)).inc()

    def pending(self, updates: int) -> None:
        """So many updates wait at Telegram."""
        self._pending.set(updates)

    async def show(self, _request: Request) -> Response:
        """`GET /metrics`. While the database is gone, what is read from it is left out."""
        try:
            backlog = await ask(self._database, read_backlog)
        except (SQLAlchemyError, TimeoutError):
            self._database_up.set(0)
            for gauge in (self._waiting, self._overdue, self._rounds):
                gauge.clear()
        else:
            self._database_up.set(1)
            self._put(backlog)
        return Response(generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _put(self, backlog: Backlog) -> None:
        for lane in Lane:
            self._waiting.labels(lane.name.lower()).set(backlog.waiting[lane])
            self._overdue.labels(lane.name.lower()).set(backlog.overdue_seconds[lane])
        for phase in PHASES:
            self._rounds.labels(phase).set(backlog.rounds.get(phase, 0))
