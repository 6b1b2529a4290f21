"""Make an archive that installs consolidate where there is no internet.

    python requirements/bundle.py                              for Linux and Windows, this Python
    python requirements/bundle.py --python 3.11 --python 3.12  for both
    python requirements/bundle.py --system linux               smaller

It holds the wheels at the versions and hashes of ``requirements/runtime.txt``, the wheel of
consolidate itself, and ``LISEZMOI.txt`` / ``README.txt`` with the two lines to type. Who installs it needs
no administrator and no internet: pip compares every file with its hash first.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKED = ROOT / "requirements" / "runtime.txt"
PLATFORMS = {
    "linux": ("manylinux_2_28_x86_64", "manylinux2014_x86_64", "manylinux_2_17_x86_64"),
    "windows": ("win_amd64",),
}
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
README = {
    "LISEZMOI.txt": """\
Installer consolidate sans internet et sans être administrateur
================================================================

Il faut Python {pythons} (python.org ; « Installer pour moi seulement » suffit).
Décompresser ce fichier, ouvrir un terminal dans son dossier, puis taper deux lignes.

Windows :

    py -m venv %LOCALAPPDATA%\\consolidate
    %LOCALAPPDATA%\\consolidate\\Scripts\\python -m pip install --no-index --find-links wheels --require-hashes -r requirements.txt

Linux :

    python3 -m venv ~/consolidate
    ~/consolidate/bin/python -m pip install --no-index --find-links wheels --require-hashes -r requirements.txt

Ensuite : consolidate doctor dit si tout ce qu’il faut est là
(%LOCALAPPDATA%\\consolidate\\Scripts\\consolidate doctor, ou ~/consolidate/bin/consolidate doctor).
Mettre à jour : les deux mêmes lignes, avec l’archive de la nouvelle version.
""",
    "README.txt": """\
Install consolidate without internet and without being administrator
=====================================================================

Python {pythons} is needed (python.org; "Install just for me" will do).
Unpack this file, open a terminal in its folder, and type two lines.

Windows:

    py -m venv %LOCALAPPDATA%\\consolidate
    %LOCALAPPDATA%\\consolidate\\Scripts\\python -m pip install --no-index --find-links wheels --require-hashes -r requirements.txt

Linux:

    python3 -m venv ~/consolidate
    ~/consolidate/bin/python -m pip install --no-index --find-links wheels --require-hashes -r requirements.txt

Then: consolidate doctor says whether all that is needed is there
(%LOCALAPPDATA%\\consolidate\\Scripts\\consolidate doctor, or ~/consolidate/bin/consolidate doctor).
To upgrade: the same two lines, with the archive of the new version.
""",
}


def bundle(systems: Sequence[str], pythons: Sequence[str], folder: Path) -> Path:
    """Write the archive and return its path; the same input gives the same bytes.

    Raises:
        subprocess.CalledProcessError: A package cannot be had or built; pip says which.
    """
    with tempfile.TemporaryDirectory() as scratch:
        wheels = Path(scratch) / "wheels"
        for system in systems:
            for python in pythons:
                _download(PLATFORMS[system], python, wheels)
        (own,) = _built(Path(scratch) / "own")
        target = folder / f"{own.name.split('-py3')[0]}-{'-'.join(systems)}.zip"
        folder.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".new")
        _write(draft, sorted([*wheels.iterdir(), own]), pythons)
        return draft.replace(target)


def _download(platforms: Sequence[str], python: str, wheels: Path) -> None:
    """Fetch the locked wheels of one system; pip compares each with its hash."""
    place = [word for name in platforms for word in ("--platform", name)]
    asked = ["--only-binary=:all:", *place, "--python-version", python]
    locked = ["--require-hashes", "-r", str(LOCKED), "--dest", str(wheels)]
    _pip("download", "--no-deps", *asked, *locked)


def _built(folder: Path) -> Sequence[Path]:
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel"]
    made = [*command, "--outdir", str(folder), str(ROOT)]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    return sorted(folder.glob("*.whl"))


def _pip(*words: str) -> None:
    quiet = ["--disable-pip-version-check", "--quiet"]
    subprocess.run([sys.executable, "-m", "pip", *words, *quiet], check=True)


def _write(target: Path, wheels: Sequence[Path], pythons: Sequence[str]) -> None:
    own = wheels[[w.name.startswith("consolidate-") for w in wheels].index(True)]
    version = own.name.split("-")[1]
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    # The wheels' names say for whom they are: pip takes those of who installs.
    locked = re.sub(r"^#.*\n", "", LOCKED.read_text(encoding="utf-8"), flags=re.M)
    asked = f"consolidate=={version} --hash=sha256:{digest}\n{locked}"
    told = {
        name: text.format(pythons=", ".join(pythons)) for name, text in README.items()
    }
    with zipfile.ZipFile(target, "w") as book:
        for name, text in {**told, "requirements.txt": asked}.items():
            given = text.replace("\n", "\r\n") if name != "requirements.txt" else text
            book.writestr(zipfile.ZipInfo(name), given, zipfile.ZIP_DEFLATED)
        for wheel in wheels:
            book.writestr(zipfile.ZipInfo(f"wheels/{wheel.name}"), wheel.read_bytes())


def main() -> int:
    """Make the archive that is asked for and say where it is."""
    parser = argparse.ArgumentParser(
        description="Bundle wheels for an offline install."
    )
    parser.add_argument("--system", choices=PLATFORMS, action="append")
    parser.add_argument("--python", action="append", help="as 3.12; may be repeated")
    parser.add_argument("--folder", type=Path, default=ROOT / "dist")
    asked = parser.parse_args()
    systems = asked.system or list(PLATFORMS)
    made = bundle(systems, asked.python or [HERE], asked.folder)
    print(f"{made} ({made.stat().st_size / 2**20:.0f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
