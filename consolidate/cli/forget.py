"""``consolidate forget``: write a pseudonym over a person, everywhere and from now on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from consolidate.cli import options as opt

if TYPE_CHECKING:
    from consolidate.forgetting import Found


@click.command("forget", epilog='Example: consolidate forget "Camille Exemple" --list to-do.xlsx')  # fmt: skip
@click.argument("person", required=False)
@click.option("--also", multiple=True, metavar="TEXT", help="Another way the person is written: initials, a name of birth. May be given several times.")  # fmt: skip
@click.option("--list", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write what is left to do by hand: months to publish again, files to correct.")  # fmt: skip
@click.option("--confirm", is_flag=True, help="Do it for good; without it, only say where the person is named.")  # fmt: skip
@click.option("--by", metavar="NAME", help="Who decides.  [default: the user of this computer]")  # fmt: skip
@opt.store_option
@opt.shared
def command(  # noqa: PLR0913 (one argument an option)
    *,
    person: str | None,
    also: tuple[str, ...],
    target: Path | None,
    confirm: bool,
    by: str | None,
    store: str | None,
    settings: opt.Settings,
) -> int:
    """Write a pseudonym over PERSON in all that is kept, and in all that is made later.

    PERSON is a first name and a surname; without it, it is asked for. Every month of the store, closed ones too, the
    registers, decisions, messages and readings kept in the state home change; workbooks
    that name the person again are read with the pseudonym. The names of those forgotten
    are kept as keyed hashes alone. The archive and the journal stay as they are: what was
    received is the proof of the figures until consolidate purge.
    """
    from consolidate.cli.findings import configured_schemas
    from consolidate.cli.text import one_line
    from consolidate.forgetting import Person, forget, list_with, note, to_do
    from consolidate.report.pack_book import write_pack_book
    from consolidate.wording import tr

    lang, config = settings.lang, settings.config
    # Asked for, it is in no history of commands and no list of processes.
    person = person or click.prompt(tr("forget-who", lang), err=True)
    url = opt.store_url(settings, store)
    places = (config.registers.file, config.registers.decisions, config.imports.folder)
    outside = [p for p in (*places, config.paths.layouts, config.paths.schemas) if p]
    with opt.writing_home(settings):
        listed = list_with(settings.home, Person(str(person), also), url, configured_schemas(settings.config), lang)  # fmt: skip
        found = forget(settings.home, url, listed, outside, lang, apply=confirm)
        if confirm:
            note(settings.home, found, by or opt.user(), opt.now(), lang)
    for line in _lines(found, lang):
        click.echo(one_line(line))
    if target is not None:
        write_pack_book(to_do(found, opt.today(), lang), target)
        target.chmod(0o600)
    click.echo(tr("forget-done" if confirm else "forget-dry", lang, pseudonym=found.pseudonym))  # fmt: skip
    return 0


def _lines(found: Found, lang: str) -> Iterator[str]:
    """Yield where the person is named, and what is left to do."""
    from consolidate.forgetting import chores
    from consolidate.wording import tr

    yield tr("forget-looked", lang, spellings=", ".join(found.spellings))
    if found.doubtful:
        yield tr("forget-doubtful", lang, spellings=", ".join(found.doubtful))
    for name, count in found.counts.items():
        if count:
            yield f"{name}: {count}"
    for kind, what in chores(found):
        yield tr(f"forget-{kind}", lang, what=what)
