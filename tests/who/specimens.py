"""One press of every kind and way, with ids that exist: `#open round` is that id of whichever enterprise is meant."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

import handlers.routes  # noqa: F401  every press is declared by what routes import
from views.actions import Press, _registered, encode

AREAS = {
    "Suppliers and products": """
ListSuppliers
OpenSupplier: #supplier
OpenProduct: #product
AskCatalogue (a new supplier): supplier, none
AskCatalogue (a new product): product, #supplier
AskCatalogue (a field of a supplier): supplier.freight_minor, #supplier
AskCatalogue (a supplier's telephone): supplier.telephone, #supplier
AskCatalogue (a field of a product): price_minor, #product
AskCatalogue (a photo): photo, #product
SetFreightSplit: #supplier, units
RetireThing (a product, asks): product, #product, no
RetireThing (a product, sure): product, #product, yes
RetireThing (a supplier, asks): supplier, #supplier, no
RetireThing (a supplier, sure): supplier, #supplier, yes
ConfirmImport (store): yes
ConfirmImport (drop): no
SendTemplate
""",
    "Preparing a round": """
StartDraft
ShowDraft: #draft round
ShowSuppliers: #draft round
ShowProducts: #draft round, #supplier
ToggleProduct (in): #draft round, #unoffered product, yes
ToggleProduct (out): #draft round, #product, no
ShowDraftOffers: #draft round
EditOffer: #draft offer
AskOffer: #draft offer, price
SetOffer: #draft offer, case_policy, house
ShowRules: #draft round
AskRound: #draft round, title
AskRound (a supplier's time to answer): #draft round, answer
SetRound: #draft round, extend, 12
ShowDraftPoints: #draft round
TogglePoint (in): #waiting round, #second point, yes
TogglePoint (out): #draft round, #point, no
SameAsLast: #draft round
PreviewRound: #draft round
PublishRound: #draft round
DiscardDraft (asks): #draft round, no
DiscardDraft (sure): #draft round, yes
""",
    "Running a round": """
ShowRounds
ShowRound: #open round
ShowWho: #open round, 0
SendOrdersSheet: #open round
CloseNow (asks): #open round, no
CloseNow (sure): #open round, yes
CancelRound (asks): #open round, no
CancelRound (sure): #open round, yes
ExtendRound (asks): #open round, none, no
ExtendRound (shows): #open round, #later, no
ExtendRound (sure): #open round, #later, yes
TypeClosing: #open round
Rehearse (suppliers): #open round, no, 0
Rehearse (members): #open round, yes, 0
ShowOffersToChange: #open round
ChangeOffer (which): #open 橙, nothing, none, no
ChangeOffer (to what): #open 橙, stock, none, no
ChangeOffer (asks): #open 橙, stock, 99, no
ChangeOffer (sure): #open 橙, stock, 99, yes
ChangeOffer (gone, asks): #open 橙, gone, none, no
ChangeOffer (gone, sure): #open 橙, gone, none, yes
ChangeOffer (back, asks): #open 云果, back, none, no
ChangeOffer (back, sure): #open 云果, back, none, yes
ShowAnswers: #open round
AnswerHeld (order, asks): #held round, order, no
AnswerHeld (order, sure): #held round, order, yes
AnswerHeld (cancel): #held round, cancel, no
AnswerHeld (extend): #held round, extend, no
ShowBroadcast: #broadcast
SetBroadcast (pause): #broadcast, paused, no
SetBroadcast (go on): #broadcast, running, no
SetBroadcast (stop, asks): #broadcast, stopped, no
SetBroadcast (stop, sure): #broadcast, stopped, yes
""",
    "After the closing": """
ReopenRound (asks): #closed round, no
ReopenRound (sure): #closed round, yes
CorrectRound: #closed round, 0
AskSupplierAgain: #purchase order, 1
CorrectMember: #closed round, #member another, no
CorrectLine (a wish, asks): #closed 橙, #member another, yes, none, no
CorrectLine (a wish, shows): #closed 橙, #member another, yes, 2, no
CorrectLine (a wish, sure): #closed 橙, #member another, yes, 2, yes
CorrectLine (by hand, sure): #closed 橙, #member another, no, 2, yes
ShowStatement (suppliers): #closed round, no, 0
ShowStatement (members): #closed round, yes, 0
SendStatement: #closed round
SettleRound (asks): #accepted round, no
SettleRound (sure): #accepted round, yes
""",
    "Members and invitations": """
ShowMembers: 0
ShowMember: #member another, 0
SetRole (asks): #member another, coordinator, no
SetRole (sure): #member another, coordinator, yes
RemoveMember (asks): #member another, no
RemoveMember (sure): #member another, yes
KeepOrder (asks): #left order, none, 0, none
KeepOrder (oneself): #left order, 0, 0, none
KeepOrder (another): #left order, #member another, 0, none
WithdrawOrder: #left order, none
NewInvitation (an employee): employee, none
NewInvitation (a coordinator): coordinator, none
NewInvitation (which supplier): supplier, none
NewInvitation (a supplier): supplier, #supplier
SetInvitation: #invitation, 20, 3
RevokeInvitation: #invitation
AddPoint
ShowPoints
RetirePoint (asks): #second point, no
RetirePoint (sure): #second point, yes
""",
    "Series": """
ShowSeriesList
NewSeries
MakeSeries: #open round
ShowSeries: #series
AskSeries: #series, title
SetSeries: #series, reminder, 60
SetSeriesPhase (start): #draft series, running, no
SetSeriesPhase (pause): #series, paused, no
SetSeriesPhase (end, asks): #series, ended, no
SetSeriesPhase (end, sure): #series, ended, yes
ShowSeriesDate: #series, #series day
DecideDate: #series, #series day, skip
ShowSeriesProducts: #series, 0
ToggleSeriesProduct (in): #draft series, #product, yes, 0
ToggleSeriesProduct (out): #series, #product, no, 0
ShowSeriesPoints: #series
ToggleSeriesPoint (in): #draft series, #second point, yes
ToggleSeriesPoint (out): #series, #point, no
TakeNewest: #series
OpenSeriesRound: #waiting round
SkipSeriesRound: #waiting round
""",
    "Ordering": """
PlaceOrder: #open 云茶, 2
PlaceTolerance: #open 云茶, 2, 1
PlaceOnPad: #open 云茶, 2
UnplaceInBasket: #open 橙, 0
PlaceTyped: #open 云茶, 2, none
PlaceTypedBelow: #open 云茶, 2, none
ShowOffer (first): #open round, none
ShowOffer (one): #open round, #open 橙
ShowPad: #open round, #open 橙
ShowOffers: #open round, 0
ShowBasket: #open round
OpenCard: #open round
ShowOrders: 0
ShowOutcome: #closed round
OrderPoint (asks): #open round, none
OrderPoint (there): #open round, #second point
NothingToDo
FixLine: #open 云茶, 2, 0, no
AnswerChange: #consent employee, yes
AnswerOnCard: #consent employee, no
ExplainLine: #closed line
KeepEveryTime: #closed round
ShowStandings
ShowStanding: #series
SetStanding: #series, #product, 2
SkipNext: #series, yes
EndStanding (asks): #series, no
EndStanding (sure): #series, yes
AgreePrice: #series, #product, 1110
""",
    "Purchase orders": """
ShowPurchaseOrder: #purchase order
SendSheet: #purchase order
ShowOwnStatement: #purchase order
AcceptOrder: #purchase order, 1
AcceptLess (asks): #purchase order, 1, no
AcceptLess (sure): #purchase order, 1, yes
SupplyUnits (asks): #purchase order, 1, #closed 橙, none
SupplyUnits (so many): #purchase order, 1, #closed 橙, 4
DeliverOn (asks): #purchase order, 1, none
DeliverOn (another day): #purchase order, 1, #series day
OfferSubstitute (for what): #purchase order, 1, none, none, no
OfferSubstitute (which): #purchase order, 1, #closed 橙, none, no
OfferSubstitute (asks): #purchase order, 1, #closed 橙, #substitute, no
OfferSubstitute (sure): #purchase order, 1, #closed 橙, #substitute, yes
ShipOrder: #accepted order, 1
DeclineOrder (asks): #purchase order, 1, nothing
DeclineOrder (because): #purchase order, 1, stock
TypeReason: #purchase order, 1
""",
    "Oneself": """
AnswerJoin: department, 0
JoinLanguage: en
SetLanguage: en
ShowMe
WearHat (a member): #member employee, none
WearHat (a contact): none, #contact supplier
AskMine: name
PickPoint (asks): none
PickPoint (there): #second point
Leave (asks): none, none, no
Leave (a member, sure): #member employee, none, yes
Leave (a contact, sure): none, #contact supplier, yes
""",
}


@dataclass(frozen=True)
class Specimen:
    """A press by its name and way, and what it carries."""

    name: str
    kind: type[Press]
    values: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The ids that it carries."""
        return tuple(dict.fromkeys(value[1:] for value in self.values if value.startswith("#")))

    def data(self, ids: Mapping[str, int]) -> str:
        """The callback data with these ids."""
        hints = get_type_hints(self.kind)
        names = [field.name for field in fields(self.kind)]  # type: ignore[arg-type]
        given = zip(names, self.values, strict=True)
        return encode(self.kind(**{name: _value(value, hints[name], ids) for name, value in given}))


def _value(value: str, kind: Any, ids: Mapping[str, int]) -> object:
    if value.startswith("#"):
        return ids[value[1:]]
    if kind is bool:
        return {"yes": True, "no": False}[value]
    if kind is str:
        return "" if value == "nothing" else value
    return None if value == "none" else int(value)


def specimens() -> dict[str, list[Specimen]]:
    """All of them by area."""
    kinds = {kind.__name__: kind for kind in _registered.values()}
    return {area: [_specimen(line, kinds) for line in text.strip("\n").split("\n")] for area, text in AREAS.items()}


def _specimen(line: str, kinds: Mapping[str, type[Press]]) -> Specimen:
    name, _, carried = line.partition(":")
    values = tuple(value.strip() for value in carried.split(",")) if carried else ()
    return Specimen(name, kinds[name.split(" (")[0]], values)
