"""Budget: by what the amounts cover, by year, nature and funding; who lands above."""

from __future__ import annotations

import pandas as pd

from consolidate.model.pack import Section, Table
from consolidate.packs.cells import cells
from consolidate.packs.data import PackData
from consolidate.packs.review_headline import money
from consolidate.packs.review_projects import cost_gap
from consolidate.packs.review_shape import columns

_LISTED = 10
_KEYS = ("year", "amount_scope", "tax_basis", "nature", "funding_source")
_MONEY = ("reference", "committed", "invoiced", "paid", "forecast_cost")


def section(data: PackData) -> Section:
    """Return the money: totals by scope, budget lines, overruns and underspends."""
    gaps = landing(data)
    over = gaps[gaps["gap"] > 0]
    under = gaps[gaps["gap"] < 0].iloc[::-1]
    blocks = (
        money(data),
        _lines(data),
        _listed(data, "over", over, len(gaps)),
        _listed(data, "under", under, len(gaps)),
    )
    lead = (
        data.plural("review-budget-lead", len(over), compared=len(gaps))
        if len(gaps)
        else data.tr("review-budget-none")
    )
    return Section("budget", data.tr("review-budget"), blocks, lead)


def landing(data: PackData) -> pd.DataFrame:
    """Return the landing gap of each project where it can be told, the highest first."""
    rows = data.table("projects")
    share = cost_gap(rows)
    reference = rows["budget_revised"].fillna(rows["budget_initial"]).astype("float64")
    year = rows["amount_year"].astype("Int64").astype("str")
    scope = data.words("amount_scope", rows["amount_scope"]).fillna("")
    own = rows.assign(
        project=rows["name"],
        scope=scope.where(rows["amount_scope"].ne("year"), scope + " " + year),
        reference=reference,
        gap=rows["forecast_cost"].astype("float64") - reference,
        gap_share=share,
        table="projects",
        field="forecast_cost",
    )[share.notna()]
    own = own.assign(cell=cells(data.portfolio, own))
    return own.sort_values(["gap", "project_code"], ascending=[False, True])


def _listed(data: PackData, name: str, rows: pd.DataFrame, compared: int) -> Table:
    return Table(
        id=f"budget-{name}",
        title=data.plural(f"review-budget-{name}", len(rows)),
        columns=columns(
            data,
            project_code="code",
            project="text",
            scope="text",
            reference="kilo",
            committed="kilo",
            forecast_cost="kilo",
            gap="signed_money",
            gap_share="signed_share",
            cell="source",
        ),
        frame=rows.head(_LISTED),
        note=data.plural("review-budget-compared", compared, listed=_LISTED),
        empty=data.tr(f"review-budget-{name}-empty"),
    )


def _lines(data: PackData) -> Table:
    """Return budget lines by year, tax basis, nature and funding; never across them.

    Lines that do not say what they cover, or their tax basis, are counted, not summed.
    """
    rows = data.table("budget_lines")
    reference = rows["budget_revised"].fillna(rows["budget_initial"])
    figures = {n: rows[n].astype("float64") for n in _MONEY[1:]}
    own = rows.assign(reference=reference.astype("float64"), **figures)
    keys = {k: own[k].astype("object").where(own[k].notna(), "") for k in _KEYS}
    groups = own.assign(**keys).groupby(list(_KEYS), sort=True)
    frame = groups[list(_MONEY)].sum(min_count=1).join(groups.size().rename("lines"))
    frame = frame.reset_index()
    alike = (frame["amount_scope"] == "total") | (
        (frame["amount_scope"] == "year") & (frame["year"] != "")
    )
    unlike = ~alike | (frame["tax_basis"] == "")
    frame[list(_MONEY)] = frame[list(_MONEY)].mask(unlike)
    words = {
        "amount_scope": "amount_scope",
        "tax_basis": "tax_basis",
        "nature": "budget_section",
        "funding_source": "funding_source",
    }
    untold = data.tr("review-untold")
    told = {
        name: data.words(words[name], frame[name].where(frame[name] != "")).fillna(untold)
        for name in words
    }  # fmt: skip
    year = frame["year"].map(lambda y: str(int(y)) if y != "" else untold)
    return Table(
        id="budget-lines",
        title=data.plural("review-budget-lines", len(rows)),
        columns=columns(
            data,
            year="code",
            amount_scope="text",
            tax_basis="text",
            nature="text",
            funding_source="text",
            lines="count",
            reference="kilo",
            committed="kilo",
            invoiced="kilo",
            paid="kilo",
            forecast_cost="kilo",
        ),
        frame=frame.assign(year=year, **told),
        note=data.tr("review-budget-lines-note"),
        empty=data.tr("review-budget-lines-empty"),
    )
