"""What unifying gives, and what it may be told."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from consolidate.model.facts import RECORD_COLUMNS, Facts
from consolidate.unify.naming import Similarity

UNIFIED_COLUMNS = [*RECORD_COLUMNS, "project_code", "record_id", "lead", "used"]


@dataclass(frozen=True, slots=True)
class UnifyOptions:
    """How unifying decides.

    Attributes:
        alike: How alike names of projects must be.
    """

    alike: Similarity = dataclasses.field(default_factory=Similarity)


@dataclass(frozen=True, slots=True)
class Unified:
    """All that was read, as one portfolio.

    Attributes:
        facts: By canonical table. ``record`` is the number of the record that leads;
            ``used`` is False for what lost or belongs to a replaced workbook. Every
            record that has a project has a ``project_code`` fact.
        records: Columns ``UNIFIED_COLUMNS``, one row a record as read: ``project_code``
            (empty for none), ``record_id``, ``lead`` (number of the record it became
            part of, its own when it leads) and ``used`` (whether it leads a record of
            the portfolio).
        superseded: By workbook replaced, the newer one.
        ignored: Workbooks of which nothing but the name could be read.
    """

    facts: Mapping[str, Facts]
    records: pd.DataFrame
    superseded: Mapping[str, str]
    ignored: frozenset[str]
