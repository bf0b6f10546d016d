"""Raw updates: JSON of every shape that the Bot API knows, from people the bot knows and from strangers."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.words import callback_data, texts
from tests.journeys.play import TOKEN
from tests.who.tenants import FIRST_ID

Json = dict[str, Any]
BOT_ID = int(TOKEN.split(":")[0])
KNOWN = [first + n for first in FIRST_ID.values() for n in range(10)]
"""Everybody in both enterprises."""
STRANGERS = (1, 777000, 2**31 + 5, 2**52 - 1)
GROUPS = (-1, -400, -1_000_000_001_001, -(2**52))
DATE = 1_772_503_500
FILE = {"file_id": "f", "file_unique_id": "u"}
NAMES = ("李", "<b>&", "\u202eabc\u200b", "\ud800", "x" * 64, "=1+1")

ACTIVE = (KNOWN[0], KNOWN[0], KNOWN[1], KNOWN[5])
"""甲's coordinator, an employee, and a supplier's contact."""

people = st.one_of(st.sampled_from(ACTIVE), st.sampled_from(ACTIVE), st.sampled_from(KNOWN), st.sampled_from(STRANGERS))
optional = st.sampled_from(
    ({}, {"language_code": "en"}, {"language_code": "zz"}, {"username": "u", "last_name": "\ufeff"})
)
users = st.builds(
    lambda id_, name, more: {"id": id_, "is_bot": False, "first_name": name} | more,
    people,
    st.sampled_from(NAMES),
    optional,
)
size = {"width": 1, "height": 1}
PHOTO = [FILE | size, FILE | size | {"file_size": 2**40}]
CONTENTS: tuple[Json, ...] = (
    {"photo": PHOTO}, {"photo": []}, {"sticker": FILE | size | {"type": "regular", "is_animated": False, "is_video": False}},
    {"document": FILE | {"file_name": "a.csv", "file_size": 9}}, {"document": FILE | {"file_name": "a.xlsx"}},
    {"document": FILE | {"file_size": 2**40, "mime_type": "x"}}, {"document": FILE},
    {"voice": FILE | {"duration": 1}}, {"video": FILE | size | {"duration": 1}}, {"audio": FILE | {"duration": 1}},
    {"animation": FILE | size | {"duration": 1}, "document": FILE}, {"video_note": FILE | {"length": 1, "duration": 1}},
    {"contact": {"phone_number": "+1", "first_name": "\u202e"}}, {"location": {"latitude": 90.0, "longitude": -180.0}},
    {"venue": {"location": {"latitude": 0, "longitude": 0}, "title": "t", "address": "a"}},
    {"dice": {"emoji": "🎲", "value": 6}}, {"game": {"title": "t", "description": "d", "photo": PHOTO}},
    {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
              "type": "regular", "allows_multiple_answers": False}},
    {"story": {"chat": {"id": 1, "type": "private"}, "id": 1}}, {"new_thing_of_tomorrow": {"a": [1, None]}}, {},
)  # fmt: skip
SERVICE: tuple[Json, ...] = (
    {"migrate_to_chat_id": -1_000_000_001_001}, {"migrate_from_chat_id": -400}, {"group_chat_created": True},
    {"new_chat_title": "<b>"}, {"delete_chat_photo": True}, {"left_chat_member": {"id": BOT_ID, "is_bot": True, "first_name": "B"}},
    {"new_chat_members": [{"id": 5, "is_bot": False, "first_name": "\ud800"}]}, {"message_auto_delete_timer_changed": {"message_auto_delete_time": 5}},
    {"users_shared": {"request_id": 1, "users": []}}, {"write_access_allowed": {}}, {"forum_topic_closed": {}},
    {"pinned_message": {"chat": {"id": -400, "type": "group"}, "message_id": 1, "date": 0}},
    {"web_app_data": {"data": "x", "button_text": "y"}}, {"video_chat_started": {}},
)  # fmt: skip
MORE: tuple[Json, ...] = (
    {}, {}, {"edit_date": DATE}, {"via_bot": {"id": 9, "is_bot": True, "first_name": "V"}},
    {"forward_origin": {"type": "hidden_user", "date": DATE, "sender_user_name": "\u202e"}},
    {"reply_to_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}}, {"sender_business_bot": {"id": 9, "is_bot": True, "first_name": "V"}},
    {"quote": {"text": "q", "position": 0}}, {"is_topic_message": True, "message_thread_id": 7}, {"has_protected_content": True},
)  # fmt: skip


def _entities(text: str) -> Json:
    if not text.startswith("/"):
        return {"text": text}
    length = len(text.split()[0]) if text.split() else 1
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": length}]}


def _message(user: Json, chat: Json, content: Json, more: Json, number: int) -> Json:
    return {"message_id": number, "date": DATE, "chat": chat, "from": user} | content | more


def _private(user: Json) -> Json:
    return {"id": user["id"], "type": "private", "first_name": user["first_name"]}


captioned = st.builds(lambda content, text: content | {"caption": text[:1024]}, st.sampled_from(CONTENTS[:7]), texts)
contents = st.one_of(
    texts.map(_entities), texts.map(_entities), texts.map(_entities), st.sampled_from(CONTENTS), captioned
)
numbers = st.integers(1, 40)
groups = st.sampled_from(
    [{"id": id_, "type": kind, "title": "<b>群"} for id_ in GROUPS for kind in ("group", "supergroup")]
)
private_messages = st.builds(
    lambda u, c, m, n: _message(u, _private(u), c, m, n), users, contents, st.sampled_from(MORE), numbers
)
group_messages = st.builds(
    _message, users, groups, st.one_of(contents, st.sampled_from(SERVICE)), st.sampled_from(MORE), numbers
)
posts = st.builds(
    lambda content, n: {"message_id": n, "date": DATE, "chat": {"id": -1_000_000_009_999, "type": "channel", "title": "C"}} | content,
    contents, numbers,
)  # fmt: skip


def query(user: Json, carried: Json, where: Json) -> Json:
    """A press by somebody, and what it carries."""
    return {"id": "0", "from": user, "chat_instance": "1"} | carried | where


def pressed(user: Json, number: int, how: str) -> Json:
    """On what they pressed; Telegram says nothing of a message that is too old for it but its number."""
    if how == "nowhere":
        return {}
    chat = _private(user)
    if how == "inline":
        return {"inline_message_id": "i"}
    if how == "inaccessible":
        return {"message": {"chat": chat, "message_id": number, "date": 0}}
    return {
        "message": {
            "message_id": number,
            "date": DATE,
            "chat": chat,
            "from": {"id": BOT_ID, "is_bot": True, "first_name": "B"},
        }
        | ({"text": "·"} if how == "text" else {"photo": PHOTO})
    }


carried = st.one_of(callback_data.map(lambda data: {"data": data}), st.sampled_from(({}, {"game_short_name": "g"})))
hows = st.sampled_from(("text", "text", "text", "photo", "inaccessible", "inline", "nowhere"))
queries = st.builds(
    lambda user, given, number, how: query(user, given, pressed(user, number, how)),
    users, carried, numbers, hows,
)  # fmt: skip


def _member(status: str, user: Json) -> Json:
    rights = {"can_be_edited": False, "is_anonymous": False, "until_date": 0, "is_member": True}
    rights |= dict.fromkeys(("can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories", "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages", "can_add_web_page_previews", "can_pin_messages", "can_manage_topics"), False)  # fmt: skip
    return {"user": user, "status": status} | rights


statuses = st.sampled_from(("member", "kicked", "left", "administrator", "creator", "restricted"))
memberships = st.builds(
    lambda user, group, private, old, new: {
        "chat": _private(user) if private else group, "from": user, "date": DATE,
        "old_chat_member": _member(old, {"id": BOT_ID, "is_bot": True, "first_name": "B"}),
        "new_chat_member": _member(new, {"id": BOT_ID, "is_bot": True, "first_name": "B"}),
    },
    users, groups, st.booleans(), statuses, statuses,
)  # fmt: skip
OTHERS: tuple[Json, ...] = (
    {},
    {"callback_query": {"id": "1"}},
    {"message": {"message_id": 1}}, {"update_of_tomorrow": {"id": 1}}, {"poll": CONTENTS[17]["poll"]},
    {"poll_answer": {"poll_id": "1", "option_ids": [], "user": {"id": 5, "is_bot": False, "first_name": "x"}}},
    {"inline_query": {"id": "1", "from": {"id": 5, "is_bot": False, "first_name": "x"}, "query": "橙", "offset": ""}},
    {"pre_checkout_query": {"id": "1", "from": {"id": 5, "is_bot": False, "first_name": "x"}, "currency": "CNY", "total_amount": 1, "invoice_payload": "x"}},
    {"message_reaction": {"chat": {"id": 5, "type": "private"}, "message_id": 1, "date": 1, "old_reaction": [], "new_reaction": []}},
    {"chat_join_request": {"chat": {"id": -400, "type": "group"}, "from": {"id": 5, "is_bot": False, "first_name": "x"}, "user_chat_id": 5, "date": 1}},
    {"message": {"message_id": 3, "date": 1, "chat": {"id": 777, "type": "private"}, "text": "from nobody"}},
    {"message": {"message_id": 3, "date": 1, "chat": {"id": 8, "type": "private"}, "from": {"id": 8, "is_bot": True, "first_name": "b"}, "text": "/start"}},
)  # fmt: skip
KINDS: tuple[tuple[str, st.SearchStrategy[Json]], ...] = (
    ("message", private_messages), ("message", private_messages), ("message", private_messages),
    ("callback_query", queries), ("callback_query", queries), ("callback_query", queries), ("callback_query", queries),
    ("message", group_messages), ("edited_message", private_messages), ("channel_post", posts), ("edited_channel_post", posts),
    ("my_chat_member", memberships), ("chat_member", memberships), ("business_message", private_messages),
)  # fmt: skip


def _as(kind: str) -> Callable[[Json], Json]:
    return lambda payload: {kind: payload}


updates = st.one_of(*[strategy.map(_as(kind)) for kind, strategy in KINDS], st.sampled_from(OTHERS))
