"""What a reader may see: the month narrowed before anything is made of it.

Nothing is hidden afterwards: a pack is made of data that hold no more than its reader may
see, so that neither a sheet, a chart's numbers nor a file's properties can tell more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from consolidate.analyse.history import Fields, Month
from consolidate.model.portfolio import LINEAGE_COLUMNS, Portfolio
from consolidate.model.proposal import GOOD, SHIPPED
from consolidate.model.text import fold
from consolidate.packs.data import PackData, remembered
from consolidate.share import Cut, confidential, only_projects, people, shared
from consolidate.share.names import KEPT, person_fields

EVERYWHERE = ("tous", "all", "ght", "groupe")
"""What a project of every establishment says, folded."""

_COMMENTS = ("comment", "attention_points", "assistance_requested")
"""Fields that are between a project manager and the PMO."""

_PERSONAL_RULES = ("person-overload", "key-person-shared", "opponent-untreated")


@dataclass(frozen=True)
class Narrower:
    """Narrows one month to its readers; what several share is worked out once.

    Attributes:
        data: The PMO's own.
    """

    data: PackData
    _made: dict[frozenset[str], PackData] = field(default_factory=dict)
    _cut: Cut = field(default_factory=Cut)

    @classmethod
    def of(cls, data: PackData) -> Narrower:
        """Return the one narrower of a month."""
        return data.once("narrower", lambda: cls(data))

    def direction(self) -> PackData:
        """Return all projects, naming nobody but sponsors; no finding, no comment.

        Time, services, requests and convergence of no project, or of one without a
        return, are told too, so that its figures are those of the other packs; not those
        of a workbook that tells of a confidential project.
        """
        named = self._naming(frozenset({"sponsor"}))
        codes = self._told_codes - set(self._unapproved["project_code"])
        every = self._only(named, codes, self._open_books & self._approved_books)
        told = every.portfolio
        quiet = replace(told, findings=told.findings.iloc[:0])
        return _without(replace(every, portfolio=quiet), _COMMENTS)

    def manager(self, name: str) -> PackData:
        """Return a manager's own projects and MCO containers, nobody's load by name."""
        own = self._codes_of(self.projects["project_manager"].map(_holds(name)))
        return self._only(self._unnamed_load, own, self._workbooks_of(own))

    def own_return(self, name: str) -> PackData:
        """Return what a manager returned, to be handed back: own projects, own workbooks.

        The load of people by name is there where the manager's own workbooks tell it;
        what another's tells of the same project is not.
        """
        own = self._codes_of(self.projects["project_manager"].map(_holds(name)))
        books = self._workbooks_of(own)
        kept = self._only(self._lone, own, books)
        load = kept.portfolio.tables["workload"]
        mine = load[load["workbook"].isin(books)].reset_index(drop=True)
        tables = {**kept.portfolio.tables, "workload": mine}
        return replace(kept, portfolio=replace(kept.portfolio, tables=tables))

    @cached_property
    def _lone(self) -> PackData:
        """Return the month alone, without what the PMO keeps."""
        light = _light(self.data.portfolio)
        return replace(self.data, portfolio=light, closed=None, registers={})

    def establishment(self, name: str) -> PackData:
        """Return what is in the scope of an establishment, or of all of them."""
        named = _without(self._naming(KEPT), _COMMENTS)
        here = self.projects["establishment"].map(_lists(name, *EVERYWHERE))
        among = self.projects["establishments"].map(_lists(name, *EVERYWHERE))
        codes = self._codes_of(here | among) & self._open_codes
        return _of_place(self._only(named, codes, ()), name)

    def department(self, name: str) -> PackData:
        """Return the projects of a department, and what their workbooks tell beside."""
        own = self._codes_of(self.projects["department"].map(_lists(name)))
        codes = own & self._open_codes
        return self._only(self._naming(KEPT), codes, self._workbooks_of(codes))

    def project(self, code: str) -> PackData:
        """Return one project."""
        return self._only(self._naming(KEPT), {code} & self._open_codes, ())

    @cached_property
    def projects(self) -> pd.DataFrame:
        """The projects and MCO containers of the month."""
        return self.data.table("projects")

    def codes(self) -> list[str]:
        """Return the codes of projects that are not confidential, in order."""
        return sorted(self._open_codes)

    def managers(self) -> list[str]:
        """Return the project managers, each once, in order."""
        return self._named(("project_manager",), people)

    def establishments(self) -> list[str]:
        """Return the establishments that projects name, each once, in order."""
        return self._named(("establishment", "establishments"), _parts)

    def departments(self) -> list[str]:
        """Return the departments that projects name, each once, in order."""
        return self._named(("department",), _parts)

    def _named(
        self, columns: Sequence[str], apart: Callable[[str], Iterable[str]]
    ) -> list[str]:
        given = pd.concat([self.projects[c] for c in columns]).dropna().astype("str")
        found = {fold(one): one for text in given.unique() for one in apart(text)}
        return [found[key] for key in sorted(found) if key not in EVERYWHERE]

    @cached_property
    def _hidden_codes(self) -> frozenset[str]:
        """Codes of the projects that the register says are confidential."""
        register = self.data.registers.get("projects")
        return confidential(register) if register is not None else frozenset()

    @cached_property
    def _open_codes(self) -> frozenset[str]:
        """Codes of the projects that are not confidential."""
        codes = self.projects["project_code"].dropna().astype("str")
        return frozenset(codes) - self._hidden_codes

    @cached_property
    def waiting(self) -> pd.DataFrame:
        """Projects that general management is not told of yet, confidential ones aside.

        Columns ``project_code``, ``name`` and ``layout_state``: of a workbook that feeds
        the project and whose layout is not as ``[report] direction`` asks.
        """
        own = self.projects[["project_code", "name"]].drop_duplicates("project_code")
        open_ = own[own["project_code"].isin(self._open_codes)]
        return open_.merge(self._unapproved, on="project_code").reset_index(drop=True)

    @cached_property
    def _unapproved(self) -> pd.DataFrame:
        """Every code that such a workbook tells of, and the state of its layout."""
        books = self.data.portfolio.workbooks
        feeds = books["state"].isin(["consolidated", "partial"])
        late = books[feeds & ~books["workbook"].isin(self._approved_books)]
        told = late["project_codes"].fillna("").astype("str").str.split(";")
        each = late.assign(project_code=told).explode("project_code")
        return each.drop_duplicates("project_code")[["project_code", "layout_state"]]

    @cached_property
    def _approved_books(self) -> frozenset[str]:
        """Workbooks whose layouts are as ``[report] direction`` asks; all by default."""
        books = self.data.portfolio.workbooks
        good = GOOD.get(self.data.direction)
        if good is None:
            return frozenset(books["workbook"].astype("str"))
        # The shipped layout is read without a guess: nobody needs to confirm it.
        fits = books["layout_state"].isin(good) | books["layout"].eq(SHIPPED)
        return frozenset(books.loc[fits, "workbook"].astype("str"))

    @cached_property
    def _told_codes(self) -> frozenset[str]:
        """Codes that any table names, of projects without a return this month too."""
        tables = self.data.portfolio.tables.values()
        named = [frame["project_code"].dropna().unique() for frame in tables]
        return frozenset(str(c) for own in named for c in own) - self._hidden_codes

    def _codes_of(self, chosen: pd.Series) -> frozenset[str]:
        codes = self.projects.loc[chosen.astype("bool"), "project_code"]
        return frozenset(codes.dropna().astype("str"))

    @cached_property
    def _open_books(self) -> frozenset[str]:
        """Return the workbooks that tell of no confidential project."""
        books = self.data.portfolio.workbooks
        told = books["project_codes"].fillna("").astype("str")
        free = [self._hidden_codes.isdisjoint(t.split(";")) for t in told]
        return frozenset(books.loc[free, "workbook"].astype("str"))

    def _workbooks_of(self, codes: Collection[str]) -> frozenset[str]:
        """Return the workbooks that tell of these projects and of no other."""
        books = self.data.portfolio.workbooks
        told = books["project_codes"].fillna("").astype("str")
        own = [bool(t) and set(t.split(";")) <= set(codes) for t in told]
        return frozenset(books.loc[own, "workbook"].astype("str"))

    def _naming(self, kept: frozenset[str]) -> PackData:
        """Return the month naming only the people of some fields of projects."""
        if kept not in self._made:
            light = _light(self.data.portfolio)
            schemas = self.data.schemas
            hidden = person_fields(schemas, kept)
            closed = self.data.closed
            self._made[kept] = replace(
                self.data,
                portfolio=_light(shared(light, schemas, kept)),
                closed=closed and _light(shared(_light(closed), schemas, kept)),
                earlier=_emptied(self.data.earlier, hidden),
                registers={},
            )
        return self._made[kept]

    @cached_property
    def _unnamed_load(self) -> PackData:
        """Return the month with the load of teams alone; names stay elsewhere."""
        light = _light(self.data.portfolio)
        tables = {
            **light.tables,
            "workload": shared(light, self.data.schemas).tables["workload"],
        }
        rules = light.alerts["rule"].isin(_PERSONAL_RULES)
        quiet = replace(light, tables=tables, alerts=light.alerts[~rules])
        hidden = {"workload": ("person", "comment", "profile")}
        earlier = _emptied(self.data.earlier, hidden)
        return replace(self.data, portfolio=quiet, earlier=earlier, registers={})

    def _only(
        self, data: PackData, codes: Collection[str], books: Collection[str]
    ) -> PackData:
        """Return the records of some projects.

        Records of no project are kept where they stand in one of ``books``; tables
        without projects alike.
        """
        earlier, closed, cut = data.earlier, data.closed, self._cut

        def before(fields: Fields, months: int) -> tuple[Month, ...]:
            return tuple(
                replace(
                    m,
                    tables={
                        t: cut.rows_of(f, codes, books) for t, f in m.tables.items()
                    },
                )
                for m in earlier(fields, months)
            )

        return replace(
            data,
            portfolio=only_projects(data.portfolio, codes, books, cut),
            closed=closed and only_projects(closed, codes, books, cut),
            earlier=before,
        )


def _light(portfolio: Portfolio) -> Portfolio:
    """Return a month without its lineage and its run: records tell where they stand."""
    lineage = portfolio.lineage.iloc[:0][LINEAGE_COLUMNS]
    run = {"version": portfolio.run.get("version", "")}
    return replace(portfolio, lineage=lineage, run=run)


def _holds(name: str) -> Callable[[object], bool]:
    """Return what says whether a text names a person, alone or among others."""
    wanted = fold(name)

    def holds(text: object) -> bool:
        return isinstance(text, str) and wanted in map(fold, people(text))

    return holds


def _parts(text: str) -> list[str]:
    """Return the parts of a list; a name may hold commas and conjunctions."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _lists(*names: str) -> Callable[[object], bool]:
    """Return what says whether a list holds one of these."""
    wanted = {fold(name) for name in names}

    def lists(text: object) -> bool:
        return isinstance(text, str) and not wanted.isdisjoint(map(fold, _parts(text)))

    return lists


