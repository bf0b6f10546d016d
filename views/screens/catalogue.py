"""Suppliers, products and imports in the chat."""

from markupsafe import Markup

from models import Supplier
from services.catalogue import ProductView, SupplierView
from services.import_products import Preview, Problem
from views.actions import Press
from views.language import Language
from views.presses.catalogue import (
    AskCatalogue,
    ConfirmImport,
    ListSuppliers,
    OpenProduct,
    OpenSupplier,
    RetireThing,
    SendTemplate,
    SetFreightSplit,
)
from views.refusals import explain
from views.screen import Button, Rows, Screen
from views.screens.reach import mark, tappable, what_to_do
from views.screens.tiers import tiers_text

MAX_PROBLEMS = 15


def suppliers_screen(suppliers: list[tuple[Supplier, int]], language: Language) -> Screen:
    """All suppliers, and the ways to add more."""
    text = language.say(
        "🌾 <b>Suppliers and products</b>\nTap one to change it. To add many at once, send me an xlsx or CSV file."
    )
    rows = tuple(
        (
            Button(
                f"{language.pick(s.county_zh, s.county_en)} {language.pick(s.name_zh, s.name_en)} · {n}",
                OpenSupplier(s.id or 0),
            ),
        )
        for s, n in suppliers[:60]
    )
    add = (
        Button(language.plain("➕ Supplier"), AskCatalogue("supplier", None)),
        Button(language.plain("📄 Empty sheet"), SendTemplate()),
    )
    return Screen(text, (*rows, add))


def supplier_screen(view: SupplierView, language: Language) -> Screen:
    """A supplier with its products."""
    s = view.supplier
    name = language.pick(s.name_zh, s.name_en)
    minimum = language.money(s.minimum_value_minor, view.currency) if s.minimum_value_minor else language.plain("none")
    lines = [
        Markup("🌾 <b>{}</b> · {}").format(name, language.pick(s.county_zh, s.county_en)),
        language.say("Least value of an order: {minimum}", minimum=minimum),
        _freight(view, language),
        *_contacts(view, language),
    ]
    rows = [
        (
            Button(
                f"{language.pick(p.name_zh, p.name_en)} · {language.money(p.price_minor, view.currency)}",
                OpenProduct(p.id or 0),
            ),
        )
        for p in view.products[:50]
    ]
    id_ = s.id or 0
    return Screen(
        Markup("\n").join(lines),
        (
            *rows,
            (
                Button(language.plain("➕ Product"), AskCatalogue("product", id_)),
                Button(language.plain("🎯 Least value"), AskCatalogue("supplier.minimum_value_minor", id_)),
                Button(language.plain("🚛 Freight"), AskCatalogue("supplier.freight_minor", id_)),
            ),
            *_splits(s, language),
            (
                Button(language.plain("☎️ Telephone"), AskCatalogue("supplier.telephone", id_)),
                Button(language.plain("✏️ English name"), AskCatalogue("supplier.name_en", id_)),
                Button(language.plain("🗑 Retire"), RetireThing("supplier", id_, sure=False)),
            ),
            (Button(language.plain("‹ Back"), ListSuppliers()),),
        ),
    )


def _contacts(view: SupplierView, language: Language) -> list[Markup]:
    """Who receives its orders, and the number to call when nobody answers."""
    lines = [
        language.say_many("{n} contact here", "{n} contacts here", len(view.contacts)),
        *(Markup("• {}{}").format(name, mark(reachable, language)) for name, reachable in view.contacts),
    ]
    if not view.contacts:
        lines.append(language.say("⚠️ Nobody receives its orders yet: invite a contact with /invite."))
    if not all(reachable for _, reachable in view.contacts):
        lines.append(what_to_do(language))
    number = tappable(view.supplier.telephone) if view.supplier.telephone else language.plain("none")
    return [*lines, language.say("Telephone: {number}", number=number)]


def _freight(view: SupplierView, language: Language) -> Markup:
    if not view.supplier.freight_minor:
        return language.say("Freight of a delivery: none")
    freight = language.money(view.supplier.freight_minor, view.currency)
    shared = {
        "units": language.say("by units: who takes more units pays more of it"),
        "value": language.say("by value: who spends more pays more of it"),
        "equally": language.say("equally: every order that receives something pays the same"),
    }
    return language.say(
        "Freight of a delivery: {freight}, shared {how}", freight=freight, how=shared[view.supplier.freight_split]
    )


def _splits(supplier: Supplier, language: Language) -> Rows:
    if not supplier.freight_minor:
        return ()
    labels = {
        "units": language.plain("By units"),
        "value": language.plain("By value"),
        "equally": language.plain("Equally"),
    }
    return (
        tuple(
            Button(f"✅ {label}" if supplier.freight_split == how else label, SetFreightSplit(supplier.id or 0, how))
            for how, label in labels.items()
        ),
    )


