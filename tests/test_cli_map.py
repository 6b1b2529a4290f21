from __future__ import annotations

from pathlib import Path

import click
import pytest
from cli_fake import FakePipeline, install
from click.testing import CliRunner

from consolidate.cli import main
from consolidate.model.address import box
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.workbook import Column, Extract, Region

MILESTONES = Region(
    sheet="Jalons",
    box=box("B3:D24"),
    table="milestones",
    shape="table",
    score=0.93,
    columns=(
        Column("B3", "Jalon", "name", 1.0),
        Column("C3", "Échéance", "end_baseline", 0.95),
        Column("D3", "Truc\x1b[31m", candidates=(("comment", 0.41), ("owner", 0.4))),
    ),
    records=21,
    evidence={"headers": 0.7, "values": 0.23},
)
LEGEND = Region("Jalons", box("F2:G6"), "", "legend", reason="legend")


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    monkeypatch.setenv("CONSOLIDATE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CONSOLIDATE_LANG", raising=False)
    (tmp_path / "p 1.xlsx").write_bytes(b"")
    monkeypatch.setattr(
        "consolidate.model.layout.to_toml", lambda extract: f"# {extract.workbook}\n"
    )
    made = install(monkeypatch)
    made.extract = Extract(
        "p 1.xlsx", "xlsx", "fr", (MILESTONES, LEGEND), cells_read=1200, cells_mapped=900
    )  # fmt: skip
    return made


def show(tmp_path: Path, *words: str) -> click.testing.Result:
    return CliRunner().invoke(main, ["map", str(tmp_path / "p 1.xlsx"), *words])


def test_each_region_shows_its_columns_and_what_was_left_out(
    fake: FakePipeline, tmp_path: Path
) -> None:
    result = show(tmp_path, "--lang", "en")
    assert result.exit_code == 0, result.output
    assert [line.split() for line in result.stdout.splitlines()] == [
        line.split()
        for line in """\
p 1.xlsx · xlsx · fr · 1,200 cells read: 900 values used, 0 left out

Sheet Jalons
  B3:D24  milestones (Milestone) · table · 21 records · confidence 0.93
    cell  header     field                           confidence  how
    B3    Jalon      name (Milestone)                1.00        column
    C3    Échéance   end_baseline (Baseline end)    0.95        column
    D3    Truc�[31m  –                                           not used; nearest: comment 0.41, owner 0.40
  F2:G6  legend, left out: a legend, not data
""".splitlines()
    ]


def test_the_parts_of_a_score_are_shown_on_demand(
    fake: FakePipeline, tmp_path: Path
) -> None:
    assert "headers +0.70, values +0.23" not in show(tmp_path).stdout
    assert "headers +0.70, values +0.23" in show(tmp_path, "-v").stdout


def test_a_layout_is_written_once_and_replaced_on_demand(
    fake: FakePipeline, tmp_path: Path
) -> None:
    folder = tmp_path / "layouts"
    assert show(tmp_path, "--write", str(folder)).exit_code == 0
    assert (folder / "p-1.toml").read_text() == "# p 1.xlsx\n"
    (folder / "p-1.toml").write_text("mine")
    refused = show(tmp_path, "--write", str(folder))
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert (folder / "p-1.toml").read_text() == "mine"
    assert show(tmp_path, "--write", str(folder), "--force").exit_code == 0


def test_a_layout_is_tried_alone(fake: FakePipeline, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("")
    seen: list[list[str]] = []

    def understand(path: Path, config: object) -> Extract:
        folder: Path = config.paths.layouts  # type: ignore[attr-defined]
        seen.append([p.name for p in folder.iterdir()])
        return fake.extract

    fake.understand = understand  # type: ignore[method-assign]
    assert show(tmp_path, "--layout", str(tmp_path / "mine.toml")).exit_code == 0
    assert seen == [["mine.toml"]]


def test_a_workbook_that_cannot_be_read_exits_2_with_the_reason(
    fake: FakePipeline, tmp_path: Path
) -> None:
    fake.raises = UnreadableWorkbookError("encrypted")
    result = show(tmp_path)
    assert result.exit_code == 2
    assert "p 1.xlsx: " in result.stderr


def test_a_workbook_without_anything_is_told(
    fake: FakePipeline, tmp_path: Path
) -> None:
    fake.extract = Extract("p 1.xlsx", "xlsx")
    assert "Rien n’a été reconnu" in show(tmp_path).stdout
