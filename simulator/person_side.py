"""The person's side over HTTP under /sim/: what people do and see."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from simulator import people
from simulator.errors import ApiError
from simulator.files import image_size
from simulator.people import NotPossible
from simulator.world import Chat, Json, Message, World

Handler = Callable[[World, Request, Json], Any]
SHOWN_MESSAGES = 300


def route(path: str, handler: Handler, *methods: str) -> Route:
    async def run(request: Request) -> Response:
        world: World = request.app.state.world
        try:
            body = json.loads(await request.body() or b"{}") if request.method in ("POST", "PATCH") else {}
            result = handler(world, request, body)
            if isinstance(result, Awaitable):
                result = await result
        except (NotPossible, ApiError) as error:
            return JSONResponse({"error": str(error)}, 404)
        except (KeyError, ValueError, TypeError, StopIteration) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        return result if isinstance(result, Response) else JSONResponse(result)

    return Route(path, run, methods=list(methods) or ["POST"])


def _person(request: Request) -> int:
    return int(request.path_params["person"])


def _send(world: World, request: Request, body: Json) -> Json:
    return people.send(world, _person(request), body).data


def _start(world: World, request: Request, body: Json) -> Json:
    text = f"/start {body['payload']}" if body.get("payload") else "/start"
    return people.send(world, _person(request), {"chat": body["bot"], "text": text}).data


def _open(world: World, request: Request, body: Json) -> Json:
    """Open a t.me link: a deep link presses Start with its payload."""
    _, _, rest = str(body["link"]).partition("t.me/")
    username, _, query = rest.partition("?")
    parts = dict(pair.partition("=")[::2] for pair in query.split("&"))
    if not username or username.rstrip("/") not in {b.user["username"] for b in world.bots.values()}:
        raise NotPossible("this link leads to no bot here")
    return _start(world, request, {"bot": username.rstrip("/"), "payload": parts.get("start")})


def _press(world: World, request: Request, body: Json) -> Json:
    result = people.press(world, _person(request), body)
    if "t.me/" in result.get("url", "") and "start=" in result["url"]:
        result |= {"opened": _open(world, request, {"link": result["url"]})["message_id"]}
    return result


def _block(blocked: bool) -> Handler:
    def handle(world: World, request: Request, body: Json) -> Json:
        people.set_blocked(world, _person(request), body["bot"], blocked)
        return {"blocked": blocked}

    return handle


def _patch_person(world: World, request: Request, body: Json) -> Json:
    world.people[_person(request)] |= body
    return world.people[_person(request)]


def _chats(world: World, request: Request, _body: Json) -> list[Json]:
    person = _person(request)
    found = [c for c in world.chats.values() if person in c.members or (c.key[0] == person and c.key[1])]
    known = {c.key[1] for c in found}
    found += [world.private_chat(person, bot) for bot in world.bots.values() if bot.user["id"] not in known]
    shown = [_chat(world, chat, person) for chat in found if chat.migrated_to is None]
    return sorted(shown, key=lambda c: -(c["last"] or {}).get("message_id", 0))


def _chat(world: World, chat: Chat, person: int) -> Json:
    last = next((m for m in reversed(chat.messages.values()) if not m.deleted), None)
    bot = next((b for b in world.bots.values() if b.user["id"] == chat.key[1]), None)
    return {
        "chat": world.key_of(chat), "title": bot.user["first_name"] if bot else chat.info["title"],
        "type": chat.info["type"], "last": world.shown(last, person) if last else None, "unread": 0,
        "started": bool(bot and person in bot.started),
    }  # fmt: skip


def _messages(world: World, request: Request, _body: Json) -> Json:
    person = _person(request)
    chat = people.find_chat(world, person, request.query_params["chat"])
    after = int(request.query_params.get("after", 0))
    shown: list[Message] = [m for m in chat.messages.values() if m.seq > after and not (m.deleted and not after)]
    bot = next((b for b in world.bots.values() if b.user["id"] == chat.key[1]), None)
    return {
        "messages": [world.shown(message, person) for message in shown[-SHOWN_MESSAGES:]],
        "reply_keyboard": next(iter(chat.keyboards.values()), None),
        "toasts": [t for t in chat.toasts if t["seq"] > after and t["person"] == person],
        "menu": people.menu_of(world, chat, person), "typing": chat.typing_until > world.clock.now(),
        "blocked": bool(bot and person in bot.blocked), "started": bool(bot is None or person in bot.started),
        "pinned": chat.pinned, "seq": world.seq,
    }  # fmt: skip


async def _wait(world: World, request: Request, _body: Json) -> Json:
    after, timeout = int(request.query_params.get("after", 0)), float(request.query_params.get("timeout", 20))
    if world.seq <= after:
        await world.signal.wait(min(timeout, 50))
    return {"seq": world.seq}


def _stream(world: World, request: Request, _body: Json) -> Response:
    person = request.path_params.get("person")
    after = int(request.query_params.get("after", request.headers.get("last-event-id", world.seq)))

    async def events() -> AsyncIterator[str]:
        seen = min(after, world.seq)
        yield ": hello\n\n"
        while not await request.is_disconnected():
            for event in world.events[seen:]:
                if person is None or int(person) in event["people"]:
                    yield f"id: {event['seq']}\ndata: {json.dumps(event)}\n\n"
            seen = world.seq
            await world.signal.wait(10)
            yield ": still here\n\n"

    return StreamingResponse(events(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _file(world: World, request: Request, _body: Json) -> Response:
    file = world.files[request.path_params["file"]]
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file['name'])}"}
    if image_size(file["content"]) is not None:
        kind = "image/jpeg" if file["content"][:2] == b"\xff\xd8" else "image/png"
        return Response(file["content"], media_type=kind)
    return Response(file["content"], media_type=file["mime"], headers=headers)


def _people(world: World, request: Request, body: Json) -> Any:
    return people.add_person(world, body) if request.method == "POST" else list(world.people.values())


ROUTES = [
    route("/sim/people", _people, "GET", "POST"),
    route("/sim/people/{person:int}", _patch_person, "PATCH"),
    route("/sim/people/{person:int}/send", _send),
    route("/sim/people/{person:int}/start", _start),
    route("/sim/people/{person:int}/open", _open),
    route("/sim/people/{person:int}/press", _press),
    route("/sim/people/{person:int}/block", _block(True)),
    route("/sim/people/{person:int}/unblock", _block(False)),
    route("/sim/people/{person:int}/chats", _chats, "GET"),
    route("/sim/people/{person:int}/messages", _messages, "GET"),
    route("/sim/people/{person:int}/events", _stream, "GET"),
    route("/sim/events", _stream, "GET"),
    route("/sim/wait", _wait, "GET"),
    route("/sim/files/{file}", _file, "GET"),
]
