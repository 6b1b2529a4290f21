from __future__ import annotations

import pytest
from build_sheet import records, understood

from consolidate.model.workbook import Value


def column(text: str, header: str) -> str:
    """Return the field that a column of a table was given."""
    (table,) = [r for r in understood(text).regions if r.table]
    return next(c.field for c in table.columns if c.header == header)


_RISKS = """
N° | Risk description     | Likelihood | {header} | Owner
1  | Supplier is late     | 3          | {a}      | A. Martin
2  | Interface not ready  | 2          | {b}      | B. Petit
3  | Key staff leave      | 4          | {c}      | A. Martin
"""


@pytest.mark.parametrize(
    ("header", "said", "field"),
    [
        ("Impact", ("4", "3", "5"), "impact"),
        ("Impact", ("High", "Low", "Medium"), "impact"),
        (
            "Impact",
            ("Go-live slips by two months", "Data typed by hand", "Training again"),
            "consequence",
        ),
        ("Treatment", ("Avoid", "Accept", "Transfer"), "strategy"),
        (
            "Treatment",
            ("Weekly call with the supplier", "Early test bench", "Train two more"),
            "mitigation",
        ),
        ("New likelihood", ("1", "2", "1"), "residual_probability"),
        ("Raised by", ("A. Martin", "B. Petit", "A. Martin"), ""),
        ("Number of reviews", ("4", "3", "12"), ""),
    ],
)
def test_values_tell_what_a_risk_column_is(
    header: str, said: tuple[str, str, str], field: str
) -> None:
    a, b, c = said
    assert column(_RISKS.format(header=header, a=a, b=b, c=c), header) == field


def test_the_only_words_of_a_record_are_its_title() -> None:
    text = _RISKS.format(header="Impact", a="4", b="3", c="5")
    assert [r["title"] for r in records(understood(text), "risks")] == [
        "Supplier is late",
        "Interface not ready",
        "Key staff leave",
    ]


@pytest.mark.parametrize(
    ("said", "field"),
    [(("Complete", "In progress"), "state"), (("Green", "Amber"), "status")],
)
def test_a_status_in_words_of_progress_is_a_state(
    said: tuple[str, str], field: str
) -> None:
    one, two = said
    text = f"""
    Task      | Owner     | Start      | End        | Status
    Inventory | A. Martin | 2026-01-05 | 2026-02-06 | {one}
    Migration | B. Petit  | 2026-02-09 | 2026-03-06 | {two}
    """
    assert column(text, "Status") == field


@pytest.mark.parametrize(
    ("header", "sheet", "kind"),
    [
        ("Décision", "CR du 12", "decision"),
        ("Sujet", "Relevé de décisions", "decision"),
        ("Assumption", "RAID", "assumption"),
        ("Sujet", "Actions et décisions", None),
        ("Sujet", "Suivi", None),
    ],
)
def test_a_log_says_what_it_holds_by_its_header_or_its_sheet(
    header: str, sheet: str, kind: Value
) -> None:
    text = f"""
    N° | {header}                  | Responsable | Échéance   | État
    1  | Reporter la bascule       | A. Martin   | 2026-11-01 | Fait
    2  | Acheter dix postes        | B. Petit    | 2026-12-01 | En cours
    """
    found = records(understood(text, title=sheet), "actions")
    assert {r.get("kind") for r in found} == {kind and str(kind)}


def test_a_total_that_names_what_it_sums_is_no_row_without_a_name() -> None:
    text = """
    Item    | Quantity | Unit price | Total price
    Server  | 2        | 1500       | 3000
    Licence | 10       | 50         | 500
            |          | Site total = | 3500
    """
    assert not [f for f in understood(text).findings if f.rule.startswith("row-")]


def test_unused_columns_under_one_merged_header_are_told_once() -> None:
    extract = understood(
        """
Risk description    | Likelihood | Impact | Zzyx | |
Supplier is late    | 3          | 4      | a    | b | c
Interface not ready | 2          | 3      | d    | e | f
""",
        merges=["D1:F1"],
    )
    told = [f for f in extract.findings if f.rule == "column-unused"]
    assert [(f.ref.cell, f.params["filled"]) for f in told] == [("D1", "6")]


_TIME = """
Ressource    | Équipe   | Type de temps | {header} | Consommé
A. Martin    | Équipe A | Correctif     | {a}      | 4
B. Petit     | Équipe A | Support       | {b}      | 3
A. Martin    | Équipe A | Projet        | {c}      | 2
"""


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Mois", ("2026-01", "2026-02", "2026-03")),
        ("Mois", ("01/2026", "02/2026", "03/2026")),
        ("Période", ("2026/01", "2026/01", "2026/02")),
    ],
)
def test_a_month_typed_in_figures_is_a_month(
    header: str, said: tuple[str, str, str]
) -> None:
    a, b, c = said
    assert column(_TIME.format(header=header, a=a, b=b, c=c), header) == "month"
