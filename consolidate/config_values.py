"""Check the values of ``consolidate.toml``, one by one."""

from __future__ import annotations

import difflib
from pathlib import Path
from urllib.parse import urlsplit

from consolidate.model.error import ConfigError

LANGS = ("fr", "en")
FAIL_ON = ("info", "warning", "error", "never")
AUDIENCES = ("pmo", "shared")
POLLING = ("auto", "always", "never")


def checked(value: object, default: object, name: str, folder: Path) -> object:
    """Return a value of the file as its dataclass holds it.

    Args:
        value: As the file has it.
        default: Of the dataclass; its type is what is wanted, a path where it is None.
        name: Of the key, for what is told: ``consolidate.toml: run.lang``.
        folder: Of the file; paths are relative to it.

    Raises:
        ConfigError: It is of another type, or not a possible value.
    """
    if default is None:
        return _place(value, name, folder)
    if isinstance(default, str):
        if not isinstance(value, str):
            raise ConfigError(f"{name} must be a text, not {value!r}")
        return _text(value, name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"{name} must be a number, not {value!r}")
    if isinstance(default, int) and not isinstance(value, int):
        raise ConfigError(f"{name} must be a whole number, not {value!r}")
    least_allowed = 0 if name.endswith(".jobs") else 1
    if not value >= least_allowed:
        raise ConfigError(f"{name} must be at least {least_allowed}, not {value!r}")
    return float(value) if isinstance(default, float) else value


def _place(value: object, name: str, folder: Path) -> Path:
    """Return the folder, or the file, that a key names."""
    kind = "file" if name.endswith(".file") else "folder"
    if not isinstance(value, str):
        raise ConfigError(f"{name} must be a {kind}'s path, not {value!r}")
    path = folder / Path(value).expanduser()
    if not (path.is_file() if kind == "file" else path.is_dir()):
        raise ConfigError(f"{name}: there is no {kind} {path}")
    return path


_CHOICES = {
    "lang": LANGS,
    "fail_on": FAIL_ON,
    "audience": AUDIENCES,
    "polling": POLLING,
    "direction": ("all", "approved", "confirmed"),
    "smtp_security": ("starttls", "tls"),
    "security": ("tls", "starttls"),
}


def _text(value: str, name: str) -> str:
    key = name.rpartition(".")[2]
    allowed = _CHOICES.get(key)
    if allowed and value not in allowed:
        near = difflib.get_close_matches(value, allowed, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ConfigError(
            f"{name} must be one of {', '.join(allowed)}, not {value!r}{hint}"
        )
    if (
        key == "heartbeat_url"
        and value
        and urlsplit(value).scheme not in {"http", "https"}
    ):
        raise ConfigError(f"{name} must begin with http:// or https://")
    if key == "webhook" and value and urlsplit(value).scheme != "https":
        raise ConfigError(f"{name} must begin with https://")
    if key == "source_root" and not _leads_to_files(value):
        raise ConfigError(
            f"{name} must be a folder, or begin with file:, http: or https:"
        )
    if key == "store" and _has_password(value):
        raise ConfigError(
            f"{name} holds a password; give the address in the environment variable"
            " CONSOLIDATE_STORE instead"
        )
    return value


def _leads_to_files(root: str) -> bool:
    """Return whether an address is of a kind that readers may follow."""
    scheme, colon, _ = root.partition(":")
    is_drive = len(scheme) == 1
    return not colon or is_drive or scheme.lower() in {"file", "http", "https"}


def _has_password(url: str) -> bool:
    try:
        return urlsplit(url).password is not None
    except ValueError:
        return False
