"""A sign for whom messages do not reach, the same wherever a coordinator looks; and a telephone number to tap."""

from collections.abc import Iterable

from markupsafe import Markup

from views.language import Language


def mark(reachable: bool, language: Language) -> str:
    """A short sign to put behind a name; nothing for whom messages reach."""
    return "" if reachable else language.plain(" ⚠️ cannot be reached")


def what_to_do(language: Language) -> Markup:
    """How somebody is reached again."""
    return language.say("⚠️ Whom messages do not reach: ask them to open the bot and press Start.")


def unreached_line(names: Iterable[str], language: Language) -> Markup:
    """Whom messages do not reach, by name."""
    return language.say(
        "⚠️ cannot be reached: {names}. Ask them to open the bot and press Start.", names=language.listed(names)
    )


def tappable(telephone: str) -> Markup:
    """Telegram itself makes an international number one to call; a tap copies any other."""
    return Markup("{}" if telephone.startswith("+") else "<code>{}</code>").format(telephone)
