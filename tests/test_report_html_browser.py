"""The HTML report in a browser: it is usable, quiet, and asks for nothing."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from build_html_portfolio import HOSTILE, build_portfolio, changed_text, schemas

from consolidate.report.html import write_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX"),
]


class Browser:
    """A headless Chromium, spoken to through two pipes."""

    def __init__(self, profile: Path) -> None:
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        command = [
            str(CHROMIUM),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--remote-debugging-pipe",
            f"--user-data-dir={profile}",
            "about:blank",
        ]
        # The browser reads from descriptor 3 and writes to descriptor 4.
        wrap = (
            "import fcntl, os, sys;"
            "a, b = (fcntl.fcntl(int(n), fcntl.F_DUPFD, 10) for n in sys.argv[1:3]);"
            "os.dup2(a, 3); os.dup2(b, 4); os.execv(sys.argv[3], sys.argv[3:])"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-c", wrap, str(to_read), str(to_write), *command],
            pass_fds=(to_read, to_write),
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(to_write)
        self._rest = b""
        self._numbers = itertools.count(1)
        self.events: list[dict[str, Any]] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = ""
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = session["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    _session = ""

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            piece = os.read(self._read, 1 << 16)
            assert piece, "the browser went away"
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message

    def open(self, page: Path, hash_: str = "", width: int = 1440) -> None:
        self._go("about:blank")
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=False,
        )
        self._go(page.as_uri() + hash_)

    def _go(self, address: str) -> None:
        self.events.clear()
        self.ask("Page.navigate", url=address)
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            self.events.append(self._next())

    def run(self, script: str) -> Any:
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()
        os.close(self._write)
        os.close(self._read)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    opened = Browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    write_html(build_portfolio(24), schemas(), folder)
    return folder / "index.html"


SHOWN = "[...document.querySelectorAll('#portfolio tbody tr')].filter(r => !r.hidden)"


def test_nothing_is_asked_for_and_nothing_complains(
    browser: Browser, page: Path
) -> None:
    browser.open(page)
    browser.run("1")
    asked = [
        e["params"]["request"]["url"]
        for e in browser.events
        if e.get("method") == "Network.requestWillBeSent"
    ]
    assert [u for u in asked if not u.startswith(("file:", "data:"))] == []
    assert [u for u in asked if u.startswith("file:")] == [page.as_uri()]
    loud = [
        e
        for e in browser.events
        if e.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded")
        or e.get("method") == "Runtime.consoleAPICalled"
    ]
    assert loud == []


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_the_page_never_scrolls_sideways(
    browser: Browser, page: Path, width: int
) -> None:
    browser.open(page, width=width)
    assert browser.run("document.documentElement.scrollWidth") <= width


def test_a_filter_counts_sums_and_is_kept_in_the_address(
    browser: Browser, page: Path
) -> None:
    browser.open(page)
    browser.run(
        "const s = document.querySelector('[name=status]'); s.value = 'red';"
        "s.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    shown = browser.run(f"{SHOWN}.length")
    assert 0 < shown < 23
    assert browser.run(f"{SHOWN}.every(r => r.dataset.status === 'red')")
    assert browser.run("location.hash") == "#projects?status=red"
    assert browser.run("document.getElementById('count').textContent") == (
        f"{shown} projets sur 23"
    )
    told = browser.run(
        "document.querySelector('tfoot tr:not([hidden]) [data-k=\"0\"]').textContent"
    )
    assert told.endswith(f"sur {shown}")


def test_an_address_that_was_sent_opens_the_same_view(
    browser: Browser, page: Path
) -> None:
    browser.open(page, "#projects?late=1&sort=-9")
    assert browser.run(f"{SHOWN}.every(r => r.dataset.late === '1')")
    days = browser.run(f"{SHOWN}.map(r => Number(r.cells[9].dataset.s || 'NaN'))")
    known = [d for d in days if d == d and d is not None]
    assert known == sorted(known, reverse=True)
    assert days[: len(known)] == known
    head = "document.querySelector('#portfolio th[aria-sort]').textContent"
    assert browser.run(head).startswith("Écart")


def test_a_figure_tells_where_it_comes_from(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.run("document.querySelector('#portfolio tbody tr td.n [data-p]').click()")
    told = browser.run("document.getElementById('proof').innerText")
    for word in ("PRJ-101_suivi.xlsx", "Fiche projet", "Texte écrit", "certain"):
        assert word in told
    browser.run(
        "document.getElementById('proof').close();"
        "document.querySelectorAll('#portfolio tbody tr')[2].cells[9].firstElementChild.click()"
    )
    told = browser.run("document.getElementById('proof').innerText")
    assert "Calcul" in told
    assert told.count("Cellule") == 2


def test_the_figures_of_a_table_are_one_stop_and_arrows_move(
    browser: Browser, page: Path
) -> None:
    browser.open(page)
    stops = "document.querySelectorAll('#portfolio tbody [data-p]:not([tabindex=\"-1\"])').length"
    assert browser.run(stops) == 1
    browser.run("document.querySelector('#portfolio tbody [data-p]').focus()")
    for _ in range(3):
        browser.ask("Input.dispatchKeyEvent", type="keyDown", key="ArrowRight")
    browser.ask("Input.dispatchKeyEvent", type="keyDown", key="ArrowDown")
    row = "document.activeElement.closest('tr').rowIndex"
    assert browser.run(row) == 3
    assert browser.run(stops) == 1


def test_a_cell_of_the_matrix_lists_its_risks(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.run("document.querySelector('.matrix [data-cell]').click()")
    wanted = browser.run("document.querySelector('.matrix [data-cell]').textContent")
    listed = "[...document.querySelectorAll('#risk-list tbody tr')].filter(r => !r.hidden).length"
    assert browser.run(listed) == int(wanted)


def test_texts_of_workbooks_stay_texts(browser: Browser, tmp_path: Path) -> None:
    hostile = "".join(HOSTILE)
    portfolio = changed_text(build_portfolio(3), lambda text: text + hostile)
    write_html(portfolio, schemas(), tmp_path)
    browser.open(tmp_path / "index.html")
    assert browser.run("document.scripts.length") == 2
    assert browser.run("document.querySelectorAll('img:not(.chart img)').length") == 0
    assert not browser.run(
        "[...document.querySelectorAll('*')].some(e => [...e.attributes].some(a => /^on|^style$/.test(a.name)))"
    )
    browser.run("document.querySelector('#portfolio tbody [data-p]').click()")
    assert (
        browser.run("document.querySelectorAll('#proof img, #proof script').length")
        == 0
    )
    assert not [e for e in browser.events if e.get("method") == "Log.entryAdded"]


def test_it_prints_on_whole_pages(browser: Browser, page: Path) -> None:
    browser.open(page)
    printed = browser.ask("Page.printToPDF", preferCSSPageSize=True)
    content = base64.b64decode(printed["data"])
    assert content.startswith(b"%PDF")
    assert b"/MediaBox [0 0 841" in content
