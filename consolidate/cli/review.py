"""``consolidate review``: the pack of the monthly commitment review."""

from __future__ import annotations

import click

from consolidate.cli import options as opt
from consolidate.cli.pack import Asked, asked, made


@click.command("review", epilog="Example: consolidate review --period 2026-10")
@asked
@opt.shared
def command(*, asked: Asked, settings: opt.Settings) -> int:
    """Make the pack of the monthly commitment review: a workbook and a page.

    Fill in its two last sheets, cases and decisions, during the meeting, and save the
    workbook in the folder decisions of the state home: the next run reads it back.
    """
    return made(settings, ("review",), asked)
