"""Record ids that stay the same from run to run, month to month, whatever the order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from consolidate.model.text import fold
from consolidate.unify.codes import short_hash
from consolidate.unify.long import Bools, Ints, Long, Objects, as_text, objects
from consolidate.unify.names import same_subject

_GAP = "\x1f"
_SEARCHED = 400


@dataclass(frozen=True, slots=True)
class NaturalKey:
    """What tells the records of one table and project apart.

    Attributes:
        code: The field that names a record alone, where it is filled.
        fields: The fields that name it otherwise.
        apart: Further fields, for records that these leave tied.
    """

    code: str = ""
    fields: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


NATURAL_KEYS: Mapping[str, NaturalKey] = {
    "projects": NaturalKey(),
    "milestones": NaturalKey(
        "code", ("name", "phase"), ("establishment", "milestone_type")
    ),
    "budget_lines": NaturalKey(
        "",
        ("label", "year", "nature"),
        ("supplier", "order_ref", "account_code", "category", "establishment"),
    ),
    "risks": NaturalKey("code", ("title",), ("category", "raised_on")),
    "actions": NaturalKey("code", ("title", "kind"), ("raised_on", "meeting_date")),
    "workload": NaturalKey(
        "",
        (
            "person",
            "profile",
            "month",
            "date",
            "service_code",
            "activity",
            "time_category",
        ),
        ("team", "project_name", "category", "establishment"),
    ),
    "deliverables": NaturalKey("", ("name", "phase"), ("deliverable_type", "version")),
    "requests": NaturalKey("code", ("title",), ("establishment", "received_on")),
    "services": NaturalKey(
        "", ("service_code", "name", "application", "month"), ("establishment",)
    ),
    "objectives": NaturalKey("", ("name", "indicator"), ("beneficiary", "unit")),
    "compliance": NaturalKey(
        "", ("service_code", "framework", "requirement"), ("evidence",)
    ),
    "meetings": NaturalKey("", ("governance_body", "meeting_date"), ("meeting_state",)),
    "stakeholders": NaturalKey("", ("name",), ("role", "organisation")),
    "communications": NaturalKey(
        "", ("audience", "message", "planned_on"), ("channel",)
    ),
    "trainings": NaturalKey(
        "", ("title", "audience", "establishment"), ("start_date",)
    ),
    "convergence": NaturalKey("", ("domain", "establishment"), ("target_solution",)),
    "closures": NaturalKey("", (), ("closure_date",)),
    "interfaces": NaturalKey(
        "code",
        ("name", "source_system", "target_system"),
        ("standard", "establishment"),
    ),
}
"""By table; the project is part of every key.

Source: the contract (the code if there is one, else the folded name and phase) and the
keys of the domain model.
"""

_TITLES = {
    "risks": "title",
    "actions": "title",
    "requests": "title",
    "milestones": "name",
    "deliverables": "name",
    "objectives": "name",
}
_LEFT_OUT = frozenset({"phase", "kind", "indicator"})
"""Key fields that a shorter view of the same records may not show."""


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of one table's records.

    Attributes:
        record_id: One an entry, in the order asked; the same for one record read twice.
        tied: Whether the record shares its key with another of the same region.
        group: The same number for records of one key.
        name: What the record is called, folded; empty when nothing names it.
    """

    record_id: Objects
    tied: Bools
    group: Ints
    name: Objects


def assign(long: Long, records: pd.DataFrame, project: Objects) -> Ids:
    """Give each record of a table its id.

    Records of two regions with one key are one record; two records of one region never
    are: what tells them apart, then the order of their values, makes their ids.

    Args:
        long: The table's facts.
        records: The table's records: ``record``, ``workbook``, ``region``.
        project: Key of each one's project; empty for none.
    """
    natural = NATURAL_KEYS[long.table]
    size = len(records)
    if long.table == "projects":
        none = np.zeros(size, dtype=bool)
        return Ids(_hashed(long.table, project), none, np.arange(size), project)
    index = pd.Index(records["record"])
    titles = _folded(long, index, _TITLES.get(long.table, ""))
    place = _continued(_places(records), records, titles)
    known_by = _joined([project, titles])
    code = _completed(_folded(long, index, natural.code), known_by, titles, place)
    named = [_folded(long, index, f) for f in natural.fields]
    named = [
        _completed(part, known_by, titles, place) if field in _LEFT_OUT else part
        for part, field in zip(named, natural.fields, strict=True)
    ]
    named = [np.where(code == "", part, "") for part in named]
    key = _joined([project, code, *named])
    empty = _joined([code, *named]) == _GAP * len(named)
    if long.table == "closures":
        empty = np.zeros(size, dtype=bool)
    group = pd.factorize(key)[0].astype(np.int64)
    loose = _loose(group, place, np.where(code == "", "", titles), empty)
    base = key.copy()
    suffix = np.ones(size, dtype=np.int64)
    if loose.any():
        apart = _joined([_folded(long, index, f) for f in natural.apart])
        members = np.flatnonzero(loose)
        spot = _spots(records)
        order = _Order(titles, apart, _signatures(long, index, members), place, spot)
        for cluster_key, suffix_no, at in _settled(members, group, order, empty):
            base[at] = base[at] + cluster_key
            suffix[at] = suffix_no
    ids = _hashed(long.table, base)
    again = suffix > 1
    ids[again] = ids[again] + "-" + suffix[again].astype(str).astype(object)
    shown = [
        " ".join(p for p in parts if p) for parts in zip(code, *named, strict=True)
    ]
    name = np.where(titles != "", titles, objects(shown))
    return Ids(ids, _tied(group, place, loose), group, name)


