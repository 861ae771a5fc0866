"""The service in a browser, as a newcomer meets it: started by one command, used by each role.

Each test makes what it looks at, or has it made without the browser, so that any of them runs by itself, in
any order. With `DEDUP_PICTURES=FOLDER` a picture of each page is kept there, to be looked at.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any
from unicodedata import normalize
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import Page

httpx2 = pytest.importorskip("httpx2", reason="httpx2 is not installed: pip install -e '.[test]'")
pytest.importorskip("fastapi", reason="the service is not installed: pip install -e '.[serve]'")

PASSWORD = "春风又绿江南岸-42"
MODEL = """关于整治青龙沟灌渠的实施方案
本文系邮箱投稿，仅供学习参考，请勿照搬照抄！
一、总体安排
把灌渠清淤放在秋收以后、封冻以前这段时间集中推进，先上游后下游，先干渠后支渠，两个月内全部完工。
二、具体办法
由各村民小组认领渠段，插牌标明起止和责任人，每十天由镇农技站会同用水户代表丈量一次进度并张榜公布。
对年久失修的五座渡槽逐座体检，能修补的修补，不能修补的另行架设，完工前派专人看守水闸。
"""
COPY = MODEL.split("\n", 2)[2].replace("五座渡槽", "三座渡槽")
SECOND = COPY.split("\n", 1)[0] + "\n我们请老把式上渠认路，边走边记，画出一张清淤图。\n"
COMMENT = "第二部分请结合本镇实际"
_OWN = "全村把晒谷场改成了图书角，老会计管钥匙，放学的孩子在那里写作业，借书登记由五年级轮流做。\n"
_SHARED = "驻村干部每周三晚上在祠堂接访，能当场答复的当场答复，答复不了的写在门口黑板上，十天之内销号。\n"
BATCH = {
    "甲村.txt": _OWN + _SHARED,
    "乙村.txt": COPY + _SHARED,
    "丙村.txt": _OWN.replace("图书角", "茶馆"),
}
WIDTHS = {"desktop": 1280, "phone": 390}


class Browser(Page):
    """The browser on the pages of a service."""

    def __init__(self, driver: Any, address: str) -> None:
        self.driver, self.address = driver, address

    def go(self, place: str) -> None:
        self.driver.get(self.address + place)

    def fill(self, name: str, value: str) -> None:
        self.one(f"[name='{name}']").send_keys(value)

    def click(self, selector: str) -> None:
        """Click on what leads to another page, and wait for that."""
        self.driver.execute_script("window.left = true; arguments[0].click()", self.one(selector))
        self.wait("window.left === undefined && document.readyState === 'complete'")

    def wait(self, expression: str) -> None:
        from selenium.webdriver.support.ui import WebDriverWait

        def holds(driver: Any) -> bool:
            return bool(driver.execute_script(f"return {expression}"))

        WebDriverWait(self.driver, 60, ignored_exceptions=[Exception]).until(holds, expression)

    def wait_for(self, selector: str) -> None:
        self.wait(f"document.querySelector({selector!r}) !== null && document.readyState === 'complete'")

    def log_in(self, name: str) -> None:
        self.driver.delete_all_cookies()
        self.go("/login")
        self.fill("name", name)
        self.fill("password", PASSWORD)
        self.click("button.main")

    def set_password(self, link: str) -> None:
        self.driver.get(link)
        self.fill("password", PASSWORD)
        self.fill("again", PASSWORD)
        self.click("button.main")
        assert urlsplit(self.driver.current_url).path == "/login"

    def look(self, width: int, dark: bool) -> None:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def picture(self, name: str) -> None:
        if folder := os.environ.get("DEDUP_PICTURES"):
            height = self.run("document.documentElement.scrollHeight")
            clip = {"x": 0, "y": 0, "width": self.run("innerWidth"), "height": min(height, 4000), "scale": 1}
            shot = self.driver.execute_cdp_cmd(
                "Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip}
            )
            (Path(folder) / f"{name}.png").write_bytes(b64decode(shot["data"]))


class Person:
    """Somebody who does without a browser what a test wants to find done."""

    def __init__(self, address: str, name: str) -> None:
        self._client = httpx2.Client(base_url=address, timeout=60)
        self._client.post("/login", data={"name": name, "password": PASSWORD})
        page = self._client.get("/", follow_redirects=True).text
        self._form_token = re.findall(r'name="form_token" value="([^"]+)"', page)[0]

    def post(self, place: str, files: list[tuple[str, str]] | None = None, **fields: str) -> str:
        """Send a form; give the address that it leads to."""
        sent = [("file", (name, text.encode())) for name, text in files or ()]
        data = {"form_token": self._form_token, **fields}
        answer = self._client.post(place, data=data, files=sent or None)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def read(self, place: str, **fields: str) -> str:
        """Send a form; give the page that comes."""
        answer = self._client.post(place, data={"form_token": self._form_token, **fields})
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def hand_in(self, *files: tuple[str, str], thread: str = "") -> str:
        """Hand in drafts together and wait until they are checked; give the address of their page."""
        place = self.post("/drafts", list(files), thread=thread)
        self.wait(place)
        return place

    def wait(self, place: str) -> None:
        """Wait until nothing more is to come on a page."""
        deadline, pause = monotonic() + 60, Event()
        while re.search("data-(reload|events)=", self._client.get(place).text):
            assert monotonic() < deadline, place
            pause.wait(0.05)


@dataclass
class Office:
    """A service with an account of each role, and what there is to be looked at, made when it is wanted."""

    address: str
    corpus: Path

    def person(self, name: str) -> Person:
        return Person(self.address, name)

    @cached_property
    def returned(self) -> str:
        """The page of a draft that the reviewer has handed back."""
        writer, reviewer = self.person("写稿人"), self.person("审核人")
        place = writer.hand_in(("文稿.txt", COPY))
        writer.post(f"{place}/submit")
        reviewer.post(f"{place}/decide", decision="returned", comment=COMMENT)
        return place

    @cached_property
    def batch(self) -> str:
        """The page of drafts that came together."""
        return self.person("写稿人").hand_in(*BATCH.items())

    @cached_property
    def changes(self) -> str:
        """The page of what changed from one version to the next."""
        first = self.returned
        identifier = first.removeprefix("/drafts/")
        second = self.person("写稿人").hand_in(("二稿.txt", SECOND), thread=identifier)
        return f"{second}/since/{identifier}"

    @cached_property
    def invitation(self) -> str:
        """The page on which somebody new chooses a password."""
        made = self.person("admin").read("/admin/accounts", name="新来的", unit="青龙镇", role="reader")
        return str(re.findall(r"/invitation/[\w-]+", made)[0])

    @cached_property
    def scanned(self) -> str:
        """The page of the scan, when there is one."""
        admin = self.person("admin")
        admin.post("/scan")
        admin.wait("/scan")
        return "/scan"

    def page(self, name: str) -> str:
        """The address of a page, or of one that is made for it."""
        return str(getattr(self, name)) if name.isalpha() else name


@contextmanager
def _started(folder: Path, corpus: Path) -> Iterator[str]:
    """The first link of a service that the command started; it is ended afterwards."""
    command = [sys.executable, "-m", "dedup", "serve", str(corpus), "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "DEDUP_LANG": "zh"}
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            said = ""
            while not (first := re.search(r"(http://\S+/invitation/\S+)", said)):
                line = process.stderr.readline()
                assert line, said
                said += line
            yield first[1]
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def office(driver: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Start the service, follow its first link, and make the accounts on the pages."""
    folder = tmp_path_factory.mktemp("office")
    corpus = folder / "范文"
    corpus.mkdir()
    (corpus / "灌渠.txt").write_text(MODEL, encoding="utf-8")
    (corpus / "灌渠（副本）.txt").write_text(MODEL, encoding="utf-8")
    with _started(folder, corpus) as link:
        address = link.split("/invitation/")[0]
        browser = Browser(driver, address)
        browser.look(1280, False)
        assert httpx2.get(f"{address}/health/live", timeout=30).status_code == 200  # it waits its turn
        browser.set_password(link)
        for name, role in (("写稿人", "writer"), ("审核人", "reviewer"), ("读者", "reader")):
            browser.log_in("admin")
            browser.go("/admin")
            browser.fill("name", name)
            browser.one("form.new [name='unit']").send_keys("青龙镇")
            browser.run("document.querySelector('form.new [name=role]').value = arguments[0]", role)
            browser.click("form.new button.main")
            invitation = browser.text("p.done code")
            browser.driver.delete_all_cookies()
            browser.set_password(invitation)
        yield Office(address, corpus)


