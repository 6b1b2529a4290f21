"""The portfolio against its schemas and against itself.

    facts["milestones"].frame    unified facts, one row a value
    records                      one row a record: record, table, record_id, project_code,
                                 workbook, sheet, row, used

    checked, findings = validate(facts, records, schemas, ValidateOptions(period, as_of))
    checked.tables["milestones"] record_id, period, project_code, name, ... workbook,
                                 sheet, row; index ``record``
    checked.facts["milestones"]  the same facts, ``used`` False where a value failed

``load_checks`` reads the thresholds.
"""

from __future__ import annotations

from consolidate.validate.against import Checked
from consolidate.validate.checks import Checks, load_checks
from consolidate.validate.columns import unread_columns
from consolidate.validate.stage import ValidateOptions, validate

__all__ = [
    "Checked",
    "Checks",
    "ValidateOptions",
    "load_checks",
    "unread_columns",
    "validate",
]
