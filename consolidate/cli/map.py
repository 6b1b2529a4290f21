"""``consolidate map``: what is understood of one workbook, and a layout to teach it."""

from __future__ import annotations

import dataclasses
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from consolidate.cli import options as opt
from consolidate.config import Config
from consolidate.model.error import ConsolidateError, OutputError

if TYPE_CHECKING:
    from consolidate.model.workbook import Extract


@click.command("map", epilog="Example: consolidate map P-0042.xlsx --write layouts")
@click.argument(
    "workbook", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--verbose", "-v", is_flag=True, help="Show the parts of each score too.")
@click.option(
    "--layout",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Try this layout, and no other.",
)
@click.option(
    "--write",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write a commented layout into FOLDER, to be edited.",
)
@click.option(
    "--force", is_flag=True, help="Replace a layout that FOLDER already holds."
)
@opt.shared
def command(
    *,
    workbook: Path,
    verbose: bool,
    layout: Path | None,
    folder: Path | None,
    force: bool,
    settings: opt.Settings,
) -> int:
    """Show what is understood of WORKBOOK: sheets, regions, columns, and what is left out.

    The layout that --write makes is found by itself for workbooks of the same shape once
    it is in the layouts folder.
    """
    from consolidate import pipeline
    from consolidate.cli.extract import extract_lines
    from consolidate.cli.findings import configured_schemas
    from consolidate.model.error import UnreadableWorkbookError

    schemas = configured_schemas(settings.config)
    with _trying(layout, settings.config) as config:
        try:
            extract = pipeline.understand(workbook, config)
        except UnreadableWorkbookError as err:
            raise ConsolidateError(
                _unreadable(workbook, err.reason, settings.lang)
            ) from err
    click.echo(
        "\n".join(extract_lines(extract, schemas, settings.lang, verbose=verbose))
    )
    if folder:
        path = _write_layout(extract, workbook, folder, force=force)
        from consolidate.wording import tr

        click.echo("\n" + tr("cli-layout-written", settings.lang, path=path))
    return 0


@contextmanager
def _trying(layout: Path | None, config: Config) -> Iterator[Config]:
    """Give the configuration with one layout alone in its layouts folder."""
    if layout is None:
        yield config
        return
    with tempfile.TemporaryDirectory(prefix="consolidate-") as scratch:
        try:
            shutil.copyfile(layout, Path(scratch) / layout.name)
        except OSError as err:
            raise ConsolidateError(f"{layout}: {err.strerror}") from err
        paths = dataclasses.replace(config.paths, layouts=Path(scratch))
        yield dataclasses.replace(config, paths=paths)


def _unreadable(workbook: Path, code: str, lang: str) -> str:
    from consolidate.cli.summary import reason

    return f"{workbook}: {reason(code, lang)}"


def _write_layout(
    extract: Extract, workbook: Path, folder: Path, *, force: bool
) -> Path:
    from consolidate.model.layout import to_toml

    name = re.sub(r"[^\w-]+", "-", workbook.stem).strip("-") or "layout"
    path = folder / f"{name}.toml"
    if path.exists() and not force:
        raise OutputError(f"{path} exists already; --force replaces it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(to_toml(extract), encoding="utf-8")
    except OSError as err:
        raise OutputError(f"{path}: {err.strerror}") from err
    return path
