"""Printed: whole pages of A4, no row lost, no column cut, heads on every page."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from build_html_portfolio import build_portfolio
from conftest import PAGES, Report, Visit

pytestmark = pytest.mark.browser
A4 = (841.9, 595.3)
MARGIN = 20.0  # points; the style asks for 10 mm, which is 28


@pytest.fixture
def printed(visit: Visit) -> Iterator[functools.partial[pypdfium2.PdfDocument]]:
    """``printed(file)``: the page as a document of PDF."""
    documents = []

    def made(file: Path, **how: str) -> pypdfium2.PdfDocument:
        page = visit(file, **how)
        documents.append(pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)))
        return documents[-1]

    yield made
    for document in documents:
        document.close()


def texts(document: pypdfium2.PdfDocument) -> list[str]:
    """The text of each page, on one line."""
    return [
        re.sub(r"\s+", " ", page.get_textpage().get_text_range()) for page in document
    ]


@pytest.mark.parametrize("file", PAGES)
def test_every_word_stands_within_the_margins(
    printed: functools.partial[pypdfium2.PdfDocument], report: Report, file: str
) -> None:
    for page in printed(report() / file):
        width, height = page.get_size()
        assert {round(width), round(height)} == {round(x) for x in A4}
        words = page.get_textpage()
        assert words.count_chars() > 40, "a page with next to nothing on it"
        for number in range(words.count_rects()):
            left, bottom, right, top = words.get_rect(number)
            assert left >= MARGIN, words.get_text_bounded(left, bottom, right, top)
            assert right <= width - MARGIN
            assert bottom >= MARGIN
            assert top <= height - MARGIN


def test_every_project_is_printed_with_the_heads_above_it(
    printed: functools.partial[pypdfium2.PdfDocument], report: Report
) -> None:
    pages = texts(printed(report("fr", 60) / "index.html"))
    projects = build_portfolio(60).tables["projects"].query("kind == 'project'")
    table = [p for p in pages if "Avancement" in p and "Engagé" in p]
    assert len(table) > 1
    for code in projects["project_code"]:
        assert sum(code in page for page in table) >= 1, code


def test_long_lists_are_printed_to_their_last_row(
    printed: functools.partial[pypdfium2.PdfDocument], report: Report
) -> None:
    folder = report()
    whole = " ".join(texts(printed(folder / "index.html")))
    assert "Tout montrer" not in whole
    risks = build_portfolio(24).tables["risks"].query("state == 'open'")
    rated = risks[risks["criticality"].notna()]
    assert len(rated) > 10, "more than the list shows before it is asked for all"
    assert whole.count("Retard de l’éditeur") == (rated["code"] == "R1").sum()


def test_the_dark_is_not_printed(
    printed: functools.partial[pypdfium2.PdfDocument], report: Report
) -> None:
    document = printed(report() / "index.html", color_scheme="dark")
    picture = document[0].render(scale=0.2).to_pil().convert("L")
    assert picture.getpixel((2, 2)) > 250
    assert sum(picture.histogram()[200:]) > 0.8 * picture.width * picture.height
