"""What is asked for at the same time shares transactions; who fails, fails alone."""

import asyncio
from typing import Any

import pytest
from sqlmodel import select

from models import JournalEntry
from rules.refusal import Refusal
from services.batch import Batch, Task, do_each
from services.database import Database
from services.work import Work


async def test_nobody_waits_for_ever_for_a_use_case_that_is_broken(database: Database) -> None:
    """Too few answers, or an iteration that stops where nobody looks: each who waits hears of it."""

    def too_few(_work: Work, items: list[int]) -> list[int | Refusal]:
        return [item for item in items if item]

    def stopping(_work: Work, items: list[int]) -> list[int | Refusal]:
        return [item if item else next(iter(())) for item in items]

    broken: tuple[tuple[Any, type[Exception]], ...] = ((too_few, ValueError), (stopping, RuntimeError))
    for use_case, error in broken:
        waiting = [asyncio.wait_for(database.together(use_case, n), 30) for n in range(3)]
        answers = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(answer) for answer in answers] == [error, int, int]


async def test_many_small_things_share_transactions_and_each_gets_its_answer(database: Database) -> None:
    transactions = 0

    async def transact(use_case: Any, *args: Any) -> Any:
        nonlocal transactions
        transactions += 1
        return await asyncio.to_thread(database.run, use_case, None, None, *args)

    def write(n: int) -> Any:
        def task(work: Work) -> int:
            work.journal("tried", n=n)
            if n == 3:
                raise ValueError(n)
            return n

        return task

    batch: Batch[Task, Any] = Batch(transact, do_each, most=5)
    answers = await asyncio.gather(*(batch.do(write(n)) for n in range(10)), return_exceptions=True)
    assert [answer for answer in answers if isinstance(answer, int)] == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    with pytest.raises(ValueError, match="3"):
        raise answers[3]  # type: ignore[misc]
    written = database.run(lambda work: work.session.exec(select(JournalEntry)).all(), None, None)
    assert sorted(entry.facts["n"] for entry in written) == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    assert transactions == 1 + 5 + 1, "five together, of which one fails: each alone; then the other five"


class Lost(BaseException):
    """Nothing may be done any more."""


async def test_who_waits_hears_that_nothing_is_done_any_more() -> None:
    """Those in the transaction, and those who would come next."""

    async def refused(*_: object) -> None:
        await asyncio.sleep(0)
        raise Lost

    batch: Batch[int, int] = Batch(refused, lambda _work, some: list(some), most=2)
    async with asyncio.timeout(20):
        answers = await asyncio.gather(*(batch.do(n) for n in range(5)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [Lost] * 5
