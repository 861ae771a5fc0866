"""Write the pairs of a scan as CSV, a row each, for spreadsheets, as `dedup.reports.check.csv` does."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dedup.messages import say
from dedup.reports.kit.cells import BYTE_ORDER_MARK, harmless
from dedup.reports.scan.texts import ScanTexts, read_lines

if TYPE_CHECKING:
    from dedup.reports import ScanReport, View

SUFFIX = "csv"
STANDS_ALONE = True
FILE_NAME = "pairs.csv"

COLUMNS = ("a", "a_start", "a_end", "b", "b_start", "b_end", "jaccard", "kind", "a_text", "b_text")

_MOST_CHARACTERS = 300
"""Characters of each text: enough to recognise the paragraph; the result files have the rest."""


class _Handed:
    """A stand-in for a file that returns each line a CSV writer writes."""

    def write(self, line: str) -> str:
        return line


def render(report: ScanReport, view: View) -> Iterator[str]:
    """All pairs of a scan, in the order of its result files.

    They are given line by line, since a large collection has millions.
    """
    scan, results, progress = report.scan, Path(report.folder or "."), report.progress
    if progress is not None:
        progress(0, scan.counts.pairs)
    texts = ScanTexts(Path(scan.corpus), _MOST_CHARACTERS)
    writer = csv.writer(_Handed())
    yield BYTE_ORDER_MARK
    yield writer.writerow(COLUMNS)
    pairs = read_lines(results / "pairs.jsonl", progress, 0, scan.counts.pairs)
    for row in _rows(pairs, texts, view):
        yield writer.writerow(row)


def is_ours(path: Path) -> bool:
    """Tell whether this module wrote a file."""
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.readline().strip() == BYTE_ORDER_MARK + ",".join(COLUMNS)


def _rows(pairs: Iterable[dict[str, Any]], texts: ScanTexts, view: View) -> Iterator[tuple[Any, ...]]:
    for pair in pairs:
        one, other = pair["a"], pair["b"]
        kind = say(f"passage.kind.{pair['kind']}", view.language)
        yield (
            harmless(one["document"]), one["start"], one["end"],
            harmless(other["document"]), other["start"], other["end"],
            pair["jaccard"], kind, harmless(texts.of(one)), harmless(texts.of(other)),
        )  # fmt: skip
