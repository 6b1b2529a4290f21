"""The packs of departments: IT, biomedical, and whatever else projects name."""

from __future__ import annotations

from collections.abc import Iterator

from consolidate.model.pack import Pack
from consolidate.packs import (
    review_assistance,
    review_budget,
    review_changes,
    review_compliance,
    review_deadlines,
    review_headline,
    review_projects,
    review_requests,
    review_risks,
    review_services,
    review_workload,
)
from consolidate.packs.data import WHOLE, PackData, Share
from consolidate.packs.frame import file_name, pack
from consolidate.packs.readers import Narrower

SECTIONS = (
    review_headline.section,
    review_assistance.section,
    review_changes.section,
    review_projects.section,
    review_deadlines.section,
    review_budget.section,
    review_risks.section,
    review_workload.section,
    review_services.section,
    review_requests.section,
    review_compliance.section,
)


def packs(data: PackData, share: Share = WHOLE) -> Iterator[Pack]:
    """Return the pack of every department that a project names."""
    narrower = Narrower.of(data)
    for department in share.of(narrower.departments()):
        own = narrower.department(department)
        sections = [section(own) for section in SECTIONS]
        name = file_name("department", department)
        yield pack(own, "department", sections, name=name, subject=department)
