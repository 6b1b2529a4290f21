"""Projects, people and establishments that a month names, ready to be put in registers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from consolidate.model.text import fold

Rows = list[dict[str, str]]


def named_in(projects: pd.DataFrame) -> Mapping[str, Rows]:
    """Return rows of the registers ``projects``, ``people`` and ``establishments``.

    Put back unchanged they change nothing: each name is its own only spelling.

    Args:
        projects: The canonical table of a month.
    """
    own = projects.drop_duplicates("project_code").sort_values("project_code")
    columns = {"code": "project_code", "name": "name", "manager": "project_manager"}
    rows = [
        {
            key: str(row[name])
            for key, name in columns.items()
            if isinstance(row[name], str) and row[name]
        }
        for row in own.to_dict("records")
    ]
    places = own["establishments"].fillna(own["establishment"]).dropna()
    every = places.astype("str").str.split(";").explode().str.strip()
    return {
        "projects": [r for r in rows if "code" in r],
        "people": _named(own["project_manager"].dropna()),
        "establishments": _named(every),
    }


def _named(names: Iterable[str]) -> Rows:
    distinct = {fold(n): n for n in map(str, names) if n}
    return [{"name": distinct[key]} for key in sorted(distinct)]
