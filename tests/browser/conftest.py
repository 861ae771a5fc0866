"""A real browser, and reports opened in it.

Needs Selenium (`pip install -e '.[browser]'`) and Debian's chromium and chromium-driver;
skipped without them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dedup.model import Report
from dedup.reports import View, format_named
from dedup.settings import Language

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Page:
    """One report in the browser."""

    def __init__(self, driver: Any, path: Path) -> None:
        self.driver, self.path, self.url = driver, path, path.as_uri()

    def run(self, script: str, *arguments: object) -> Any:
        """The value of an expression in the page; `arguments[i]` are the arguments."""
        return self.driver.execute_script(f"return {script}", *arguments)

    def all(self, selector: str) -> list[Any]:
        return list(self.driver.find_elements("css selector", selector))

    def one(self, selector: str) -> Any:
        found = self.all(selector)
        assert found, f"nothing matches {selector}"
        return found[0]

    def text(self, selector: str) -> str:
        return str(self.run("document.querySelector(arguments[0]).textContent", selector))

    def press(self, *keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def grave_faults(self) -> list[str]:
        """What axe-core holds for serious or critical faults of accessibility."""
        axe = pytest.importorskip("axe_core_python", reason="axe-core-python is not installed: .[browser]")
        if self.run("typeof window.axe") == "undefined":
            script = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
            self.driver.execute_script(script)
        found = self.driver.execute_async_script("axe.run(document).then(arguments[0])")["violations"]
        return [
            f"{one['id']}: {node['html'][:120]}: {node['any'][:1]}"
            for one in found
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
        ]

    def complaints(self) -> list[str]:
        """What the console said since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Addresses asked for since the last call."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium under Selenium, with a profile of its own."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed: .[browser]")
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and chromedriver):
        pytest.skip("no chromium and chromedriver: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}", "--window-size=1400,1000"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(chromedriver)
    driver = webdriver.Chrome(options=options, service=service)
    driver.set_script_timeout(30)
    yield driver
    driver.quit()


@pytest.fixture
def open_html(driver: Any, tmp_path: Path) -> Callable[[str, int], Page]:
    """Open a page, as a file, on screen, in a window of the given width."""

    def open_page(html: str, width: int) -> Page:
        path = tmp_path / "report.html"
        path.write_bytes(html.encode("utf-8", "backslashreplace"))
        size = {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        # The browser is shared: a test that looked at paper must not leave the next one there.
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        page = Page(driver, path)
        page.complaints(), page.requests()
        driver.get(page.url)
        return page

    return open_page


@pytest.fixture
def show(open_html: Callable[[str, int], Page]) -> Callable[..., Page]:
    """Open the report on a document."""

    def open_report(report: Report, language: Language = "zh", width: int = 1400) -> Page:
        html = format_named("html").render(report, View(language))
        assert isinstance(html, str)
        return open_html(html, width)

    return open_report


@pytest.fixture(scope="session")
def sample(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The sample draft, checked against the sample corpus."""
    import dedup
    from dedup.checking import check

    settings = dedup.load_settings(repository)
    draft = repository / "tests/samples/submission.txt"
    with dedup.open_index(repository / "corpus", tmp_path_factory.mktemp("index"), settings) as index:
        return check(dedup.parse("submission.txt", dedup.read(draft).text), index, settings)
