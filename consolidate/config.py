"""Read ``consolidate.toml`` into frozen dataclasses; every default lives here.

Nothing here reads the clock or the environment: the command line passes them in.
"""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from consolidate.config_values import checked
from consolidate.model.error import ConfigError

FailOn: TypeAlias = Literal["info", "warning", "error", "never"]

FILE_NAME = "consolidate.toml"
DECISIONS = "decisions"
IMPORTS = "imports"
REGISTER_FILES = ("registers.xlsx", "registers.toml")


@dataclass(frozen=True, slots=True)
class RunConfig:
    """How a run behaves.

    Attributes:
        lang: Language of findings, reports and messages: ``fr`` or ``en``.
        fail_on: Lowest severity that makes the exit status 1: ``info``, ``warning``,
            ``error`` or ``never``.
        store: SQLAlchemy URL of the monthly snapshots, without a password; empty for
            the SQLite file of the state home.
        heartbeat_url: Address called after a published run, so that silence is
            noticed; empty for none.
        jobs: Workbooks read at the same time; 0 for one per processor, at most 4.
    """

    lang: str = "fr"
    fail_on: str = "error"
    store: str = ""
    heartbeat_url: str = ""
    jobs: int = 0


@dataclass(frozen=True, slots=True)
class PathsConfig:
    """Folders of the PMO's own, searched before the shipped ones.

    Attributes:
        templates: Templates of the reports; the ones missing there are the shipped ones.
        schemas: Aliases, words, labels and bounds added to the shipped schemas.
            Default: ``schemas`` of the state home, when there is one.
        layouts: Layout files. Default: ``layouts`` of the state home, when there is one.
    """

    templates: Path | None = None
    schemas: Path | None = None
    layouts: Path | None = None


@dataclass(frozen=True, slots=True)
class LimitsConfig:
    """What one workbook may cost before it is rejected.

    Attributes:
        memory_mb: Memory of the process that reads it, in MiB.
        seconds: Time to read and understand it.
        file_mb: Size of the file, in MB.
    """

    memory_mb: int = 1024
    seconds: int = 20
    file_mb: int = 100


@dataclass(frozen=True, slots=True)
class UnitsConfig:
    """How efforts are brought to person-days.

    Attributes:
        hours_per_day: Hours of a person-day.
        days_per_month: Person-days of one full-time month.
        working_days_per_year: Person-days of one full-time year.
    """

    hours_per_day: float = 7.0
    days_per_month: float = 20.0
    working_days_per_year: float = 210.0


@dataclass(frozen=True, slots=True)
class ReportConfig:
    """How reports look.

    Attributes:
        audience: ``pmo``, or ``shared``: what is published names nobody but sponsors and
            project managers.
        source_root: Folder or address under which readers find the received workbooks;
            when set, every source in the reports is a link. Empty for plain text.
        direction: Projects that the page of general management tells of: ``all``, or those
            alone whose workbooks were read by an ``approved`` layout, or a ``confirmed`` one.
    """

    audience: str = "pmo"
    source_root: str = ""
    direction: str = "all"


@dataclass(frozen=True, slots=True)
class RegistersConfig:
    """What the PMO keeps itself.

    Attributes:
        file: Workbook or TOML file of the registers: corrections of the PMO.
            Default: ``registers.xlsx`` or ``registers.toml`` in the state home, if there
            is one.
        decisions: Folder where filled workbooks of the monthly review, and of the pack of
            priorities, are dropped, to be read back. Default: ``decisions`` in the
            state home, if there is one.
    """

    file: Path | None = None
    decisions: Path | None = None


@dataclass(frozen=True, slots=True)
class ImportsConfig:
    """What service-desk and supervision tools recorded.

    Attributes:
        folder: Folder of their exports (CSV or workbooks), read when packs are made.
            Default: ``imports`` in the state home, if there is one.
    """

    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class WatchConfig:
    """How a folder is watched.

    Attributes:
        quiet_seconds: Time without an arrival before what came is consolidated.
        rescan_seconds: Time between two looks at the folder when nothing stirs.
        look_seconds: Time between two looks while files are on their way; a file lies
            still for that long before it is taken.
        polling: ``auto``, ``always`` or ``never``: whether the folder is looked at rather
            than listened to; ``auto`` does so on network shares.
        webhook: Address (https) that is told of each publication and failure, and of
            deliveries that wait, by counts alone; empty for none.
    """

    quiet_seconds: int = 30
    rescan_seconds: int = 30
    look_seconds: int = 3
    polling: str = "auto"
    webhook: str = ""


@dataclass(frozen=True, slots=True)
class MailConfig:
    """How answers go out. Passwords come from the environment alone.

    Attributes:
        sender: Address the PMO writes from.
        smtp_host: Server that sends; empty for answers sent by hand. The password of
            its user is read from ``CONSOLIDATE_SMTP_PASSWORD``.
        smtp_port: Its port.
        smtp_security: ``starttls`` or ``tls``; nothing goes out unencrypted.
        smtp_user: Who logs in; empty for none.
    """

    sender: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""