def _of_place(data: PackData, name: str) -> PackData:
    """Return what a place may see: records that name another place alone are left out.

    Requests, services and the convergence of an establishment are its own although they
    are of no project; the workload tells of people and is left out.
    """
    holds = _lists(name, *EVERYWHERE)
    source = data.portfolio
    tables: dict[str, pd.DataFrame] = {}
    for table, frame in source.tables.items():
        if table == "workload":
            tables[table] = frame.iloc[:0]
        elif "establishment" not in frame or table == "projects":
            tables[table] = frame
        else:
            here = frame["establishment"]
            kept = here.map(holds) | here.isna() & frame["project_code"].notna()
            tables[table] = frame[kept.astype("bool")].reset_index(drop=True)
    projects = tables["projects"]
    if "establishments" in projects:
        only = projects["establishments"].map(lambda t: name if holds(t) else None)
        here = projects["establishment"].map(lambda t: name if holds(t) else None)
        tables["projects"] = projects.assign(establishments=only, establishment=here)
    findings = source.findings.iloc[:0]
    quiet = replace(source, tables=tables, findings=findings)
    return replace(data, portfolio=quiet, closed=None, earlier=_no_load(data.earlier))


def _no_load(
    earlier: Callable[[Fields, int], tuple[Month, ...]],
) -> Callable[[Fields, int], tuple[Month, ...]]:
    def before(fields: Fields, months: int) -> tuple[Month, ...]:
        return tuple(
            replace(
                m,
                tables={
                    t: f.iloc[:0] if t == "workload" else f for t, f in m.tables.items()
                },
            )
            for m in earlier(fields, months)
        )

    return remembered(before)