def product_screen(view: ProductView, language: Language) -> Screen:
    """A product with every field on a button."""
    p, id_ = view.product, view.product.id or 0
    none = language.plain("none")
    lines = [
        Markup("<b>{}</b> {}").format(p.name_zh or p.name_en, p.name_en if p.name_zh else ""),
        Markup("{} {}").format(p.specification_zh, p.specification_en),
        Markup("<i>{}</i>").format(language.pick(p.story_zh, p.story_en)[:200]),
        language.say("Photo: {state}", state=language.plain("there") if view.photo else none),
    ]
    fields = (
        ("price_minor", language.plain("💰 Price: {value}", value=language.money(p.price_minor, view.currency))),
        (
            "tiers",
            language.plain("📉 Tiers: {value}", value=tiers_text(p.tiers, view.currency, language) or none),
        ),
        ("minimum_units", language.plain("🎯 Minimum: {value}", value=p.minimum_units or none)),
        ("case_size", language.plain("📦 Case size: {value}", value=p.case_size)),
        ("stock_units", language.plain("🏬 Stock: {value}", value=none if p.stock_units is None else p.stock_units)),
        ("member_cap", language.plain("👤 Most for one member: {value}", value=p.member_cap or none)),
        ("photo", language.plain("🖼 Photo")),
        ("name_zh", language.plain("✏️ Name")),
        ("name_en", language.plain("✏️ English name")),
        ("specification_zh", language.plain("📐 Specification")),
        ("specification_en", language.plain("📐 English specification")),
        ("unit_zh", language.plain("⚖️ Unit")),
        ("unit_en", language.plain("⚖️ English unit")),
        ("story_zh", language.plain("📖 Story")),
        ("story_en", language.plain("📖 English story")),
        ("aliases", language.plain("🗣 Other names")),
    )
    buttons = [Button(label, AskCatalogue(what, id_)) for what, label in fields]
    rows = [tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]
    last = (
        Button(language.plain("🗑 Retire"), RetireThing("product", id_, sure=False)),
        Button(language.plain("‹ Back"), OpenSupplier(view.supplier.id or 0)),
    )
    return Screen(Markup("\n").join(line for line in lines if line.striptags().strip()), (*rows, last))


def ask_screen(what: str, thing_id: int | None, language: Language) -> Screen:
    """Type it."""
    if what == "supplier":
        back: Press = ListSuppliers()
    elif what == "product" or what.startswith("supplier."):
        back = OpenSupplier(thing_id or 0)
    else:
        back = OpenProduct(thing_id or 0)
    return Screen(_question(what, language), ((Button(language.plain("‹ Back"), back),),))


def _question(what: str, language: Language) -> Markup:
    if what in ("supplier", "product", "photo"):
        return _question_of_thing(what, language)
    if what.startswith("supplier."):
        return _question_of_supplier(what, language)
    if what == "aliases":
        return language.say("Which other names do people type for it? Put commas between them.")
    if what == "tiers":
        return language.say(
            "From how many units on is it cheaper for everybody? For example <code>20 46, 50 42</code>; "
            "<code>-</code> for none."
        )
    if what == "case_size":
        return language.say("How many units are packed together? <code>1</code> if singly.")
    if what in ("stock_units", "member_cap", "minimum_units"):
        return language.say("Type the new value; <code>-</code> for none.")
    return language.say("Type the new value.")


def _question_of_thing(what: str, language: Language) -> Markup:
    if what == "supplier":
        return language.say(
            "Type the supplier's name and county with a bar between:\n<code>Baidi Citrus Co-operative | Fengjie</code>"
        )
    if what == "product":
        return language.say(
            "Type name, specification, unit and price with bars between:\n"
            "<code>Navel oranges | 5 kg box | box | 49.90</code>"
        )
    return language.say("Send me the photo as a picture.")


def _question_of_supplier(what: str, language: Language) -> Markup:
    if what == "supplier.freight_minor":
        return language.say("What does one delivery cost? For example <code>60</code>; <code>-</code> for nothing.")
    if what == "supplier.telephone":
        return language.say(
            "Which number do you call when they do not answer? For example <code>023-68001234</code>; <code>-</code> "
            "for none."
        )
    if what == "supplier.minimum_value_minor":
        return language.say(
            "What is the least a whole order must be worth? For example <code>500</code>; <code>-</code> for none."
        )
    return language.say("Type the new value.")


def retire_screen(what: str, thing_id: int, language: Language) -> Screen:
    """Really?"""
    back = OpenSupplier(thing_id) if what == "supplier" else OpenProduct(thing_id)
    text = language.say("Take it out of the catalogue? Rounds and orders that hold it already stay as they are.")
    yes = Button(language.plain("Yes, take it out"), RetireThing(what, thing_id, sure=True))
    return Screen(text, ((yes, Button(language.plain("‹ Back"), back)),))


def preview_screen(preview: Preview, language: Language) -> Screen:
    """What an import would do, or everything that is wrong with it."""
    if preview.problems:
        head = language.say_many(
            "❌ <b>{n} problem</b>. Nothing was stored. Please mend it and send the file again.",
            "❌ <b>{n} problems</b>. Nothing was stored. Please mend them and send the file again.",
            len(preview.problems),
        )
        lines = [_problem(problem, language) for problem in preview.problems[:MAX_PROBLEMS]]
        more = len(preview.problems) - MAX_PROBLEMS
        if more > 0:
            lines.append(language.say_many("… and {n} more", "… and {n} more", more))
        return Screen(Markup("\n").join([head, *lines]))
    lines = [
        language.say("📄 <b>The sheet is fine.</b> Nothing is stored yet."),
        language.say_many("New: {n} product", "New: {n} products", preview.fresh),
        language.say_many("Changed: {n} product", "Changed: {n} products", preview.changed),
        language.say_many("New: {n} supplier", "New: {n} suppliers", preview.suppliers),
        Markup("<i>{}</i>").format(language.listed(preview.names)),
    ]
    yes = Button(language.plain("✅ Store all"), ConfirmImport(store=True))
    return Screen(Markup("\n").join(lines), ((yes, Button(language.plain("✖️ Drop"), ConfirmImport(store=False))),))


def _problem(problem: Problem, language: Language) -> Markup:
    return language.say(
        "• Row {row}, {column}: {why}", row=problem.row, column=problem.column, why=explain(problem.no, language)
    )
