"""Changing a draft's settings and its offers' terms, by buttons or by typing."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import select

from models import Offer, PickupPoint, Round, RoundPickupPoint
from rules.allot import Strategy
from rules.consolidate import CasePolicy
from rules.pricing import check_price
from rules.refusal import Refusal
from rules.short_text import short_text
from rules.terms import read_case_size, read_price, read_units
from rules.tier_text import read_tiers
from rules.times import check_window, parse_day, parse_moment
from services.decide_round import tiers_of
from services.draft_round import DraftView, own_draft, read_draft
from services.draft_rules import ROUND_RULES, lock_for_rule, set_rule, type_rule
from services.drafts import draft, drop_draft, save_draft
from services.work import Work

KIND = "publish"
OFFER_TERMS = ("price", "minimum", "case", "stock", "cap", "tiers")
OFFER_POLICIES = {"case_policy": tuple(CasePolicy), "strategy": tuple(Strategy)}
ROUND_SETTINGS = ("closes", "opens", "delivers", "reminder", "title", "extend", "complete", "limit", "answer")
"""What can be typed."""
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """An offer of a draft with the currency its price is in."""

    offer: Offer
    currency: str


def read_offer(work: Work, offer_id: int) -> OfferTerms:
    """An offer of a draft that the actor may change."""
    offer = work.session.get(Offer, offer_id)
    if offer is None:
        raise Refusal("not_found")
    own_draft(work, offer.round_id)
    return OfferTerms(offer, work.someone.currency)


def ask_offer(work: Work, offer_id: int, what: str) -> OfferTerms:
    """Remember which term of which offer the coordinator is asked for."""
    if what not in OFFER_TERMS:
        raise Refusal("button_stale")
    terms = read_offer(work, offer_id)
    save_draft(work, KIND, {"offer_id": offer_id, "what": what})
    return terms


def ask_round(work: Work, round_id: int, what: str) -> DraftView:
    """Remember which setting of the round the coordinator is asked for."""
    if what not in ROUND_SETTINGS:
        raise Refusal("button_stale")
    save_draft(work, KIND, {"round_id": round_id, "what": what})
    return read_draft(work, round_id)


def answer(work: Work, text: str) -> tuple[str, OfferTerms | DraftView]:
    """A typed value for whatever is asked, and what that was. Refusals say what was not understood; the question
    stays."""
    row = draft(work, KIND)
    if row is None:
        raise Refusal("button_stale")
    what = str(row.facts["what"])
    if "offer_id" in row.facts:
        terms = read_offer(work, int(row.facts["offer_id"]))
        _set_term(terms, what, text)
        drop_draft(work, KIND)
        return what, terms
    lock_for_rule(work, int(row.facts["round_id"]), what)
    found = own_draft(work, int(row.facts["round_id"]))
    _type_setting(work, found, what, text)
    drop_draft(work, KIND)
    return what, read_draft(work, found.id or 0)


def _set_term(terms: OfferTerms, what: str, text: str) -> None:
    offer, units = terms.offer, (terms.offer.unit_zh, terms.offer.unit_en)
    if what == "price":
        price = read_price(text, terms.currency)
        check_price(price, tiers_of(offer.tiers))
        offer.price_minor = price
    elif what == "tiers":
        tiers = read_tiers(text, offer.price_minor, terms.currency, units)
        offer.tiers = [[tier.from_units, tier.price] for tier in tiers]
    elif what == "minimum":
        offer.minimum_units = read_units(text, units) or 0
    elif what == "case":
        offer.case_size = read_case_size(text, units)
    elif what == "stock":
        offer.stock_units = read_units(text, units)
    else:
        offer.member_cap = read_units(text, units) or None


def set_policy(work: Work, offer_id: int, what: str, value: str) -> OfferTerms:
    """What becomes of an incomplete case, or who gets less when the supplier has less, by button."""
    terms = read_offer(work, offer_id)
    if value not in OFFER_POLICIES.get(what, ()):
        raise Refusal("button_stale")
    setattr(terms.offer, what, value)
    work.session.add(terms.offer)
    work.session.flush()
    return terms


def _type_setting(work: Work, found: Round, what: str, text: str) -> None:
    zone, locale = work.someone.zone, work.someone.locale
    if what in ROUND_RULES:
        type_rule(work, found, what, text)
    elif what == "title":
        found.title = short_text(text)
    elif what == "delivers":
        found.delivers_on = parse_day(text, work.now.astimezone(ZoneInfo(zone)).date(), locale)
    else:
        set_moment(work, found, what, parse_moment(text, work.now, zone, locale))


def set_setting(work: Work, round_id: int, what: str, value: int | None) -> DraftView:
    """A setting by button: moments in seconds since 1970, days since 1970, the reminder in minutes before closing,
    rules in hours. Refusal("button_stale") for what no calendar holds."""
    found = own_draft(work, round_id)
    try:
        _set(found, work, what, value)
    except OverflowError as error:
        raise Refusal("button_stale") from error
    work.session.flush()
    return read_draft(work, round_id)


def _set(found: Round, work: Work, what: str, value: int | None) -> None:
    if what in ROUND_RULES:
        set_rule(found, what, value)
    elif what == "delivers":
        found.delivers_on = EPOCH + timedelta(days=value) if value is not None else None
    elif what == "reminder":
        _set_reminder(found, value)
    elif what in ("closes", "opens"):
        if value is None:
            found.opens_at = found.scheduled_at = None  # it opens when it is published, no longer by itself
        else:
            set_moment(work, found, what, datetime.fromtimestamp(value, UTC))
    else:
        raise Refusal("button_stale")


def set_moment(work: Work, found: Round, what: str, at: datetime) -> None:
    """Opening or closing time; the reminder keeps its distance. Refusals of `rules.times.check_window`."""
    if what == "opens":
        if found.closes_at is not None:
            check_window(at, found.closes_at, work.now)
        found.opens_at = at
    elif what == "closes":
        check_window(found.opens_at, at, work.now)
        before = found.closes_at - found.reminds_at if found.closes_at and found.reminds_at else None
        found.closes_at = at
        found.reminds_at = at - before if before is not None else None
    else:
        _check_reminder(found, at, work.now)
        found.reminds_at = at


def _check_reminder(found: Round, at: datetime, now: datetime) -> None:
    if at <= now:
        raise Refusal("moment_in_past", at=at)
    if found.closes_at is not None and at >= found.closes_at:
        raise Refusal("reminder_after_closing")


def _set_reminder(found: Round, minutes: int | None) -> None:
    if minutes is None or found.closes_at is None:
        found.reminds_at = None
        return
    found.reminds_at = found.closes_at - timedelta(minutes=minutes)


def toggle_point(work: Work, round_id: int, point_id: int, chosen: bool) -> DraftView:
    """Deliver to a pickup point, or do not."""
    found = own_draft(work, round_id)
    point = work.session.get(PickupPoint, point_id)
    if point is None or point.enterprise_id != found.enterprise_id:
        raise Refusal("not_found")
    row = work.session.exec(
        select(RoundPickupPoint).where(
            RoundPickupPoint.round_id == round_id, RoundPickupPoint.pickup_point_id == point_id
        )
    ).first()
    if chosen and row is None:
        work.session.add(RoundPickupPoint(round_id=round_id, pickup_point_id=point_id))
    elif not chosen and row is not None:
        work.session.delete(row)
    work.session.flush()
    return read_draft(work, round_id)
