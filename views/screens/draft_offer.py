"""The terms of a draft's offers: a tap asks for a new value, or sets it."""

from markupsafe import Markup

from models import Offer
from rules.allot import Strategy
from rules.consolidate import CasePolicy
from services.change_draft import OfferTerms
from services.draft_round import DraftView
from views.language import Language
from views.presses.publishing import AskOffer, EditOffer, SetOffer, ShowDraft, ShowDraftOffers
from views.screen import Button, Rows, Screen
from views.screens.fit import fit
from views.screens.tiers import tiers_text

MAX_TERMS_CHARACTERS = 3500


def offer_line(offer: Offer, currency: str, language: Language) -> Markup:
    """One offer with its terms, those that are not what they always are."""
    return Markup("{}. {} {}").format(
        offer.position, language.pick(offer.name_zh, offer.name_en), _terms(offer, currency, language)
    )


def _terms(offer: Offer, currency: str, language: Language) -> str:
    parts = [language.money(offer.price_minor, currency)]
    if offer.tiers:
        parts.append(tiers_text(offer.tiers, currency, language))
    if offer.minimum_units:
        parts.append(language.plain("min. {n}", n=offer.minimum_units))
    if offer.case_size > 1:
        parts.append(language.plain("case of {n}", n=offer.case_size))
    if offer.case_size > 1 and offer.case_policy == CasePolicy.HOUSE:
        parts.append(language.plain("the enterprise fills the last case"))
    if offer.stock_units is not None:
        parts.append(language.plain("stock {n}", n=offer.stock_units))
    if offer.member_cap is not None:
        parts.append(language.plain("max. {n} each", n=offer.member_cap))
    if offer.strategy == Strategy.FAIR:
        parts.append(language.plain("a shortage is shared"))
    return " · ".join(parts)


def offers_screen(view: DraftView, language: Language) -> Screen:
    """Choose an offer to change its terms."""
    rows = tuple(
        (Button(f"{o.position}. {language.pick(o.name_zh, o.name_en)}", EditOffer(o.id or 0)),)
        for o in view.offers[:40]
    )
    lines = [language.say("💰 <b>Prices and minimums</b>")]
    lines += fit([offer_line(offer, view.currency, language) for offer in view.offers], MAX_TERMS_CHARACTERS, language)
    return Screen(Markup("\n").join(lines), (*rows, (Button(language.plain("‹ Back"), ShowDraft(view.round.id or 0)),)))


def offer_screen(terms: OfferTerms, language: Language) -> Screen:
    """An offer's terms; a tap asks for a new one."""
    offer = terms.offer
    none = language.plain("none")
    tiers = tiers_text(offer.tiers, terms.currency, language) or none
    values = (
        ("price", language.plain("💰 Price: {value}", value=language.money(offer.price_minor, terms.currency))),
        ("tiers", language.plain("📉 Tiers: {value}", value=tiers)),
        ("minimum", language.plain("🎯 Minimum: {value}", value=offer.minimum_units or none)),
        ("case", language.plain("📦 Case size: {value}", value=offer.case_size)),
        ("stock", language.plain("🏬 Stock: {value}", value=none if offer.stock_units is None else offer.stock_units)),
        ("cap", language.plain("👤 Most for one member: {value}", value=offer.member_cap or none)),
    )
    rows = tuple((Button(label, AskOffer(offer.id or 0, what)),) for what, label in values)
    lines = [
        Markup("<b>{}</b>").format(language.pick(offer.name_zh, offer.name_en)),
        Markup("{}").format(language.pick(offer.specification_zh, offer.specification_en)),
        *_policies(terms, language),
    ]
    back = (Button(language.plain("‹ Back"), ShowDraftOffers(offer.round_id)),)
    return Screen(Markup("\n").join(line for line in lines if line), (*rows, *_choices(offer, language), back))


def _policies(terms: OfferTerms, language: Language) -> list[Markup]:
    """What the two policies mean for this offer, and what they cost at most."""
    offer = terms.offer
    lines = []
    if offer.case_size > 1 and offer.case_policy == CasePolicy.HOUSE:
        cost = language.money((offer.case_size - 1) * offer.price_minor, terms.currency)
        lines.append(
            language.say(
                "🏠 An incomplete last case is ordered all the same; the enterprise takes and pays the rest: "
                "at most {units}, {cost}.",
                units=language.units(offer.case_size - 1, offer.unit_zh, offer.unit_en),
                cost=cost,
            )
        )
    elif offer.case_size > 1:
        lines.append(
            language.say("📦 An incomplete last case is not ordered: the newest units fall away, nobody pays for them.")
        )
    if offer.strategy == Strategy.FAIR:
        lines.append(
            language.say("⚖️ If the supplier has less: everybody gets a share of what they ordered, at least one each.")
        )
    else:
        lines.append(language.say("⏱ If the supplier has less: whoever ordered first is served first."))
    return lines


def _choices(offer: Offer, language: Language) -> Rows:
    id_ = offer.id or 0
    rows: list[tuple[Button, ...]] = []
    if offer.case_size > 1 and offer.case_policy == CasePolicy.HOUSE:
        rows.append((Button(language.plain("📦 Drop an incomplete case"), SetOffer(id_, "case_policy", "drop")),))
    elif offer.case_size > 1:
        rows.append((Button(language.plain("🏠 Enterprise fills the case"), SetOffer(id_, "case_policy", "house")),))
    if offer.strategy == Strategy.FAIR:
        rows.append((Button(language.plain("⏱ First come, first served"), SetOffer(id_, "strategy", "oldest")),))
    else:
        rows.append((Button(language.plain("⚖️ Share a shortage"), SetOffer(id_, "strategy", "fair")),))
    return tuple(rows)


def ask_offer_screen(terms: OfferTerms, what: str, language: Language) -> Screen:
    """Type a term."""
    name = language.pick(terms.offer.name_zh, terms.offer.name_en)
    asks = {
        "price": language.say("<b>{name}</b>: what does one unit cost? For example <code>39.90</code>", name=name),
        "tiers": language.say(
            "<b>{name}</b> costs {price}. From how many units on is it cheaper for everybody? "
            "For example <code>20 46, 50 42</code>; <code>-</code> for none.",
            name=name,
            price=language.money(terms.offer.price_minor, terms.currency),
        ),
        "minimum": language.say("<b>{name}</b>: how many units at least in all? <code>0</code> for none.", name=name),
        "case": language.say("<b>{name}</b>: how many units are packed together? <code>1</code> if singly.", name=name),
        "stock": language.say("<b>{name}</b>: how many units are there? <code>-</code> for no limit.", name=name),
        "cap": language.say("<b>{name}</b>: how many at most for one member? <code>0</code> for no limit.", name=name),
    }
    return Screen(asks[what], ((Button(language.plain("‹ Back"), EditOffer(terms.offer.id or 0)),),))
