"""What tests in a browser share: one Chromium, reports to open, pages that stay quiet."""

from __future__ import annotations

import functools
import multiprocessing
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from build_html_portfolio import build_portfolio, schemas

from consolidate.draw import draw
from consolidate.model.workbook import Look, Sheet, Value, Workbook
from consolidate.report.html import write_html
from consolidate.understand import understand
from consolidate.worker.launch import PRELOADED

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)
# Said by the page itself, whatever it does with its console.
_WATCH = """
    addEventListener("securitypolicyviolation", (event) =>
        console.error("against the policy:", event.violatedDirective, event.blockedURI));
"""

Visit = Callable[..., "Page"]
PAGES = ("index.html", "projects/PRJ-103.html", "understood/*.html")
Report = Callable[..., Path]


@pytest.fixture(scope="session", autouse=True)
def warm_server() -> None:
    """Keep the server that workers are forked from for all tests of a process.

    A run that finds one started leaves it; each would wait for a server of its own.
    """
    if "forkserver" in multiprocessing.get_all_start_methods():
        from multiprocessing import forkserver

        multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)
        forkserver.ensure_running()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this machine; one for all tests of a process."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """``report(lang, count)``: the folder of a report on invented projects, made once."""

    @functools.cache
    def made(lang: str = "fr", count: int = 24) -> Path:
        folder = tmp_path_factory.mktemp(f"report-{lang}")
        portfolio = build_portfolio(count, lang)
        write_html(portfolio, schemas(), folder, drawings=drawings(str))
        return folder

    return made


def drawings(change: Callable[[str], str]) -> dict[str, bytes]:
    """One workbook of the invented projects as it was drawn, its texts changed."""
    rows: list[list[Value]] = [
        ["Jalon", "Échéance", "Zzyx", "Statut"],
        ["Recette", datetime(2026, 11, 30), "a", "Atteint"],
        ["Bascule", datetime(2026, 12, 15), "b", "À venir"],
        ["Bilan", "bientôt", None, "À venir"],
        *([f"Lot {n}", datetime(2027, n, 1), None, None] for n in range(1, 5)),
    ]
    told = [[change(v) if isinstance(v, str) else v for v in row] for row in rows]
    notes: list[list[Value]] = [[change("Notes de réunion")], [], [change("À revoir")]]
    fills = ("FF0000", "00B050", "FFC000", "7F7F7F", "1F4E79", "FFFF00", "C00000")
    looks = {(1 + n, 0): Look(fill=fill) for n, fill in enumerate(fills)}
    sheets = (Sheet(change("Jalons"), told, looks=looks), Sheet(change("Notes"), notes))
    name = change("Équipe 3/PRJ-103_suivi.xlsx")
    workbook = Workbook(name, "xlsx", sheets)
    return {name: draw(workbook, understand(workbook, schemas()))[0]}


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """``visit(file, hash, width=…, **context)``: open a page as from a file share.

    A name with a star is that of the first page that it fits.

    Whatever a test does, its pages must stay quiet: no message in the console, no
    dialog, nothing against the policy, and nothing asked for but pages of the report.
    """
    contexts, heard = [], []

    def opened(file: Path, hash_: str = "", *, width: int = 1440, **how: Any) -> Page:
        file = next(file.parent.glob(file.name))
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            reduced_motion=how.pop("reduced_motion", "reduce"),
            **how,
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_init_script(_WATCH)
        page = context.new_page()
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("dialog", lambda dialog: (heard.append("a dialog"), dialog.dismiss()))
        page.on("request", lambda request: heard.extend(_odd(request.url, file)))
        page.goto(file.as_uri() + hash_)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert heard == []


def _odd(address: str, file: Path) -> list[str]:
    """What a page had no business to ask for."""
    parts = urlsplit(address)
    if parts.scheme == "data":
        return []
    within = parts.scheme == "file" and parts.path.endswith(".html")
    folder = next(f for f in (*file.parents,) if (f / "index.html").is_file())
    return [] if within and parts.path.startswith(str(folder)) else [address]
