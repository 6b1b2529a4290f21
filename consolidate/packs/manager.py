"""The packs of project managers: their projects, their load, what to correct next month."""

from __future__ import annotations

from collections.abc import Iterator

from consolidate.model.pack import Pack
from consolidate.packs import (
    actions_due,
    review_assistance,
    review_budget,
    review_commitments,
    review_deadlines,
    review_projects,
    review_risks,
    review_services,
    to_correct,
    work_over_time,
)
from consolidate.packs.data import WHOLE, PackData, Share
from consolidate.packs.frame import file_name, pack
from consolidate.packs.readers import Narrower

SECTIONS = (
    review_projects.section,
    review_assistance.section,
    review_deadlines.section,
    actions_due.section,
    review_commitments.section,
    review_budget.section,
    review_risks.section,
    work_over_time.section,
    review_services.section,
    to_correct.section,
)


def packs(data: PackData, share: Share = WHOLE) -> Iterator[Pack]:
    """Return the pack of every project manager."""
    narrower = Narrower.of(data)
    for manager in share.of(narrower.managers()):
        own = narrower.manager(manager)
        sections = [section(own) for section in SECTIONS]
        name = file_name("manager", manager)
        yield pack(own, "manager", sections, name=name, subject=manager)
