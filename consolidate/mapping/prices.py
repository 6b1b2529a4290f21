"""Tell the price of one from the amount of a line."""

from __future__ import annotations

from collections.abc import Sequence

from consolidate.model.text import fold

_AMOUNT, _OF_ONE = "budget_initial", "unit_price"
_PRICE = frozenset({"prix", "price", "prices", "tarif"})
_TOTAL = frozenset({"total", "totaux", "totale", "global"})
_UNIT = frozenset({"unitaire", "unit", "unite", "u", "piece"})


def price_fields(labels: Sequence[str], fields: Sequence[str]) -> dict[int, str]:
    """Return the fields of the columns named Prix or Price, by number, where they change.

    Without a quantity beside it, such a column is the amount of the line. With one it is
    the price of one, unless another column says to be that: then it is the amount. Two
    prices of one (HT, TTC; a month, a year) are one too many: the first is kept.

    Args:
        labels: Header of each column.
        fields: Field given to each, empty when none.
    """
    words = [fold(label).split() for label in labels]
    bare = [
        i
        for i, said in enumerate(words)
        if said[:1] and said[0] in _PRICE and not (_TOTAL | _UNIT) & {*said}
    ]
    given = [i for i in bare if fields[i] in {_AMOUNT, _OF_ONE}]
    if "quantity" not in fields:
        sole = [i for i in given if fields[i] == _OF_ONE and _AMOUNT not in fields]
        return dict.fromkeys(sole, _AMOUNT)
    of_one = [
        i
        for i, said in enumerate(words)
        if i not in bare
        and _UNIT & {*said}
        and (fields[i] == _OF_ONE or (said[0] in _PRICE and fields[i] == _AMOUNT))
    ]
    if of_one:
        amounts = [i for i, name in enumerate(fields) if name == _AMOUNT]
        elsewhere = [i for i in amounts if i not in {*given, *of_one}]
        wanted = {of_one[0]: _OF_ONE}
        wanted |= {i: "" if elsewhere or n else _AMOUNT for n, i in enumerate(given)}
    else:
        wanted = {i: "" if n else _OF_ONE for n, i in enumerate(given)}
        if any(f == _OF_ONE and i not in given for i, f in enumerate(fields)):
            wanted = dict.fromkeys(given, "")
    return {i: name for i, name in wanted.items() if fields[i] != name}
