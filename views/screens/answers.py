"""How members answer changes of offers: for the round page, and in full."""

from collections.abc import Iterable

from markupsafe import Markup

from services.read_answers import Answers, OpenChange
from views.language import Language
from views.presses.changing import ShowAnswers
from views.presses.coordinating import ShowRound
from views.screen import Button, Rows, Screen

MAX_NAMES = 40


def term_value(what: str, value: int | None, currency: str, language: Language) -> str:
    """A term as people read it; None is no stock or no cap."""
    if value is None or (what == "minimum" and value == 0):
        return language.plain("none")
    return language.money(value, currency) if what == "price" else language.number(value)


def term_name(what: str, language: Language) -> str:
    """Price, case size, minimum, stock or cap, in words."""
    names = {
        "price": language.plain("price"),
        "case": language.plain("case size"),
        "minimum": language.plain("minimum"),
        "stock": language.plain("stock"),
        "cap": language.plain("most for one member"),
    }
    return names[what]


def answer_lines(changes: Iterable[OpenChange], zone: str, language: Language) -> list[Markup]:
    """A line for each change that somebody has not answered."""
    return [
        language.say_many(
            "❔ {n} has not answered the change of {name} (until {at})",
            "❔ {n} have not answered the change of {name} (until {at})",
            change.silent,
            name=language.pick(change.name_zh, change.name_en),
            at=language.moment(change.decides_at, zone),
        )
        for change in changes
        if change.silent
    ]


def answer_rows(changes: tuple[OpenChange, ...], round_id: int, language: Language) -> Rows:
    """The way to who answered what, while anything is asked."""
    return ((Button(language.plain("❔ Answers"), ShowAnswers(round_id)),),) if changes else ()


def answers_screen(answers: Answers, language: Language) -> Screen:
    """Who keeps, who drops, who has not answered."""
    back = (Button(language.plain("‹ Back"), ShowRound(answers.round_id)),)
    if not answers.changes:
        return Screen(language.say("Nobody is being asked about anything."), (back,))
    blocks = [_block(change, answers, language) for change in answers.changes]
    return Screen(Markup("\n\n").join(blocks), (back,))


def _block(change: OpenChange, answers: Answers, language: Language) -> Markup:
    before, after = (
        term_value(change.kind, value, answers.currency, language) for value in (change.before, change.after)
    )
    head = language.say(
        "<b>{name}</b>, {term} {before} → {after}",
        name=language.pick(change.name_zh, change.name_en),
        term=term_name(change.kind, language),
        before=before,
        after=after,
    )
    until = language.say(
        "Answers until {at}; whoever has not answered then has dropped it.",
        at=language.moment(change.decides_at, answers.zone),
    )
    lines = [head, until]
    for mark, answer in (("👍", "keep"), ("👎", "drop"), ("❔", "")):
        names = [one.name if one.reachable else f"{one.name} ⚠️" for one in change.members if one.answer == answer]
        more = [f"… +{len(names) - MAX_NAMES}"] if len(names) > MAX_NAMES else []
        if names:
            lines.append(Markup("{} {} · {}").format(mark, len(names), language.listed([*names[:MAX_NAMES], *more])))
    return Markup("\n").join(lines)
