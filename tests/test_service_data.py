"""Exports of tools, from the files in a folder to the figures of a pack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest
from build_portfolio import make_portfolio
from build_tables import pack_data
from click.testing import CliRunner

from consolidate import store
from consolidate.cli import main
from consolidate.config import load_config
from consolidate.model.delivery import Failure
from consolidate.model.error import ConfigError, UnreadableWorkbookError
from consolidate.packs.year_end import packs
from consolidate.service_data import service_frames
from consolidate.worker import Reader


class Here:
    """A reader that reads in this process: what is read is tested, not the confinement."""

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def map(
        self, function: Callable[[Any], Any], items: Sequence[Any]
    ) -> Iterator[Any]:
        for item in items:
            try:
                yield function(item)
            except UnreadableWorkbookError as err:
                yield Failure("unreadable", str(err))


def frames(
    folder: Path, files: Mapping[str, str | bytes]
) -> Mapping[str, pd.DataFrame]:
    for name, text in files.items():
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        (folder / name).write_bytes(data)
    return service_frames(folder, lambda: cast("Reader", Here()))


GLPI = """ID;Titre;Type;Date d'ouverture;Date de résolution;Priorité;Éléments associés;Demandeur - Demandeur
"1";"Écran noir";Incident;12-10-2026 08:00;12-10-2026 10:00;Majeure;Labo;Alix Exemple
"2";"Compte";Demande;13-10-2026 08:00;13-10-2026 10:00;Basse;Labo;Alix Exemple
"3";"Lenteur";Incident;13-10-2026 08:00;;Haute;Labo;Alix Exemple
"""
ZABBIX = """Severity,Time,Recovery time,Status,Host,Problem
High,2026-10-12 08:00:00,2026-10-12 09:30:00,RESOLVED,SRV-LABO,Down
Warning,2026-10-12 10:00:00,2026-10-12 11:00:00,RESOLVED,SRV-LABO,Slow
"""


def test_an_export_of_a_service_desk_gives_incidents_and_leaves_names_behind(
    tmp_path: Path,
) -> None:
    found = frames(tmp_path, {"glpi.csv": GLPI})
    tickets = found["service_tickets"]
    assert tickets["ticket"].tolist() == ["1", "3"]
    assert tickets["major"].tolist() == [True, False]
    assert str(tickets["opened"].iloc[0]) == "2026-10-12 08:00:00"
    assert "Exemple" not in repr({name: f.to_csv() for name, f in found.items()})


def test_a_warning_of_supervision_is_no_outage(tmp_path: Path) -> None:
    found = frames(tmp_path, {"zabbix.csv": ZABBIX})
    assert found["service_outages"]["start"].astype("str").tolist() == ["2026-10-12 08:00:00"]  # fmt: skip
    told = found["service_imports"].set_index("reason")["count"].to_dict()
    assert told == {"still-running": 1, "planned-untold": 1}


def test_a_ticket_in_two_exports_counts_once(tmp_path: Path) -> None:
    found = frames(tmp_path, {"octobre.csv": GLPI, "annee.csv": GLPI})
    assert len(found["service_tickets"]) == 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Labo;bientôt;13/10/2026 09:00;non", "time-unread"),
        ("Labo;13/10/2026 09:00;bientôt;non", "time-unread"),
        ("Labo;13/10/2026 09:00;12/10/2026 09:00;non", "end-before-start"),
        (";13/10/2026 09:00;13/10/2026 10:00;non", "no-service"),
        ("Labo;13/10/2026 09:00;;non", "still-open"),
        ("Labo;13/10/2026 09:00;13/10/2026 10:00;peut-être", "planned-untold"),
    ],
)
def test_what_a_line_lacks_is_told(tmp_path: Path, line: str, reason: str) -> None:
    found = frames(tmp_path, {"a.csv": f"Service;Début;Fin;Planifié\n{line}\n"})
    assert found["service_imports"]["reason"].tolist() == [reason]


def test_a_file_that_is_no_export_is_told_and_stops_nothing(tmp_path: Path) -> None:
    files = {"a.csv": "x;y\n1;2\n", "b.xlsx": b"PK\x03\x04 not a workbook", "glpi.csv": GLPI}  # fmt: skip
    found = frames(tmp_path, files)
    told = found["service_imports"].set_index("workbook")
    assert told.loc["a.csv", "reason"] == "import-unknown"
    assert told.loc["b.xlsx", "reason"]
    assert len(found["service_tickets"]) == 2


def test_a_hostile_cell_stays_text(tmp_path: Path) -> None:
    evil = "=cmd|' /C calc'!A0"
    found = frames(tmp_path, {"a.csv": f"Service;Début;Fin\n{evil};12/10/2026 08:00;12/10/2026 09:00\n"})  # fmt: skip
    assert found["service_outages"]["service"].tolist() == [evil]


def test_without_a_folder_there_is_nothing(tmp_path: Path) -> None:
    assert all(len(f) == 0 for f in service_frames(None, lambda: cast("Reader", Here())).values())  # fmt: skip
    with pytest.raises(ConfigError):
        service_frames(tmp_path / "gone", lambda: cast("Reader", Here()))


def test_the_folder_of_the_state_home_is_found(tmp_path: Path) -> None:
    (tmp_path / "imports").mkdir()
    assert load_config(None, tmp_path).imports.folder == tmp_path / "imports"


def table(pack: Any, name: str) -> pd.DataFrame:
    return next(t.frame for _, t in pack.tables() if t.id == name)


def made(
    registers: Mapping[str, pd.DataFrame], services: Iterable[dict[str, Any]]
) -> Any:
    data = replace(pack_data(services=list(services)), registers=registers)
    (pack,) = packs(data)
    return pack


LABO = {
    "name": "Labo",
    "month": "2026-10",
    "support_hours": "24/7",
    "availability_target": 0.999,
    "availability_actual": 0.9995,
    "incidents": 2,
    "incidents_major": 1,
}
NAMES = "Outil;Service\nSRV-LABO;Labo\n"


def test_tools_stand_beside_workbooks_and_replace_nothing(tmp_path: Path) -> None:
    exports = frames(tmp_path, {"glpi.csv": GLPI, "zabbix.csv": ZABBIX, "noms.csv": NAMES})  # fmt: skip
    pack = made(exports, [LABO])
    row = table(pack, "tool-availability").iloc[0]
    # An hour and a half of the 744 of October: 99.80 %, where the workbook says 99.95 %.
    assert row["tool_share"].replace("\u00a0", " ") == "99,80 %"
    assert row["book_availability"].replace("\u00a0", " ") == "99,95 %"
    assert (row["tool_tone"], row["gap_tone"]) == ("poor", "fair")
    assert table(pack, "year-services").iloc[0]["missed_of"] == "0 / 1"
    counts = table(pack, "tool-incidents").iloc[0]
    assert counts[["tool_incidents", "book_incidents", "more"]].tolist() == [2, 2, 0]


def test_a_name_that_no_service_bears_is_listed(tmp_path: Path) -> None:
    pack = made(frames(tmp_path, {"zabbix.csv": ZABBIX}), [LABO])
    assert table(pack, "tool-unknown")["tool"].tolist() == ["SRV-LABO"]
    assert table(pack, "tool-availability").empty


def test_a_list_of_planned_outages_says_nothing_of_availability(tmp_path: Path) -> None:
    planned = "Service;Début;Fin;Planifié\nLabo;12/10/2026 20:00;13/10/2026 02:00;oui\n"
    pack = made(frames(tmp_path, {"a.csv": planned}), [LABO])
    assert table(pack, "tool-availability").empty


def test_hours_that_are_not_told_are_assumed_and_marked(tmp_path: Path) -> None:
    exports = frames(tmp_path, {"zabbix.csv": ZABBIX, "noms.csv": NAMES})
    pack = made(exports, [LABO | {"support_hours": "HO"}])
    assert "supposée" in table(pack, "tool-availability").iloc[0]["hours"]


def test_a_pack_made_by_hand_reads_the_folder_in_the_confined_worker(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    (home / "imports").mkdir(parents=True)
    (home / "imports" / "glpi.csv").write_text(GLPI, encoding="utf-8")
    kept = replace(make_portfolio(1), period="2026-10")
    services = pack_data(services=[LABO]).table("services")
    month = replace(kept, tables={**kept.tables, "services": services})
    store.save(f"sqlite:///{(home / 'portfolio.db').as_posix()}", month)
    args = ["pack", "year-end", "--home", str(home), "-o", str(tmp_path / "packs")]
    done = CliRunner().invoke(main, args)
    assert done.exit_code == 0, done.output
    page = (tmp_path / "packs" / "2026-10" / "year-end.html").read_text("utf-8")
    assert "glpi.csv" in page
    assert "Alix Exemple" not in page
