"""What is left half done by a crash or a bad network, and taken up again."""

import json

from sqlmodel import Session, select
from telegram import Update

from bot.polling import Poller, in_order
from models import ConversationState, Notice, Person
from tests.journeys.play import BOT, Play, text_of
from tests.journeys.scene import Scene, set_scene


async def test_a_talk_whose_end_was_not_written_ends_at_the_next_text(play: Play) -> None:
    """The process died after the last answer and before the talk was written as over: it asks for ever otherwise."""
    scene = await set_scene(play)
    with Session(play.database.engine) as session, session.begin():
        key = json.dumps([scene.li.id, scene.li.id])
        session.add(ConversationState(name="talk", key=key, state=json.dumps("join.answer")))
    second = Play(play.database, play.clock, play.simulator)
    await second.application.initialize()
    for _ in range(2):
        await play.post(f"/sim/people/{scene.li.id}/send", {"chat": BOT, "text": "脐橙 2"})
        await second.poller.poll(0)
    said = [text_of(message) for message in await scene.li.messages()]
    assert "没有要回答的问题" in said[-2]
    assert "脐橙 2箱" in said[-1]
    assert scene.world.wished("脐橙") == {"李敏": 2}
    await second.end()


async def test_a_reply_is_given_again_and_is_no_incident(play: Play) -> None:
    """Twice Telegram has an error of its own, then it takes the card."""
    scene = await scene_with_operator(play)
    await play.post("/sim/faults", {"kind": "500", "method": "editMessageText", "times": 2})
    await play.post("/sim/faults", {"kind": "500", "method": "answerCallbackQuery", "times": 1})
    await scene.li.press("3")
    await scene.li.reads("您订了3箱")
    assert incidents(play) == 0


async def test_a_reply_that_never_gets_through_is_no_incident_either(play: Play) -> None:
    """The order stands, the next look shows it."""
    scene = await scene_with_operator(play)
    await play.post("/sim/faults", {"kind": "500", "method": "editMessageText", "chat": scene.li.id, "times": 5})
    await scene.li.press("3")
    assert scene.world.wished("脐橙") == {"李敏": 3}
    assert incidents(play) == 0
    await scene.li.send("/start")
    await scene.li.reads("您订了3箱")


async def scene_with_operator(play: Play) -> Scene:
    """王 runs the bot as well, and would hear of incidents."""
    scene = await set_scene(play)
    with Session(play.database.engine) as session, session.begin():
        session.exec(select(Person).where(Person.telegram_id == scene.wang.id)).one().is_operator = True
    return scene


def incidents(play: Play) -> int:
    """How many the operators hear of."""
    with Session(play.database.engine) as session:
        return len(session.exec(select(Notice).where(Notice.kind == "incident")).all())


def test_a_batch_is_handled_once_and_in_order() -> None:
    updates = [Update(number) for number in (12, 11, 12, 13, 11)]
    assert [update.update_id for update in in_order(updates)] == [11, 12, 13]


async def test_a_press_for_an_invitation_that_comes_again_is_no_incident(play: Play) -> None:
    """Its spinner was stopped already, and Telegram refuses to stop it once more."""
    scene = await scene_with_operator(play)
    await scene.wang.send("/invite")
    await play.post(f"/sim/people/{scene.wang.id}/press", {"chat": BOT, "button": "👥 员工"})
    bot = play.world.bot_named(BOT)
    waiting = list(bot.updates)
    await play.settle()
    bot.updates, play.poller = waiting, Poller(play.application)  # the process died and had confirmed nothing
    await play.settle()
    links = [text_of(message) for message in await scene.wang.messages() if "start=" in text_of(message)]
    assert len(links) == 2
    assert links[0] == links[1]
    assert incidents(play) == 0
