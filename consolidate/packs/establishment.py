"""The packs of establishments: what concerns one of them, and nothing of another."""

from __future__ import annotations

from collections.abc import Iterator

from consolidate.model.pack import Pack
from consolidate.packs import (
    actions_due,
    review_compliance,
    review_deadlines,
    review_requests,
    review_services,
    site_view,
)
from consolidate.packs.data import WHOLE, PackData, Share
from consolidate.packs.event_calendar import calendar
from consolidate.packs.frame import file_name, pack
from consolidate.packs.readers import Narrower

SECTIONS = (
    site_view.projects,
    review_deadlines.section,
    calendar,
    actions_due.section,
    review_requests.section,
    site_view.convergence,
    review_services.section,
    site_view.trainings,
    review_compliance.section,
)


def packs(data: PackData, share: Share = WHOLE) -> Iterator[Pack]:
    """Return the pack of every establishment that a project names."""
    narrower = Narrower.of(data)
    for place in share.of(narrower.establishments()):
        own = narrower.establishment(place)
        sections = [section(own) for section in SECTIONS]
        name = file_name("establishment", place)
        yield pack(own, "establishment", sections, name=name, subject=place)
