"""The Bot API over HTTP: form, multipart and JSON; faults; every call is noted."""

import asyncio
import inspect
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator import chats_methods, editing, sending, updates
from simulator.call import METHODS, NAMES, Call
from simulator.errors import ApiError, too_many
from simulator.faults import Fault
from simulator.files import Upload
from simulator.server import CUT
from simulator.world import World

DECLARED = (chats_methods, editing, sending, updates)

NOTED = 20_000


async def bot_api(request: Request) -> Response:
    """`/bot<token>/<method>`."""
    world: World = request.app.state.world
    bot = world.bots.get(request.path_params["token"])
    if bot is None:
        return _failure(ApiError(401, "Unauthorized"))
    name = NAMES.get(request.path_params["method"].lower())
    params, uploads = await _read(request)
    if name is None:
        return _failure(ApiError(404, "Not Found"))
    call = Call(world, bot, name, params, uploads)
    try:
        return await _run(call)
    except ConnectionResetError:
        if CUT not in request.scope:
            raise
        request.scope[CUT]()
        return Response()


async def _run(call: Call) -> Response:
    world, polling = call.world, call.method == "getUpdates"
    chat = int(call.params["chat_id"]) if str(call.params.get("chat_id", "")).lstrip("-").isdigit() else None
    before = world.faults.strike({"429", "500", "timeout_before", "reset"}, call.method, chat)
    try:
        if before is not None:
            await _fail_before(before)
        result = METHODS[call.method.lower()](call)
        if inspect.isawaitable(result):
            result = await result
    except ApiError as error:
        _note(call, error=error)
        return _failure(error)
    if not polling:
        _note(call, result=result)
        after = world.faults.strike({"timeout_after"}, call.method, chat)
        if after is not None:
            await asyncio.sleep(after.seconds)
            raise ConnectionResetError("the answer is lost")
    return JSONResponse({"ok": True, "result": result})


async def _fail_before(fault: Fault) -> None:
    if fault.kind == "429":
        raise too_many(fault.retry_after)
    if fault.kind == "500":
        raise ApiError(500, "Internal Server Error")
    if fault.kind == "timeout_before":
        await asyncio.sleep(fault.seconds)
    raise ConnectionResetError("nothing was done")


def _note(call: Call, result: Any = None, error: ApiError | None = None) -> None:
    calls = call.world.calls
    params = {k: v for k, v in call.params.items() if not isinstance(v, Upload)}
    noted: dict[str, Any] = {
        "n": (calls[-1]["n"] + 1) if calls else 1, "bot": call.bot.user["username"], "method": call.method,
        "params": params, "at": call.now, "ok": error is None,
    }  # fmt: skip
    if error is not None:
        noted |= {"status": error.code, "description": error.description}
    else:
        noted |= {"status": 200, "result": result}
    calls.append(noted)
    if len(calls) > NOTED:
        del calls[: NOTED // 2]
    call.world.signal.wake()


def _failure(error: ApiError) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return JSONResponse(body, status_code=error.code)


async def _read(request: Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    params: dict[str, Any] = dict(request.query_params)
    uploads: dict[str, Upload] = {}
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        body = await request.body()
        params |= (await request.json()) if body else {}
    elif kind.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        async with request.form(max_part_size=64 * 1024 * 1024) as form:
            for key, value in form.multi_items():
                if isinstance(value, UploadFile):
                    uploads[key] = Upload(value.filename or key, await value.read(), value.content_type or "")
                else:
                    params[key] = value
    return params, uploads


async def download(request: Request) -> Response:
    """`/file/bot<token>/<path>`."""
    world: World = request.app.state.world
    if request.path_params["token"] not in world.bots:
        return _failure(ApiError(401, "Unauthorized"))
    for file in world.files.values():
        if file["path"] == request.path_params["path"]:
            return Response(file["content"], media_type=file["mime"])
    return _failure(ApiError(404, "Not Found"))
