"""The settings, one frozen record with a default for each.

Reading the values and checking them by rules is left to `dedup.configuration`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args

from dedup.messages import Language, Words
from dedup.records import dataclass

__all__ = [
    "DECIDING",
    "Engine",
    "FindingKind",
    "Gravity",
    "Language",
    "Override",
    "ReadingLimits",
    "Relation",
    "Retention",
    "Settings",
    "Shingle",
    "is_url",
]

Shingle = Literal["char", "word"]
Engine = Literal["local", "spark"]
Relation = Literal["own", "earlier", "colleague", "superior", "elsewhere", "unknown"]
"""Relation of a source's unit to that of the submission, in the order of tests."""
FindingKind = Literal[
    "mask", "foreign-place", "foreign-unit", "own-name", "other-year", "figures", "repealed",
    "notice", "footer", "numbering", "punctuation", "repeated", "length",
]  # fmt: skip
"""Traces that copying leaves: masks, other places and units, another's name for one's own …"""
Gravity = Literal["error", "warning", "note"]

LEVELS = ("warn", "block")
MEASURES = ("source", "paragraph", "run", *(f"relation.{one}" for one in get_args(Relation)))
"""Measures that can be limited besides the whole: a single source, one paragraph, the longest run, the
sources of a relation."""

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
"""The settings outside a table that decide what a check reports."""


def is_url(place: str | None) -> bool:
    """Tell if a place on the command line is a URL (hdfs://…), which only Spark can read."""
    return place is not None and "://" in place


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Limits for reading one file, in absolute sizes: a good file may be packed as tightly as a bad one."""

    unpacked_bytes: int = 200_000_000
    """Bytes unpacked of one file, including members of its members."""
    members: int = 20_000
    """Number of entries of an archive or a package."""
    depth: int = 3
    """Depth of archives inside archives."""
    pages: int = 2_000
    characters: int = 20_000_000
    """Length of the text."""
    memory_bytes: int = 1_200_000_000
    """Memory of all readers together, without called programs (LibreOffice) and OCR."""
    seconds: float = 20.0
    """Time for any file; `seconds_per_megabyte` is added to it."""
    seconds_per_megabyte: float = 1.0
    program_seconds: float = 60.0
    """Time for a program that is called to convert a file."""
    open_files: int = 64
    input_bytes: int = 500_000_000
    """Largest size of a file to be read."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Number of days for which data are kept; 0 keeps them for ever."""

    drafts: int = 90
    """Drafts that `dedup serve` was given."""


@dataclass(frozen=True, slots=True)
class Override:
    """Settings for drafts in some folders, which take precedence over the others."""

    folder: str
    """Folder of the configuration, to which the patterns are relative."""
    patterns: tuple[str, ...]
    """Paths with `/`: `*` stands for anything in a name, `**` for folders too."""
    values: tuple[tuple[str, object], ...]
    """Values by the names in `RULES`, each checked by its rule."""
    number: int = 0
    """Its place in the file, from 0."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a user can set. Ratios run from 0 to 1, sizes are counts of characters or words."""

    corpus: Path = Path("corpus")
    """Folder of the reference documents."""
    index: Path | None = None
    """Folder of the index; None means `.dedup` inside the corpus folder."""
    follow_links: bool = False
    """Include files outside the corpus folder to which a symbolic link in it leads."""

    shingle: Shingle = "char"
    """Shingles that signatures are made of: runs of characters, or of words as jieba cuts them."""
    shingle_size: int = 5
    lsh_threshold: float = 0.5
    """Jaccard similarity from which two paragraphs should become a candidate pair."""
    permutations: int = 128
    """Values in a MinHash signature."""
    gram_size: int = 4
    """Characters in a gram of the positional index."""
    gram_step: int = 2
    """Distance in positions between the grams of the corpus that are kept."""

    engine: Engine = "local"
    """Engine of a scan: this machine, or the configured Spark."""

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
    """Files, or folders of files, whose text is common and never counts."""
    author: str | None = None
    """Author or unit of the submission; documents of the same author are its own."""
    unit: str | None = None
    """The unit of a draft, for finding names of other places; None takes it from the draft."""
    allowed: tuple[str, ...] = ()
    """Names of other places that drafts may hold: twinned places, partners, origins of goods."""
    limits: tuple[tuple[str, float], ...] = ()
    """Limits besides `warn_over` and `block_over`, by level and measure, as in ("block.source", 0.1): a share
    of the submission or of the paragraph, or a whole number of characters."""
    ignored: tuple[Relation, ...] = ()
    """Relations whose sources are left out of all limits."""
    lint: tuple[tuple[FindingKind, Gravity | Literal["off"]], ...] = ()
    """Severities of kinds of findings other than the defaults; kinds that are `off` are not looked for."""
    log: Path | None = None
    """File to which a line is added for each check; None for none."""
    decisions: Path | None = None
    """File of what people decided about passages; None for `decisions.toml` beside the configuration, or in
    the working folder where there is none."""
    history: Path | None = None
    """File, or folder for a file, in which checks of drafts are remembered; None for none."""
    reading: ReadingLimits = ReadingLimits()
    """Limits for reading one file: the table `reading` of the configuration."""
    retention: Retention = Retention()
    overrides: tuple[Override, ...] = ()
    """Settings that replace these for drafts in some folders, the later ones last."""
    configuration: str = ""
    """Path of the file from which the settings were read; empty if there is none."""


