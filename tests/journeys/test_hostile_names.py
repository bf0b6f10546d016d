"""Names that are markup, formulas, or made of what nobody sees: they change nobody's message and nobody's sheet."""

import re
import unicodedata
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import Session, col, select

from models import Enterprise, Member, PickupPoint, Product, Supplier
from tests.journeys.play import Person, Play
from tests.journeys.scene import set_scene
from tests.world import open_round
from views.actions import encode
from views.presses.catalogue import SendTemplate
from views.presses.coordinating import SendOrdersSheet
from views.presses.statement import SendStatement
from views.sheets.workbook import add_row, to_bytes

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
SEEN_AS = {
    "<b>李</b> & co": "<b>李</b> & co",
    "&lt;李&gt;": "&lt;李&gt;",
    "\u202e李\u202c\u2066敏\u2069": "李敏",
    "李\u200b\u200d\ufeff敏\u200f": "李敏",
    "<a href='tg://user?id=1'>李": "<a href='tg://user?id=1'>李",
    "*李* _敏_ `x`": "*李* _敏_ `x`",
    "李\u3164\u115f敏": "李敏",
    "=HYPERLINK(1)": "=HYPERLINK(1)",
}


def unseen(text: str) -> list[str]:
    """Characters that turn the direction of what follows, or that nobody sees."""
    return [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"]


async def renames(person: Person, name: str) -> None:
    await person.send("/me")
    await person.press("✏️ 名称")
    await person.send(name)


def name_of(play: Play, number: int) -> str:
    with Session(play.database.engine) as session:
        return session.exec(select(Member.name).order_by(col(Member.id))).all()[number]


async def everything_said(play: Play) -> list[str]:
    """All texts that the bot sent to anybody; one that Telegram could not read fails the test."""
    calls = [call for call in play.world.calls if call["method"] != "getUpdates"]
    refused = [call for call in calls if not call["ok"] and "not modified" not in call["description"]]
    assert not refused
    return [str(call["params"].get("text") or call["params"].get("caption") or "") for call in calls]


@pytest.mark.parametrize("name", SEEN_AS)
async def test_a_member_with_such_a_name_changes_no_ones_message(play: Play, name: str) -> None:
    scene = await set_scene(play)
    await renames(scene.li, name)
    assert name_of(play, 1) == SEEN_AS[name]
    await scene.li.send("脐橙 3")
    await scene.wang.send("/round")
    await scene.wang.press("👥 谁订了")
    shown = await scene.wang.reads(SEEN_AS[name])
    assert not [
        one for one in shown.get("entities", ()) if one["type"] in ("text_link", "text_mention", "italic", "code")
    ]
    await scene.li.send("/leave")
    await scene.li.press("是的，退出")
    await scene.wang.reads(f"{SEEN_AS[name]}已离开")
    assert not [text for text in await everything_said(play) if unseen(text)]


@pytest.mark.parametrize("start", FORMULAS)
def test_a_cell_that_begins_like_a_formula_is_a_text(start: str) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    add_row(sheet, [f"{start}cmd|' /C calc'!A0", f"{start}1+1", 5])
    content = to_bytes(book)
    cells = load_workbook(BytesIO(content)).worksheets[0][1]
    assert [cell.data_type for cell in cells] == ["s", "s", "n"]
    assert all(cell.quotePrefix for cell in cells[:2])
    assert not has_formula(content)


def has_formula(content: bytes) -> bool:
    """Whether any sheet of a file holds one."""
    with ZipFile(BytesIO(content)) as file:
        return any(b"<f>" in file.read(name) or b"<f " in file.read(name) for name in file.namelist())


def inert(content: bytes) -> bool:
    """Whether every text of a file is one, and says so where it looks like something else."""
    cells = [cell for sheet in load_workbook(BytesIO(content)) for row in sheet.iter_rows() for cell in row]
    texts = [cell for cell in cells if isinstance(cell.value, str)]
    dangerous = [cell for cell in texts if str(cell.value).startswith(FORMULAS)]
    return not has_formula(content) and all(cell.data_type == "s" for cell in texts) and all(
        cell.quotePrefix for cell in dangerous
    )  # fmt: skip


def begin_like_formulas(play: Play) -> None:
    """Every name there is, as only another program could have written it."""
    with Session(play.database.engine) as session, session.begin():
        for start, table, column in (
            ("=", Member, "name"), ("@", Member, "department"), ("+", Product, "name_zh"), ("-", Product, "unit_zh"),
            ("\t=", Product, "specification_zh"), ("\r=", Supplier, "name_zh"), ("=", Supplier, "county_zh"),
            ("+", PickupPoint, "name_zh"), ("-", PickupPoint, "address_zh"), ("@", Enterprise, "name"),
        ):  # fmt: skip
            for row in session.exec(select(table)).all():
                setattr(row, column, f"{start}1+{vars(row)['id']}<b>&")
                session.add(row)


async def test_every_sheet_that_leaves_is_inert(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    begin_like_formulas(play)
    open_round(scene.world, "王芳", title="=1+1<b>")
    await play.settle()
    for product in ("脐橙", "血橙"):
        scene.world.places("李敏", product, 2)
    message = (await scene.wang.messages())[-1]["message_id"]
    await scene.wang.press_data(message, encode(SendTemplate()))
    await play.pass_time(days=2)
    for press in (SendOrdersSheet(1), SendStatement(1)):
        await scene.wang.press_data(message, encode(press))
    sheets = {file["name"]: file["content"] for file in play.world.files.values() if file["name"].endswith("xlsx")}
    assert len(sheets) == 4, sorted(sheets)
    assert [name for name, content in sheets.items() if not inert(content)] == []
    await everything_said(play)


def test_sheets_are_written_in_one_place_only() -> None:
    """Whoever adds a sheet writes its rows with `add_row`, which makes them inert."""
    for path in Path("views/sheets").glob("*.py"):
        if path.name != "workbook.py":
            assert not re.search(r"\.append\(\[|\.cell\(|\.value\s*=[^=]", path.read_text()), path
