"""Money: one table a basis, so that scopes, years and tax bases are never added."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.budgets import (
    carried_over,
    late_execution,
    project_amounts,
    reconciled,
)
from consolidate.analyse.money import AMOUNTS, UNTOLD, share_of, sums, with_basis
from consolidate.model.pack import Block, Chart, Column, Section, Series, Table, Text
from consolidate.packs import parts
from consolidate.packs.data import PackData

_BARS = ("reference", "committed", "paid", "spent", "forecast_cost")


def budgets(data: PackData) -> Section:
    """Return budgets by basis, domain, nature and funding, and what is late or left."""
    projects, lines = data.table("projects"), data.table("budget_lines")
    amounts = project_amounts(projects, lines)
    if not len(amounts):
        nothing = Text((data.tr("part-budgets-none"),), tone="unknown")
        return parts.section(data, "budgets", [nothing])
    told = amounts[amounts["basis"] != UNTOLD]
    untold = amounts[amounts["basis"] == UNTOLD]
    blocks: list[Block] = [_chain(data, told)] if len(told) else []
    if len(told):
        blocks += _domains(data, told)
    tables = (
        _natures(data, lines),
        _years(data, told, lines),
        _late(data, amounts),
        _carried(data, lines),
        _gaps(data),
        _untold(data, untold),
    )
    # What is late says how many could be compared, were it none.
    blocks += [t for t in tables if len(t.frame) or t.id == "budget-late"]
    among = len(projects)
    known = amounts["project_code"].nunique()
    lead = data.tr("part-budgets-lead", known=parts.count(data, known), all=parts.count(data, among), untold=parts.count(data, untold["project_code"].nunique()))  # fmt: skip
    return parts.section(data, "budgets", blocks, lead)


def _ordered(data: PackData, found: pd.DataFrame, *then: str) -> pd.DataFrame:
    """Return rows with the year's amounts first, then other years, then whole lives."""
    now = f"year {data.portfolio.as_of.year}"
    rank = found["basis"].str.startswith(now).map({True: 0, False: 1})
    rank = rank.mask(found["basis"].str.startswith("total"), 2)
    order = found.assign(first=rank).sort_values(["first", "basis", *then], kind="stable")  # fmt: skip
    return order.drop(columns="first")


def _labels(data: PackData, bases: pd.Series) -> pd.Series:
    known = {b: parts.basis_label(data, b) for b in bases.unique()}
    return bases.map(known).astype("object")


def _amount_columns(data: PackData, *, total: bool = False) -> list[Column]:
    return [parts.column(data, name, "kilo", total=total) for name in AMOUNTS]


def _chain(data: PackData, told: pd.DataFrame) -> Block:
    """Return the chain of each basis, long: what each amount is, and who gives it."""
    found = sums(told, ["basis"])
    rows = []
    for name in AMOUNTS:
        share = share_of(told.assign(part=told[name]), "part", "reference", ["basis"]).set_index("basis")  # fmt: skip
        part = pd.DataFrame(
            {
                "basis": found["basis"],
                "rank": AMOUNTS.index(name),
                "amount": data.tr(f"part-col-{name.replace('_', '-')}"),
                "value": found[name],
                "known": found[f"{name}_known"],
                "among": found["rows"],
                "share": found["basis"].map(share["share"]),
                "pairs": found["basis"].map(share["among"]),
            }
        )
        rows.append(part)
    every = pd.concat(rows, ignore_index=True)
    every = _ordered(data, every[every["known"] > 0], "rank")
    columns = [
        parts.column(data, "basis"),
        parts.column(data, "amount"),
        parts.column(data, "value", "kilo"),
        parts.column(data, "known", "count"),
        parts.column(data, "among", "count"),
        parts.column(data, "share", "share"),
        parts.column(data, "pairs", "count"),
    ]
    told_rows = every.assign(basis=_labels(data, every["basis"]))
    note = data.tr("part-budget-chain-note")
    return parts.table(data, "budget-chain", told_rows, columns, note=note, group="basis")  # fmt: skip


