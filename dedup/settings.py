"""Settings: one frozen record, one default each, read from the working folder's configuration.

They are looked for in `dedup.toml`, else in the `[tool.dedup]` table of `pyproject.toml`. Option names
are the field names with `-` or `_`. The command line's own options go over them (`load_settings(given=…)`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Literal

from dedup.errors import UsageError
from dedup.messages import Language, Words
from dedup.records import dataclass

__all__ = [
    "DECIDING",
    "Engine",
    "Language",
    "ReadingLimits",
    "Settings",
    "Shingle",
    "is_url",
    "load_settings",
]

_LEAST_THRESHOLD, _MOST_THRESHOLD = 0.1, 0.9
"""Between them signatures can be cut into bands."""
Shingle = Literal["char", "word"]
Engine = Literal["local", "spark"]


def is_url(place: str | None) -> bool:
    """Whether a place named on the command line is a URL (hdfs://…), which only Spark knows how to reach."""
    return place is not None and "://" in place


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How much one file may cost to read: absolute sizes, since a good file may pack as well as a bad one."""

    unpacked_bytes: int = 200_000_000
    """All that is unpacked of one file, its members' members included."""
    members: int = 20_000
    """Entries of an archive or a package."""
    depth: int = 3
    """Archives inside archives."""
    pages: int = 2_000
    characters: int = 20_000_000
    """Length of the text."""
    memory_bytes: int = 1_200_000_000
    """Of all readers together, programs that are called (LibreOffice) and OCR apart."""
    seconds: float = 20.0
    """For any file; `seconds_per_megabyte` comes on top."""
    seconds_per_megabyte: float = 1.0
    program_seconds: float = 60.0
    """For a program that is called to convert a file."""
    open_files: int = 64
    input_bytes: int = 500_000_000
    """Size of a file that is read at all."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a user can set. Ratios run from 0 to 1, sizes are counts of characters or words."""

    corpus: Path = Path("corpus")
    """Folder of the reference documents."""
    index: Path | None = None
    """Folder of the index; None means `.dedup` inside the corpus folder."""
    follow_links: bool = False
    """Take in files outside the corpus folder that a symbolic link in it leads to."""

    shingle: Shingle = "char"
    """What signatures are made of: runs of characters, or of words as jieba cuts them."""
    shingle_size: int = 5
    lsh_threshold: float = 0.5
    """Jaccard similarity from which two paragraphs should become a candidate pair."""
    permutations: int = 128
    """Values in a MinHash signature."""
    gram_size: int = 4
    """Characters in a gram of the positional index."""
    gram_step: int = 2
    """Every how many positions of the corpus a gram is kept."""

    engine: Engine = "local"
    """Where a scan is computed: on this machine, or on what Spark is set up for."""

    language: Language = "zh"
    """Language of reports and reasons."""
    fail_over: float | None = None
    """Exit status 1 when the copied ratio is above it; None lets the verdict decide."""
    warn_over: float = 0.05
    """Copied ratio above which the verdict is `warn`."""
    block_over: float = 0.20
    """Copied ratio above which the verdict is `block`."""
    notice_floor: int = 60
    """Characters carried over from documents that forbid copying, all together, from which the verdict is
    `block`; below it is `warn`."""
    own: tuple[str, ...] = ()
    """The author's own earlier documents: paths below the corpus folder, `*` allowed."""
    template: tuple[str, ...] = ()
    """Files, or folders of files, whose text is common: what stands in them never counts."""
    author: str | None = None
    """Author or unit of the submission; documents of the same author are its own."""
    unit: str | None = None
    """The unit a draft is of; what it names of other places is looked at. None lets the draft tell it."""
    allowed: tuple[str, ...] = ()
    """Names of other places that drafts may hold: twinned places, partners, origins of goods."""
    log: Path | None = None
    """File to which a line is added for each check; None for none."""
    history: Path | None = None
    """File, or folder for a file, in which checks of drafts are remembered; None for none."""
    reading: ReadingLimits = ReadingLimits()
    """Limits for reading one file: the table `reading` of the configuration."""


def load_settings(folder: Path, given: Mapping[str, object] | None = None) -> Settings:
    """Defaults, then the configuration file of `folder`, then `given`, each going over the one before.

    Values of `given` that are None are left out. Raises UsageError, which names every bad option at once.
    """
    place, configured = _read_configuration(folder)
    settings = _apply(Settings(), configured, place)
    overriding = {name: value for name, value in (given or {}).items() if value is not None}
    return _apply(settings, overriding, Words("settings.command_line"))


def _read_configuration(folder: Path) -> tuple[str, Mapping[str, object]]:
    own_file = folder / "dedup.toml"
    if own_file.is_file():
        return str(own_file), _parse_toml(own_file)
    project_file = folder / "pyproject.toml"
    # The file is parsed only when it can concern us: importing tomllib costs more than looking.
    if project_file.is_file() and b"tool.dedup" in project_file.read_bytes():
        tools = _parse_toml(project_file).get("tool", {})
        table = tools.get("dedup", {}) if isinstance(tools, dict) else {}
        if not isinstance(table, dict):
            raise UsageError(str(project_file), Words("settings.no_table"))
        return f"{project_file} [tool.dedup]", table
    return str(own_file), {}


def _parse_toml(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        written = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(str(path), Words("settings.not_utf8")) from error
    try:
        return tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            str(path), _where_no_toml(written, error), Words("settings.not_toml.cure")
        ) from error
    except RecursionError as error:
        raise UsageError(str(path), Words("settings.too_deep"), Words("settings.not_toml.cure")) from error


def _where_no_toml(written: str, error: ValueError) -> Words:
    """The line that is no TOML, as it stands in the file."""
    found = re.search(r"\(at line (\d+),", str(error))
    if found is None:
        return Words("settings.not_toml_all")
    number = int(found[1])
    return Words("settings.not_toml", line=number, content=written.splitlines()[number - 1].strip())


def _apply(settings: Settings, options: Mapping[str, object], place: str | Words) -> Settings:
    accepted: dict[str, object] = {}
    problems: list[Words] = []
    for written, value in options.items():
        name = written.replace("-", "_")
        if name not in RULES:
            problems.append(_unknown(written, name))
            continue
        try:
            accepted[name] = RULES[name](value)
        except ValueError as error:
            problems.append(Words("settings.value", name=written, value=repr(value), wanted=error.args[0]))
    result = replace(settings, **accepted)  # type: ignore[arg-type]  # each value went through its rule
    if result.warn_over > result.block_over:
        problems.append(Words("settings.order", warn=result.warn_over, block=result.block_over))
    if problems:
        raise UsageError(
            place, Words("settings.problems", problems=tuple(problems)), Words("settings.correct")
        )
    return result


def _unknown(written: str, name: str) -> Words:
    from difflib import get_close_matches

    near = get_close_matches(name, RULES, n=1)
    if near:
        return Words("settings.no_option_near", name=written, near=near[0])
    return Words("settings.no_option", name=written)


# --------------------------------------------------------------------------------------------- rules
# A rule turns a raw value into the field's value, or raises ValueError with the Words for what is expected.


def _path(value: object) -> Path:
    if isinstance(value, str | Path) and str(value):
        return Path(value)
    raise ValueError(Words("settings.path"))


def _text(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise ValueError(Words("settings.text"))


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (_text(value),)
    if isinstance(value, list | tuple):
        return tuple(_text(item) for item in value)
    raise ValueError(Words("settings.texts"))


def _ratio(value: object) -> float:
    ratio = as_ratio(value)
    if ratio is not None and 0 <= ratio <= 1:
        return ratio
    raise ValueError(Words("settings.ratio"))


def _threshold(value: object) -> float:
    ratio = as_ratio(value)
    if ratio is not None and _LEAST_THRESHOLD <= ratio <= _MOST_THRESHOLD:
        return ratio
    raise ValueError(Words("settings.threshold", least=_LEAST_THRESHOLD, most=_MOST_THRESHOLD))


def as_ratio(value: object) -> float | None:
    """A number, or the text of one, which may be followed by a per cent sign; None for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, str):
        return None
    written = value.strip()
    number = written.rstrip("%％").rstrip()
    try:
        return float(number) / (1 if number == written else 100)
    except ValueError:
        return None


def _yes_or_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("true or false is expected")


def _one_of(*choices: str) -> Callable[[object], str]:
    def rule(value: object) -> str:
        if value in choices:
            return str(value)
        raise ValueError(Words("settings.one_of", choices=", ".join(choices)))

    return rule


def _whole_number(least: int, most: int) -> Callable[[object], int]:
    def rule(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        raise ValueError(Words("settings.whole", least=least, most=most))

    return rule


def _reading_limits(value: object) -> ReadingLimits:
    if isinstance(value, ReadingLimits):
        return value
    if not isinstance(value, dict):
        raise ValueError(Words("settings.reading_table"))
    known = {field.name for field in fields(ReadingLimits)}
    for name, number in value.items():
        if name not in known:
            raise ValueError(Words("settings.reading_name", name=name))
        if isinstance(number, bool) or not isinstance(number, int | float) or number <= 0:
            raise ValueError(Words("settings.reading_number", name=name))
    return replace(ReadingLimits(), **value)


RULES: dict[str, Callable[[object], object]] = {
    "corpus": _path,
    "index": _path,
    "follow_links": _yes_or_no,
    "shingle": _one_of("char", "word"),
    "shingle_size": _whole_number(1, 32),
    "lsh_threshold": _threshold,
    "permutations": _whole_number(16, 512),
    "gram_size": _whole_number(3, 8),
    "gram_step": _whole_number(1, 8),
    "engine": _one_of("local", "spark"),
    "language": _one_of("zh", "en"),
    "fail_over": _ratio,
    "warn_over": _ratio,
    "block_over": _ratio,
    "notice_floor": _whole_number(1, 1_000_000),
    "own": _texts,
    "template": _texts,
    "author": _text,
    "unit": _text,
    "allowed": _texts,
    "log": _path,
    "history": _path,
    "reading": _reading_limits,
}

DECIDING = (
    "fail_over",
    "warn_over",
    "block_over",
    "notice_floor",
    "own",
    "author",
    "template",
    "unit",
    "allowed",
)
"""The settings that decide what a check reports."""
