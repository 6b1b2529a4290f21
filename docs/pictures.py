"""Make the pictures of the documentation from the sample workbooks.

    make pictures

Needs Chromium, LibreOffice and poppler; the pictures are committed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
WIDE = (1280, 1000)
MONTHS = ("2026-09", "2026-10")


def consolidate(out: Path, home: Path, lang: str) -> None:
    """Consolidate the months of the samples, the last one into ``out``."""
    for month in MONTHS:
        inbox = ROOT / "sample_workbooks" / month
        words = ["run", str(inbox), "--period", month, "--output", str(out), "--quiet"]
        home_words = ["--home", str(home), "--lang", lang, "--fail-on", "never"]
        command = [sys.executable, "-m", "consolidate", *words, *home_words]
        subprocess.run(command, cwd=ROOT, check=False, capture_output=True)


def shoot(page: Path, picture: Path, size: tuple[int, int], scratch: Path) -> None:
    """Take a picture of the top of a page."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    width, height = size
    command = [
        *(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
        *(f"--user-data-dir={scratch}", f"--window-size={width},{height}"),
        *(f"--screenshot={picture}", page.as_uri()),
    ]
    subprocess.run(command, check=True, capture_output=True)


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


def main() -> None:
    """Make them all."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        for lang, suffix in (("en", ""), ("fr", ".fr")):
            out = scratch / f"out{suffix}"
            consolidate(out, scratch / f"home{suffix}", lang)
            report = IMAGES / f"report{suffix}.png"
            book = IMAGES / f"workbook{suffix}.png"
            shoot(out / "index.html", report, WIDE, scratch / "profile")
            first_page(out / "portfolio.xlsx", book, scratch)
            lightened(report)
            lightened(book)


if __name__ == "__main__":
    main()
