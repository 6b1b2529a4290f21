"""Mutants of workbooks and parcels: small damage, anywhere, by a chance that can be had again."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator, Mapping

from build_biff import cell12, label, number, row12, text12, xls, xlsb
from build_msg import attachment, compound, message
from build_read import ods, parts_of_bytes, zipped
from intake_inbox import mail
from test_hostile_run import milestones

_EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


def seeds() -> Mapping[str, bytes]:
    """Return sound files by their ending, one of each kind that is taken."""
    book = milestones("Recette", "Bascule")
    row = "".join(f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>' for t in ("Jalon", "Fin"))  # fmt: skip
    cells = [label(0, 0, "Jalon"), label(0, 1, "Fin"), label(1, 0, "Recette"), number(1, 1, 46_387, 1)]  # fmt: skip
    rows12 = [
        row12(n, cell12(6, 0, text12(t)) + cell12(6, 1, text12(u)))
        for n, (t, u) in enumerate((("Jalon", "Fin"), ("Recette", "31/12/2026")))
    ]
    return {
        "xlsx": book,
        "xls": xls(b"".join(cells)),
        "xlsb": xlsb(*rows12),
        "ods": ods(f'<table:table table:name="T"><table:table-row>{row}</table:table-row></table:table>'),
        "csv": "Jalon;Échéance;Responsable\nRecette;31/12/2026;\n".encode(),
        "zip": zipped({"a.xlsx": book, "b.csv": b"Jalon;Fin\nRecette;31/12/2026\n"}),
        "eml": mail([("a.xlsx", book)]),
        "msg": compound(message([attachment("a.xlsx", book)])),
    }  # fmt: skip


def mutants(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of mutants; the same ones for the same seed."""
    chance = random.Random(seed)
    sound = sorted(seeds().items())
    for n in range(count):
        kind, data = chance.choice(sound)
        inside = kind in {"xlsx", "ods", "xlsb", "zip"} and chance.random() < 0.7
        yield f"{seed}-{n:04}.{kind}", (_inside if inside else _damaged)(data, chance)


def _inside(data: bytes, chance: random.Random) -> bytes:
    """Damage one part of a zip, and pack it again as if nothing were."""
    parts = parts_of_bytes(data)
    name = chance.choice(sorted(parts))
    return zipped({**parts, name: _damaged(parts[name], chance)})


def _damaged(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 4, 16))):
        data = chance.choice(_WAYS)(data, chance)
    return data


def _flip(data: bytes, chance: random.Random) -> bytes:
    made = bytearray(data or b"\0")
    made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def _edge(data: bytes, chance: random.Random) -> bytes:
    """Write a number at the edge of its kind."""
    form = chance.choice(("<B", "<H", "<I", ">H", ">I"))
    size = struct.calcsize(form)
    value = chance.choice(_EDGES) & ((1 << 8 * size) - 1)
    at = chance.randrange(max(len(data) - size, 0) + 1)
    return data[:at] + struct.pack(form, value) + data[at + size :]


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _drop(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at + chance.randrange(1, 64) :]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at : at + 64] * chance.choice((2, 9, 1000)) + data[at:]


def _noise(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.randbytes(chance.randrange(1, 32)) + data[at:]


_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_flip, _flip, _edge, _edge),
    *(_cut, _drop, _repeat, _noise),
)
