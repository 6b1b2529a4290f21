"""What merely reading the same workbooks costs, by a well-known loop and by calamine.

    python -m benchmarks.references pandas|calamine FOLDER

Prints the CPU seconds of the loop itself, imports left out.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path


def read_with_pandas(paths: Sequence[Path]) -> float:
    """Return the CPU seconds of ``pandas.read_excel`` over openpyxl."""
    import openpyxl  # noqa: F401 - imported before the clock starts
    import pandas as pd

    warnings.simplefilter("ignore")
    start = time.process_time()
    for path in paths:
        pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
    return time.process_time() - start


def read_with_calamine(paths: Sequence[Path]) -> float:
    """Return the CPU seconds of calamine over every sheet."""
    import python_calamine

    start = time.process_time()
    for path in paths:
        book = python_calamine.CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return time.process_time() - start


READERS: dict[str, Callable[[Sequence[Path]], float]] = {
    "pandas": read_with_pandas,
    "calamine": read_with_calamine,
}

if __name__ == "__main__":
    reader, folder = sys.argv[1:]
    print(READERS[reader](sorted(Path(folder).glob("*.xlsx"))))