@dataclass(frozen=True, slots=True)
class MailboxConfig:
    """The mailbox that ``consolidate fetch-mail`` empties. Secrets are never in a file.

    Attributes:
        host: IMAP server; empty for none.
        port: Its port.
        security: ``tls`` or ``starttls``; nothing is said unencrypted.
        user: Who logs in, with the password of ``CONSOLIDATE_IMAP_PASSWORD``, the token
            of ``CONSOLIDATE_IMAP_TOKEN``, or the password that the system keeps for
            ``consolidate``.
        folder: Folder that is read: all that is in it is fetched.
        done: Folder that what was archived is moved to; made where missing.
    """

    host: str = ""
    port: int = 993
    security: str = "tls"
    user: str = ""
    folder: str = "INBOX"
    done: str = "consolidate"


@dataclass(frozen=True, slots=True)
class Config:
    """All that is configured.

    Attributes:
        run, paths, limits, units, report, registers, imports, watch, mail, mailbox: The
            sections of the file.
        origins: Where each value that is not a default came from, by
            ``section.key``: a file's path, or ``home``.
    """

    run: RunConfig = RunConfig()
    paths: PathsConfig = PathsConfig()
    limits: LimitsConfig = LimitsConfig()
    units: UnitsConfig = UnitsConfig()
    report: ReportConfig = ReportConfig()
    registers: RegistersConfig = RegistersConfig()
    imports: ImportsConfig = ImportsConfig()
    watch: WatchConfig = WatchConfig()
    mail: MailConfig = MailConfig()
    mailbox: MailboxConfig = MailboxConfig()
    origins: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def settings(self) -> dict[str, object]:
        """Return every value by ``section.key``, in the order of the file."""
        return {
            f"{section}.{field.name}": getattr(getattr(self, section), field.name)
            for section, kind in SECTIONS.items()
            for field in dataclasses.fields(kind)
        }


SECTIONS: Mapping[str, type[Any]] = {
    "run": RunConfig,
    "paths": PathsConfig,
    "limits": LimitsConfig,
    "units": UnitsConfig,
    "report": ReportConfig,
    "registers": RegistersConfig,
    "imports": ImportsConfig,
    "watch": WatchConfig,
    "mail": MailConfig,
    "mailbox": MailboxConfig,
}


def load_config(path: Path | None = None, home: Path | None = None) -> Config:
    """Return the configuration in force.

    Args:
        path: The configuration file. None: the one in the state home, if there is one.
        home: The state home. Its ``layouts`` and ``schemas`` are used where the file
            does not name others.

    Raises:
        ConfigError: The file cannot be read, or holds an unknown key, a wrong type,
            an impossible value or a folder that does not exist.
    """
    if path is None and home is not None and (home / FILE_NAME).is_file():
        path = home / FILE_NAME
    raw = _read(path) if path else {}
    where = str(path or FILE_NAME)
    _check_known(raw, SECTIONS, where, "section")
    origins: dict[str, str] = {}
    sections: dict[str, Any] = {}
    for section, kind in SECTIONS.items():
        given = _section(raw.get(section, {}), section, kind, where)
        origins |= {f"{section}.{key}": where for key in given}
        for key, place in _at_home(section, home):
            if key not in given:
                given[key] = place
                origins[f"{section}.{key}"] = "home"
        sections[section] = kind(**given)
    return Config(**sections, origins=origins)


def _at_home(section: str, home: Path | None) -> Iterator[tuple[str, Path]]:
    """Yield what the state home has for keys of a section that the file does not name."""
    if home is None:
        return
    if section == "paths":
        found = [(key, home / key) for key in ("schemas", "layouts")]
        yield from ((key, place) for key, place in found if place.is_dir())
    if section == "registers":
        files = [home / name for name in REGISTER_FILES]
        yield from [("file", place) for place in files if place.is_file()][:1]
        if (home / DECISIONS).is_dir():
            yield "decisions", home / DECISIONS
    if section == "imports" and (home / IMPORTS).is_dir():
        yield "folder", home / IMPORTS


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path}: {err}") from err
    except OSError as err:
        raise ConfigError(f"{path}: {err.strerror}") from err


def _section(
    given: object, section: str, kind: type[Any], where: str
) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise ConfigError(f"{where}: [{section}] must be a section of keys")
    defaults = kind()
    known = {
        field.name: getattr(defaults, field.name) for field in dataclasses.fields(kind)
    }
    _check_known(given, known, where, section)
    folder = Path(where).parent
    return {
        key: checked(value, known[key], f"{where}: {section}.{key}", folder)
        for key, value in given.items()
    }


def _check_known(
    given: Iterable[str], known: Iterable[str], where: str, section: str
) -> None:
    for key in given:
        if key in known:
            continue
        name = f"[{key}]" if section == "section" else f"{section}.{key}"
        near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.0)
        raise ConfigError(f"{where}: {name} is unknown; the nearest is {near[0]!r}")
