"""The monthly commitment review: what the meeting reads, decides and writes down."""

from __future__ import annotations

import dataclasses

from consolidate.model.pack import Pack
from consolidate.packs import (
    review_assistance,
    review_budget,
    review_cases,
    review_changes,
    review_commitments,
    review_compliance,
    review_cover,
    review_deadlines,
    review_decisions,
    review_headline,
    review_projects,
    review_requests,
    review_risks,
    review_services,
    review_workload,
)
from consolidate.packs.data import PackData
from consolidate.packs.frame import pack

SECTIONS = (
    review_cover.section,
    review_headline.section,
    review_decisions.agenda,
    review_assistance.section,
    review_commitments.section,
    review_decisions.follow_up,
    review_changes.section,
    review_projects.section,
    review_deadlines.section,
    review_budget.section,
    review_risks.section,
    review_workload.section,
    review_services.section,
    review_requests.section,
    review_compliance.section,
    review_cover.returns,
    review_cases.section,
    review_cases.sheet,
    review_decisions.sheet,
)
"""In the order of the meeting: how far to trust, where we stand, what to decide, proof."""


def packs(data: PackData) -> tuple[Pack, ...]:
    """Return the pack of the month's review; its file bears the month."""
    sections = [section(data) for section in SECTIONS]
    name = f"review-{data.portfolio.period}"
    made = pack(data, "review", sections, name=name)
    return (dataclasses.replace(made, note=_note(data)),)


def _note(data: PackData) -> str:
    """Return the foot of every page: sources received of expected, and the legend."""
    told = review_cover.by_manager(data)
    expected, missing = int(told["expected"].sum()), int(told["missing"].sum())
    return data.tr("review-foot", received=expected - missing, expected=expected)
