"""The questions of joining."""

from markupsafe import Markup

from services.join import NO_DEPARTMENT, Choice, JoinQuestion
from views.language import Language
from views.presses.people import AnswerJoin, JoinLanguage
from views.screen import Button, Rows, Screen

PER_ROW = 2
MAX_CHOICES = 20


def join_screen(question: JoinQuestion, language: Language) -> Screen:
    """The open question, with buttons where there is something to pick."""
    if question.asks == "done":
        return joined_screen(question, language)
    text = _ask(question, language)
    if question.first:
        text = Markup("\n\n").join([_welcome(question, language), text])
    return Screen(text, (*_choices(question, language), *_languages(question, language)))


def _welcome(question: JoinQuestion, language: Language) -> Markup:
    if question.role == "owner":
        return language.say(
            "🧺 <b>Welcome to County Basket</b>\nTogether you buy county produce straight from the farmers. "
            "A few questions and your enterprise is ready."
        )
    if question.role == "supplier":
        return language.say(
            "🌾 <b>Welcome!</b>\n{enterprise} would like to order from <b>{supplier}</b> here: "
            "one clear order for each round, to accept or decline with one tap.",
            enterprise=question.enterprise,
            supplier=language.pick(question.supplier_zh, question.supplier_en),
        )
    if question.role == "coordinator":
        return language.say(
            "🧺 <b>Welcome!</b>\nYou are invited to run group purchases for <b>{enterprise}</b>.",
            enterprise=question.enterprise,
        )
    return language.say(
        "🧺 <b>Welcome!</b>\n{enterprise} buys county produce together here. Three short questions and you are in.",
        enterprise=Markup("<b>{}</b>").format(question.enterprise),
    )


def _ask(question: JoinQuestion, language: Language) -> Markup:
    if question.asks == "enterprise":
        return language.say("What is your enterprise called?")
    if question.asks == "points":
        return language.say(
            "Where do people collect? One pickup point a line, with its address after a bar:\n"
            "<code>North gate | 1 Jialing Road</code>"
        )
    if question.asks == "name":
        return language.say("What name should be on your orders? Type it, or tap it.")
    if question.asks == "department":
        return language.say("Which department are you in? Tap it, or type it.")
    return language.say("Where do you want to collect?")


def _choices(question: JoinQuestion, language: Language) -> Rows:
    buttons = [
        Button(language.pick(choice.zh, choice.en), AnswerJoin(question.asks, place))
        for place, choice in enumerate(question.choices[:MAX_CHOICES])
    ]
    if question.asks == "department":
        buttons.append(Button(language.plain("No department"), AnswerJoin(question.asks, MAX_CHOICES)))
    return tuple(tuple(buttons[i : i + PER_ROW]) for i in range(0, len(buttons), PER_ROW))


def _languages(question: JoinQuestion, language: Language) -> Rows:
    if not question.first:
        return ()
    other = ("English", "en") if language.code == "zh_CN" else ("中文", "zh_CN")
    return ((Button(f"🌐 {other[0]}", JoinLanguage(other[1])),),)


def picked(question: JoinQuestion, place: int) -> str:
    """What a tapped choice answers; an empty text where there is no such choice."""
    if place == MAX_CHOICES:
        return NO_DEPARTMENT
    choices: tuple[Choice, ...] = question.choices
    return choices[place].value if 0 <= place < len(choices) else ""


def joined_screen(question: JoinQuestion, language: Language) -> Screen:
    """You are in: as whom, and what comes next."""
    return Screen(Markup("\n").join([_who(question, language), "", _next(question, language)]))


def _who(question: JoinQuestion, language: Language) -> Markup:
    if question.role == "supplier":
        supplier = language.pick(question.supplier_zh, question.supplier_en)
        return language.say("✅ You now speak for <b>{supplier}</b>.", supplier=supplier)
    point = language.pick(question.point_zh, question.point_en)
    details = [detail for detail in (question.department, point) if detail]
    who = language.say("✅ <b>{name}</b>, you are in: {enterprise}", name=question.name, enterprise=question.enterprise)
    return Markup("\n").join([who, Markup("📍 {}").format(" · ".join(details))]) if details else who


def _next(question: JoinQuestion, language: Language) -> Markup:
    if question.role == "supplier":
        return language.say("When a round closes, your order arrives here. /orders lists them all.")
    if question.role == "coordinator":
        return language.say(
            "Next: add produce with /products, invite people with /invite, and start a round with /publish."
        )
    return language.say("When a round opens, its card arrives here: one tap orders. Change your details with /me.")