def _without(data: PackData, fields: Sequence[str]) -> PackData:
    """Return the month with some fields of every table emptied."""
    portfolio = data.portfolio
    emptied = {name: _blank(frame, fields) for name, frame in portfolio.tables.items()}
    closed = data.closed
    return replace(
        data,
        portfolio=replace(portfolio, tables=emptied),
        closed=closed
        and replace(
            closed, tables={n: _blank(f, fields) for n, f in closed.tables.items()}
        ),
        earlier=_emptied(data.earlier, {name: tuple(fields) for name in emptied}),
    )


def _emptied(
    earlier: Callable[[Fields, int], tuple[Month, ...]],
    hidden: Mapping[str, Sequence[str]],
) -> Callable[[Fields, int], tuple[Month, ...]]:
    def before(fields: Fields, months: int) -> tuple[Month, ...]:
        return tuple(
            replace(
                m, tables={t: _blank(f, hidden.get(t, ())) for t, f in m.tables.items()}
            )
            for m in earlier(fields, months)
        )

    return remembered(before)


def _blank(frame: pd.DataFrame, fields: Sequence[str]) -> pd.DataFrame:
    here = [name for name in fields if name in frame]
    nothing = pd.Series([None] * len(frame), frame.index, dtype="object")
    return frame.assign(**dict.fromkeys(here, nothing)) if here else frame
