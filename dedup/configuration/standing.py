"""List the settings in force for a draft, with the origin of each value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from dedup.configuration import settings_for
from dedup.configuration.file import Configuration
from dedup.configuration.folders import applying
from dedup.configuration.rules import RULES
from dedup.records import dataclass
from dedup.settings import Settings

From = Literal["default", "file", "override", "environment", "command_line"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A setting in force, with its origin."""

    name: str
    value: object
    """The value; None if nothing is set."""
    origin: From
    place: str = ""
    """File and line, as `dedup.toml:3`, or the environment variable or option."""
    patterns: tuple[str, ...] = ()
    """Patterns of the drafts, for a value from an override."""


def standing(
    settings: Settings,
    configuration: Configuration | None,
    given: Mapping[str, tuple[Literal["environment", "command_line"], str]],
    draft: str = "",
) -> list[Standing]:
    """Every setting, in the order of `RULES`, for a draft, or for drafts without overrides.

    `given` has the settings that did not come from the file, and the variable or option that gave each.
    Raises UsageError if overrides that apply contradict one another.
    """
    overrides = applying(settings.overrides, draft) if draft else []
    in_force = settings_for(settings, draft) if draft else settings
    lines = configuration.lines() if configuration is not None else {}
    path = configuration.path if configuration is not None else ""
    found = []
    for name in RULES:
        value = value_of(in_force, name)
        of_draft = [one for one in overrides if name in dict(one.values)]
        if name in given:
            origin, place = given[name]
            found.append(Standing(name, value, origin, place))
        elif of_draft:
            last = of_draft[-1]
            place = f"{path}:{lines[f'{last.number}:{name}']}"
            found.append(Standing(name, value, "override", place, last.patterns))
        elif name in lines:
            found.append(Standing(name, value, "file", f"{path}:{lines[name]}"))
        else:
            found.append(Standing(name, value, "default"))
    return found


def value_of(settings: Settings, name: str) -> object:
    """The value of a setting by its name in `RULES`; None if nothing is set."""
    table, _, rest = name.partition(".")
    if name == "limits.ignore":
        return settings.ignored or None
    match table:
        case "limits":
            return dict(settings.limits).get(rest)
        case "lint":
            return dict[str, object](settings.lint).get(rest.replace("_", "-"))
        case "reading" | "retention":
            return getattr(getattr(settings, table), rest)
    value = getattr(settings, name)
    return os.fspath(value) if isinstance(value, Path) else value
