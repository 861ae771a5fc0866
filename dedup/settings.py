"""Settings: one frozen record, one default each, read from the working folder's configuration.

They are looked for in `dedup.toml`, else in the `[tool.dedup]` table of `pyproject.toml`. Option names
are the field names with `-` or `_`. The command line's own options go over them (`load_settings(given=…)`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from dedup.errors import UsageError

Shingle = Literal["char", "word"]
Language = Literal["zh", "en"]
Engine = Literal["local", "spark"]


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
    block_over: float = 0.30
    """Copied ratio above which the verdict is `block`."""
    own: tuple[str, ...] = ()
    """The author's own earlier documents: paths below the corpus folder, `*` allowed."""
    author: str | None = None
    """Author or unit of the submission; documents of the same author are its own."""


def load_settings(folder: Path, given: Mapping[str, object] | None = None) -> Settings:
    """Defaults, then the configuration file of `folder`, then `given`, each going over the one before.

    Values of `given` that are None are left out. Raises UsageError, which names every bad option at once.
    """
    place, configured = _read_configuration(folder)
    settings = _apply(Settings(), configured, place)
    overriding = {name: value for name, value in (given or {}).items() if value is not None}
    return _apply(settings, overriding, "command line")


def _read_configuration(folder: Path) -> tuple[str, Mapping[str, object]]:
    own_file = folder / "dedup.toml"
    if own_file.is_file():
        return str(own_file), _parse_toml(own_file)
    project_file = folder / "pyproject.toml"
    # The file is parsed only when it can concern us: importing tomllib costs more than looking.
    if project_file.is_file() and b"tool.dedup" in project_file.read_bytes():
        table = _parse_toml(project_file).get("tool", {}).get("dedup", {})
        if not isinstance(table, dict):
            raise UsageError(str(project_file), "tool.dedup is not a table", "write [tool.dedup]")
        return f"{project_file} [tool.dedup]", table
    return str(own_file), {}


def _parse_toml(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(str(path), f"not valid TOML: {error}", "correct the file") from error


def _apply(settings: Settings, options: Mapping[str, object], place: str) -> Settings:
    accepted: dict[str, object] = {}
    problems: list[str] = []
    for written, value in options.items():
        name = written.replace("-", "_")
        if name not in RULES:
            problems.append(f"{written}: no such option{_suggestion(name)}")
            continue
        try:
            accepted[name] = RULES[name](value)
        except ValueError as error:
            problems.append(f"{written} = {value!r}: {error}")
    result = replace(settings, **accepted)  # type: ignore[arg-type]  # each value went through its rule
    if result.warn_over > result.block_over:
        problems.append(f"warn_over ({result.warn_over}) is above block_over ({result.block_over})")
    if problems:
        raise UsageError(place, "; ".join(problems), "correct these options")
    return result


def _suggestion(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, RULES, n=1)
    return f", did you mean {near[0]}?" if near else ""


# --------------------------------------------------------------------------------------------- rules
# A rule turns a raw value into the field's value or raises ValueError saying what is expected.


def _path(value: object) -> Path:
    if isinstance(value, str | Path) and str(value):
        return Path(value)
    raise ValueError("a path is expected")


def _text(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise ValueError("a text is expected")


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (_text(value),)
    if isinstance(value, list | tuple):
        return tuple(_text(item) for item in value)
    raise ValueError("a list of texts is expected")


def _ratio(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    raise ValueError("a ratio from 0 to 1 is expected")


def _yes_or_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("true or false is expected")


def _one_of(*choices: str) -> Callable[[object], str]:
    def rule(value: object) -> str:
        if value in choices:
            return str(value)
        raise ValueError(f"one of {', '.join(choices)} is expected")

    return rule


def _whole_number(least: int, most: int) -> Callable[[object], int]:
    def rule(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        raise ValueError(f"a whole number from {least} to {most} is expected")

    return rule


RULES: dict[str, Callable[[object], object]] = {
    "corpus": _path,
    "index": _path,
    "follow_links": _yes_or_no,
    "shingle": _one_of("char", "word"),
    "shingle_size": _whole_number(1, 32),
    "lsh_threshold": _ratio,
    "permutations": _whole_number(16, 512),
    "gram_size": _whole_number(3, 8),
    "gram_step": _whole_number(1, 8),
    "engine": _one_of("local", "spark"),
    "language": _one_of("zh", "en"),
    "fail_over": _ratio,
    "warn_over": _ratio,
    "block_over": _ratio,
    "own": _texts,
    "author": _text,
}

OPTION_NAMES = tuple(field.name for field in fields(Settings))
