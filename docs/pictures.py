"""Make the pictures of the documentation from the sample workbooks.

    make pictures

Needs Chromium, LibreOffice and poppler; the pictures are committed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
MONTHS = ("2026-09", "2026-10")
MOST = 150_000
"""Bytes of a picture: a page that shows it opens at once."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of a page: its top, or that of the part named by ``at``.

    ``page`` is a pattern: the first file of the report that fits it.
    """

    page: str
    at: str = ""
    size: tuple[int, int] = (1280, 1000)
    look: Literal["light", "dark"] = "light"


SHOTS = {
    "report": Shot("index.html"),
    "dark": Shot("index.html", "#projects", (1280, 760), "dark"),
    "phone": Shot("index.html", size=(390, 844)),
    "project": Shot("projects/PRJ-101.html"),
    "understood": Shot("understood/*prj-101*.html", size=(1280, 760)),
}


def consolidate(out: Path, home: Path, lang: str) -> None:
    """Consolidate the months of the samples, the last one into ``out``."""
    for month in MONTHS:
        inbox = ROOT / "sample_workbooks" / month
        words = ["run", str(inbox), "--period", month, "--output", str(out), "--quiet"]
        home_words = ["--home", str(home), "--lang", lang, "--fail-on", "never"]
        command = [sys.executable, "-m", "consolidate", *words, *home_words]
        subprocess.run(command, cwd=ROOT, check=False, capture_output=True)


def shoot(browser: Browser, shot: Shot, out: Path, picture: Path) -> None:
    """Take a picture of a page of the report."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=shot.look,
        reduced_motion="reduce",
        device_scale_factor=1,
    )
    page = context.new_page()
    page.goto(next(out.glob(shot.page)).as_uri() + shot.at)
    page.screenshot(path=picture)
    context.close()


def first_page(book: Path, picture: Path, scratch: Path) -> None:
    """Take a picture of the first printed page of a workbook."""
    to_pdf = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(scratch)]
    subprocess.run([*to_pdf, str(book)], check=True, capture_output=True)
    pdf = scratch / f"{book.stem}.pdf"
    to_png = ["pdftoppm", "-png", "-r", "110", "-f", "1", "-singlefile", str(pdf)]
    subprocess.run([*to_png, str(picture.with_suffix(""))], check=True)


def lightened(picture: Path) -> None:
    """Keep 128 colours: a quarter of the bytes, and no difference to the eye."""
    with Image.open(picture) as image:
        image.convert("RGB").quantize(128).save(picture, optimize=True)
    if picture.stat().st_size > MOST:
        raise SystemExit(f"{picture.name}: more than {MOST} bytes")


def main() -> None:
    """Make them all."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        scratch = Path(folder)
        browser = play.chromium.launch(executable_path=shutil.which("chromium"))
        for lang, suffix in (("en", ""), ("fr", ".fr")):
            out = scratch / f"out{suffix}"
            consolidate(out, scratch / f"home{suffix}", lang)
            made = {name: IMAGES / f"{name}{suffix}.png" for name in SHOTS}
            for name, shot in SHOTS.items():
                shoot(browser, shot, out, made[name])
            book = IMAGES / f"workbook{suffix}.png"
            first_page(out / "portfolio.xlsx", book, scratch)
            for picture in (*made.values(), book):
                lightened(picture)
        browser.close()


if __name__ == "__main__":
    main()
