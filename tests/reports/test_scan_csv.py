"""The table of pairs: written line by line, as one would write it whole."""

from __future__ import annotations

import csv
import json
import tracemalloc
from io import StringIO
from pathlib import Path

import pytest

from dedup.cli.output import write_whole
from dedup.reports import ScanReport, View
from dedup.reports.scan import csv as scan_csv
from dedup.scan import Scan, scan_corpus
from dedup.settings import Settings

SENTENCE = "码头仓库改成了读书的地方，木梁砖墙一概不动，只添灯和“书架”，开馆半年来了六万人次,一半是外地的。"
VIEW = View("zh", 80)


def scanned(folder: Path) -> Scan:
    """A scan of two documents that share a paragraph, its results in `results`."""
    (folder / "corpus").mkdir()
    for name in ("=甲.txt", "乙.txt"):
        (folder / "corpus" / name).write_text(f"总结\n{SENTENCE}\n", encoding="utf-8")
    return scan_corpus(Settings(corpus=folder / "corpus"), output=folder / "results")


def repeat_pair(folder: Path, times: int) -> None:
    """Let the results hold the pair that was found so many times."""
    pairs = folder / "results" / "pairs.jsonl"
    pairs.write_text(pairs.read_text(encoding="utf-8") * times, encoding="utf-8")


def test_the_table_does_not_come_into_memory(tmp_path: Path) -> None:
    found = scanned(tmp_path)
    repeat_pair(tmp_path, 8_000)
    table = tmp_path / "pairs.csv"
    write_whole(
        table, scan_csv.render(ScanReport(found, str(tmp_path / "results")), VIEW)
    )  # imports what it wants
    tracemalloc.start()
    try:
        write_whole(table, scan_csv.render(ScanReport(found, str(tmp_path / "results")), VIEW))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert table.stat().st_size > 2_000_000
    assert most < 500_000


def test_its_bytes_are_those_of_a_table_written_at_once(tmp_path: Path) -> None:
    found = scanned(tmp_path)
    repeat_pair(tmp_path, 2)
    write_whole(tmp_path / "pairs.csv", scan_csv.render(ScanReport(found, str(tmp_path / "results")), VIEW))
    (line,) = set((tmp_path / "results" / "pairs.jsonl").read_text(encoding="utf-8").splitlines())
    pair = json.loads(line)
    names = {"=甲.txt": "'=甲.txt", "乙.txt": "乙.txt"}
    places = [(names[one["document"]], one["start"], one["end"]) for one in (pair["a"], pair["b"])]
    whole = StringIO(newline="")
    row = (*places[0], *places[1], pair["jaccard"], "原样照搬", SENTENCE, SENTENCE)
    csv.writer(whole).writerows([scan_csv.COLUMNS, row, row])
    assert (tmp_path / "pairs.csv").read_bytes() == b"\xef\xbb\xbf" + whole.getvalue().encode()


def test_a_table_that_breaks_off_leaves_the_earlier_one(tmp_path: Path) -> None:
    found = scanned(tmp_path)
    table = tmp_path / "out" / "pairs.csv"
    table.parent.mkdir()
    table.write_text("an earlier table", encoding="utf-8")
    with (tmp_path / "results" / "pairs.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"half": ')
    with pytest.raises(ValueError, match="Expecting value"):
        write_whole(table, scan_csv.render(ScanReport(found, str(tmp_path / "results")), VIEW))
    assert table.read_text(encoding="utf-8") == "an earlier table"
    assert [path.name for path in table.parent.iterdir()] == ["pairs.csv"]


def test_it_tells_how_far_it_is(tmp_path: Path) -> None:
    found = scanned(tmp_path)
    told: list[tuple[int, int]] = []
    list(
        scan_csv.render(
            ScanReport(found, str(tmp_path / "results"), lambda *so_far: told.append(so_far)), VIEW
        )
    )
    assert (told[0], told[-1]) == ((0, 1), (1, 1))
