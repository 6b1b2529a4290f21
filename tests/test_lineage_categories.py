"""A lineage whose texts are categories, as a run makes it, is published as its texts are."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest
from build_portfolio import make_portfolio

from consolidate import store
from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import load_schemas
from consolidate.report.datapackage import write_data
from consolidate.report.html import render_index
from consolidate.report.workbook import write_workbook
from consolidate.resources import shipped


@pytest.fixture(scope="module")
def texts() -> Portfolio:
    return make_portfolio(3)


@pytest.fixture(scope="module")
def categories(texts: Portfolio) -> Portfolio:
    names = texts.lineage.select_dtypes("object").columns
    listed = texts.lineage.astype(dict.fromkeys(names, "category"))
    return dataclasses.replace(texts, lineage=listed)


def test_data_are_the_same(texts: Portfolio, categories: Portfolio, tmp_path: Path) -> None:  # fmt: skip
    made = []
    for name, portfolio in (("texts", texts), ("categories", categories)):
        (tmp_path / name).mkdir()
        write_data(portfolio, tmp_path / name)
        made.append((tmp_path / name / "data" / "lineage.csv").read_bytes())
    assert made[0] == made[1]


def test_workbooks_are_the_same(texts: Portfolio, categories: Portfolio, tmp_path: Path) -> None:  # fmt: skip
    write_workbook(texts, tmp_path / "texts.xlsx")
    write_workbook(categories, tmp_path / "categories.xlsx")
    first, second = (tmp_path / f"{n}.xlsx" for n in ("texts", "categories"))
    assert first.read_bytes() == second.read_bytes()


def test_reports_are_the_same(texts: Portfolio, categories: Portfolio) -> None:
    schemas = load_schemas((shipped("schemas"),))
    assert render_index(texts, schemas) == render_index(categories, schemas)


def test_what_is_stored_is_the_same(texts: Portfolio, categories: Portfolio, tmp_path: Path) -> None:  # fmt: skip
    read = []
    for name, portfolio in (("texts", texts), ("categories", categories)):
        url = f"sqlite:///{tmp_path}/{name}.db"
        store.save(url, portfolio)
        read.append(store.load(url, portfolio.period).lineage)
    pd.testing.assert_frame_equal(*read)
