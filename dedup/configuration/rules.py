"""The rules that check each value of a user and convert it to a setting.

`RULES` names every value that can be set; one inside a table has the table's name before it
(`limits.warn.source`, `reading.pages`). A rule turns a raw value into the field's value, or raises ValueError
with the Words for what is expected.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

from dedup.messages import Words
from dedup.settings import (
    DECIDING,
    LEVELS,
    MEASURES,
    FindingKind,
    Gravity,
    ReadingLimits,
    Relation,
    Retention,
)

_LEAST_THRESHOLD, _MOST_THRESHOLD = 0.1, 0.9
"""Range of thresholds for which signatures can be cut into bands."""
_MOST = 1 << 53
_MOST_DAYS = 36_500
_MOST_SECONDS = 1_000_000


Rule = Callable[[Any], object]


def ruled(
    table: Mapping[str, object],
    rules: Mapping[str, Rule],
    where: Callable[[str], int],
    problems: list[Words],
) -> dict[str, Any]:
    """The values of a table converted by their rules, for files other than the configuration.

    Errors are added to `problems`; `where` gives the line of a key.
    """
    found: dict[str, Any] = {}
    for key, written in table.items():
        if key not in rules:
            problems.append(_unknown(where(key), key, rules))
            continue
        try:
            found[key] = rules[key](written)
        except ValueError as error:
            problems.append(Words("particulars.value", line=where(key), name=key, wanted=error.args[0]))
    return found


def _unknown(line: int, key: str, known: Collection[str]) -> Words:
    """The words for an unknown key, with the most similar known one."""
    from difflib import get_close_matches

    near = get_close_matches(key, known, n=1)
    if near:
        return Words("particulars.no_key_near", line=line, name=key, near=near[0])
    return Words("particulars.no_key", line=line, name=key, known=", ".join(known))


def _path(value: object) -> Path:
    if isinstance(value, str | Path) and str(value) and "\0" not in str(value):
        return Path(value)
    raise ValueError(Words("settings.path"))


def _paths(value: object) -> tuple[str, ...]:
    texts = _texts(value)
    if any("\0" in one for one in texts):
        raise ValueError(Words("settings.path"))
    return texts


def text_value(value: object) -> str:
    """A text without the white space around it. Raises ValueError for an empty one and for anything else."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise ValueError(Words("settings.text"))


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (text_value(value),)
    if isinstance(value, list | tuple):
        return tuple(text_value(item) for item in value)
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
    """The value of a number, or of its text with or without a per cent sign; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    written = value.strip() if isinstance(value, str) else value
    number = written.rstrip("%％").rstrip() if isinstance(written, str) else written
    try:
        return float(number) / (1 if number == written else 100)
    except (ValueError, OverflowError):
        return None


def _yes_or_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(Words("settings.yes_or_no"))


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
        if most == _MOST:
            raise ValueError(Words("settings.whole_from", least=least))
        raise ValueError(Words("settings.whole", least=least, most=most))

    return rule


def _seconds(value: object) -> float:
    seconds = as_ratio(value) if not isinstance(value, str) else None
    if seconds is not None and 0 < seconds <= _MOST_SECONDS:
        return seconds
    raise ValueError(Words("settings.seconds", most=_MOST_SECONDS))


def _share_or_characters(value: object) -> float:
    if isinstance(value, int) and not isinstance(value, bool) and 1 < value <= _MOST:
        return value
    ratio = as_ratio(value)
    if ratio is not None and 0 <= ratio <= 1:
        return ratio
    raise ValueError(Words("settings.share"))


def _relations(value: object) -> tuple[str, ...]:
    rule = _one_of(*get_args(Relation))
    return tuple(rule(one) for one in _texts(value))


RULES: dict[str, Rule] = {
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
    "template": _paths,
    "author": text_value,
    "unit": text_value,
    "allowed": _texts,
    "log": _path,
    "decisions": _path,
    "history": _path,
    **{
        f"limits.{level}.{measure}": _share_or_characters if measure != "run" else _whole_number(1, _MOST)
        for level in LEVELS
        for measure in MEASURES
    },
    "limits.ignore": _relations,
    **{
        f"lint.{kind.replace('-', '_')}": _one_of("off", *get_args(Gravity)) for kind in get_args(FindingKind)
    },
    **{
        f"reading.{field.name}": _seconds if "seconds" in field.name else _whole_number(1, _MOST)
        for field in fields(ReadingLimits)
    },
    **{f"retention.{field.name}": _whole_number(0, _MOST_DAYS) for field in fields(Retention)},
}
"""Functions from a raw value to the value of the setting, by the name of the setting."""
ALSO = {"limits.warn.document": "warn_over", "limits.block.document": "block_over"}
"""Alternative names of settings."""
PLACES = ("corpus", "index", "template", "log", "decisions", "history")
"""Settings that are paths, which in a configuration are relative to its folder."""
OF_DRAFTS = frozenset(
    {*DECIDING, *(name for name in RULES if name.startswith(("limits.", "lint.")))},
)
"""Settings that can differ for drafts in some folders."""
