"""Read a configuration file and check it by the rules; every error comes with its line."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from dedup.configuration.keys import Key, line_of, lines_of, tables_of
from dedup.configuration.rules import ALSO, OF_DRAFTS, PLACES, RULES
from dedup.errors import UsageError
from dedup.messages import Words, system
from dedup.records import dataclass
from dedup.settings import Override, Settings, applied, contradictions

_OVERRIDE, _PATH = "override", "path"
_LONGEST_SHOWN = 60
_MOST_BYTES = 1_000_000
"""Largest size of a file; parsing more would take minutes."""
_SHOWN = 3
"""Members of a list that are shown in an error."""
_TABLES = frozenset(
    name[:place] for name in (*RULES, *ALSO) for place, mark in enumerate(name) if mark == "."
)


class _Problem(NamedTuple):
    key: Key
    words: Words


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of a file, each value checked by its rule."""

    path: str
    """Path of the file as shown to users; paths in it are relative to its folder."""
    values: Mapping[str, object]
    """Values by the names in `RULES`."""
    overrides: tuple[Override, ...]
    keys: Mapping[str, Key]
    """Key of each value in the file; for an override the name has its number before it (`0:author`)."""

    def settings(self) -> Settings:
        """The settings of this file and the defaults."""
        settings = applied(Settings(), self.values)
        return replace(settings, overrides=self.overrides, configuration=self.path)

    def lines(self) -> dict[str, int]:
        """The line of each value, by the names of `keys`."""
        lines = _lines_in(self.path)
        return {name: line_of(lines, key) for name, key in self.keys.items()}


# -------------------------------------------------------------------------------------------- reading


def read(path: str) -> Configuration:
    """Read a configuration file. Raises UsageError, which names every error with its line."""
    if path == os.devnull:
        return Configuration(path, {}, (), {})
    content = _bytes_of(path)
    table, inside = _our_table(path, content)
    return checked(path, table, inside)


def has_our_table(path: str, content: bytes) -> bool:
    """Tell if a project's file configures this program. Raises UsageError if it is no TOML."""
    tools = _parsed(path, content).get("tool")
    # A value that should be a table is refused when it is read.
    return tools is not None and (not isinstance(tools, dict) or "dedup" in tools)


