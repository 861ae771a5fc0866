"""Find the configuration of a folder, and make the settings of it and of the command line.

A configuration is `dedup.toml`, or the table `[tool.dedup]` of `pyproject.toml`, in the working folder or the
nearest folder above it that has one. Relative paths in it are relative to its folder; `settings_for` applies
the settings for drafts in some folders (`[[override]]`).

To start fast, `dedup.configuration.file`, which reads a file, is imported only if there is one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.configuration.rules import RULES
from dedup.errors import UnreadableInput, UsageError
from dedup.messages import Words
from dedup.settings import Settings, applied, contradictions

if TYPE_CHECKING:
    from dedup.configuration.file import Configuration

__all__ = ["FILE", "PROJECT", "find", "load_settings", "settings_for"]

FILE, PROJECT = "dedup.toml", "pyproject.toml"
_LOOKED_AT = 1_000_000
"""Bytes of a project's file in which the table of dedup must begin."""
_OTHER_WAYS = rb"""^\s*\[{0,2}\s*["']?tool["']?\s*(?:\.\s*["']?dedup|\]|=)"""
"""Signs of a project's file that spells the table of dedup other than [tool.dedup]."""


def find(folder: Path) -> str:
    """Path of the configuration in force in a folder; empty if neither it nor a folder above has any."""
    place = os.path.normpath(folder)
    for level in range(os.path.abspath(place).rstrip(os.sep).count(os.sep) + 1):
        above = f"{os.pardir}{os.sep}" * level
        if place != os.curdir:
            above = os.path.join(os.path.normpath(os.path.join(place, above)), "")
        if os.path.isfile(path := above + FILE):
            return path
        if os.path.isfile(path := above + PROJECT) and _may_be_ours(path):
            return path
    return ""


def _may_be_ours(path: str) -> bool:
    # The file is parsed only if it may have our table: importing tomllib takes longer than searching.
    with open(path, "rb") as file:
        content = file.read(_LOOKED_AT)
    if b"tool.dedup" not in content and re.search(_OTHER_WAYS, content, re.MULTILINE) is None:
        return False
    from dedup.configuration.file import has_our_table

    return len(content) == _LOOKED_AT or has_our_table(
        path, content
    )  # a larger file is refused when it is read


def load_settings(
    folder: Path, given: Mapping[str, object] | None = None, file: Path | None = None
) -> Settings:
    """The settings: defaults, replaced by the configuration of `folder`, replaced by `given`.

    `file` is a configuration to be read instead of the folder's. Values of `given` that are None are left
    out. Raises UsageError, which names every bad value at once, with the line it stands in.
    """
    configuration = configuration_of(folder, file)
    settings = configuration.settings() if configuration is not None else Settings()
    overriding: dict[str, object] = {}
    problems: list[Words] = []
    for name, value in (given or {}).items():
        if value is None:
            continue
        try:
            overriding[name] = RULES[name](value)
        except KeyError:
            problems.append(Words("settings.no_option", name=name))
        except ValueError as error:
            problems.append(Words("settings.value", name=name, value=str(value), wanted=error.args[0]))
    settings = applied(settings, overriding)
    problems += [words for _, words in contradictions(settings)]
    if problems:
        told = Words("settings.problems", problems=tuple(problems))
        raise UsageError(Words("settings.command_line"), told, Words("settings.correct"))
    if settings.overrides:  # the command line takes precedence over these too
        kept = [
            replace(one, values=tuple(pair for pair in one.values if pair[0] not in overriding))
            for one in settings.overrides
        ]
        settings = replace(settings, overrides=tuple(kept))
    return settings


def configuration_of(folder: Path, file: Path | None = None) -> Configuration | None:
    """The configuration in `file`, or else in force in a folder; None if there is none.

    Raises UsageError.
    """
    path = os.fspath(file) if file is not None else find(folder)
    if not path:
        return None
    from dedup.configuration.file import read

    return read(path)


def settings_for(settings: Settings, name: str) -> Settings:
    """The settings for a draft with a path as it was named, including those for its folder.

    Raises UnreadableInput if overrides for it contradict one another, so that it cannot be judged.
    """
    if not settings.overrides:
        return settings
    from dedup.configuration.folders import applying

    overrides = applying(settings.overrides, name)
    for one in overrides:
        settings = applied(settings, dict(one.values))
    if problems := [words for _, words in contradictions(settings)]:
        from dedup.configuration.file import place_of

        place = place_of(settings.configuration, overrides[-1])
        raise UnreadableInput(name, Words("settings.for", place=place, problem=problems[0]))
    return settings
