"""The pack of the year of services: what it says, and what it does not know."""

from __future__ import annotations

from typing import Any

from build_tables import pack_data

from consolidate.model.pack import Chart, Figures
from consolidate.packs.year_end import packs


def service(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "month": "2026-10"} | more


def made(*services: dict[str, Any], **tables: Any) -> Any:
    (pack,) = packs(pack_data(services=list(services), **tables))
    return pack


def table(pack: Any, name: str) -> Any:
    return next(t.frame for _, t in pack.tables() if t.id == name)


def test_a_commitment_of_three_nines_is_not_rounded_away() -> None:
    pack = made(service("Labo", availability_target=0.999, availability_actual=0.9962))
    row = table(pack, "year-services").iloc[0]
    assert row["availability"].replace("\u00a0", " ") == "99,62 %"
    assert (row["missed_of"], row["missed_tone"]) == ("1 / 1", "poor")


def test_what_is_not_told_is_neither_good_nor_bad() -> None:
    row = table(made(service("Labo")), "year-services").iloc[0]
    assert row["missed_tone"] == "unknown"
    assert row["decision"] == "À instruire"


def test_each_figure_says_how_many_services_give_it() -> None:
    pack = made(service("Labo", incidents=4), service("Muet"))
    figures = next(b for b in pack.sections[0].blocks if isinstance(b, Figures))
    incidents = next(f for f in figures.figures if f.label == "Incidents")
    assert incidents.value == 4
    assert "1 services de 2" in incidents.note
    assert incidents.cells == ("a.xlsx ! S ! 2",)


def test_a_month_without_services_says_so() -> None:
    pack = made()
    assert not any(isinstance(b, Chart) for s in pack.sections for b in s.blocks)
    assert "2026" in pack.sections[0].blocks[0].paragraphs[0]


def test_no_person_is_named() -> None:
    line = {"person": "Alix Exemple", "category": "run", "effort_spent": 3.0, "month": "2026-10", "service_code": "Labo"}  # fmt: skip
    pack = made(service("Labo", service_owner="Noa Fictif"), workload=[line])
    told = "".join(t.frame.to_csv() for _, t in pack.tables())
    assert "Exemple" not in told
    assert "Fictif" not in told
    assert table(pack, "year-months")["year_days"].tolist() == [3.0]