@pytest.fixture
def browser(driver: Any, office: Office) -> Browser:
    """The browser as nobody has used it: no cookie, a wide window, by daylight."""
    browser = Browser(driver, office.address)
    browser.driver.delete_all_cookies()
    browser.look(1280, False)
    return browser


def test_a_draft_is_checked_sent_to_the_reviewer_and_comes_back(browser: Browser) -> None:
    browser.log_in("写稿人")
    browser.fill("text", COPY)
    browser.click("form:has(textarea) button.main")
    browser.wait_for("a[href*='report.html']")
    draft = urlsplit(browser.driver.current_url).path
    assert "须改写" in browser.text("section.verdict")
    browser.picture("draft-done")
    browser.click("a[href*='report.html']")
    assert "灌渠" in browser.text("body")
    browser.go(draft)
    browser.click(f"form[action='{draft}/submit'] button")
    assert "已送审" in browser.text("main")

    browser.log_in("审核人")
    browser.go("/review")
    browser.click(f"a[href='{draft}']")
    assert browser.text("nav [aria-current]") == "待审", "it is none of his own"
    browser.picture("draft-review")
    browser.fill("reason", "上级统一要求的写法")
    browser.click("form.passage button[value='waived']")
    browser.wait_for("form[action*='/undo']")
    assert "上级统一要求的写法" in browser.text("main")
    browser.fill("comment", COMMENT)
    browser.click("button[value='returned']")
    assert urlsplit(browser.driver.current_url).path == "/review"

    browser.log_in("写稿人")
    browser.go(draft)
    assert COMMENT in browser.text("main")


