"""What commands share: options, the state home, the store, the clock."""

from __future__ import annotations

import calendar
import dataclasses
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import reduce, wraps
from pathlib import Path
from typing import Any

import click

from consolidate.config import Config, load_config
from consolidate.config_values import FAIL_ON, LANGS
from consolidate.model.error import ConfigError, ConsolidateError
from consolidate.model.forgotten import Forgotten, use

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_PASSWORD = re.compile(r"(://[^:/@]*):[^@]*@")


def month(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Return a month as it was written, ``2026-10``, once it is one."""
    if value and (not _MONTH.fullmatch(value) or value.startswith("0000")):
        text = f"{value!r} is not a month; write it as 2026-10."
        raise click.BadParameter(text, ctx, param)
    return value


def day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """Return a day written ``2026-10-31``."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as err:
        text = f"{value!r} is not a day; write it as 2026-10-31."
        raise click.BadParameter(text, ctx, param) from err


def today() -> date:
    """Return the day of the computer's clock; the only place that reads it."""
    return date.today()


def now() -> str:
    """Return the time of the computer's clock, UTC, ``2026-11-03T08:15:00Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def last_complete_month(day: date) -> str:
    """Return the month before a day's, ``YYYY-MM``."""
    return f"{day.replace(day=1) - timedelta(days=1):%Y-%m}"


def cut_off(period: str, day: date) -> date:
    """Return the earlier of the period's last day and a day."""
    year, month = int(period[:4]), int(period[5:])
    return min(date(year, month, calendar.monthrange(year, month)[1]), day)


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What the shared options say, with the configuration behind them.

    Attributes:
        home: The state home.
        config: The configuration in force.
        lang: Language of what is shown.
        origins: Where home, file and language came from, for ``consolidate config``.
    """

    home: Path
    config: Config
    lang: str
    origins: dict[str, str]


def shared(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options that every command has, and give it ``settings`` for them."""

    @wraps(command)
    def with_settings(
        lang: str | None, config_file: Path | None, home: Path | None, **given: Any
    ) -> int:
        settings = read_settings(lang, config_file, home)
        try:
            return command(settings=settings, **given)
        except BrokenPipeError:  # who reads what we say has heard enough
            raise
        except OSError as err:
            raise ConsolidateError(_told(err, settings.lang)) from err

    options = [
        click.option(
            "--lang",
            type=click.Choice(LANGS),
            envvar="CONSOLIDATE_LANG",
            show_envvar=True,
            help="Language of what is shown.  [default: the configuration's, else fr]",
        ),
        click.option(
            "--config",
            "config_file",
            type=click.Path(dir_okay=False, path_type=Path),
            envvar="CONSOLIDATE_CONFIG",
            show_envvar=True,
            metavar="FILE",
            help="Configuration.  [default: consolidate.toml in the state home, if there is one]",
        ),
        click.option(
            "--home",
            type=click.Path(file_okay=False, path_type=Path),
            envvar="CONSOLIDATE_HOME",
            show_envvar=True,
            metavar="DIR",
            help="State home: store, layouts, schemas.  [default: the user's data folder]",
        ),
        click.option(
            "--debug",
            is_flag=True,
            expose_value=False,
            help="Show where the program failed.",
        ),
    ]
    return reduce(
        lambda decorated, option: option(decorated), reversed(options), with_settings
    )


def _told(err: OSError, lang: str) -> str:
    """Return trouble with the disk in one line, where no command tells it better."""
    from consolidate.trouble import trouble_of
    from consolidate.wording import tr

    what = err.filename if isinstance(err.filename, str) else ""
    trouble = trouble_of(err, lang)
    return tr("cli-trouble", lang, what=what or tr("cli-disk", lang), trouble=trouble)


def read_settings(
    lang: str | None, config_file: Path | None, home: Path | None
) -> Settings:
    """Return the settings in force.

    Raises:
        ConfigError: The configuration is wrong.
    """
    place = (home or _user_home()).expanduser().resolve()
    config = load_config(config_file, place)
    _check_file(place)
    use(Forgotten.of_home(place))
    default = config.origins.get("run.lang", "default")
    origins = {
        "home": source("home", "default") if home else "default",
        "lang": source("lang", "option") if lang else default,
    }
    return Settings(place, config, lang or config.run.lang, origins)


def _check_file(home: Path) -> None:
    if home.exists() and not home.is_dir():
        raise ConfigError(f"the state home {home} is not a folder")


def source(name: str, otherwise: str) -> str:
    """Return which option or variable gave a value, for ``consolidate config``."""
    ctx = click.get_current_context(silent=True)
    found = ctx.get_parameter_source(name) if ctx else None
    if found is click.core.ParameterSource.ENVIRONMENT:
        return f"CONSOLIDATE_{name.upper()}"
    return f"--{name}" if found else otherwise


def _user_home() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("consolidate", appauthor=False))


def store_url(settings: Settings, store: str | None) -> str:
    """Return the store's address: the option's, the configuration's, else the home's."""
    url = store or settings.config.run.store
    return url or f"sqlite:///{(settings.home / 'portfolio.db').as_posix()}"


def make_home(home: Path) -> None:
    """Make the state home, for its owner alone.

    Raises:
        ConfigError: It cannot be made, or anybody on this computer may write into it.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = home.stat().st_mode
    except OSError as err:
        raise ConfigError(
            f"the state home {home} cannot be made: {err.strerror}"
        ) from err
    if os.name == "posix" and mode & 0o002:
        raise ConfigError(
            f"anybody may write into the state home {home}: chmod 700 {home}"
        )


@contextmanager
def writing_home(settings: Settings) -> Iterator[None]:
    """Tell trouble with writing into the state home in one line.

    Raises:
        ConfigError: It cannot be written.
    """
    try:
        yield
    except OSError as err:
        raise ConfigError(f"{settings.home}: {err.strerror}") from err


def without_password(url: str) -> str:
    """Return a store's address as it may be shown."""
    return _PASSWORD.sub(r"\1:***@", url)


def user() -> str:
    """Return who uses this computer; for what a person decides."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "?"


def processors() -> int:
    """Return how many workbooks to read at the same time: the processors, at most 4."""
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:  # not on this platform
        count = os.cpu_count() or 1
    return max(1, min(count, 4))


store_option = click.option(
    "--store",
    envvar="CONSOLIDATE_STORE",
    show_envvar=True,
    metavar="URL",
    help="Where months are kept, an SQLAlchemy URL.  [default: portfolio.db in the state home]",
)
fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    help="Lowest severity that makes the exit status 1.  [default: the configuration's, else error]",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as JSON."
)
