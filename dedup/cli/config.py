"""`dedup config`: which settings are in force, and where each came from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from dedup.cli.language import Command, language_asked
from dedup.cli.options import LISTING_FORMATS, Place, Session, format_option, with_session
from dedup.cli.output import page_columns, print_result
from dedup.messages import say

if TYPE_CHECKING:
    from dedup.configuration.file import Configuration
    from dedup.configuration.standing import Standing
    from dedup.settings import Language

FORMAT_VERSION = 1
_OPTIONS = ("corpus", "index", "language", "fail_over", "own", "author", "template", "unit")
_ENVIRONMENT = {"corpus": "DEDUP_CORPUS", "index": "DEDUP_INDEX"}
_LEAST_COLUMNS = 12
"""Least columns of a value, however narrow the terminal is."""

Given = dict[str, tuple[Literal["environment", "command_line"], str]]


@click.command(cls=Command)
@click.argument("action", type=click.Choice(["show"]), metavar="show")
@click.argument("draft", required=False, metavar="[FILE]", type=Place())
@format_option(LISTING_FORMATS)
@with_session(*_OPTIONS)
def config(session: Session, action: str, draft: str | None, format_name: str) -> None:
    """Show the settings in force, for a draft if one is named, and where each came from."""
    from dedup.configuration import configuration_of
    from dedup.configuration.standing import standing

    del action  # there is only one action
    settings = session.settings
    named = settings.configuration
    configuration = configuration_of(Path(), Path(named)) if named else None
    found = standing(settings, configuration, _given(), draft or "")
    if format_name == "json":
        print_result(_as_json(found, configuration, draft))
        return
    language = settings.language
    print_result(_table([one for one in found if session.console.verbose or _tells(one)], language))
    if draft is None and configuration is not None and configuration.overrides:
        print_result("\n" + _overrides(configuration, language))
    if configuration is None:
        session.console.note(say("config.no_file", language))


def _given() -> Given:
    """The settings that came from an option or an environment variable, with its name."""
    context = click.get_current_context()
    given: Given = {}
    for param in context.command.params:
        name, source = str(param.name), context.get_parameter_source(str(param.name))
        if name not in _OPTIONS or source is None or context.params[name] in (None, ()):
            continue
        if source.name == "COMMANDLINE":
            given[name] = ("command_line", max(param.opts, key=len))
        elif source.name == "ENVIRONMENT":
            given[name] = ("environment", _ENVIRONMENT[name])
    if "language" not in given and language_asked(context.find_root().obj.arguments):
        given["language"] = ("command_line", "--lang")
    return given


def _tells(one: Standing) -> bool:
    """Tell whether a setting is listed without `--verbose`: settings of tables only if they are set."""
    return "." not in one.name or one.origin != "default"


def _table(found: Sequence[Standing], language: Language) -> str:
    from dedup.reports.kit.columns import visible, wrap
    from dedup.reports.kit.page import tabulated, width_beside

    headers = [say(f"config.{name}", language) for name in ("name", "origin", "value")]
    beside = [(one.name, visible(_origin(one, language))) for one in found]
    columns = max(_LEAST_COLUMNS, page_columns() - width_beside(beside, headers[:2]))
    values = ["\n".join(wrap(visible(_value(one, language)), columns)) for one in found]
    rows = [(*cells, value) for cells, value in zip(beside, values, strict=True)]
    return tabulated(rows, headers) + "\n"


def _origin(one: Standing, language: Language) -> str:
    if one.origin in ("file", "override"):
        patterns = f" {' '.join(one.patterns)}" if one.patterns else ""
        return f"{one.place}{patterns}"
    return say(f"config.{one.origin}", language, place=one.place)


def _value(one: Standing, language: Language) -> str:
    """A value as written in a configuration, shares in per cent."""
    value = one.value
    if value is None or value == ():
        return say("config.index" if one.name == "index" else "config.none", language)
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and (one.name.endswith("_over") or one.name.startswith("limits.")):
        return f"{round(value * 100, 4):g}%"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _overrides(configuration: Configuration, language: Language) -> str:
    """The patterns of drafts with settings of their own, and those settings."""
    from dedup.reports.kit.columns import visible

    lines = configuration.lines()
    told = [say("config.overrides", language)]
    for one in configuration.overrides:
        names = [name for name, _ in one.values]
        line = min((lines[f"{one.number}:{name}"] for name in names), default=0)
        place = f"{configuration.path}:{line}" if line else configuration.path
        told.append(visible(f"  {place}  {' '.join(one.patterns)}  {' '.join(names)}"))
    return "\n".join(told) + "\n"


def _as_json(found: Sequence[Standing], configuration: Configuration | None, draft: str | None) -> str:
    settings: dict[str, Any] = {}
    for one in found:
        settings[one.name] = {"value": one.value, "from": one.origin}
        if one.place:
            settings[one.name]["place"] = one.place
        if one.patterns:
            settings[one.name]["path"] = one.patterns
    shown = {
        "format_version": FORMAT_VERSION,
        "file": configuration.path if configuration is not None else None,
        "draft": draft,
        "settings": settings,
        "overrides": [
            {"path": one.patterns, "settings": [name for name, _ in one.values]}
            for one in (configuration.overrides if configuration is not None else ())
        ],
    }
    return json.dumps(shown, ensure_ascii=False, indent=2) + "\n"
