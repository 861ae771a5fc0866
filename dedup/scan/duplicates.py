"""Documents that can be deleted because another holds the same text: which one to keep, and why."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from dedup.messages import Language, say
from dedup.records import dataclass
from dedup.scan.provenance import date_of, iso
from dedup.sketch.arrays import run_begins

FILE_NAME = "duplicates.csv"
COLUMNS = ("delete", "keep", "reason", "date", "characters")

Reason = Literal["copy_name", "undated_name", "deeper", "longer_name", "order"]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""Why one of two equal documents is kept rather than the other; the first that tells them apart."""

_COPY_NAME = re.compile(
    r"副本|复件|拷贝|备份|新建|临时|(?<![a-z])(?:copy|backup|bak|tmp)(?![a-z])|[（(]\d{1,2}[）)]$|~$|_\d$",
    re.IGNORECASE,
)
"""Names that programs and hurried people give to copies."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A document that can be deleted."""

    path: str
    keep: str
    """The document with the same text that is best kept."""
    reason: Reason
    date: str | None
    """That the text carries, ISO 8601."""
    characters: int


def duplicates(
    paths: Sequence[str], folded: NDArray[np.uint64], dates: NDArray[Any], characters: NDArray[Any]
) -> tuple[Duplicate, ...]:
    """The documents beyond the best of each set of equal texts, by their hashes `folded` [f] (0: no text)."""
    found = []
    order = np.argsort(folded, kind="stable")
    order = order[folded[order] != 0]
    borders = [*np.flatnonzero(run_begins(folded[order])).tolist(), len(order)]
    for first, last in pairwise(borders):
        if last - first > 1:
            group = sorted((_rank(paths[file]), file) for file in order[first:last].tolist())
            kept_rank, kept = group[0]
            for rank, file in group[1:]:
                differs = next(place for place, _ in enumerate(REASONS) if rank[place] != kept_rank[place])
                date = iso(int(dates[file]))
                found.append(
                    Duplicate(paths[file], paths[kept], REASONS[differs], date, int(characters[file]))
                )
    return tuple(sorted(found, key=lambda one: (one.keep, one.path)))


def _rank(path: str) -> tuple[bool, bool, int, int, str]:
    """What decides which of equal documents is kept, in the order of REASONS; the least is the best."""
    name = path.rpartition("/")[2]
    stem = name.rpartition(".")[0] or name
    return bool(_COPY_NAME.search(stem)), iso(date_of(stem)) is None, path.count("/"), len(name), path


def duplicate_lines(found: Iterable[Duplicate], language: Language) -> Iterator[str]:
    """The table for spreadsheets: UTF-8 with a byte order mark, lines ending in CRLF."""
    page = io.StringIO(newline="")
    writer = csv.writer(page)
    yield _BYTE_ORDER_MARK
    writer.writerow([say(f"scan.duplicates.{name}", language) for name in COLUMNS])
    for one in found:
        reason = say(f"scan.keep.{one.reason}", language)
        writer.writerow((_harmless(one.path), _harmless(one.keep), reason, one.date or "", one.characters))
    yield page.getvalue()


def _harmless(path: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{path}" if path.startswith(_FORMULA) else path
