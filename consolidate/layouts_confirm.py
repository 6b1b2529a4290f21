"""Have layouts confirmed: a sheet of ten figures for each manager, and what comes back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from consolidate.answers import Addresses, Unaddressed
from consolidate.exchange.names import stems
from consolidate.intake.journal import Journal
from consolidate.intake.scan import JOURNAL
from consolidate.key_figures import key_figures
from consolidate.layouts import Standings, decide, kept
from consolidate.layouts_run import LayoutOptions, Listed
from consolidate.mapping.context import language_of
from consolidate.model.delivery import Failure
from consolidate.model.error import OutputError
from consolidate.model.portfolio import Portfolio
from consolidate.model.proposal import SHIPPED
from consolidate.model.reading_check import Answer, Answered, ReadingCheck
from consolidate.model.schema import load_schemas
from consolidate.model.text import fold
from consolidate.outbox import Letter
from consolidate.register.reading_checks import read_check
from consolidate.report.check_book import write_check
from consolidate.report.format import month as month_name
from consolidate.resources import search_path
from consolidate.share import Cut, only_projects, people
from consolidate.wording import tr
from consolidate.worker import Reader

Verdict: TypeAlias = Literal["confirmed", "contested", "incomplete"]


def checks(
    options: LayoutOptions, month: Portfolio, layouts: Iterable[Listed]
) -> Iterator[ReadingCheck]:
    """Yield what is asked of each manager whose workbook a layout reads, one workbook each.

    Args:
        options: Where.
        month: With its lineage.
        layouts: To be confirmed; the shipped one needs not, one of the PMO's own has none.
    """
    schemas = load_schemas(search_path("schemas", options.config.paths.schemas))
    projects, cut = month.tables["projects"], Cut()
    for each in layouts:
        if each.id == SHIPPED or each.name:
            continue
        lang = _language(options, each)
        for manager in each.managers:
            named = projects["project_manager"].fillna("").astype("str")
            own = [fold(manager) in map(fold, people(text)) for text in named]
            mine = projects[own]
            mine = mine[mine["workbook"].isin(each.workbooks)]
            workbook = str(mine["workbook"].iloc[0])
            codes = mine.loc[mine["workbook"].eq(workbook), "project_code"]
            told = tuple(codes.dropna().astype("str").unique())
            # A workbook of several managers shows each of them no more than is theirs.
            seen = only_projects(month, told, (), cut)
            lines = key_figures(seen, schemas, workbook, lang)
            if lines:
                yield ReadingCheck(each.id, manager, workbook, told, month.period, lang, lines)  # fmt: skip


def _language(options: LayoutOptions, each: Listed) -> str:
    """Return the language of the headers that a layout reads."""
    found = kept(options.home, each.id)
    blocks = found.blocks if found else ()
    told = language_of(header for block in blocks for header, _ in block.fields)
    return told or options.lang


def write_checks(
    options: LayoutOptions, asked: Sequence[ReadingCheck], output: Path, at: str
) -> list[Path]:
    """Write the sheets, and journal that they were asked.

    Raises:
        OutputError: They cannot be written.
        JournalError: The journal is broken.
    """
    if not asked:
        return []
    names = stems(
        [f"{c.manager} - {Path(c.workbook).stem}.xlsx".replace("/", " ") for c in asked]
    )
    paths = []
    try:
        output.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, check in zip(names, asked, strict=True):
            path, draft = output / f"{name}.xlsx", output / ".draft"
            write_check(draft, check)
            draft.chmod(0o600)
            paths.append(draft.replace(path))
    except OSError as err:
        text = tr("pack-unwritable", options.lang, path=output, why=err.strerror)
        raise OutputError(text) from err
    known = Standings.of_home(options.home, options.lang)
    new = {c.print: c for c in asked if c.print not in known.asked}
    events = [
        (
            "layout-asked",
            {"layout": c.layout, "print": key, "of": ", ".join(c.projects)},
        )
        for key, c in new.items()
    ]
    Journal(options.home / JOURNAL, options.lang).append_all(at, events)
    return paths


def letters(
    asked: Sequence[ReadingCheck], files: Sequence[Path], addresses: Addresses
) -> Iterator[Letter | Unaddressed]:
    """Yield the message that goes with each sheet, to the address of the register."""
    for check, file in zip(asked, files, strict=True):
        workbook = check.workbook.rpartition("/")[2]
        if fold(check.manager) not in addresses:
            yield Unaddressed(workbook, (check.manager,))
            continue
        told = {
            "name": check.manager,
            "workbook": workbook,
            "month": month_name(check.period, check.lang),
            "count": len(check.lines),
        }
        subject = tr("check-subject", check.lang, **told)
        body = tr("check-body", check.lang, **told)
        address = addresses[fold(check.manager)]
        attached = (file.name, file.read_bytes())
        yield Letter(f"check {check.print} {address}", address, subject, body + "\n", attached)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reply:
    """What one sheet says.

    Attributes:
        path: Of the sheet.
        layout: It is about.
        verdict: ``confirmed`` when every line is right, ``contested`` when one is not,
            ``incomplete`` when the others are right but one has no answer.
        wrong: Answers that say no.
        count: Lines that the verdict counts.
    """

    path: Path
    layout: str
    verdict: Verdict
    wrong: tuple[Answer, ...]
    count: int


def read_back(
    options: LayoutOptions, paths: Sequence[Path], at: str
) -> Iterator[Reply | str]:
    """Yield what each sheet says, once it is journalled; or why it says nothing.

    Raises:
        JournalError: The journal is broken.
        OSError: A file or the journal is out of reach.
    """
    known = Standings.of_home(options.home, options.lang)
    with Reader(jobs=1) as reader:
        for path, found in zip(paths, reader.map(read_check, paths), strict=True):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            trouble = _trouble(known, found, digest)
            if trouble or isinstance(found, Failure):
                key = f"layout-answer-{trouble}"
                yield tr(key, options.lang, path=path)
                continue
            yield _journalled(options, known, path, found, digest, at)
            known.answers.add(digest)


def _trouble(known: Standings, found: Answered | Failure, digest: str) -> str:
    """Return why a sheet cannot be believed; empty when it can."""
    if isinstance(found, Failure):
        return "unread"
    if found.print not in known.asked or found.layout not in known.keys:
        return "other"
    return "again" if digest in known.answers else ""


def _journalled(
    options: LayoutOptions,
    known: Standings,
    path: Path,
    found: Answered,
    digest: str,
    at: str,
) -> Reply:
    said = [answer.said for answer in found.answers]
    counts: Mapping[Verdict, int] = {
        "contested": said.count("no"),
        "incomplete": said.count(""),
        "confirmed": said.count("yes"),
    }
    verdict = next(v for v, count in counts.items() if count)
    wrong = tuple(a for a in found.answers if a.said == "no")
    if verdict != "incomplete":
        keys = {found.layout: known.keys[found.layout]}
        facts: dict[str, object] = {"by": known.asked[found.print], "answer": digest}
        facts |= {"yes": counts["confirmed"], "no": counts["contested"]}
        decide(options.home, verdict, keys, at, **facts)
    return Reply(path, found.layout, verdict, wrong, counts[verdict])
