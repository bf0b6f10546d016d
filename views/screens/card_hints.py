"""What a card says of everybody's wishes: how far an offer has come, what is missing, what that would bring."""

from markupsafe import Markup

from services.card_view import CardOffer, CardView
from views.language import Language

BAR_CELLS = 8
FEW_LEFT = 20


def progress_bar(done: int, wanted: int) -> str:
    """A bar of eight cells."""
    filled = BAR_CELLS if done >= wanted else done * BAR_CELLS // wanted
    return "▓" * filled + "░" * (BAR_CELLS - filled)


def progress(offer: CardOffer, language: Language) -> Markup:
    """How much of it all members wish, and what the supplier asks."""
    lines = []
    if offer.minimum:
        counted = max(offer.wished_by_all, min(offer.minimum, offer.wished_by_all + offer.tolerance_of_all))
        bar = progress_bar(counted, offer.minimum)
        if counted >= offer.minimum:
            lines.append(
                language.say("{bar} minimum reached: {done}", bar=bar, done=units_of(counted, offer, language))
            )
        else:
            lines.append(
                language.say(
                    "{bar} {done} of {minimum} needed",
                    bar=bar,
                    done=language.number(counted),
                    minimum=units_of(offer.minimum, offer, language),
                )
            )
    elif offer.wished_by_all:
        lines.append(language.say("Ordered by all: {done}", done=units_of(offer.wished_by_all, offer, language)))
    if offer.case_size > 1:
        lines.append(language.say("Packed in cases of {size}", size=units_of(offer.case_size, offer, language)))
    if offer.left == 0:
        lines.append(language.say("Sold out"))
    elif offer.left is not None and offer.left <= FEW_LEFT:
        lines.append(language.say("Only {left} left", left=units_of(offer.left, offer, language)))
    return Markup(" · ").join(lines)


def hints(view: CardView, offer: CardOffer, language: Language) -> Markup:
    """What is still missing, and what it would bring."""
    if offer.withdrawn:
        return language.say("🚫 No longer available")
    if not view.open:
        return Markup("")
    lines = []
    if offer.missing and offer.wished_by_all >= offer.minimum:
        lines.append(
            language.say("📦 {missing} more to fill the next case", missing=units_of(offer.missing, offer, language))
        )
    if offer.cheaper:
        lines.append(
            language.say(
                "📉 {missing} more and everyone pays {price} instead of {now}",
                missing=units_of(offer.cheaper.more_units, offer, language),
                price=language.money(offer.cheaper.price, view.currency),
                now=language.money(offer.cheaper.now, view.currency),
            )
        )
    if offer.supplier_missing:
        lines.append(
            language.say(
                "🌾 {missing} to the supplier's minimum", missing=language.money(offer.supplier_missing, view.currency)
            )
        )
    if view.completing:
        lines.append(language.say("⏳ Only missing units can be ordered now."))
    return Markup("\n").join(lines)


def units_of(n: int, offer: CardOffer, language: Language) -> str:
    """A quantity of an offer with its unit."""
    return language.units(n, offer.unit_zh, offer.unit_en)
