"""The rest of /sim/: bots and groups, calls, faults, the clock, limits."""

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from simulator import people
from simulator.faults import KINDS, Fault
from simulator.people import NotPossible
from simulator.person_side import Handler, route
from simulator.world import Chat, Json, World

GROUP_ACTIONS = ("join", "leave", "add_bot", "kick_bot", "migrate")


def _group(world: World, request: Request) -> Chat:
    found = world.chats.get((int(request.path_params["group"]), 0))
    if found is None:
        raise NotPossible("there is no such group")
    return found


def _calls(world: World, request: Request, _body: Json) -> Json:
    if request.method == "DELETE":
        world.calls.clear()
    after, bot = int(request.query_params.get("after", 0)), request.query_params.get("bot")
    return {"calls": [c for c in world.calls if c["n"] > after and bot in (None, c["bot"])]}


def _faults(world: World, request: Request, body: Json) -> Any:
    if request.method == "DELETE":
        fault_id = request.path_params.get("fault")
        world.faults.clear(int(fault_id) if fault_id else None)
    if request.method != "POST":
        return [{k: v for k, v in vars(fault).items() if k != "chance"} for fault in world.faults.set]
    if body["kind"] not in KINDS:
        raise ValueError(f"unknown kind, use one of {sorted(KINDS)}")
    seed = body.pop("seed", None)
    fault = world.faults.add(Fault(**body))
    if seed is not None:
        fault.chance.seed(seed)
    return {"id": fault.id}


def _clock(world: World, request: Request, body: Json) -> Json:
    if "advance" in body:
        world.clock.advance(float(body["advance"]))
    if "set" in body:
        world.clock.set(datetime.fromisoformat(body["set"]).timestamp())
    if "frozen" in body:
        world.clock.freeze(bool(body["frozen"]))
    world.signal.wake()
    now = datetime.fromtimestamp(world.clock.now(), UTC)
    return {"now": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "unix": now.timestamp()}


def _limits(world: World, request: Request, body: Json) -> Json:
    for bot in world.bots.values():
        if "enforce" in body:
            bot.limits.enforce = bool(body["enforce"])
    return {"enforce": all(bot.limits.enforce for bot in world.bots.values())}


def _reset(world: World, _request: Request, _body: Json) -> Json:
    world.forget()
    return {}


def _pending(world: World, request: Request, _body: Json) -> Json:
    bot = world.bot_named(request.query_params["bot"])
    return {"pending": len(world.waiting_updates(bot)), "confirmed": bot.confirmed}


def _group_add(action: str) -> Handler:
    def handle(world: World, request: Request, body: Json) -> Json:
        chat = _group(world, request)
        if action == "join":
            chat.members.add(int(body["person"]))
        elif action == "leave":
            chat.members.discard(int(body["person"]))
        elif action == "add_bot":
            people.add_bot_to_group(world, chat, body["bot"], int(body["by"]))
        elif action == "kick_bot":
            people.kick_bot(world, chat, body["bot"])
        else:
            chat = people.migrate(world, chat)
        world.event("chat", chat)
        return chat.info

    return handle


def _bots(world: World, request: Request, body: Json) -> Any:
    return people.add_bot(world, body) if request.method == "POST" else [b.user for b in world.bots.values()]


def _groups(world: World, request: Request, body: Json) -> Any:
    if request.method == "POST":
        return people.add_group(world, body).info
    return [chat.info for chat in world.chats.values() if chat.key[1] == 0]


ROUTES = [
    route("/sim/bots", _bots, "GET", "POST"),
    route("/sim/groups", _groups, "GET", "POST"),
    *(route(f"/sim/groups/{{group}}/{action}", _group_add(action)) for action in GROUP_ACTIONS),
    route("/sim/calls", _calls, "GET", "DELETE"),
    route("/sim/faults", _faults, "GET", "POST", "DELETE"),
    route("/sim/faults/{fault:int}", _faults, "DELETE"),
    route("/sim/clock", _clock, "GET", "POST"),
    route("/sim/limits", _limits, "GET", "POST"),
    route("/sim/reset", _reset),
    route("/sim/pending", _pending, "GET"),
]
