"""``consolidate watch``: a folder that consolidates itself."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consolidate.cli import options as opt
from consolidate.cli.run import WAIT, call
from consolidate.config_values import POLLING
from consolidate.interrupts import Interrupted, defer_requests, resume_requests

if TYPE_CHECKING:
    from consolidate.watching import Manner, Watch

_SENT = frozenset({"published", "failed", "folder-missing", "folder-back"})
"""Events that the webhook is told."""


@click.command("watch", epilog="Example: consolidate watch inbox --output out")
@click.argument(
    "folder",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
)
@click.option(
    "--output",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out"),
    show_default=True,
    metavar="OUT",
    help="Folder of the results of the last month, replaced as a whole.",
)
@click.option("--once", is_flag=True, help="Look once, consolidate, and end: for cron.")
@click.option(
    "--remove", is_flag=True, help="Empty FOLDER of what is safe in the archive."
)
@click.option(
    "--after",
    type=click.IntRange(min=0),
    metavar="SECONDS",
    help="Consolidate after that long without an arrival.  [default: the configuration's, else 30]",
)
@click.option(
    "--polling",
    type=click.Choice(POLLING),
    help="Look at FOLDER again and again rather than listen.  [default: the configuration's, else on network shares]",
)
@click.option("--replies", is_flag=True, help="Write OUT/replies with each month.")
@opt.store_option
@opt.shared
def command(  # noqa: PLR0913 (one argument an option)
    *,
    folder: Path,
    output: Path,
    once: bool,
    remove: bool,
    after: int | None,
    polling: str | None,
    replies: bool,
    store: str | None,
    settings: opt.Settings,
) -> int:
    """Take what is dropped into FOLDER, and consolidate the month it is of.

    A file is taken once it is whole; it is archived before anything else. When no more
    has come for a while, each month concerned is made anew from all that was received for
    it. What waits for a decision is listed by consolidate inbox.

    It runs until Ctrl-C, or until the system asks it to end.
    """
    from consolidate.watching import Watch

    opt.make_home(settings.home)
    run_options = _run_options(folder, output, settings, store=store, replies=replies)
    with ExitStack() as held:
        world = _World(folder, settings, polling or settings.config.watch.polling, held)
        manner = _manner(settings, remove=remove, after=after)
        watch = Watch(_desk(folder, run_options, settings), world, manner)
        if once:
            watch.once()
            return 0
        world.tell("started", {"folder": folder})
        _until_asked(watch)
        world.tell("stopped", {})
    return 0


def _until_asked(watch: Watch) -> None:
    try:
        watch.forever()
    except Interrupted:
        return


def _run_options(
    folder: Path,
    output: Path,
    settings: opt.Settings,
    *,
    store: str | None,
    replies: bool,
) -> Any:
    from consolidate.run_options import RunOptions

    day = opt.today()
    period = opt.last_complete_month(day)
    config = settings.config
    return RunOptions(
        inboxes=(folder,),
        output=output,
        period=period,
        as_of=opt.cut_off(period, day),
        lang=settings.lang,
        store=opt.store_url(settings, store),
        config=config,
        replies=replies and config.report.audience != "shared",
        audience="shared" if config.report.audience == "shared" else "pmo",
        jobs=config.run.jobs or opt.processors(),
        home=settings.home,
        at=opt.now(),
        wait=WAIT,
    )


def _desk(folder: Path, run_options: Any, settings: opt.Settings) -> Any:
    from consolidate.desk import Desk
    from consolidate.intake import Patience

    patience = Patience(whole=float(settings.config.watch.look_seconds))
    return Desk(folder, run_options, patience)


def _manner(settings: opt.Settings, *, remove: bool, after: int | None) -> Manner:
    from consolidate.watching import Manner, Rhythm

    watch = settings.config.watch
    quiet = watch.quiet_seconds if after is None else after
    rhythm = Rhythm(watch.look_seconds, watch.rescan_seconds, quiet)
    return Manner(rhythm, remove, None, defer_requests, resume_requests)


class _World:
    """The computer's clock and folders, its terminal, and the webhook."""

    def __init__(
        self, folder: Path, settings: opt.Settings, polling: str, held: ExitStack
    ) -> None:
        from consolidate.notices import Notices

        native = {"always": False, "never": True}.get(polling)
        self._notices = held.enter_context(Notices(folder, native=native))
        self._settings = settings

    def now(self) -> float:
        """Return the time of the computer's clock."""
        return time.time()

    def today(self) -> date:
        """Return its day."""
        return opt.today()

    def wait(self, seconds: float) -> None:
        """Wait that long, or until something stirs in the folder."""
        self._notices.wait(seconds)

    def tell(self, event: str, facts: Mapping[str, object]) -> None:
        """Write a line for the operator; tell the webhook what it is there for."""
        from consolidate.wording import tr

        given = {"states": _counts(facts.get("workbooks")), **facts}
        line = tr(f"watch-{event}", self._settings.lang, **given)
        click.echo(f"{opt.now()} {line}", err=True)
        if event == "published":
            call(self._settings.config.run.heartbeat_url)
        if event in _SENT:
            _post(self._settings.config.watch.webhook, event, facts)


def _counts(states: object) -> str:
    found = states if isinstance(states, Mapping) else {}
    return ", ".join(f"{state} {count}" for state, count in sorted(found.items()))


def _post(url: str, event: str, facts: Mapping[str, object]) -> None:
    """Tell the webhook an event and its counts; its silence is not our failure."""
    if not url:
        return
    import urllib.request

    known = {k: facts[k] for k in ("period", "workbooks", "waiting") if k in facts}
    body = json.dumps({"event": event, **known}).encode("utf-8")
    asked = urllib.request.Request(  # noqa: S310 (https only, checked)
        url, data=body, headers={"Content-Type": "application/json"}, method="POST"
    )
    _quietly(lambda: urllib.request.urlopen(asked, timeout=5).close())  # noqa: S310


def _quietly(action: Callable[[], None]) -> None:
    try:
        action()
    except (OSError, ValueError) as err:
        click.echo(
            f"consolidate: the webhook did not answer: {type(err).__name__}", err=True
        )
