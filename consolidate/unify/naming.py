"""What names a project, and projects as settled."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from consolidate.model.finding import CellRef
from consolidate.model.text import fold
from consolidate.unify.codes import code_key, provisional_code, strict_key

WEAK = frozenset({"title", "sheet_name", "file_name"})
"""Ways of finding a name that say little."""

_USUAL = re.compile(r"[A-Z]{2,8}-\d{1,6}(?:-\d{1,4})?")


@dataclass(frozen=True, slots=True)
class Naming:
    """How one record of ``projects`` says which project it is.

    Attributes:
        record: Its record number.
        workbook: Its workbook.
        region: The region of the workbook it was read from.
        family: The workbook's name without date and version marks.
        code, name: As written; empty when not given.
        code_ref, name_ref: Their cells.
        name_method: How the name was found; one from a title, a sheet or a file name
            is weak: equal weak names of two workbooks say nothing.
        other_names: Further names it goes by, such as a short name.
    """

    record: int
    workbook: str
    region: int
    family: str
    code: str
    name: str
    code_ref: CellRef
    name_ref: CellRef
    name_method: str = "column"
    other_names: tuple[str, ...] = ()

    @property
    def weak(self) -> bool:
        """Whether the name is only a title, or the name of a sheet or file."""
        return self.name_method in WEAK

    @property
    def ref(self) -> CellRef:
        """The cell that names it best."""
        return self.code_ref if self.code else self.name_ref


@dataclass(frozen=True, slots=True)
class Project:
    """One project, its identity settled.

    Attributes:
        key: What record ids are made from; the same from month to month.
        code: Code as published.
        name: Its best name as written, for messages.
        names: Its folded names.
        namings: The records that name it.
        provisional: Whether the code was made up for want of one.
    """

    key: str
    code: str
    name: str
    names: frozenset[str]
    namings: tuple[Naming, ...]
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Similarity:
    """How alike two names are, 0 to 100.

    Attributes:
        near: Above it, two names may be one misspelt.
        different: Below it, two names cannot be the same thing.
    """

    near: float = 90.0
    different: float = 60.0


@dataclass(frozen=True, slots=True)
class Identity:
    """All projects, and how to find them.

    Attributes:
        projects: In a stable order.
        of_record: Position in ``projects`` by project record.
        by_code: Positions by folded code; several for a code that is not unique.
        by_name: Positions by folded name.
        in_workbook: Positions by workbook.
    """

    projects: tuple[Project, ...]
    of_record: Mapping[int, int]
    by_code: Mapping[str, tuple[int, ...]]
    by_name: Mapping[str, tuple[int, ...]]
    in_workbook: Mapping[str, frozenset[int]]


def index(projects: Iterable[Project]) -> Identity:
    """Return an identity over projects, in their order."""
    listed = tuple(projects)
    by_code: dict[str, list[int]] = defaultdict(list)
    by_name: dict[str, list[int]] = defaultdict(list)
    in_workbook: dict[str, set[int]] = defaultdict(set)
    of_record: dict[int, int] = {}
    for position, project in enumerate(listed):
        codes = {code_key(n.code) for n in project.namings if n.code}
        codes |= {code_key(project.code)}
        for key in sorted(codes):
            by_code[key].append(position)
        for name in sorted(project.names):
            by_name[name].append(position)
        for naming in project.namings:
            in_workbook[naming.workbook].add(position)
            of_record[naming.record] = position
    return Identity(
        projects=listed,
        of_record=of_record,
        by_code={k: tuple(v) for k, v in by_code.items()},
        by_name={k: tuple(v) for k, v in by_name.items()},
        in_workbook={k: frozenset(v) for k, v in in_workbook.items()},
    )


def make_project(key: str, namings: Sequence[Naming]) -> Project:
    """Return the project that namings of one key speak of.

    The code published is without letters taken for digits, in capitals with a hyphen when
    one is spelt so, else the spelling met most.
    """
    name = next((n.name for n in namings if n.name and not n.weak), "")
    name = name or next((n.name for n in namings if n.name), "")
    names = {fold(t) for n in namings for t in (n.name, *n.other_names) if t}
    spelt = Counter(n.code.strip() for n in namings if n.code)
    if not spelt:
        code = provisional_code(name)
        return Project(key, code, name, frozenset(names), tuple(namings), True)
    best = min(
        spelt,
        key=lambda c: (
            strict_key(c) != code_key(c),
            _USUAL.fullmatch(c) is None,
            -spelt[c],
            -len(c),
            c,
        ),
    )
    return Project(key, best, name, frozenset(names), tuple(namings))
