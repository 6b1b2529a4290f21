"""The command line: ``consolidate COMMAND``.

Commands are imported when they are called for, and the pipeline inside their bodies,
so that ``consolidate --help`` answers at once.
"""

from __future__ import annotations

import click

from consolidate import __version__
from consolidate.cli.group import LazyGroup

COMMANDS = {
    "run": "Consolidate the workbooks of INBOX into OUT.",
    "watch": "Consolidate what is dropped into a folder, month by month.",
    "inbox": "List what was received, and what became of it.",
    "accept": "Let in a delivery that waits for a decision.",
    "retry": "Read a delivery again.",
    "check": "Tell what is to be corrected in one workbook, cell by cell.",
    "map": "Show what is understood of one workbook.",
    "layout": "Follow how workbooks are read: list, approve, have confirmed.",
    "explain": "Tell where a project's values come from.",
    "history": "List the months kept in the store.",
    "diff": "Tell what moved between two months.",
    "review": "Make the pack of the monthly commitment review.",
    "pack": "Make what each reader is given of a month.",
    "outbox": "Draft, list and release answers to project managers.",
    "fetch-mail": "Archive the mails of a mailbox, and move them aside.",
    "remind": "Say whose returns are missing, and draft reminders.",
    "dossier": "Write all that months told of a project, for an audit.",
    "cases": "Follow the projects that need help: list, take, act, close.",
    "priorities": "Rank projects and requests, and draw the line.",
    "forecast": "Tell ranges for ends and costs, and how often they held.",
    "month": "Close a month as published, reopen it, list them.",
    "backfill": "Make months of the past from old workbooks.",
    "template": "Make the workbook each project manager fills in for a month.",
    "registers": "Write a register workbook: official names, corrections, months without returns.",
    "backup": "Write the whole state home into one file.",
    "restore": "Make the state home again from a backup.",
    "verify": "Compare all that is kept and published with its hashes.",
    "purge": "Remove what has been kept long enough.",
    "forget": "Write a pseudonym over a person, everywhere and from now on.",
    "doctor": "Examine the installation and say what to do.",
    "config": "Show the configuration in force.",
}


@click.group(
    cls=LazyGroup,
    summaries=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: consolidate run inbox --output out",
)
@click.option(
    "--debug", is_flag=True, expose_value=False, help="Show where the program failed."
)
@click.version_option(__version__, prog_name="consolidate")
def main() -> None:
    """Any project manager's workbook in, one trusted portfolio out.

    Options of one command: consolidate COMMAND --help
    """
