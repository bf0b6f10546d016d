"""A small enterprise with phones: 王 coordinates, 李 and Anna are employees, 老向 supplies."""

from dataclasses import dataclass

from tests.journeys.play import BOT, Person, Play
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@dataclass
class Scene:
    """The people and their world."""

    play: Play
    world: World
    wang: Person
    li: Person
    anna: Person
    xiang: Person


async def set_scene(play: Play, *, opened: bool = True, **terms: object) -> Scene:
    """Everybody has started the bot; with `opened`, a round is open and its cards have arrived."""
    world = make_world(play.database)
    phones = {}
    for name, language in (("王芳", "zh-hans"), ("李敏", "zh-hans"), ("Anna", "en"), ("老向", "zh-hans")):
        person = await play.person(name, language)
        play.world.private_chat(person.id, play.world.bot_named(BOT))
        play.world.bot_named(BOT).started.add(person.id)
        phones[name] = person
    add_member(world, "王芳", phones["王芳"].id, "coordinator")
    add_member(world, "李敏", phones["李敏"].id)
    add_member(world, "Anna", phones["Anna"].id, locale="en")
    add_supplier(world, "白帝", ("老向", phones["老向"].id))
    add_product(world, "白帝", "脐橙", 4990, aliases="oranges", unit_en="box", **terms)
    add_product(world, "白帝", "血橙", 3680, aliases="blood oranges")
    if opened:
        open_round(world, "王芳")
        await play.settle()
    return Scene(play, world, phones["王芳"], phones["李敏"], phones["Anna"], phones["老向"])
