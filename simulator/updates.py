"""Methods by which a bot gets its updates: long polling and webhooks."""

from typing import Any

from simulator.call import Call, method
from simulator.errors import OTHER_POLLER, WEBHOOK_SET, ApiError, bad_request
from simulator.world import Bot, Json, World

MAX_LIMIT = 100
MAX_TIMEOUT = 50


@method("getUpdates")
async def get_updates(call: Call) -> list[Json]:
    """Wait for updates; an offset confirms everything below it."""
    bot, world = call.bot, call.world
    if bot.webhook.get("url"):
        raise ApiError(409, WEBHOOK_SET)
    bot.poller += 1
    me = bot.poller
    world.signal.wake()
    allowed = call.json("allowed_updates")
    if allowed is not None:
        bot.allowed = list(allowed) or None
    confirm(bot, call.number("offset"))
    limit = min(MAX_LIMIT, max(1, call.number("limit", MAX_LIMIT)))
    return await _wait(world, bot, me, limit, min(MAX_TIMEOUT, call.number("timeout")))


async def _wait(world: World, bot: Bot, me: int, limit: int, timeout: int) -> list[Json]:
    ends = world.clock.now() + timeout
    while True:
        if bot.poller != me:
            raise ApiError(409, OTHER_POLLER)
        waiting = world.waiting_updates(bot)[:limit]
        if waiting or world.clock.now() >= ends:
            return _disturb(world, waiting)
        await world.signal.wait(min(1.0, max(0.01, ends - world.clock.now())))


def _disturb(world: World, batch: list[Json]) -> list[Json]:
    if batch and world.faults.strike({"duplicate_update"}):
        batch = [update for update in batch for _ in range(2)]
    if len(batch) > 1 and world.faults.strike({"reorder_updates"}):
        world.shuffle.shuffle(batch)
    return batch


def confirm(bot: Bot, offset: int) -> None:
    """Everything below the offset has been dealt with; a negative one keeps only the newest."""
    if offset < 0:
        bot.updates = bot.updates[offset:]
        return
    bot.confirmed = max(bot.confirmed, offset)
    bot.updates = [(update, at) for update, at in bot.updates if update["update_id"] >= offset]


@method("setWebhook")
def set_webhook(call: Call) -> bool:
    """Deliver to this address from now on."""
    url, secret = call.text("url"), call.text("secret_token")
    if secret and (len(secret) > 256 or not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret)):
        raise bad_request("secret token contains unallowed characters")
    if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    call.bot.webhook = {"url": url, "secret_token": secret} if url else {}
    allowed = call.json("allowed_updates")
    if allowed is not None:
        call.bot.allowed = list(allowed) or None
    if call.flag("drop_pending_updates"):
        call.bot.updates.clear()
    call.world.signal.wake()
    return True


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    """Back to polling."""
    call.bot.webhook = {}
    if call.flag("drop_pending_updates"):
        call.bot.updates.clear()
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    """How delivery goes."""
    hook = call.bot.webhook
    info: dict[str, Any] = {
        "url": hook.get("url", ""), "has_custom_certificate": False,
        "pending_update_count": len(call.world.waiting_updates(call.bot)),
    }  # fmt: skip
    if hook.get("last_error_message"):
        info |= {"last_error_date": hook["last_error_date"], "last_error_message": hook["last_error_message"]}
    if call.bot.allowed is not None:
        info["allowed_updates"] = call.bot.allowed
    return info