def _bytes_of(path: str) -> bytes:
    if os.path.exists(path) and not os.path.isfile(path):
        raise UsageError(path, Words("settings.no_file"))
    try:
        if os.path.getsize(path) > _MOST_BYTES:
            raise UsageError(path, Words("settings.too_large", most=_MOST_BYTES // 1000))
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(path, system(error)) from error
    except ValueError as error:  # a NUL in the path
        raise UsageError(path, Words("settings.no_file")) from error


def _our_table(path: str, content: bytes) -> tuple[dict[str, Any], Key]:
    """The table of dedup, and its key in the file."""
    parsed = _parsed(path, content)
    if os.path.basename(path) != "pyproject.toml":
        return parsed, ()
    inside: Key = ()
    for name in ("tool", "dedup"):
        inside = (*inside, name)
        parsed = parsed.get(name, {})
        if not isinstance(parsed, dict):
            place = f"{path}:{line_of(lines_of(content.decode('utf-8-sig')), inside)}"
            raise UsageError(place, Words("settings.no_table", name=".".join(map(str, inside))))
    return parsed, inside


def _parsed(path: str, content: bytes) -> dict[str, Any]:
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(path, Words("settings.not_utf8")) from error
    return tables_of(path, written)


# ------------------------------------------------------------------------------------------- checking


def checked(path: str, table: Mapping[str, object], inside: Key = ()) -> Configuration:
    """The values of a table, each checked by its rule. Raises UsageError, which names every error."""
    written = _Written(os.path.dirname(path))
    overrides = written.overrides(table.get(_OVERRIDE, []))
    values = written.values({name: one for name, one in table.items() if name != _OVERRIDE}, RULES)
    settings = applied(Settings(), values)
    for name, words in contradictions(settings):
        other = name.replace("warn", "block")
        written.problems.append(_Problem(written.keys.get(name) or written.keys.get(other, ()), words))
    written.problems += _contradicting(settings, overrides)
    if written.problems:
        raise _error(path, written.problems, inside)
    keys = {name: (*inside, *key) for name, key in written.keys.items()}
    return Configuration(path, values, overrides, keys)


def _contradicting(settings: Settings, overrides: Sequence[Override]) -> Iterator[_Problem]:
    """Overrides that contradict the settings they replace, alone or together with those before them."""
    above = settings
    for one in overrides:
        values = dict(one.values)
        above = applied(above, values)
        alone = dict(contradictions(applied(settings, values)))
        of_settings = dict(contradictions(settings))
        for name, words in contradictions(above):
            if (
                name in alone
                and name not in of_settings
                and {name, name.replace("warn", "block")} & {*values}
            ):
                yield _Problem((_OVERRIDE, one.number), words)


class _Written:
    """The content of a configuration: the values of its tables, and its errors."""

    def __init__(self, folder: str) -> None:
        self.problems: list[_Problem] = []
        self.keys: dict[str, Key] = {}
        self._folder = folder

    def overrides(self, written: object) -> tuple[Override, ...]:
        """The tables for drafts in some folders."""
        if not isinstance(written, list) or not all(isinstance(one, dict) for one in written):
            self.problems.append(_Problem((_OVERRIDE,), Words("settings.override")))
            return ()
        found = []
        for number, table in enumerate(written):
            at: Key = (_OVERRIDE, number)
            patterns = self._patterns(table.get(_PATH), (*at, _PATH) if _PATH in table else at)
            rest = {name: one for name, one in table.items() if name != _PATH}
            values = self.values(rest, OF_DRAFTS, at, f"{number}:")
            found.append(Override(self._folder, patterns, tuple(values.items()), number))
        return tuple(found)

    def _patterns(self, written: object, at: Key) -> tuple[str, ...]:
        patterns = [written] if isinstance(written, str) else written
        if isinstance(patterns, list) and patterns and all(map(_is_pattern, patterns)):
            return tuple(patterns)
        self.problems.append(_Problem(at, Words("settings.override_path")))
        return ()

    def values(
        self, table: Mapping[str, object], known: Collection[str], at: Key = (), mark: str = ""
    ) -> dict[str, object]:
        """The values of a table and of the tables inside it; `mark` goes before their names in `keys`."""
        found: dict[str, object] = {}
        for key, name, value in _leaves(table, "", at):
            own = ALSO.get(name, name)
            words = self._refusal(key, name, own, known, found)
            if words is None:
                try:
                    found[own] = self._placed(own, RULES[own](value))
                    self.keys[mark + own] = key
                    continue
                except ValueError as error:
                    shown = _shown(value)
                    words = Words("settings.value", name=_written(key), value=shown, wanted=error.args[0])
            self.problems.append(_Problem(key, words))
        return found

    def _refusal(
        self, key: Key, name: str, own: str, known: Collection[str], found: Collection[str]
    ) -> Words | None:
        """The words for why a setting is not allowed at its place; None if it is."""
        if name in _TABLES:
            return Words("settings.table", name=name)
        if own in found:
            return Words("settings.twice", name=_written(key), other=own)
        if own in known:
            return None
        if own in RULES:
            return Words("settings.not_of_drafts", name=_written(key))
        names = sorted({*known, *ALSO, *_TABLES, _OVERRIDE})
        alike = [one for one in names if one.rpartition(".")[2] == name.rpartition(".")[2]]
        near = get_close_matches(name, alike, n=1, cutoff=0) or get_close_matches(name, names, n=1)
        if near:
            return Words("settings.no_option_near", name=_written(key), near=near[0])
        return Words("settings.no_option", name=_written(key))

    def _placed(self, name: str, value: object) -> object:
        """The value of a setting; a path is made relative to the working folder."""
        if name not in PLACES or not self._folder:
            return value
        if isinstance(value, tuple):
            return tuple(os.path.join(self._folder, one) for one in value)
        return Path(self._folder, str(value))


def _leaves(table: Mapping[str, object], prefix: str, at: Key) -> Iterator[tuple[Key, str, object]]:
    """The values of a table and of known tables inside it: key, name of the setting, value."""
    for written, value in table.items():
        name = prefix + written.replace("-", "_")
        if isinstance(value, dict) and name in _TABLES:
            yield from _leaves(value, f"{name}.", (*at, written))
        else:
            yield (*at, written), name, value


def _is_pattern(written: object) -> bool:
    """Tell whether it is a path below the folder of the configuration."""
    if not isinstance(written, str) or "\0" in written:
        return False
    return bool(written.strip("/ ")) and not written.startswith("/") and ".." not in written.split("/")


# ---------------------------------------------------------------------------------------------- errors


def place_of(path: str, override: Override) -> str:
    """The path and line of an override, as `dedup.toml:7`."""
    lines = _lines_in(path)
    inside: Key = ("tool", "dedup") if os.path.basename(path) == "pyproject.toml" else ()
    return f"{path}:{line_of(lines, (*inside, _OVERRIDE, override.number))}"


def _error(path: str, problems: Sequence[_Problem], inside: Key) -> UsageError:
    """One error for all problems, in the order of the file."""
    lines = _lines_in(path) if os.path.isfile(path) else {}
    numbered = sorted(
        ((line_of(lines, (*inside, *one.key)), one.words) for one in problems), key=lambda one: one[0]
    )
    (first, words), *others = numbered
    told = (words, *(Words("settings.at", place=f"{path}:{line}", problem=one) for line, one in others))
    return UsageError(f"{path}:{first}", Words("settings.problems", problems=told), Words("settings.correct"))


def _lines_in(path: str) -> dict[Key, int]:
    return lines_of(Path(path).read_text(encoding="utf-8-sig").replace("\r\n", "\n"))


def _written(key: Key) -> str:
    """The name of a setting as written in the file, without the number of an override."""
    names = (one for one in key[2 if key[:1] == (_OVERRIDE,) else 0 :] if isinstance(one, str))
    return ".".join(one if one.isprintable() else json.dumps(one) for one in names)


def _shown(value: object) -> str:
    """A value in TOML, shortened."""
    match value:
        case str():
            shown = json.dumps(value[:_LONGEST_SHOWN], ensure_ascii=False)
        case bool():
            shown = str(value).lower()
        case list():
            shown = ", ".join("…" if isinstance(one, list | dict) else _shown(one) for one in value[:_SHOWN])
            shown = f"[{shown}{', …' if len(value) > _SHOWN else ''}]"
        case dict():
            shown = "{…}"
        case date() | time():
            shown = value.isoformat()
        case int() if abs(value) > 1 << 64:
            shown = "…"
        case _:
            shown = str(value)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[: _LONGEST_SHOWN - 1]}…"
