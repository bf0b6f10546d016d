"""SQLModel tables with constraints and indexes, one module for each concept."""

from models.broadcast import Broadcast
from models.change import Consent, OfferChange
from models.conversation import ConversationState, Draft
from models.enterprise import Enterprise, PickupPoint
from models.invitation import Invitation, InvitationUse
from models.journal import JournalEntry
from models.lead import Lead
from models.notice import Card, Notice
from models.order import Allotment, Order, OrderLine, Raise
from models.person import Member, Person
from models.product import Photo, Product
from models.purchase_order import HOUSE, Place, PurchaseOrder, PurchaseOrderLine
from models.round import Offer, Round, RoundPickupPoint, RoundSupplier
from models.series import Series, SeriesOccurrence, SeriesOffer, SeriesPickupPoint, StandingLine, StandingOrder
from models.supplier import Supplier, SupplierContact

__all__ = [
    "HOUSE",
    "Allotment",
    "Broadcast",
    "Card",
    "Consent",
    "ConversationState",
    "Draft",
    "Enterprise",
    "Invitation",
    "InvitationUse",
    "JournalEntry",
    "Lead",
    "Member",
    "Notice",
    "Offer",
    "OfferChange",
    "Order",
    "OrderLine",
    "Person",
    "Photo",
    "PickupPoint",
    "Place",
    "Product",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "Raise",
    "Round",
    "RoundPickupPoint",
    "RoundSupplier",
    "Series",
    "SeriesOccurrence",
    "SeriesOffer",
    "SeriesPickupPoint",
    "StandingLine",
    "StandingOrder",
    "Supplier",
    "SupplierContact",
]
