"""``consolidate registers``: an empty register workbook to fill."""

from __future__ import annotations

from pathlib import Path

import click

from consolidate.cli import options as opt
from consolidate.model.error import ConsolidateError


@click.command("registers", epilog="Example: consolidate registers registers.xlsx")
@click.argument("file", type=click.Path(path_type=Path))
@opt.shared
def command(*, file: Path, settings: opt.Settings) -> int:
    """Write an empty register workbook, where the PMO keeps its corrections.

    Put it in the state home as registers.xlsx, or name it in the configuration, [registers]
    file: every run reads it.
    """
    from consolidate.cli.findings import configured_schemas
    from consolidate.register.specs import register_specs
    from consolidate.report.register_book import write_registers
    from consolidate.wording import tr

    lang = settings.lang
    if file.exists():
        raise ConsolidateError(tr("cli-registers-exists", lang, path=file))
    schemas = configured_schemas(settings.config)
    write_registers(file, register_specs(), schemas, lang)
    click.echo(tr("cli-registers-written", lang, path=file, home=settings.home))
    return 0
