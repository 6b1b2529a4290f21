"""A drawing of a workbook: what its sheets show, and what their cells were taken for.

Plain data, made in the worker and read by the report:

``{"sheets": [sheet, ...], "more": sheets not drawn}``, where a sheet is

* ``name``, ``visible``
* ``rows``, ``cols``: 0-based rows and columns drawn; ``more_rows``: filled rows that are
  not; ``more_cols``: columns that are not; ``hidden_rows``, ``hidden_cols`` among them
* ``merges``: ``[top, left, height, width]``, drawn whole
* ``cells``: ``[row, column, text, fill, bold, kind, field]`` of each cell that has
  something or a colour; ``field`` counts in ``fields``, -1 for none
* ``fields``: ``[table, field]``
* ``row_kinds``: ``[row, kind]`` of the rows that are no record of their table
* ``regions``: ``box`` (top, left, bottom, right), ``table``, ``shape``, ``reason``,
  ``records``, ``score``, and ``columns``: ``[ref, header, field, confidence, method,
  candidates]``

A cell's kind is ``v`` (it gave a value), ``H`` (header or label of a field), ``M`` (a
month or year that heads amounts), ``X`` (a header or label that is not used), ``h`` (another cell of a header), ``x`` (of a column that is not used),
``n`` (of a region left out), ``t`` (of a used region, no value: total, section, scale),
``o`` (outside every region), or empty (a colour only).
"""

from __future__ import annotations

import json
import zlib
from typing import Any

_LEVEL = 1


def packed(content: dict[str, Any]) -> bytes:
    """Return a drawing as bytes, a fifth of its text."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "replace"), _LEVEL)


def unpacked(drawing: bytes) -> dict[str, Any]:
    """Return a drawing that was packed."""
    content: dict[str, Any] = json.loads(zlib.decompress(drawing))
    return content
