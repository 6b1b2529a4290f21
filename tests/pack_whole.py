"""What holds of every pack, whatever it is about."""

from __future__ import annotations

from consolidate.model.pack import Chart, Pack, Section, Table


def check_whole(pack: Pack) -> None:
    """A pack's tables have their columns, labels and names that do not repeat."""
    tables = [t for _, t in pack.tables()]
    charts = [b for s in pack.sections for b in s.blocks if isinstance(b, Chart)]
    ids = [b.id for b in (*tables, *charts)]
    assert len(set(ids)) == len(ids)
    titles = [s.title for s in pack.sections]
    assert len(set(titles)) == len(titles)
    assert all(len(t) <= 31 for t in titles)
    for table in tables:
        names = {c.name for c in table.columns} | {c.tone for c in table.columns} - {""}
        assert names - {""} <= set(table.frame), table.id
        labels = [c.label for c in table.columns]
        assert len(set(labels)) == len(labels), table.id
    for chart in charts:
        assert chart.text, chart.id
        assert {chart.x, *(s.name for s in chart.series)} <= set(chart.frame), chart.id


def blocks(section: Section) -> dict[str, Table | Chart]:
    """The tables and charts of a section, by their names."""
    return {b.id: b for b in section.blocks if isinstance(b, Table | Chart)}
