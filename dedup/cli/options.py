"""What the commands share: options that are settings, and the session they make."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from dedup.cli.console import Console
from dedup.cli.language import Invocation, Refused, both, language_asked
from dedup.errors import DedupError
from dedup.limits import LIMITS, Limits
from dedup.messages import Command as CommandLine
from dedup.messages import Words
from dedup.records import dataclass
from dedup.reports import CHECK_FORMATS
from dedup.settings import Settings, as_ratio, load_settings

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Session:
    """One run of one command: its settings and its voice."""

    settings: Settings
    console: Console
    folders: tuple[str, ...] = ()
    """Arguments that name the corpus and the index of this run, for commands that a user may run next."""
    limits: Limits = LIMITS

    def command(self, name: str, *options: str) -> str:
        """A command about the same corpus and index, to be pasted."""
        return CommandLine(name, *options).line(self.folders)


class Place(click.Path):
    """A path that is not empty: of `"$UNSET"` the working folder would be made, or nothing at all."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; fails, as click has it, for an empty one."""
        if value == "":
            raise Refused(Words("usage.empty_path"), "", param, ctx)
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            problem = Words("usage.not_file" if self.file_okay else "usage.not_folder")
            raise Refused(Words("usage.path", path=str(value), problem=problem), "", param, ctx) from error


class Ratio(click.ParamType[Any]):
    """A share from 0 to 1, which may be written per cent: 0.2 or 20%."""

    name = "ratio"

    def __init__(self, *, above_zero: bool = False) -> None:
        self._above_zero = above_zero

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The share; fails, as click has it, for what is none."""
        ratio = as_ratio(value)
        if ratio is None or not 0 <= ratio <= 1 or (self._above_zero and ratio == 0):
            key = "usage.above_one" if ratio is not None and ratio > 1 else "usage.ratio"
            raise Refused(Words(key, value=str(value)), Words(f"{key}.cure"), param, ctx)
        return ratio


class Whole(click.ParamType[Any]):
    """A whole number of at least `least`, if that is given."""

    name = "integer"

    def __init__(self, least: int | None = None) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; fails, as click has it, for what is none."""
        try:
            number = int(value)
        except ValueError:
            raise Refused(
                Words("usage.whole", value=str(value)), Words("usage.whole.cure"), param, ctx
            ) from None
        if self._least is not None and number < self._least:
            cure = Words("usage.least.cure", least=self._least)
            raise Refused(Words("usage.least", value=number), cure, param, ctx)
        return number


_DEFAULT = Settings()
_FOLDER = Place(file_okay=False, path_type=Path)

_SETTING_OPTIONS: dict[str, Callable[[Any], Any]] = {
    "corpus": click.option(
        "--corpus",
        type=_FOLDER,
        metavar="CORPUS",
        help=both(
            f"范文库文件夹，默认 {_DEFAULT.corpus}/",
            f"Folder of the reference documents ({_DEFAULT.corpus}/)",
        ),
    ),
    "index": click.option(
        "--index",
        type=_FOLDER,
        metavar="DIR",
        envvar="DEDUP_INDEX",
        help=both(
            "索引文件夹，默认 CORPUS/.dedup；\n也可用环境变量 DEDUP_INDEX",
            "Folder of the index (CORPUS/.dedup);\nDEDUP_INDEX in the environment sets it too",
        ),
    ),
    "engine": click.option(
        "--engine",
        type=click.Choice(["local", "spark"]),
        help=both(
            f"在哪里计算，默认 {_DEFAULT.engine}（本机）；\nspark 见 dedup guide spark",
            f"Where to compute ({_DEFAULT.engine}: this machine);\nspark: see dedup guide spark",
        ),
    ),
    "language": click.option(
        "--lang",
        "language",
        type=click.Choice(["zh", "en"]),
        help=both(f"报告语言，默认 {_DEFAULT.language}", f"Language of the report ({_DEFAULT.language})"),
    ),
    "fail_over": click.option(
        "--fail-over",
        type=Ratio(),
        metavar="RATIO",
        help=both(
            "去套话复制比高于此值时退出状态为 1；\n不给则按结论",
            "Exit status 1 when the copied ratio is above\nit; without it the verdict decides",
        ),
    ),
    "own": click.option(
        "--own",
        multiple=True,
        metavar="PATH",
        help=both(
            "本人旧稿在范文库中的路径，可用 *，可重复",
            "Own earlier documents, paths below CORPUS;\n* allowed, repeatable",
        ),
    ),
    "template": click.option(
        "--template",
        multiple=True,
        metavar="PATH",
        help=both(
            "模板文件或文件夹，其中的文字不算复用；可重复",
            "File or folder of templates: what stands there\nnever counts; repeatable",
        ),
    ),
    "author": click.option(
        "--author",
        metavar="NAME",
        help=both("作者或单位，其文件算本人旧稿", "Author or unit; its documents count as own"),
    ),
}

_corpus_argument = click.argument("corpus", required=False, type=_FOLDER)

_quiet_option = click.option(
    "-q", "--quiet", is_flag=True, help=both("只说错误和结果", "Nothing but errors and results")
)
_verbose_option = click.option("-v", "--verbose", is_flag=True, help=both("全部列出", "Show everything"))


def _format_option(names: Sequence[str]) -> Callable[[Any], Any]:
    return click.option(
        "--format",
        "format_name",
        type=click.Choice(names),
        default="terminal",
        metavar="NAME",
        help=both(
            f"报告格式，默认 terminal；可用：\n{' '.join(names)}",
            f"Form of the report (terminal), one of\n{' '.join(names)}",
        ),
    )


format_option = _format_option(tuple(CHECK_FORMATS))
listing_format_option = _format_option(("terminal", "json"))
"""For commands whose result is a table rather than a report on a document."""

refresh_option = click.option(
    "--refresh/--no-refresh",
    default=True,
    help=both(
        "先按文件变动更新索引（默认），或照旧使用",
        "Bring the index up to date first (default),\nor take it as it is",
    ),
)


def _folders(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Arguments that name the corpus and the index that were given; the configuration names them again."""
    corpus, index = given.get("corpus"), given.get("index")
    named = (os.fspath(corpus),) if corpus else ()
    return (*named, "--index", os.fspath(index)) if index else named


def with_session(*names: str, corpus_as_argument: bool = False) -> Callable[[Command], Command]:
    """Give a command the named settings as options, `--quiet`, `--verbose`, and a `session` made of them.

    The configuration of the working folder is read here, so every command treats it alike.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def start(*, quiet: bool, verbose: bool, **given: Any) -> Any:
            # An option given no times is an empty tuple; the configured value then stays in force.
            settings = {name: None if given[name] == () else given[name] for name in names}
            # `--lang` may stand before the command too.
            invocation: Invocation = click.get_current_context().find_root().obj
            settings["language"] = given.get("language") or language_asked(invocation.arguments)
            rest = {name: value for name, value in given.items() if name not in names}
            loaded = load_settings(Path(), settings)
            console = Console(quiet, verbose, loaded.language)
            session = Session(loaded, console, _folders(given), invocation.limits)
            try:
                return command(session, **rest)
            except DedupError as error:
                error.folders = session.folders
                raise

        decorated: Any = start
        for option in (_verbose_option, _quiet_option):
            decorated = option(decorated)
        for name in reversed(names):
            positional = name == "corpus" and corpus_as_argument
            decorated = (_corpus_argument if positional else _SETTING_OPTIONS[name])(decorated)
        result: Command = decorated
        return result

    return decorate
