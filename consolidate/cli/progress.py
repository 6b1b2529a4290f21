"""Progress on stderr: a bar for a person, nothing for a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

import click

from consolidate.cli.text import excerpt
from consolidate.wording import tr

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

Progress: TypeAlias = Callable[[int, int, str], None]
"""Called with how many are done, of how many, and the name of the last."""


@contextmanager
def progress_bar(
    *, quiet: bool, lang: str, what: str = "reading"
) -> Iterator[Progress | None]:
    """Give a function that shows progress; None when nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    bars: list[ProgressBar[str]] = []

    def show(done: int, total: int, name: str) -> None:
        if not bars:
            bar: ProgressBar[str] = click.progressbar(
                length=total,
                label=tr(f"cli-{what}", lang),
                file=sys.stderr,
                item_show_func=lambda item: excerpt(item, 32) if item else None,
                show_pos=True,
            )
            bars.append(bar)
            bar.__enter__()
        bar = bars[0]
        bar.length = total
        bar.update(done - bar.pos, name)

    try:
        yield show
    finally:
        for bar in bars:
            bar.__exit__(None, None, None)
