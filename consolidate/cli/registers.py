"""``consolidate registers``: an empty register workbook to fill."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from consolidate.cli import options as opt
from consolidate.model.error import ConsolidateError


@click.command("registers", epilog="Example: consolidate registers registers.xlsx")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--filled",
    is_flag=True,
    help="With the projects, managers and establishments of the last month of the store.",
)
@opt.store_option
@opt.shared
def command(
    *, file: Path, filled: bool, store: str | None, settings: opt.Settings
) -> int:
    """Write a register workbook: what the PMO knows and keeps itself.

    Official codes and names of projects, people and establishments, months without
    returns, corrections.

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
    known = _known(settings, store) if filled else {}
    write_registers(file, register_specs(), schemas, lang, known)
    file.chmod(0o600)
    click.echo(tr("cli-registers-written", lang, path=file, home=settings.home))
    return 0


def _known(
    settings: opt.Settings, store: str | None
) -> Mapping[str, list[dict[str, str]]]:
    from consolidate.packs_run import PackOptions, last_month_named

    url = opt.store_url(settings, store)
    asked = PackOptions((), "", Path(), url, settings.config, settings.lang)
    return last_month_named(asked)