def _domains(data: PackData, told: pd.DataFrame) -> list[Block]:
    projects = data.table("projects").drop_duplicates("project_code")
    domain = projects.set_index("project_code")["domain"]
    words = data.words("functional_domain", domain.dropna())
    word = told["project_code"].map(words).astype("object")
    own = told.assign(domain=word.fillna(data.tr("part-no-domain")).map(parts.short))
    found = sums(own, ["basis", "domain"])
    found = _ordered(data, found.assign(known=_known(found)), "domain")
    columns = [
        parts.column(data, "basis"),
        parts.column(data, "domain"),
        parts.column(data, "rows", "count"),
        *_amount_columns(data),
        parts.column(data, "known_by"),
    ]
    rows = found.rename(columns={"known": "known_by"})
    table = parts.table(
        data,
        "budget-domains",
        rows.assign(basis=_labels(data, rows["basis"])),
        columns,
        note=data.tr("part-budget-domains-note"),
        group="basis",
    )
    return [_bars(data, found), table] if found["domain"].nunique() > 1 else [table]


def _known(found: pd.DataFrame) -> pd.Series:
    """Return how many rows give each amount, in the order of the columns."""
    names = [f"{name}_known" for name in AMOUNTS if f"{name}_known" in found]
    counts = found[names].astype("int64").astype("str").astype("object")
    told = counts[names[0]]
    for name in names[1:]:
        told = told + "/" + counts[name]
    return told.astype("object")


def _bars(data: PackData, found: pd.DataFrame) -> Chart:
    """Return the largest domains, of the year if it has any, in the basis of most."""
    rows = found.groupby("basis")["rows"].sum()
    of_year = rows[rows.index.str.startswith(f"year {data.portfolio.as_of.year}")]
    basis = (of_year if len(of_year) else rows).idxmax()
    own = found[found["basis"] == basis].sort_values("reference", ascending=False).head(12)  # fmt: skip
    names = [n for n in _BARS if own[n].notna().any()]
    label = parts.basis_label(data, str(basis))
    words = {n: data.tr(f"part-col-{n.replace('_', '-')}") for n in names}
    return Chart(
        "budget-bars",
        "bars",
        data.tr("part-budget-bars", amounts=", ".join(words.values()), basis=label),
        own[["domain", *names]].reset_index(drop=True),
        "domain",
        tuple(Series(n, words[n]) for n in names),
        "kilo",
        x_label=data.tr("part-axis-kilo"),
        text=data.tr("part-budget-bars-text", basis=label, domains=parts.count(data, len(own))),
    )  # fmt: skip


def _natures(data: PackData, lines: pd.DataFrame) -> Table:
    told = with_basis(lines, "year")
    told = told[told["basis"] != UNTOLD]
    own = told.assign(
        nature=data.words("budget_section", told["nature"]).fillna(""),
        title=data.words("budget_title", told["budget_title"]).fillna(""),
        funding=data.words("funding_source", told["funding_source"]).fillna(""),
    )
    by = ["basis", "nature", "title", "funding"]
    found = _ordered(data, sums(own, by), *by[1:])
    missing = data.tr("part-not-told")
    rows = found.assign(
        known_by=_known(found),
        basis=_labels(data, found["basis"]),
        **{n: found[n].replace("", missing) for n in by[1:]},
    )
    columns = [
        parts.column(data, "basis"),
        parts.column(data, "nature"),
        parts.column(data, "title"),
        parts.column(data, "funding"),
        parts.column(data, "lines", "count"),
        *_amount_columns(data),
        parts.column(data, "known_by"),
    ]
    rows = rows.rename(columns={"rows": "lines"})
    left = len(lines) - len(told)
    note = data.tr("part-budget-natures-note", lines=parts.count(data, len(told)), untold=parts.count(data, left))  # fmt: skip
    return parts.table(data, "budget-natures", rows, columns, note=note, group="basis")


