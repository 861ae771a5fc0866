"""Lines that are copied from the file before: never from one that has changed."""

import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from dedup.scan.lines import NO_LINES, LastFile, LineTable, Together, write_lines
from dedup.scan.relations import Relations
from dedup.scan.results import document_lines
from dedup.sketch.arrays import Ints

TEXTS = {1: "甲", 2: "乙", 3: "丙", 4: "丁"}


def write(
    path: Path, numbers: list[int], table: LineTable, happens: Callable[[], object] = lambda: None
) -> tuple[LineTable, list[int]]:
    """Write lines of some numbers; which of them were written anew. Something `happens` while they are."""
    identities, anew = np.array(numbers, dtype=np.uint64), list[int]()

    def written(places: Ints) -> list[str]:
        happens()
        some = identities[places].tolist()
        anew.extend(some)
        return ["".join(f"{TEXTS[number]}\n" for number in part) for part in (some[:2], some[2:])]

    last = LastFile.of(str(path), table)
    try:
        with Together() as files:
            return write_lines(files, str(path), identities, written, last, lambda _: None), anew
    finally:
        last.close()


def test_lines_that_are_there_are_copied_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    table, _ = write(path, [1, 2, 3], NO_LINES)
    again, anew = write(path, [3, 4, 1], table)
    assert path.read_text(encoding="utf-8") == "丙\n丁\n甲\n"
    assert anew == [4]
    third, anew = write(path, [3, 4, 1], again)
    assert anew == []
    assert third.checksum == again.checksum


@pytest.mark.parametrize("change", ["rewritten", "emptied"])
def test_a_file_that_changes_while_it_is_copied_is_written_anew(tmp_path: Path, change: str) -> None:
    path = tmp_path / "pairs.jsonl"
    table, _ = write(path, [1, 2, 3], NO_LINES)
    os.utime(path, ns=(0, 0))

    def alter() -> None:
        with path.open("r+", encoding="utf-8") as file:
            if change == "rewritten":
                file.write("申\n由\n田\n")
            else:
                file.truncate(0)

    _, anew = write(path, [4, 1, 2, 3], table, alter)
    assert path.read_text(encoding="utf-8") == "丁\n甲\n乙\n丙\n"
    assert anew == [4, 4, 1, 2, 3]


@pytest.mark.parametrize("altered", [False, True])
def test_the_last_file_is_closed_before_it_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, altered: bool
) -> None:
    path = tmp_path / "pairs.jsonl"
    table, _ = write(path, [1, 2], NO_LINES)
    last = LastFile.of(str(path), table)
    replaced = []

    def replace(aside: str, place: str) -> None:
        replaced.append(last._file.closed)
        Path(aside).rename(place)

    monkeypatch.setattr("os.replace", replace)
    if altered:
        path.write_text("", encoding="utf-8")
    with Together() as files:
        write_lines(
            files, str(path), np.array([2, 1], dtype=np.uint64), lambda _: ["乙\n甲\n"], last, lambda _: None
        )
    assert replaced == [True]
    assert path.read_text(encoding="utf-8") == "乙\n甲\n"


def test_long_lines_do_not_come_into_memory_together(tmp_path: Path) -> None:
    """A cluster of boilerplate has thousands of members, and there may be thousands of such clusters."""
    count, line = 500, "甲" * 20_000 + "\n"

    def written(numbers: Ints) -> Iterator[str]:
        for _ in numbers:
            yield line

    identities, path = np.arange(count, dtype=np.uint64), tmp_path / "clusters.jsonl"
    nothing = LastFile.of(str(path), NO_LINES)
    tracemalloc.start()
    try:
        with Together() as files:
            table = write_lines(files, str(path), identities, written, nothing, lambda _: None)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert table.sizes.tolist() == [len(line.encode())] * count
    assert path.stat().st_size > 30_000_000
    assert most < 5_000_000


def test_millions_of_relations_do_not_become_lists_at_once() -> None:
    count = 100_000
    numbers, shares = np.arange(count), np.linspace(0, 1, count)
    relations = Relations(numbers, numbers, shares, shares, numbers, numbers, np.zeros(count, dtype=np.uint8))
    names = {number: f'"{number}.txt"' for number in range(count)}
    tracemalloc.start()
    try:
        named = [line for line in document_lines(names, relations) if '"a": "99999.txt"' in line]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(named) == 1
    assert '"containment_b": 1.0, ' in named[0]
    assert most < 8_000_000
