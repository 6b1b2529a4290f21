"""Many workbooks become one portfolio.

``unify`` takes what was normalised, in long form, and gives it back in the same form
with every question between workbooks settled: which projects there are, which version of
a workbook counts, which value of a field wins, which id a record bears.

    reading.facts["milestones"].frame      one row a value, see model/facts.py
    reading.records                        one row a record as read
    sources                                one row a workbook: workbook, state, report_month

    unified, findings = unify(reading, sources)
    unified.facts["milestones"].frame      the same rows, ``record`` now the lead's number,
                                           ``used`` False for losers; ``project_code`` added
    unified.records                        with project_code, record_id, lead, used

After validation, ``build_lineage`` and ``build_workbooks`` give the frames published, and
``with_codes`` tells which project the findings of earlier stages are about.
"""

from __future__ import annotations

from consolidate.unify.corrections import correct
from consolidate.unify.naming import Similarity
from consolidate.unify.place import with_codes
from consolidate.unify.portfolio import build_lineage, build_workbooks
from consolidate.unify.renames import renamed
from consolidate.unify.stage import unify
from consolidate.unify.unified import UNIFIED_COLUMNS, Unified, UnifyOptions

__all__ = [
    "UNIFIED_COLUMNS",
    "Similarity",
    "Unified",
    "UnifyOptions",
    "build_lineage",
    "build_workbooks",
    "correct",
    "renamed",
    "unify",
    "with_codes",
]
