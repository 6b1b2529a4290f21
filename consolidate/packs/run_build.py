"""The packs « run and build »: where the time goes; the PMO's own copy has it by person."""

from __future__ import annotations

from consolidate.model.pack import Pack
from consolidate.packs.data import PackData
from consolidate.packs.frame import pack
from consolidate.packs.nameless import nameless
from consolidate.packs.run_build_ahead import load_ahead
from consolidate.packs.run_build_containers import containers
from consolidate.packs.run_build_people import people
from consolidate.packs.run_build_summary import balance_of, categories, month_by_month
from consolidate.packs.run_build_teams import teams
from consolidate.packs.run_build_work import projects, services
from consolidate.packs.times import times


def packs(data: PackData) -> tuple[Pack, ...]:
    """Return the pack that names nobody, and the PMO's own, of people alone."""
    told = times(data)
    shared = (
        balance_of(data, told),
        month_by_month(data, told),
        teams(data, told),
        categories(data, told),
        services(data, told),
        projects(data, told),
        load_ahead(data, told),
        containers(data, told),
    )
    return (
        nameless(data, pack(data, "run-build", shared)),
        pack(data, "run-build-people", (people(data, told),)),
    )