def test_a_page_that_waits_in_vain_asks_for_the_login_and_comes_back(
    browser: Browser, office: Office
) -> None:
    place = office.person("写稿人").hand_in(("waited.txt", COPY))
    with closing(sqlite3.connect(office.corpus / ".dedup-serve" / "service.sqlite")) as database:
        change = "UPDATE drafts SET state = ? WHERE id = ?"
        database.execute(change, ("running", place.removeprefix("/drafts/")))
        database.commit()
        browser.log_in("写稿人")
        browser.go(place)
        assert browser.run("document.querySelector('[data-events]') !== null")
        browser.run(
            "fetch('/logout', {method: 'POST', body: new URLSearchParams({form_token: arguments[0]})})",
            browser.run("document.querySelector('[name=form_token]').value"),
        )
        browser.wait("location.pathname === '/login'")  # as soon as the events are refused
        database.execute(change, ("done", place.removeprefix("/drafts/")))
        database.commit()
    browser.fill("name", "写稿人")
    browser.fill("password", PASSWORD)
    browser.click("button.main")
    assert urlsplit(browser.driver.current_url).path == place
    assert "须改写" in browser.text("section.verdict")


def _paper(browser: Browser) -> str:
    """The text of what the page becomes when it is printed."""
    pypdf = pytest.importorskip("pypdf")
    printed = browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    reader = pypdf.PdfReader(BytesIO(b64decode(printed["data"])))
    text = "".join("".join(sheet.extract_text().split()) for sheet in reader.pages)
    return normalize("NFKC", text)  # fonts name some ideographs as radicals


def test_a_report_is_printed_whole_and_without_what_is_for_the_screen(
    browser: Browser, office: Office
) -> None:
    browser.log_in("写稿人")
    browser.go(office.returned)
    printed = _paper(browser)
    assert COMMENT in printed
    assert "我的文稿" not in printed, "the menu is not printed"
    assert "下一步" not in printed
    source = {"source": "window.print = () => { window.printed = true }"}
    added = browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", source)
    browser.click("a[href$='#print']")
    browser.wait("window.printed")
    browser.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)
    printed = _paper(browser)
    assert "须改写" in printed or "提醒" in printed
    assert printed.count("架设") >= 2, "the text, and the passage beside its source"


