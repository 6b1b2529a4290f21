"""The stage: the portfolio's tables built once, checked once, each failure at its cell."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from consolidate.model.facts import Facts, facts_frame
from consolidate.model.finding import Finding, Outcome
from consolidate.model.schema import Schemas
from consolidate.validate.across import check_across
from consolidate.validate.against import Checked, check_tables
from consolidate.validate.checks import Checks
from consolidate.validate.wide import build_table


@dataclass(frozen=True, slots=True)
class ValidateOptions:
    """What validation compares with.

    Attributes:
        period: Month reported on, ``YYYY-MM``.
        as_of: Day the rules compare with.
        checks: Thresholds of the checks between fields.
    """

    period: str
    as_of: date
    checks: Checks = dataclasses.field(default_factory=Checks)


def validate(
    facts: Mapping[str, Facts],
    records: pd.DataFrame,
    schemas: Schemas,
    options: ValidateOptions,
) -> Outcome[Checked]:
    """Build the tables and stop using what breaks them.

    Args:
        facts: By table, unified: ``record`` is the lead's number.
        records: ``record``, ``table``, ``record_id``, ``project_code`` (empty for none),
            ``workbook``, ``sheet``, ``row``, ``used`` (whether it is in the portfolio).
        schemas: The canonical tables and vocabularies.
        options: Period, cut-off, thresholds.

    Returns:
        All canonical tables, wide and typed, and the facts with ``used`` lowered where a
        value failed. An ERROR for each value left out, a WARNING for each contradiction
        kept, an INFO for what a project does not say.
    """
    given = {
        name: facts.get(name, Facts(name, facts_frame())) for name in schemas.tables
    }
    wide = {
        name: build_table(given[name], records, spec, options.period)
        for name, spec in schemas.tables.items()
    }
    checked, left_out = check_tables(wide, given, schemas)
    doubtful = check_across(
        checked.tables, checked.facts, options.checks, options.period, options.as_of
    )
    findings = sorted([*left_out, *doubtful], key=_by_place)
    return Outcome(checked, tuple(findings))


def _by_place(finding: Finding) -> tuple[str, ...]:
    ref = finding.ref
    return (
        ref.workbook,
        ref.sheet,
        f"{ref.cell:>12}",
        finding.rule,
        finding.table,
        finding.field,
        repr(sorted(finding.params.items())),
    )
