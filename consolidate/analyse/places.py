"""Where projects are: one row for each of their establishments."""

from __future__ import annotations

import pandas as pd

OVER = ("completed", "cancelled", "archived")


def is_live(projects: pd.DataFrame) -> pd.Series:
    """Return which rows are projects not known to be over, MCO containers left out."""
    return ~projects["state"].isin(OVER) & ~projects["kind"].eq("mco")


def places(projects: pd.DataFrame) -> pd.DataFrame:
    """Return the establishments of each project, as its workbook names them.

    The list of establishments in scope, else the leading one; nothing is expanded: a
    word such as « Tous » stays one place.

    Returns:
        ``project_code``, ``establishment`` (``""`` where none is told), ``domain``
        (None unknown).
    """
    listed = projects["establishments"].fillna(projects["establishment"]).fillna("")
    own = pd.DataFrame(
        {
            "project_code": projects["project_code"],
            "establishment": listed.str.split(";"),
            "domain": projects["domain"],
        }
    ).explode("establishment")
    own["establishment"] = own["establishment"].fillna("").str.strip()
    return own.drop_duplicates(["project_code", "establishment"], ignore_index=True)
