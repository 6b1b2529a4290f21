"""Build the sample workbooks of two months and the truth beside them.

    python sample_workbooks/build.py            write them again
    python sample_workbooks/build.py --check    say what differs, write nothing
    python sample_workbooks/build.py --office   write the .xls and .ods again too

Everything here is invented. All files but the .xls and .ods come out the same, byte for
byte; those two kinds were converted once by LibreOffice from the same description and
are committed: `--office` is needed only when what they say changes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from builder.book import Book  # noqa: E402
from builder.books.applications import applications  # noqa: E402
from builder.books.archive import archive  # noqa: E402
from builder.books.catering import catering  # noqa: E402
from builder.books.committee import committee  # noqa: E402
from builder.books.flat_files import biomedical_list, open_actions  # noqa: E402
from builder.books.infrastructure import infrastructure  # noqa: E402
from builder.books.manager_sheets import manager_sheets  # noqa: E402
from builder.books.mco import mco  # noqa: E402
from builder.books.mri import mri  # noqa: E402
from builder.books.odd import lock, older, repeated, unreadable  # noqa: E402
from builder.books.patient_record import patient_record  # noqa: E402
from builder.books.pharmacy import pharmacy  # noqa: E402
from builder.books.registers import convergence_log, requests, workload_left  # noqa: E402
from builder.books.security import security  # noqa: E402
from builder.books.telehealth import telehealth  # noqa: E402
from builder.books.wifi import wifi  # noqa: E402
from builder.truth import truth_of  # noqa: E402
from builder.value import Month  # noqa: E402
from builder.write import OFFICE, content_of, convert  # noqa: E402

BOTH: list[Callable[[Month], Book]] = [
    patient_record,
    mri,
    wifi,
    telehealth,
    security,
    pharmacy,
    manager_sheets,
    applications,
    infrastructure,
    committee,
    biomedical_list,
    open_actions,
    mco,
    requests,
    convergence_log,
    workload_left,
    unreadable,
    repeated,
    lock,
]
MONTHS = {
    "2026-09": [*BOTH, catering],  # not sent in October
    "2026-10": [*BOTH, older, archive],  # sent twice, born in October
}


def build(target: Path, *, office: bool) -> Iterator[tuple[Path, bytes]]:
    """Yield each file and its bytes; convert .xls and .ods into place when asked."""
    for name, makers in MONTHS.items():
        books = [maker(Month(name)) for maker in makers]
        for book in books:
            path = target / name / book.name
            if not path.name.endswith(OFFICE):
                yield path, content_of(book)
            elif office:
                path.parent.mkdir(parents=True, exist_ok=True)
                convert(book, path)
        yield target / name / "truth.toml", truth_of(books).encode()


def main() -> int:
    """Write or check the samples; return the exit status."""
    parser = argparse.ArgumentParser(description="Build the sample workbooks.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing, say what differs"
    )
    parser.add_argument(
        "--office", action="store_true", help="convert .xls and .ods again"
    )
    options = parser.parse_args()
    changed = 0
    for path, content in build(HERE, office=options.office and not options.check):
        if path.is_file() and path.read_bytes() == content:
            continue
        changed += 1
        print(path.relative_to(HERE))
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    print(f"{changed} file(s) {'differ' if options.check else 'written'}")
    return int(options.check and changed > 0)


if __name__ == "__main__":
    sys.exit(main())
