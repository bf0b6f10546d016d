"""How far a broadcast is, with buttons to pause and to stop it."""

from markupsafe import Markup

from services.read_broadcast import BroadcastView
from views.language import Language
from views.presses.broadcast import SetBroadcast, ShowBroadcast
from views.presses.coordinating import ShowRound
from views.screen import Button, Rows, Screen
from views.screens.card_hints import progress_bar


def broadcast_screen(view: BroadcastView, language: Language) -> Screen:
    """How far it is, or how it ended."""
    lines = [Markup("📣 <b>{}</b>").format(_name(view, language)), _state(view, language)]
    if view.phase in ("running", "paused"):
        lines.append(Markup(progress_bar(view.counts.settled, view.total)))
    n = view.counts.not_reached
    if n:
        lines.append(language.say_many("📵 {n} could not be reached", "📵 {n} could not be reached", n))
    if view.phase == "done" and view.counts.withdrawn:
        n = view.counts.withdrawn
        lines.append(
            language.say_many(
                "▫️ {n} was not told: they have left, or the round was over first",
                "▫️ {n} were not told: they have left, or the round was over first",
                n,
            )
        )
    return Screen(Markup("\n").join(lines), _rows(view, language))


def _name(view: BroadcastView, language: Language) -> str:
    return view.round_title or language.plain("Round {number}", number=view.round_number)


def _state(view: BroadcastView, language: Language) -> Markup:
    counts = view.counts
    facts = {"done": language.number(counts.settled), "total": language.number(view.total)}
    delivered = language.number(counts.delivered)
    if view.phase == "done":
        return language.say("✅ <b>{delivered} of {total}</b> members told", delivered=delivered, total=facts["total"])
    if view.phase == "stopped":
        return language.say(
            "⏹ Stopped: <b>{delivered} of {total}</b> members told. The others still find the round with /start.",
            delivered=delivered, total=facts["total"],
        )  # fmt: skip
    if view.phase == "paused":
        return language.say(
            "⏸ Paused at <b>{done} of {total}</b>. Everything else is still sent: results, purchase orders, replies.",
            **facts,
        )
    if view.seconds_left is None:
        return language.say("Telling members: <b>{done} of {total}</b>", **facts)
    left = language.span(view.seconds_left)
    return language.say("Telling members: <b>{done} of {total}</b> · about {left} left", left=left, **facts)


def _rows(view: BroadcastView, language: Language) -> Rows:
    stop = Button(language.plain("⏹ Stop"), SetBroadcast(view.id, "stopped", sure=False))
    if view.phase == "running":
        return ((Button(language.plain("⏸ Pause"), SetBroadcast(view.id, "paused", sure=True)), stop),)
    if view.phase == "paused":
        return ((Button(language.plain("▶️ Continue"), SetBroadcast(view.id, "running", sure=True)), stop),)
    if view.counts.leaving:  # it will be edited once more, which must not happen over the round's page
        return ()
    return ((Button(language.plain("📊 The round"), ShowRound(view.round_id)),),)


def stop_screen(view: BroadcastView, language: Language) -> Screen:
    """Stop? Says who will not be told."""
    if view.phase not in ("running", "paused"):
        return broadcast_screen(view, language)
    text = language.say(
        "⏹ Stop telling members about <b>{round}</b>?\nMembers who have not been told yet and will not be: {waiting}. "
        "They still find the round with /start. This cannot be undone.",
        round=_name(view, language),
        waiting=language.number(view.counts.waiting),
    )
    yes = Button(language.plain("Yes, stop"), SetBroadcast(view.id, "stopped", sure=True))
    return Screen(text, ((yes,), (Button(language.plain("‹ Back"), ShowBroadcast(view.id)),)))
