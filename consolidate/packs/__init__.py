"""The packs: what each reader is given each month, made of the portfolio and its history.

A module a kind of section, pure: ``data -> Section``; a module an audience, which says
what it is made of. Nothing here formats, draws or writes: ``model.pack`` says what a pack
is, ``report`` writes it.
"""

from consolidate.packs.data import PackData, sources

__all__ = ["PackData", "sources"]
