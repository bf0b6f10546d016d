"""Each refusal, word for word as Telegram says it."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from simulator.app import create_app
from simulator.clock import Clock

TOKEN = "400004:a-token-for-the-refusal-tests-only"
LI, STRANGER = 6001, 6002


class Bench:
    """The simulator with a stopped clock, one bot, and people."""

    def __init__(self) -> None:
        self.now = 1_772_400_000.0
        self.app = create_app(Clock(lambda: self.now))
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://simulator")

    async def call(self, method: str, /, **params: Any) -> Any:
        """The bot calls; the whole answer."""
        response = await self.http.post(f"/bot{TOKEN}/{method}", json=params)
        answer = response.json()
        assert response.status_code == (200 if answer["ok"] else answer["error_code"])
        return answer

    async def said(self, method: str, /, **params: Any) -> str:
        """Why a call was refused."""
        answer = await self.call(method, **params)
        assert not answer["ok"], answer
        return str(answer["description"])

    async def sim(self, path: str, **body: Any) -> Any:
        """A person does something."""
        return (await self.http.post(f"/sim/{path}", json=body)).json()


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """Li has started the bot; the stranger has not."""
    bench = Bench()
    await bench.sim("bots", token=TOKEN, username="refusing_bot", first_name="R")
    await bench.sim("people", id=LI, first_name="Li")
    await bench.sim("people", id=STRANGER, first_name="Stranger")
    await bench.sim(f"people/{LI}/start", bot="refusing_bot")
    yield bench
    await bench.http.aclose()


async def send(bench: Bench, text: str = "hello", **more: Any) -> int:
    """A message of the bot; its id."""
    answer = await bench.call("sendMessage", chat_id=LI, text=text, **more)
    assert answer["ok"], answer
    return int(answer["result"]["message_id"])


async def test_unknown_token_and_method(bench: Bench) -> None:
    response = await bench.http.post("/bot1:wrong-token-entirely/getMe")
    assert (response.status_code, response.json()["description"]) == (401, "Unauthorized")
    answer = await bench.call("sendFlowers")
    assert answer == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_texts(bench: Bench) -> None:
    assert await bench.said("sendMessage", chat_id=LI, text="  ") == "Bad Request: message text is empty"
    assert await bench.said("sendMessage", chat_id=LI, text="x" * 4097) == "Bad Request: message is too long"
    assert await bench.said("sendMessage", chat_id=LI, text="🍊" * 2049) == "Bad Request: message is too long"
    assert (await bench.call("sendMessage", chat_id=LI, text="<b>" + "x" * 4096 + "</b>", parse_mode="HTML"))["ok"]
    for text in ("<b>x", "x</b>", "<blink>x</blink>", "<b"):
        why = await bench.said("sendMessage", chat_id=LI, text=text, parse_mode="HTML")
        assert why.startswith("Bad Request: can't parse entities: "), text
    why = await bench.said("sendMessage", chat_id=LI, text="a.b", parse_mode="MarkdownV2")
    assert why.startswith("Bad Request: can't parse entities: Character '.' is reserved")


async def test_chats(bench: Bench) -> None:
    assert await bench.said("sendMessage", chat_id=12345, text="x") == "Bad Request: chat not found"
    assert await bench.said("sendMessage", chat_id="@nobody", text="x") == "Bad Request: chat not found"
    await bench.http.get(f"/sim/people/{STRANGER}/chats")
    why = await bench.said("sendMessage", chat_id=STRANGER, text="x")
    assert why == "Forbidden: bot can't initiate conversation with a user"
    await bench.sim(f"people/{LI}/block", bot="refusing_bot")
    assert await bench.said("sendMessage", chat_id=LI, text="x") == "Forbidden: bot was blocked by the user"
    await bench.sim(f"people/{LI}/unblock", bot="refusing_bot")
    await bench.http.patch(f"/sim/people/{LI}", json={"deactivated": True})
    assert await bench.said("sendMessage", chat_id=LI, text="x") == "Forbidden: user is deactivated"


async def test_groups(bench: Bench) -> None:
    group = (await bench.sim("groups", title="G", members=[LI], bots=["refusing_bot"], type="group"))["id"]
    assert (await bench.call("sendMessage", chat_id=group, text="x"))["ok"]
    await bench.sim(f"groups/{group}/kick_bot", bot="refusing_bot")
    assert await bench.said("sendMessage", chat_id=group, text="x") == "Forbidden: bot was kicked from the group chat"
    await bench.sim(f"groups/{group}/add_bot", bot="refusing_bot", by=LI)
    fresh = (await bench.sim(f"groups/{group}/migrate"))["id"]
    answer = await bench.call("sendMessage", chat_id=group, text="x")
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer["parameters"] == {"migrate_to_chat_id": fresh}


async def test_edits(bench: Bench) -> None:
    message_id = await send(bench)
    why = await bench.said("editMessageText", chat_id=LI, message_id=message_id, text="hello")
    assert why == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )
    why = await bench.said("editMessageText", chat_id=LI, message_id=99999, text="x")
    assert why == "Bad Request: message to edit not found"
    await bench.call("deleteMessage", chat_id=LI, message_id=message_id)
    why = await bench.said("editMessageText", chat_id=LI, message_id=message_id, text="x")
    assert why == "Bad Request: message to edit not found"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([[{"text": "x", "callback_data": "é" * 33}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "x", "callback_data": ""}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "x", "callback_data": "a"}] * 9], "too many buttons in a row"),
        ([[{"text": "x", "callback_data": "a"}]] * 101, "reply markup is too long"),
    ],
)
async def test_keyboards(bench: Bench, rows: Any, why: str) -> None:
    markup = json.dumps({"inline_keyboard": rows})
    assert await bench.said("sendMessage", chat_id=LI, text="x", reply_markup=markup) == f"Bad Request: {why}"


async def test_presses_grow_old(bench: Bench) -> None:
    keyboard = {"inline_keyboard": [[{"text": "go", "callback_data": "a"}]]}
    await send(bench, reply_markup=keyboard)
    query = (await bench.sim(f"people/{LI}/press", chat="refusing_bot", button="go"))["callback_query_id"]
    why = await bench.said("answerCallbackQuery", callback_query_id=query, text="x" * 201)
    assert why == "Bad Request: MESSAGE_TOO_LONG"
    bench.now += 151
    old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await bench.said("answerCallbackQuery", callback_query_id=query) == old
    assert await bench.said("answerCallbackQuery", callback_query_id="1") == old
    updates = (await bench.call("getUpdates", timeout=0))["result"]
    assert ["callback_query" in update for update in updates] == [False]
    bench.now += 24 * 3600
    assert (await bench.call("getUpdates", timeout=0))["result"] == []


async def test_two_pollers(bench: Bench) -> None:
    await bench.call("getUpdates", offset=100, timeout=0)
    first = asyncio.create_task(bench.call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(bench.call("getUpdates", timeout=0))
    answer = await first
    assert answer["error_code"] == 409
    assert answer["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    assert (await second)["ok"]
    await bench.call("setWebhook", url="https://example.org")
    assert (await bench.call("getUpdates"))["error_code"] == 409


async def test_an_offset_confirms_what_is_below_it(bench: Bench) -> None:
    for text in ("a", "b"):
        await bench.sim(f"people/{LI}/send", chat="refusing_bot", text=text)
    updates = (await bench.call("getUpdates", limit=2))["result"]
    assert [update["message"]["text"] for update in updates] == ["/start", "a"]
    again = (await bench.call("getUpdates", offset=updates[1]["update_id"] + 1))["result"]
    assert [update["message"]["text"] for update in again] == ["b"]


async def test_rates(bench: Bench) -> None:
    answers = [await bench.call("sendMessage", chat_id=LI, text=str(n)) for n in range(7)]
    refused = [answer for answer in answers if not answer["ok"]]
    assert refused
    assert refused[0]["error_code"] == 429
    seconds = refused[0]["parameters"]["retry_after"]
    assert refused[0]["description"] == f"Too Many Requests: retry after {seconds}"
    bench.now += seconds
    assert (await bench.call("sendMessage", chat_id=LI, text="again"))["ok"]


async def test_group_rate(bench: Bench) -> None:
    group = (await bench.sim("groups", title="G", members=[LI], bots=["refusing_bot"]))["id"]
    answers = []
    for _ in range(21):
        answers.append((await bench.call("sendMessage", chat_id=group, text="x"))["ok"])
        bench.now += 0.5
    assert answers == [True] * 20 + [False]


async def test_pictures_and_files(bench: Bench) -> None:
    files = {"photo": ("a.jpg", b"not a picture", "image/jpeg")}
    response = await bench.http.post(f"/bot{TOKEN}/sendPhoto", data={"chat_id": LI}, files=files)
    assert response.json()["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    caption = {"chat_id": LI, "caption": "x" * 1025}
    response = await bench.http.post(f"/bot{TOKEN}/sendDocument", data=caption, files={"document": ("a", b"x")})
    assert response.json()["description"] == "Bad Request: message caption is too long"
    sent = await bench.sim(
        f"people/{LI}/send", chat="refusing_bot",
        document={"name": "a", "base64": base64.b64encode(b"x" * 21_000_000).decode()},
    )  # fmt: skip
    why = await bench.said("getFile", file_id=sent["document"]["file_id"])
    assert why == "Bad Request: file is too big"


async def test_faults(bench: Bench) -> None:
    await bench.sim("faults", kind="429", method="sendMessage", times=1, retry_after=7)
    answer = await bench.call("sendMessage", chat_id=LI, text="x")
    assert answer["parameters"] == {"retry_after": 7}
    await bench.sim("faults", kind="500", times=1)
    assert (await bench.call("getMe"))["error_code"] == 500
    await bench.sim("faults", kind="timeout_after", method="sendMessage", times=1)
    with pytest.raises(ConnectionResetError):
        await bench.call("sendMessage", chat_id=LI, text="done but unheard")
    state = (await bench.http.get(f"/sim/people/{LI}/messages", params={"chat": "refusing_bot"})).json()
    assert state["messages"][-1]["text"] == "done but unheard"
    assert (await bench.call("getMe"))["ok"]


async def test_a_method_is_the_same_in_any_case(bench: Bench) -> None:
    await bench.sim("faults", kind="429", method="sendMessage", times=1, retry_after=7)
    assert not (await bench.call("sendmessage", chat_id=LI, text="x"))["ok"]
    assert (await bench.call("SENDMESSAGE", chat_id=LI, text="x"))["ok"]
    assert (await bench.call("sendMessages", chat_id=LI, text="x"))["error_code"] == 404
