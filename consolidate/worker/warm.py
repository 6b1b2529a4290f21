"""Imported by the server that workers are forked from: what each of them needs, once."""

from __future__ import annotations

import gc
import importlib
from contextlib import suppress

from consolidate.model.schema import load_schemas
from consolidate.resources import shipped

# Whatever is wrong shows again, and is told, in the first worker.
for _name in ("consolidate.worker", "consolidate.read", "consolidate.draw"):
    with suppress(Exception):
        importlib.import_module(_name)
with suppress(Exception):
    from consolidate.understand import prepare

    prepare(load_schemas((shipped("schemas"),)))
# Objects that the collector never visits stay shared between the workers.
gc.freeze()
