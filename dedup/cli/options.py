"""What the commands share: options that are settings, and the session they make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from dedup.cli.console import Console
from dedup.cli.cures import complete, place_of
from dedup.errors import DedupError
from dedup.limits import LIMITS, Limits
from dedup.reports import FORMATS
from dedup.settings import Settings, load_settings

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Session:
    """One run of one command: its settings and its voice."""

    settings: Settings
    console: Console
    place: str = ""
    """The corpus and the index this run was called with, for commands that a user may want to run next."""
    limits: Limits = LIMITS


def both(*lines: str) -> str:
    """Help in both languages, lines broken by hand: click counts an ideograph as one column."""
    return "\b\n" + "\n".join(lines)


class Place(click.Path):
    """A path that is not empty: of `"$UNSET"` the working folder would be made, or nothing at all."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; fails, as click has it, for an empty one."""
        if value == "":
            self.fail("路径是空的 the path is empty", param, ctx)
        return super().convert(value, param, ctx)


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
            "索引文件夹，默认 CORPUS/.dedup；",
            "也可用环境变量 DEDUP_INDEX",
            "Folder of the index (CORPUS/.dedup);",
            "DEDUP_INDEX in the environment sets it too",
        ),
    ),
    "engine": click.option(
        "--engine",
        type=click.Choice(["local", "spark"]),
        help=both(
            f"在哪里计算，默认 {_DEFAULT.engine}（本机）；",
            "spark 见 dedup/spark/README.md",
            f"Where to compute ({_DEFAULT.engine}: this machine);",
            "spark: see dedup/spark/README.md",
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
        type=click.FloatRange(0, 1),
        metavar="RATIO",
        help=both(
            "去套话复制比高于此值时退出状态为 1；",
            "不给则按结论",
            "Exit status 1 when the copied ratio is above",
            "it; without it the verdict decides",
        ),
    ),
    "own": click.option(
        "--own",
        multiple=True,
        metavar="PATH",
        help=both(
            "本人旧稿在范文库中的路径，可用 *，可重复",
            "Own earlier documents, paths below CORPUS;",
            "* allowed, repeatable",
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
_verbose_option = click.option(
    "-v", "--verbose", is_flag=True, help=both("多说一些，全部列出", "Say more, list everything")
)


def _format_option(names: Sequence[str]) -> Callable[[Any], Any]:
    return click.option(
        "--format",
        "format_name",
        type=click.Choice(names),
        default="terminal",
        metavar="NAME",
        help=both("报告格式，默认 terminal", "Form of the report (terminal), one of", " ".join(names)),
    )


format_option = _format_option(tuple(FORMATS))
listing_format_option = _format_option(("terminal", "json"))
"""For commands whose result is a table rather than a report on a document."""

refresh_option = click.option(
    "--refresh/--no-refresh",
    default=True,
    help=both(
        "先按文件变动更新索引（默认），或照旧使用",
        "Bring the index up to date first (default),",
        "or take it as it is",
    ),
)


def with_session(*names: str, corpus_as_argument: bool = False) -> Callable[[Command], Command]:
    """Give a command the named settings as options, `--quiet`, `--verbose`, and a `session` made of them.

    The configuration of the working folder is read here, so every command treats it alike.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def start(*, quiet: bool, verbose: bool, **given: Any) -> Any:
            # An option given no times is an empty tuple; the configured value then stays in force.
            settings = {name: None if given[name] == () else given[name] for name in names}
            rest = {name: value for name, value in given.items() if name not in names}
            loaded = load_settings(Path(), settings)
            console = Console(quiet, verbose, loaded.language)
            limits = click.get_current_context().find_object(Limits) or LIMITS
            session = Session(loaded, console, place_of(given), limits)
            try:
                return command(session, **rest)
            except DedupError as error:
                complete(error, session.place)
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