def applied(settings: Settings, values: Mapping[str, object]) -> Settings:
    """The settings with some values replaced; the values have passed their rules."""
    changes: dict[str, object] = {}
    limits, lint = dict[str, object](settings.limits), dict[str, object](settings.lint)
    reading: dict[str, object] = {}
    retention: dict[str, object] = {}
    tables = {"limits": limits, "lint": lint, "reading": reading, "retention": retention}
    for name, value in values.items():
        table, _, rest = name.partition(".")
        if name == "limits.ignore":
            changes["ignored"] = value
        elif rest:
            tables[table][rest.replace("_", "-") if table == "lint" else rest] = value
        else:
            changes[name] = value
    changes |= {"limits": tuple(limits.items()), "lint": tuple(lint.items())}
    if reading:
        changes["reading"] = replace(settings.reading, **reading)  # type: ignore[arg-type]
    if retention:
        changes["retention"] = replace(settings.retention, **retention)  # type: ignore[arg-type]
    return replace(settings, **changes)  # type: ignore[arg-type]  # each value went through its rule


def contradictions(settings: Settings) -> Iterator[tuple[str, Words]]:
    """Limits of a warning that are above those of a block, as setting name and message."""
    limits = {f"limits.{name}": value for name, value in settings.limits}
    pairs = [(f"limits.warn.{one}", f"limits.block.{one}") for one in MEASURES] if limits else []
    limits |= {"warn_over": settings.warn_over, "block_over": settings.block_over}
    for warn, block in (("warn_over", "block_over"), *pairs):
        if warn not in limits or block not in limits or type(limits[warn]) is not type(limits[block]):
            continue  # not comparable: only one limit, or a share and a number of characters
        if limits[warn] > limits[block]:
            facts = {"warn": limits[warn], "block": limits[block]}
            yield warn, Words("settings.order", lower=warn, upper=block, **facts)
    for relation in settings.ignored:
        for level in LEVELS:
            if (name := f"limits.{level}.relation.{relation}") in limits:
                yield name, Words("settings.ignored", name=name, relation=relation)


def deciding(settings: Settings) -> dict[str, str | int | float | tuple[str, ...]]:
    """The settings that decide the result of a check, by name, as far as they are set."""
    values = {name: getattr(settings, name) for name in DECIDING}
    decided: dict[str, Any] = {name: value for name, value in values.items() if value not in (None, ())}
    decided |= {f"limits.{name}": value for name, value in settings.limits}
    decided |= {f"lint.{kind.replace('-', '_')}": value for kind, value in settings.lint}
    return decided | ({"limits.ignore": settings.ignored} if settings.ignored else {})
