"""How much of each workbook was understood."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from consolidate.model.workbook import Extract

COVERAGE_COLUMNS = [
    "workbook",
    "cells_read",
    "cells_mapped",
    "cells_left",
    "mapped_share",
]


def coverage(extracts: Iterable[Extract]) -> pd.DataFrame:
    """Return how many cells of each workbook gave a value.

    Args:
        extracts: What was understood of each workbook.

    Returns:
        Columns ``COVERAGE_COLUMNS``, by workbook: cells with something in them, those
        that gave a value of a record, the others (titles, totals, legends, what a
        finding names), and the share mapped, 0..1, empty for a workbook without cells.
    """
    rows = sorted(
        (e.workbook, e.cells_read, min(e.cells_mapped, e.cells_read)) for e in extracts
    )
    frame = pd.DataFrame(rows, columns=["workbook", "cells_read", "cells_mapped"])
    read, mapped = frame["cells_read"], frame["cells_mapped"]
    share = (mapped / read.where(read > 0)).astype("float64")
    made = frame.assign(cells_left=read - mapped, mapped_share=share)
    return made[COVERAGE_COLUMNS]
