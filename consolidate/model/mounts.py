"""Where a folder really is: on a disk of this machine, or on a network share."""

from __future__ import annotations

import os
from pathlib import Path

_SHARES = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "afs", "ceph", "9p"),
        *("glusterfs", "lustre", "davfs", "fuse.sshfs", "fuse.davfs2", "fuse.rclone"),
        *("fuse.glusterfs", "fuse.gvfsd-fuse", "webdav"),
    }
)
_REMOTE_DRIVE = 4  # DRIVE_REMOTE of GetDriveTypeW


def is_share(path: Path, mounts: str = "/proc/self/mounts") -> bool:
    """Return whether a path is on a network share.

    Locks there are not what a database needs, and nobody is told of others' changes.

    Args:
        path: Any path; what does not exist yet is judged by the folder above it.
        mounts: What is mounted where, as Linux tells it; elsewhere than on Linux and
            Windows nothing is known, and nothing is a share.
    """
    if os.name == "nt":
        text = os.fspath(path.absolute())
        return text.startswith("\\\\") or _is_remote_drive(path)
    try:
        lines = Path(mounts).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    place = os.path.realpath(path)
    known = [line.split(" ")[1:3] for line in lines if line.count(" ") >= 2]
    holding = [(at.replace("\\040", " "), kind) for at, kind in known]
    holding = [(at, kind) for at, kind in holding if _holds(at, place)]
    # Of two mounted at one place the later is on top.
    return (
        bool(holding) and max(reversed(holding), key=lambda m: len(m[0]))[1] in _SHARES
    )


def _holds(mount: str, place: str) -> bool:
    return place == mount or place.startswith(mount.rstrip("/") + "/")


def _is_remote_drive(path: Path) -> bool:
    """Return whether a Windows drive letter stands for a share."""
    import ctypes  # noqa: PLC0415 (Windows only)

    kind = ctypes.windll.kernel32.GetDriveTypeW  # type: ignore[attr-defined,unused-ignore]
    return bool(kind(path.resolve().drive + "\\") == _REMOTE_DRIVE)
