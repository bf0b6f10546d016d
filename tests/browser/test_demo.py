"""The demo as a newcomer sees it: `python -m bot demo`, the page in a browser, a whole round by hand."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
EMPLOYEE, ENGLISH, COORDINATOR, SUPPLIER = 5000001, 5000002, 5000003, 5000004
PATIENCE_MS = 20_000


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[str]:
    """The demo in a folder of its own; its address."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("BASKET_")}
    environment |= {"PYTHONPATH": str(ROOT), "BASKET_DEMO_PORT": "0", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    address = ""
    for line in process.stdout:
        found = re.search(r"http://127\.0\.0\.1:\d+/\S+", line)
        if found:
            address = found[0]
            break
    assert address, "the demo printed no address"
    yield address
    process.send_signal(signal.SIGTERM)
    try:
        assert process.wait(20) == 0, "the demo does not stop cleanly"
    finally:
        process.kill()


@pytest.fixture
def page(browser: Browser, demo: str) -> Iterator[Page]:
    """The page with four phones."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{demo}&lang=zh")
    page.set_default_timeout(PATIENCE_MS)
    yield page
    assert not errors
    page.close()


def phone(page: Page, person: int) -> Locator:
    """One person's phone."""
    return page.locator(f'[data-testid=phone][data-person="{person}"]')


def press(where: Locator, label: str) -> None:
    """Press the newest button with this label."""
    where.get_by_test_id("inline-button").filter(has_text=re.compile(f"^{re.escape(label)}$")).last.click()


def say(where: Locator, text: str) -> None:
    """Type and send."""
    where.get_by_test_id("composer").fill(text)
    where.get_by_test_id("send").click()


def sees(where: Locator, *parts: str) -> None:
    """The phone shows all of this, soon."""
    for part in parts:
        expect(where.get_by_test_id("messages")).to_contain_text(part, timeout=PATIENCE_MS)


def test_a_whole_round_in_the_browser(page: Page) -> None:
    li, anna = phone(page, EMPLOYEE), phone(page, ENGLISH)
    wang, xiang = phone(page, COORDINATOR), phone(page, SUPPLIER)

    sees(li, "奉节脐橙", "还剩")
    press(li, "1箱")
    sees(li, "您订了1箱", "¥49.90")
    expect(li.get_by_test_id("toast")).to_contain_text("奉节脐橙：已订1箱")
    press(li, "+")
    sees(li, "您订了2箱", "¥99.80")
    say(li, "洋芋２袋")
    sees(li, "巫溪洋芋", "2袋", "¥39.80")

    sees(anna, "Navel oranges", "You ordered 2 boxes")

    say(wang, "/round")
    sees(wang, "冬季第一团", "奉节脐橙 12箱")
    press(wang, "🔔 立即截单")
    sees(wang, "现在就截单")
    press(wang, "是的，立即截单")

    # 12 boxes are three full cases of four.
    sees(xiang, "采购单 CB1-1-1", "奉节脐橙 12箱", "¥598.80")
    sees(li, "已截单", "奉节脐橙 2箱", "应付")
    sees(anna, "is closed", "Navel oranges 2 boxes ¥99.80")
    with page.expect_download() as download:
        xiang.get_by_role("link").filter(has_text="CB1-1-1.xlsx").click()
    rows = list(load_workbook(BytesIO(Path(download.value.path()).read_bytes())).active.values)
    assert next(row for row in rows if row[0] == "奉节脐橙")[-3:] == (12, 49.9, 598.8)

    press(xiang, "✅ 接单")
    sees(xiang, "已接单")
    sees(wang, "白帝柑橘合作社已接单：CB1-1-1")


def test_the_page_speaks_both_languages_and_keeps_the_clock(page: Page) -> None:
    expect(page.get_by_role("heading")).to_contain_text("聊天模拟器")
    page.get_by_test_id("language").click()
    expect(page.get_by_role("heading")).to_contain_text("Chat simulator")
    phone(page, EMPLOYEE).get_by_test_id("menu").click()
    expect(phone(page, EMPLOYEE).get_by_test_id("commands")).to_be_visible()


def test_moving_the_clock_closes_the_round(page: Page) -> None:
    """Nobody presses anything: the round closes at its time, and the clock on the page can bring that about."""
    li, xiang = phone(page, EMPLOYEE), phone(page, SUPPLIER)
    sees(li, "奉节脐橙", "还剩")
    press(li, "2")
    sees(li, "您订了2箱")
    page.locator("[data-advance='300']").click()
    sees(xiang, "采购单 CB1-1-1", "奉节脐橙 12箱")
    sees(li, "已截单", "应付")


def test_somebody_new_is_none_of_those_who_are_there(page: Page) -> None:
    for person in (EMPLOYEE, ENGLISH, COORDINATOR, SUPPLIER):  # the page adds its phones one after the other
        expect(phone(page, person)).to_be_visible(timeout=PATIENCE_MS)
    sees(phone(page, EMPLOYEE), "奉节脐橙")
    page.on("dialog", lambda dialog: dialog.accept("周小雨"))
    page.get_by_test_id("add-phone").select_option("new")
    expect(page.get_by_test_id("person").last).to_have_text("周小雨", timeout=PATIENCE_MS)