def _years(data: PackData, told: pd.DataFrame, lines: pd.DataFrame) -> Table:
    """Return the years from the last to the next, with what each carries over."""
    now = data.portfolio.as_of.year
    own = told[told["of_year"].between(now - 1, now + 1)]
    found = sums(own, ["of_year", "tax"])
    carried = {y: carried_over(lines, y) for y in (now - 1, now)}
    left = pd.concat(
        [c.assign(of_year=float(y)) for y, c in carried.items()], ignore_index=True
    )
    over = left.groupby(["of_year", "tax"])["carried"].sum(min_count=1)
    keys = pd.MultiIndex.from_frame(found[["of_year", "tax"]])
    names = {now - 1: "N−1", now: "N", now + 1: "N+1"}
    taxes = data.words("tax_basis", found["tax"].replace("", None))
    rows = found.assign(
        year=[f"{names[int(y)]} ({int(y)})" for y in found["of_year"]],
        tax=taxes.fillna(data.tr("part-tax-untold")),
        carried=over.reindex(keys).to_numpy(),
        known_by=_known(found),
    )
    columns = [
        parts.column(data, "year"),
        parts.column(data, "tax"),
        parts.column(data, "rows", "count"),
        *_amount_columns(data),
        parts.column(data, "carried", "kilo"),
        parts.column(data, "known_by"),
    ]
    note = data.tr("part-budget-years-note")
    return parts.table(data, "budget-years", rows, columns, note=note)


def _late(data: PackData, amounts: pd.DataFrame) -> Table:
    found = late_execution(amounts, data.rules, data.portfolio.as_of)
    late = found[found["level"] != ""]
    elapsed = float(found["elapsed"].iloc[0]) if len(found) else None
    rows = parts.with_names(data, late)
    taxes = data.words("tax_basis", rows["tax"].replace("", None))
    rows = rows.assign(
        tax=taxes.fillna(data.tr("part-tax-untold")), pace_tone=parts.tones(rows["level"])
    )  # fmt: skip
    columns = [
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.column(data, "tax"),
        parts.column(data, "reference", "kilo"),
        parts.column(data, "committed", "kilo"),
        parts.column(data, "engaged_share", "share", tone="pace_tone"),
        parts.column(data, "pace", "share"),
    ]
    rows = rows.rename(columns={"share": "engaged_share"})
    note = data.tr(
        "part-budget-late-note",
        compared=parts.count(data, len(found)),
        elapsed=parts.percent(data, elapsed) if elapsed is not None else "–",
    )
    return parts.table(data, "budget-late", rows, columns, note=note)


def _carried(data: PackData, lines: pd.DataFrame) -> Table:
    year = data.portfolio.as_of.year
    found = carried_over(lines, year)
    rows = parts.with_names(data, found[found["carried"].gt(0)])
    missing = data.tr("part-not-told")
    natures = data.words("budget_section", rows["nature"].replace("", None))
    taxes = data.words("tax_basis", rows["tax"].replace("", None))
    rows = rows.assign(
        nature=natures.fillna(missing), tax=taxes.fillna(data.tr("part-tax-untold"))
    )
    columns = [
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.column(data, "nature"),
        parts.column(data, "tax"),
        parts.column(data, "lines", "count"),
        parts.column(data, "committed", "kilo"),
        parts.column(data, "paid", "kilo"),
        parts.column(data, "carried", "kilo"),
    ]
    note = data.tr("part-budget-carried-note", year=year, untold=parts.count(data, found["untold"].sum()))  # fmt: skip
    return parts.table(data, "budget-carried", rows, columns, note=note)


def _gaps(data: PackData) -> Table:
    found = reconciled(data.table("projects"), data.table("budget_lines"))
    rows = parts.with_names(data, found)
    columns = [
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.column(data, "basis"),
        parts.column(data, "own", "kilo"),
        parts.column(data, "of_lines", "kilo"),
        parts.column(data, "gap", "signed_money"),
    ]
    rows = rows.assign(basis=_labels(data, rows["basis"]), of_lines=rows["lines"])
    note = data.tr("part-budget-gaps-note")
    return parts.table(data, "budget-gaps", rows, columns, note=note)


def _untold(data: PackData, untold: pd.DataFrame) -> Table:
    rows = parts.with_names(data, untold).sort_values("project_code", kind="stable")
    columns = [
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        *_amount_columns(data),
    ]
    note = data.tr("part-budget-untold-note")
    return parts.table(data, "budget-untold", rows, columns, note=note)
