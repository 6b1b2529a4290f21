"""The group of commands: loads them late, and turns every failure into one line."""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import click

from consolidate.cli.text import one_line
from consolidate.interrupts import hear_requests, ignore_requests, restore
from consolidate.model.error import ConsolidateError

EXIT_FINDINGS = 1
EXIT_FAILED = 2
EXIT_INTERRUPTED = 130


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is called for."""

    def __init__(self, *args: Any, summaries: Mapping[str, str], **kwargs: Any) -> None:
        """Keep the line that the group's own help shows for each command."""
        super().__init__(*args, **kwargs)
        self._summaries = summaries

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names in the order people need them."""
        return list(self._summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command, importing its module; None when there is none."""
        if cmd_name not in self._summaries:
            return None
        name = cmd_name.replace("-", "_")
        module = importlib.import_module(f"consolidate.cli.{name}")
        command: click.Command = module.command
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._summaries.items()))

    def main(self, args: Sequence[str] | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]
        """Run a command and leave with its exit status: 0, 1, 2 or 130."""
        words = list(sys.argv[1:] if args is None else args)
        _accept_any_text(sys.stdout, sys.stderr)
        extra.pop("standalone_mode", None)
        before = hear_requests()
        # Else the last thing done is to look over all that the process is about to lose.
        atexit.register(gc.freeze)
        status = self._status(words, debug="--debug" in words, **extra)
        ignore_requests()  # all is done and said
        if args is not None:  # this is not the whole program
            restore(before)
        sys.exit(status)

    def _status(self, words: list[str], *, debug: bool, **extra: Any) -> int:
        try:
            status = super().main(words, standalone_mode=False, **extra)
        except click.Abort:
            click.echo("consolidate: interrupted; nothing was published", err=True)
            return EXIT_INTERRUPTED
        except click.ClickException as err:
            err.show()
            return EXIT_FAILED
        except ConsolidateError as err:
            return _fail(str(err), debug=debug)
        except Exception as err:  # the promise: no traceback ever reaches a user
            text = f"unforeseen {type(err).__name__}: {err} (--debug shows where)"
            return _fail(text, debug=debug)
        return status if isinstance(status, int) else 0


def _fail(text: str, *, debug: bool) -> int:
    if debug:
        click.echo(traceback.format_exc(), err=True, nl=False)
    click.echo(f"consolidate: {one_line(text)}", err=True)
    return EXIT_FAILED


def _accept_any_text(*streams: object) -> None:
    """Let a console that cannot show a character show a mark, rather than fail."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