@dataclass(frozen=True, slots=True)
class _Order:
    """What orders and compares records of one key.

    Where they stand (``spot``) only orders records equal in all their values.
    """

    titles: Objects
    apart: Objects
    signature: Ints
    place: Ints
    spot: Ints

    def key(self, at: int) -> tuple[str, str, int, int]:
        return (
            self.titles[at],
            self.apart[at],
            int(self.signature[at]),
            int(self.spot[at]),
        )


def _folded(long: Long, index: pd.Index, field: str) -> Objects:
    out = np.full(len(index), "", dtype=object)
    at = long.best(field) if field else np.empty(0, dtype=np.int64)
    if len(at) == 0:
        return out
    where = index.get_indexer(pd.Index(long.record[at]))
    texts = [as_text(v) for v in long.value[at[where >= 0]].tolist()]
    out[where[where >= 0]] = [fold(t) or t for t in texts]
    return out


def _joined(parts: Sequence[Objects]) -> Objects:
    """Join texts row by row with a separator no cell holds."""
    rows = zip(*(p.tolist() for p in parts), strict=True)
    out = np.empty(len(parts[0]), dtype=object)
    out[:] = [_GAP.join(row) for row in rows]
    return out


def _places(records: pd.DataFrame) -> Ints:
    """Number the regions; a record made from a name is in a region of its own."""
    region = records["region"].to_numpy(dtype=np.int64)
    named = (
        records["workbook"].astype(str)
        + _GAP
        + pd.Series(region, records.index).astype(str)
    )
    place = pd.factorize(named, sort=True)[0].astype(np.int64)
    alone = region < 0
    place[alone] = len(place) + np.arange(int(alone.sum()))
    return place


def _continued(place: Ints, records: pd.DataFrame, titles: Objects) -> Ints:
    """Number as one the regions of a sheet that go on with one list under new headers.

    Two that have less than half of their titles in common are parts of one list, and a
    title in both (Revue, Formation) is of two records; else one shows the other again.
    """
    frame = records[["workbook", "sheet"]].assign(place=place, title=titles)
    several = frame.loc[titles != ""].drop_duplicates()
    shared = several.duplicated(["workbook", "sheet", "title"], keep=False)
    out = place.copy()
    for _, part in several.groupby(["workbook", "sheet"]):
        if not shared[part.index].any():
            continue
        listed = [set(own) for _, own in part.groupby("place")["title"]]
        pairs = combinations(listed, 2)
        if all(
            len(one & other) * 2 < min(len(one), len(other)) for one, other in pairs
        ):
            out[np.isin(place, part["place"].unique())] = part["place"].min()
    return out


def _spots(records: pd.DataFrame) -> Ints:
    """Number the records by workbook, sheet and row."""
    ordered = records.reset_index(drop=True).sort_values(
        ["workbook", "sheet", "row"], kind="stable"
    )
    spot = np.empty(len(records), dtype=np.int64)
    spot[ordered.index.to_numpy()] = np.arange(len(records))
    return spot


def _completed(
    part: Objects, known_by: Objects, titles: Objects, place: Ints
) -> Objects:
    """Fill a part of the key that one view of a record leaves out and another shows.

    Only where the title leads to a single value, and never within one region.
    """
    frame = pd.DataFrame({"by": known_by, "place": place})
    frame["part"] = pd.Series(part, dtype=object)
    void = (part == "") & (titles != "")
    shown = frame.loc[(part != "") & (titles != "")]
    if not void.any() or shown.empty:
        return part
    single = shown.groupby("by")["part"].agg(["nunique", "first"])
    single = single.loc[single["nunique"] == 1, "first"]
    here = pd.MultiIndex.from_frame(shown[["by", "place"]])
    beside = pd.MultiIndex.from_frame(frame[["by", "place"]]).isin(here)
    found = frame["by"].map(single)
    fill = void & ~np.asarray(beside) & found.notna().to_numpy()
    return np.where(fill, found.to_numpy(dtype=object), part)


