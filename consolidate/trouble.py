"""Trouble with the disk, in words: what the system's errors mean to who reads them."""

from __future__ import annotations

import errno

from consolidate.wording import tr

TROUBLE = {
    errno.ENOSPC: "full",
    getattr(errno, "EDQUOT", errno.ENOSPC): "quota",
    errno.EIO: "device",
    errno.EFBIG: "too-large",
    errno.EROFS: "read-only",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.EBUSY: "in-use",
    errno.ENOTDIR: "not-a-folder",
    errno.EEXIST: "not-a-folder",
}
"""What errors are called, by number."""


def trouble_of(err: OSError, lang: str) -> str:
    """Return what an error of the system means; the system's own words for a rare one."""
    known = TROUBLE.get(err.errno or 0)
    return tr(f"trouble-{known}", lang) if known else err.strerror or type(err).__name__
