"""Options that commands share, especially those that are settings, and the session made of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from dedup.cli.console import Console
from dedup.cli.language import Invocation, Refused, Unusable, language_asked
from dedup.configuration import load_settings
from dedup.configuration.rules import as_ratio
from dedup.errors import DedupError
from dedup.limits import LIMITS, Limits
from dedup.messages import Command as CommandLine
from dedup.messages import Words
from dedup.records import dataclass
from dedup.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Session:
    """One run of one command: its settings and its console."""

    settings: Settings
    console: Console
    folders: tuple[str, ...] = ()
    """Arguments that name the corpus and the index of this run, for commands that a user may run next."""
    limits: Limits = LIMITS

    def command(self, name: str, *options: str) -> str:
        """A command line about the same corpus and index, for pasting."""
        return CommandLine(name, *options).line(self.folders)


class Place(click.Path):
    """A path that is not empty: an empty one, as from `"$UNSET"`, would mean the working folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; calls click's `fail` for an empty one."""
        if value == "":
            raise Refused(Words("usage.empty_path"), param, ctx)
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            problem = Words("usage.not_file" if self.file_okay else "usage.not_folder")
            raise Refused(Words("usage.path", path=str(value), problem=problem), param, ctx) from error


class Ratio(click.ParamType[Any]):
    """A share from 0 to 1, which may be written in per cent: 0.2 or 20%."""

    name = "ratio"

    def __init__(self, *, above_zero: bool = False) -> None:
        self._above_zero = above_zero

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The share; calls click's `fail` for anything else."""
        ratio = as_ratio(value)
        if ratio is None or not 0 <= ratio <= 1 or (self._above_zero and ratio == 0):
            key = "usage.above_one" if ratio is not None and ratio > 1 else "usage.ratio"
            raise Refused(Words(key, value=str(value)), param, ctx)
        return ratio


class Whole(click.ParamType[Any]):
    """A whole number of at least `least`, if that is given."""

    name = "integer"

    def __init__(self, least: int | None = None) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; calls click's `fail` for anything else."""
        try:
            number = int(value)
        except ValueError:
            raise Refused(Words("usage.whole", value=str(value)), param, ctx) from None
        if self._least is not None and number < self._least:
            cure = Words("usage.least.cure", least=self._least)
            raise Refused(Words("usage.least", value=number), param, ctx, cure)
        return number


_CORPUS = "DEDUP_CORPUS"
"""The environment variable that names the corpus if no argument does."""
_FOLDER = Place(file_okay=False, path_type=Path)

_SETTING_OPTIONS: dict[str, Callable[[Any], Any]] = {
    "corpus": click.option("--corpus", type=_FOLDER, metavar="CORPUS", envvar=_CORPUS),
    "index": click.option("--index", type=_FOLDER, metavar="DIR", envvar="DEDUP_INDEX"),
    "engine": click.option("--engine", type=click.Choice(["local", "spark"])),
    "language": click.option("--lang", "language", type=click.Choice(["zh", "en"])),
    "fail_over": click.option("--fail-over", type=Ratio(), metavar="RATIO"),
    "own": click.option("--own", multiple=True, metavar="PATH"),
    "template": click.option("--template", multiple=True, metavar="PATH"),
    "author": click.option("--author", metavar="NAME"),
    "unit": click.option("--unit", metavar="NAME"),
    "log": click.option("--log", type=Place(), metavar="FILE"),
    "decisions": click.option("--decisions", type=Place(), metavar="FILE"),
    "history": click.option("--history", type=Place(), metavar="PATH"),
}

_corpus_argument = click.argument("corpus", required=False, type=_FOLDER, envvar=_CORPUS)
_also_corpus = click.option("--corpus", "also_corpus", type=_FOLDER, hidden=True)
"""`--corpus` for commands that have the corpus as an argument, since users type it as for `check`."""

_config_option = click.option("--config", type=Place(path_type=Path), metavar="FILE")
_quiet_option = click.option("-q", "--quiet", is_flag=True)
_verbose_option = click.option("-v", "--verbose", is_flag=True)
ocr_option = click.option("--ocr", is_flag=True)
refresh_option = click.option("--refresh/--no-refresh", default=True)

LISTING_FORMATS = ("terminal", "json")
"""Formats of commands whose result is a table rather than a report on a document."""


def format_option(names: Iterable[str]) -> Callable[[Any], Any]:
    """The option `--format` with these names; the first is the default."""
    first, *others = names
    choice = click.Choice((first, *others))
    return click.option("--format", "format_name", type=choice, default=first, metavar="NAME")


def _folders(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Arguments for the corpus and index that were given, not for those of the configuration."""
    corpus, index = given.get("corpus"), given.get("index")
    named = (os.fspath(corpus),) if corpus else ()
    return (*named, "--index", os.fspath(index)) if index else named


def _one_corpus(argument: Path | None, option: Path) -> Path:
    """The corpus of the option. Raises Unusable if an argument names one too; a variable may do so."""
    context = click.get_current_context()
    if context.get_parameter_source("corpus") is click.core.ParameterSource.COMMANDLINE:
        raise Unusable(str(argument), Words("usage.unexpected"), context)
    return option


def with_session(*names: str, corpus_as_argument: bool = False) -> Callable[[Command], Command]:
    """Give a command the named settings as options, `--config`, `--quiet`, `--verbose`, and a `session`.

    The configuration is read here, so every command treats it alike.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def start(*, config: Path | None, quiet: bool, verbose: bool, **given: Any) -> Any:
            if other := given.pop("also_corpus", None):
                given["corpus"] = _one_corpus(given["corpus"], other)
            # An option that is not given is an empty tuple; the configured value then stays in force.
            settings = {name: None if given[name] == () else given[name] for name in names}
            if "corpus" not in settings:  # a command's own argument takes precedence
                settings["corpus"] = os.environ.get(_CORPUS) or None
            # `--lang` may come before the command too.
            invocation: Invocation = click.get_current_context().find_root().obj
            settings["language"] = given.get("language") or language_asked(invocation.arguments)
            rest = {name: value for name, value in given.items() if name not in names}
            loaded = load_settings(Path(), settings, config)
            console = Console(quiet, verbose, loaded.language)
            session = Session(loaded, console, _folders(given), invocation.limits)
            try:
                return command(session, **rest)
            except DedupError as error:
                error.folders = session.folders
                raise

        decorated: Any = start
        for option in (_verbose_option, _quiet_option, _config_option):
            decorated = option(decorated)
        for name in reversed(names):
            if name == "corpus" and corpus_as_argument:
                decorated = _corpus_argument(_also_corpus(decorated))
            else:
                decorated = _SETTING_OPTIONS[name](decorated)
        result: Command = decorated
        return result

    return decorate