def _loose(group: Ints, place: Ints, titles: Objects, empty: Bools) -> Bools:
    """Tell which records need a closer look: keys tied, void, or with two titles."""
    frame = pd.DataFrame({"group": group, "place": place})
    tied = frame.duplicated(["group", "place"], keep=False)
    coded = frame.assign(title=titles).loc[titles != ""]
    two = coded.groupby("group")["title"].nunique() > 1
    groups = set(group[tied.to_numpy() | empty].tolist()) | set(two.index[two].tolist())
    return np.isin(group, np.fromiter(groups, dtype=np.int64, count=len(groups)))


def _tied(group: Ints, place: Ints, loose: Bools) -> Bools:
    frame = pd.DataFrame({"group": group, "place": place})
    return frame.duplicated(["group", "place"], keep=False).to_numpy() & loose


def _signatures(long: Long, index: pd.Index, members: Ints) -> Ints:
    """Return a number made from all values of each record, in no order."""
    wanted = np.isin(long.record, index[members].to_numpy())
    at = np.flatnonzero(wanted & long.known)
    names = sorted(long.names, key=lambda n: long.names[n])
    texts = [
        f"{names[f]}{_GAP}{as_text(v)}"
        for f, v in zip(long.field[at].tolist(), long.value[at].tolist(), strict=True)
    ]
    out = np.zeros(len(index), dtype=np.uint64)
    if texts:
        hashed = pd.util.hash_array(np.array(texts, dtype=object), categorize=True)
        np.add.at(out, index.get_indexer(pd.Index(long.record[at])), hashed)
    return out.view(np.int64)


def _settled(
    members: Ints, group: Ints, order: _Order, empty: Bools
) -> list[tuple[str, int, list[int]]]:
    """Return, for each record of the groups, what its key gains and its suffix."""
    by_group: dict[int, list[int]] = defaultdict(list)
    for at in members.tolist():
        by_group[int(group[at])].append(at)
    out: list[tuple[str, int, list[int]]] = []
    for listed in by_group.values():
        listed.sort(key=order.key)
        clusters = _clusters(listed, order, joinable=not empty[listed[0]])
        out += _numbered(clusters, order)
    return out


def _clusters(
    listed: Sequence[int], order: _Order, *, joinable: bool
) -> list[list[int]]:
    """Put together what is one record read in two regions, in a stable order."""
    clusters: list[list[int]] = []
    single = len({int(order.place[at]) for at in listed}) == 1
    for at in listed:
        home = None
        if joinable and not single and len(listed) <= _SEARCHED:
            home = _home(at, clusters, order)
        if home is None:
            clusters.append([at])
        else:
            home.append(at)
    return clusters


def _home(at: int, clusters: Sequence[list[int]], order: _Order) -> list[int] | None:
    place, title, apart = order.place[at], order.titles[at], order.apart[at]
    free = [c for c in clusters if all(order.place[m] != place for m in c)]
    same = [
        c for c in free if order.titles[c[0]] == title and order.apart[c[0]] == apart
    ]
    if same:
        return same[0]
    near = [
        c
        for c in free
        if same_subject(title, order.titles[c[0]], 60.0)
        and _compatible(apart, order.apart[c[0]])
    ]
    return near[0] if len(near) == 1 else None


def _compatible(one: str, other: str) -> bool:
    pairs = zip(one.split(_GAP), other.split(_GAP), strict=True)
    return all(a == b or not a or not b for a, b in pairs)


def _numbered(
    clusters: Sequence[list[int]], order: _Order
) -> list[tuple[str, int, list[int]]]:
    if len(clusters) == 1:
        return [("", 1, clusters[0])]
    titles = {order.titles[c[0]] for c in clusters}
    seen: dict[str, int] = defaultdict(int)
    out = []
    for cluster in clusters:
        first = cluster[0]
        gain = _GAP + order.titles[first] if len(titles) > 1 else ""
        gain += _GAP + order.apart[first] if order.apart[first].strip(_GAP) else ""
        seen[gain] += 1
        out.append((gain, seen[gain], cluster))
    return out


def _hashed(table: str, keys: Objects) -> Objects:
    codes, unique = pd.factorize(keys)
    hashed = [f"{table}-{short_hash(f'{table}{_GAP}{key}', 10)}" for key in unique]
    return (
        np.array(hashed, dtype=object)[codes] if hashed else np.empty(0, dtype=object)
    )