def _written(folder: Path, files: dict[str, str]) -> str:
    """Files to be chosen in a form, as the driver is told of them."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return "\n".join(str(folder / name) for name in files)


def test_what_a_reviewer_has_typed_is_not_lost(browser: Browser, office: Office) -> None:
    writer = office.person("写稿人")
    place = writer.hand_in(("typed.txt", COPY + _SHARED + MODEL.split("\n", 2)[2][:60]))
    writer.post(f"{place}/submit")
    browser.log_in("审核人")
    browser.go(place)
    reasons = "form.passage [name='reason']"
    first, second, *_ = browser.all(reasons)
    second.send_keys("第二处还要再问一问")
    browser.fill("comment", COMMENT)
    first.send_keys("上级统一要求的写法")
    browser.click("form.passage button[value='waived']")
    browser.wait_for("form[action*='/undo']")
    browser.wait_for("form.passage")
    assert browser.one(reasons).get_attribute("value") == "第二处还要再问一问"
    assert browser.one("[name='comment']").get_attribute("value") == COMMENT

    browser.driver.delete_all_cookies()
    browser.click("button[value='returned']")
    assert "重新登录" in browser.text("main")
    browser.click("main a.button.main")
    browser.fill("name", "审核人")
    browser.fill("password", PASSWORD)
    browser.click("button.main")
    assert urlsplit(browser.driver.current_url).path == place
    assert browser.one("[name='comment']").get_attribute("value") == COMMENT
    browser.click("button[value='returned']")
    assert urlsplit(browser.driver.current_url).path == "/review"
    browser.go(place)
    assert COMMENT in browser.text("blockquote")
    assert (
        browser.run("sessionStorage.getItem(arguments[0])", f"typed {place.removeprefix('/drafts/')}") is None
    )
    browser.click("form[action='/logout'] button")
    assert browser.run("sessionStorage.length") == 0, "it goes with the login"


def test_a_page_that_goes_on_waits_for_who_fills_it_in(browser: Browser) -> None:
    browser.log_in("admin")
    browser.go("/scan")
    browser.run("document.querySelector('[name=hour]').focus()")
    browser.run("window.stayed = true, again()")  # as when there is something new
    asked = "fetch('/health/live').then(() => arguments[0](window.stayed))"
    assert browser.driver.execute_async_script(asked), "the page is left alone"
    browser.run("document.activeElement.blur()")
    browser.wait("window.stayed === undefined")


def test_long_names_fit_on_each_screen(browser: Browser, office: Office) -> None:
    admin = office.person("admin")
    unit, name = "Q" * 60 + "q" * 60, "O" * 30 + "o" * 30
    made = admin.read("/admin/accounts", name=name, unit=unit, role="writer")
    browser.driver.delete_all_cookies()
    browser.set_password(office.address + str(re.findall(r"/invitation/[\w-]+", made)[0]))
    admin.post("/collection", [("d" * 100 + ".txt", _OWN)])
    draft = office.person(name).hand_in(("w" * 100 + ".txt", SECOND))
    for who, places in ((name, ("/", "/drafts", draft)), ("admin", ("/admin", "/admin/log", "/collection"))):
        browser.log_in(who)
        for width in WIDTHS.values():
            browser.look(width, False)
            for place in places:
                browser.go(place)
                assert browser.run("document.documentElement.scrollWidth <= innerWidth"), f"{place} {width}"
    admin.post("/collection/withdraw", path="d" * 100 + ".txt")


def test_a_draft_of_many_versions_fits_on_each_screen(browser: Browser, office: Office) -> None:
    writer = office.person("写稿人")
    first = writer.hand_in(("versions.txt", SECOND))
    for _ in range(15):
        writer.hand_in(("versions.txt", SECOND), thread=first.removeprefix("/drafts/"))
    browser.log_in("写稿人")
    for width in WIDTHS.values():
        for place in ("/drafts", first):
            browser.look(width, False)
            browser.go(place)
            assert browser.run("document.documentElement.scrollWidth <= innerWidth"), f"{place} {width}"


@pytest.mark.parametrize(
    ("name", "place"), [("写稿人", "/"), ("写稿人", "returned"), ("admin", "/collection")]
)
def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    browser: Browser, office: Office, tmp_path: Path, name: str, place: str
) -> None:
    place = office.page(place)
    browser.log_in(name)
    browser.go(place)
    browser.run("document.body.dataset.most = 10")
    browser.one(".card input[type='file']").send_keys(_written(tmp_path, {"large.txt": COPY}))
    browser.run("document.querySelector('.card input[type=file]').form.requestSubmit()")
    alert = browser.driver.switch_to.alert
    assert "请分开送" in alert.text
    alert.accept()
    assert urlsplit(browser.driver.current_url).path == place


def test_several_drafts_are_compared_in_a_matrix(browser: Browser, tmp_path: Path) -> None:
    browser.log_in("写稿人")
    browser.one("input[name='file']").send_keys(_written(tmp_path, BATCH))
    browser.click("form:has(input[type='file']) button.main")
    browser.wait("!document.querySelector('[data-reload]') && document.querySelector('.matrix')")
    assert len(browser.all(".matrix tbody tr")) == 3
    assert "甲村" in _paper(browser)
    browser.click(".matrix tbody a")
    assert urlsplit(browser.driver.current_url).path.startswith("/drafts/")


def test_a_second_version_shows_what_changed(browser: Browser, office: Office, tmp_path: Path) -> None:
    browser.log_in("写稿人")
    browser.go(office.person("写稿人").hand_in(("文稿.txt", COPY)))
    browser.one("form.card input[type='file']").send_keys(_written(tmp_path, {"二稿.txt": SECOND}))
    browser.click("form.card:has(input[type='file']) button")
    browser.wait_for("a[href*='/since/']")
    assert "→" in browser.text(".course")
    browser.click("a[href*='/since/']")
    assert "画出一张清淤图" in browser.text("ins")
    assert browser.all("del")
    assert "改掉了" in browser.text("main")
    printed = _paper(browser)
    assert "画出一张清淤图" in printed
    assert "改掉了" in printed


def test_the_keeper_withdraws_a_duplicate_and_puts_it_back(browser: Browser, office: Office) -> None:
    browser.log_in("admin")
    browser.go("/scan")
    browser.click("form[action='/scan'] button")
    browser.wait_for("a[href='/scan/report']")
    browser.go("/scan")
    browser.wait("!document.querySelector('[data-reload]')")
    assert "内容一致" in browser.text("main")
    browser.picture("scan-done")
    browser.click("button[aria-label$='灌渠（副本）.txt']")
    assert "没有重复的文件" in browser.text("main")
    assert not (office.corpus / "灌渠（副本）.txt").exists()
    browser.go("/collection")
    browser.picture("collection-withdrawn")
    browser.click("form[action$='/back'] button")
    assert (office.corpus / "灌渠（副本）.txt").read_text(encoding="utf-8") == MODEL
    browser.go("/scan/report")
    assert "灌渠" in browser.text("body")


def test_limits_are_tried_on_the_newest_drafts(browser: Browser, office: Office) -> None:
    assert office.returned
    browser.log_in("admin")
    browser.go("/admin/limits")
    browser.fill("block.run", "30")
    browser.click("button[value='preview']")
    browser.wait_for("section[role='status']")
    browser.picture("limits-tried")
    assert re.search(r"最近 \d+ 份文稿", browser.text("main"))
    assert browser.one("[name='block.run']").get_attribute("value") == "30"


DOCUMENT = "/collection/document?path=%E7%81%8C%E6%B8%A0.txt"
PAGES = {
    "": ("/login", "invitation", "/api/docs"),
    "写稿人": ("/", "/drafts", "returned", "batch", "changes", "/collection", "/tokens", "/nothing"),
    "审核人": ("/", "/drafts", "/review", "returned", "/collection", DOCUMENT, "/tokens"),
    "admin": ("/admin", "/admin/limits", "/admin/state", "/admin/log", "/collection", DOCUMENT, "scanned"),
    "读者": ("/collection", DOCUMENT),
}


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_sound_on_each_screen(browser: Browser, office: Office, name: str) -> None:
    if name:
        browser.log_in(name)
    for width, place in ((width, place) for width in WIDTHS for place in PAGES[name]):
        where = office.page(place)
        for dark in (False, True):
            browser.look(WIDTHS[width], dark)
            browser.complaints(), browser.requests()
            browser.go(where)
            told = f"{name} {place} {width} {'dark' if dark else 'light'}"
            if place == "/api/docs":
                browser.wait_for(".opblock")
            complaints = [one for one in browser.complaints() if place != "/nothing" or "404" not in one]
            assert complaints == [], told
            foreign = [one for one in browser.requests() if not one.startswith((browser.address, "data:"))]
            assert foreign == [], told
            assert browser.run("document.documentElement.scrollWidth <= innerWidth"), f"{told} is too wide"
            if place != "/api/docs":  # the viewer is not ours
                assert browser.grave_faults() == [], told
            picture = "-".join(
                (name or "nobody", place.split("?")[0].strip("/").replace("/", "-") or "start", width)
            )
            browser.picture(picture + ("-dark" if dark else ""))


_NAMES = (
    "写稿人",
    "审核人",
    "读者",
    "新来的",
    "青龙镇",
    "灌渠（副本）",
    "灌渠",
    "二稿",
    "文稿",
    "甲村",
    "乙村",
    "丙村",
    "范文",
)
"""Of people, units and files, which no language changes."""


@pytest.mark.parametrize("name", PAGES)
def test_each_page_speaks_english_throughout(browser: Browser, office: Office, name: str) -> None:
    if name:
        browser.log_in(name)
    for place in PAGES[name]:
        if place in ("/api/docs", "batch", "changes"):  # the viewer is not ours; the others quote documents
            continue
        where = office.page(place)
        browser.go(f"{where}{'&' if '?' in where else '?'}lang=en")
        browser.run(
            "document.querySelectorAll('[lang=zh-CN], [lang=zh], script').forEach(one => one.remove())"
        )
        said = browser.text("body")
        for known in (*MODEL.splitlines(), *_NAMES):  # a verdict quotes title and notice of a source
            said = said.replace(known, "")
        assert re.findall("[一-鿿]+", said) == [], f"{name} {place}"
