"""An interrupted scan goes on where it was; whatever becomes of what scans keep, one finds what there is."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dedup.errors import IndexDamaged, IndexUnwritable
from dedup.index.container import Container
from dedup.limits import LIMITS
from dedup.scan import near_texts, run
from dedup.scan.findings import representatives
from dedup.scan.results import CLUSTERS, DOCUMENTS, PAIRS
from dedup.scan.state import verify_scans
from dedup.scan.texts import Table
from tests.scan.conftest import Collection

BASE = "镇里给每条机耕路立了路长，谁家门前塌了方，先垫石子再报修，雨季之前把三十六处险段全部砌了挡墙。"


ALL_THE_TIME = replace(LIMITS, checkpoint_seconds=0.0, pairs_at_once=2)
"""Limits that make as many checkpoints as possible."""


def variants(count: int) -> dict[str, str]:
    """Files that are near one another, each with a paragraph of its own wording."""
    letters = "甲乙丙丁戊己庚辛壬癸"
    return {
        f"{place:02d}.txt": f"总结\n{BASE[:place]}{letters[place % 10]}{BASE[place + 1 :]}\n"
        for place in range(count)
    }


class Counted:
    """A function that says how often it was called, and interrupts at one of the calls."""

    def __init__(self, inner: Callable[..., Any], interrupting: int = 0) -> None:
        self.inner, self.calls, self.interrupting = inner, 0, interrupting

    def __call__(self, *arguments: Any) -> Any:
        self.calls += 1
        if self.calls == self.interrupting:
            raise KeyboardInterrupt
        return self.inner(*arguments)


@pytest.mark.parametrize("step", ["overlaps", "kinds_of"])
def test_what_was_found_out_is_not_found_out_again(
    step: str, make_collection: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted, peaceful = make_collection(), make_collection()
    for one in (interrupted, peaceful):
        one.write(variants(9))
    inner = getattr(near_texts, step)
    whole = Counted(inner)
    monkeypatch.setattr(near_texts, step, whole)
    peaceful.scan(limits=ALL_THE_TIME)
    assert whole.calls > 6
    monkeypatch.setattr(near_texts, step, Counted(inner, interrupting=5))
    with pytest.raises(KeyboardInterrupt):
        interrupted.scan(limits=ALL_THE_TIME)
    assert not interrupted.output.exists()
    rest = Counted(inner)
    monkeypatch.setattr(near_texts, step, rest)
    interrupted.scan(limits=ALL_THE_TIME)
    assert rest.calls == whole.calls - 4
    for name in (PAIRS, CLUSTERS, DOCUMENTS):
        assert (interrupted.output / name).read_bytes() == (peaceful.output / name).read_bytes()
    assert not list((interrupted.index / "scan").glob("unfinished*"))


def test_it_begins_anew_when_files_have_changed(collection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    collection.write(variants(6))
    with monkeypatch.context() as patched:
        patched.setattr(near_texts, "kinds_of", Counted(near_texts.kinds_of, interrupting=3))
        with pytest.raises(KeyboardInterrupt):
            collection.scan(limits=ALL_THE_TIME)
    assert list((collection.index / "scan").glob("unfinished*"))
    collection.write({"01.txt": "", "新.txt": f"汇报\n{BASE}\n"})
    collection.scan()
    lines = collection.pairs
    collection.scan(full=True)
    assert collection.pairs == lines
    assert any(pair["b"]["document"] == "新.txt" for pair in lines)


def test_a_damaged_checkpoint_is_none(collection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    collection.write(variants(6))
    with monkeypatch.context() as patched:
        patched.setattr(near_texts, "kinds_of", Counted(near_texts.kinds_of, interrupting=3))
        with pytest.raises(KeyboardInterrupt):
            collection.scan(limits=ALL_THE_TIME)
    (checkpoint,) = (collection.index / "scan").glob("unfinished*")
    data = bytearray(checkpoint.read_bytes())
    data[-300] ^= 1
    checkpoint.write_bytes(data)
    pairs = collection.scan().counts.pairs
    assert pairs == collection.scan(full=True).counts.pairs > 0


# -------------------------------------------------------------------------------------------- damage

ARRAYS = ["basis", *(field.name for field in fields(Table))]
SEVERAL_TABLES = replace(LIMITS, recent_share=1.0)


def documents(first: int, last: int) -> dict[str, str]:
    """Documents that share paragraphs, some of them with a character changed."""
    numbers = random.Random(first)
    shared = random.Random(0)
    pool = [
        "".join(shared.choice("春耕备耕秋收冬藏水渠道路桥梁学校医院") for _ in range(50)) for _ in range(30)
    ]
    found = {}
    for number in range(first, last):
        lines = numbers.sample(pool, 8)
        lines[0] = lines[0][:20] + "改" + lines[0][21:]
        found[f"{number:03}.txt"] = "总结\n" + "\n".join(lines) + "\n"
    return found


def grown(collection: Collection) -> Collection:
    """Let a collection keep two tables, of which something is gone; more has come now."""
    collection.write(documents(0, 24))
    collection.scan(limits=SEVERAL_TABLES)
    collection.write({**documents(24, 26), "003.txt": ""})
    collection.scan(limits=SEVERAL_TABLES)
    collection.write({**documents(26, 27), "004.txt": ""})
    return collection


@pytest.fixture(scope="module")
def once_grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Collection, dict[Path, bytes]]:
    """A collection that has grown, and what its scans had kept by then."""
    collection = grown(Collection(tmp_path_factory.mktemp("grown")))
    return collection, {path: path.read_bytes() for path in (collection.index / "scan").iterdir()}


@pytest.fixture
def scanned(once_grown: tuple[Collection, dict[Path, bytes]]) -> Collection:
    """The collection that has grown, with no scan but those that it grew by."""
    collection, content = once_grown
    kept_again(collection, content)
    return collection


@pytest.fixture(scope="module")
def expected(once_grown: tuple[Collection, dict[Path, bytes]]) -> list[Any]:
    """What the next scan finds where nothing was altered."""
    collection, content = once_grown
    kept_again(collection, content)
    collection.scan()
    return results(collection)


def kept_again(collection: Collection, content: dict[Path, bytes]) -> None:
    """Let the files that scans keep be those again that they were."""
    for path in (collection.index / "scan").iterdir():
        path.unlink()
    for path, data in content.items():
        path.write_bytes(data)


def kept(collection: Collection, pattern: str) -> list[Path]:
    return sorted((collection.index / "scan").glob(pattern))


def places(path: Path) -> Iterator[int]:
    """A byte in each array of a file, and some between them."""
    size = path.stat().st_size
    yield from (0, 9, 20, 64, size - 2)
    yield from range(100, size, max(1, size // 8))


def overwrite(path: Path, name: str, byte: int) -> None:
    """Fill an array of a file with a byte."""
    array = Container(os.fspath(path)).array(name)
    offset = path.read_bytes().find(array.tobytes())
    assert offset > 0
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(bytes([byte]) * array.nbytes)


def results(collection: Collection) -> list[Any]:
    clusters = [line | {"cluster": None} for line in collection.clusters]
    return [collection.pairs, clusters, collection.documents]


@pytest.mark.parametrize(
    ("name", "byte"),
    [
        pytest.param(name, byte, marks=[pytest.mark.slow] if (number + byte) % 2 else [])
        for number, name in enumerate(ARRAYS)
        for byte in (0x00, 0xFF)
    ],
)
def test_a_scan_is_right_whatever_was_altered_in_a_table(
    scanned: Collection, expected: list[Any], name: str, byte: int
) -> None:
    tables = kept(scanned, "*.texts")
    assert len(tables) == 2
    overwrite(tables[byte % 2], name, byte)
    scanned.scan(full=name == "texts")
    assert results(scanned) == expected
    assert verify_scans(os.fspath(scanned.index)) >= 2


@pytest.mark.parametrize("pattern", ["*-0.texts", "*-1.texts", "last-*"])
def test_a_scan_is_right_wherever_a_file_was_altered(
    scanned: Collection, expected: list[Any], pattern: str
) -> None:
    folder = scanned.index / "scan"
    before = {path: path.read_bytes() for path in folder.iterdir()}
    (path,) = kept(scanned, pattern)
    for place in places(path):
        for one, content in before.items():
            one.write_bytes(content)
        with open(path, "r+b") as file:
            file.seek(place)
            byte = file.read(1)[0]
            file.seek(place)
            file.write(bytes([byte ^ 0x10]))
        scanned.scan()
        assert results(scanned) == expected, place


@pytest.mark.parametrize("pattern", ["*-0.texts", "*-1.texts", "last-*"])
def test_a_scan_is_right_when_a_file_is_cut_or_gone(
    scanned: Collection, expected: list[Any], pattern: str
) -> None:
    (path,) = kept(scanned, pattern)
    path.write_bytes(path.read_bytes()[:-200])
    scanned.scan()
    assert results(scanned) == expected
    path.unlink(missing_ok=True)
    scanned.scan()
    assert results(scanned) == expected


def test_tables_that_hold_no_text_can_be_verified(collection: Collection) -> None:
    collection.write({"a.txt": "字\n"})
    collection.scan()
    assert verify_scans(os.fspath(collection.index)) == 2
    collection.scan(full=True)
    assert collection.pairs == []


@pytest.mark.parametrize("place", [0, 400])
def test_what_is_damaged_is_told_and_cured(collection: Collection, place: int) -> None:
    collection.write(documents(0, 3))
    collection.scan()
    (table,) = kept(collection, "*.texts")
    written = bytearray(table.read_bytes())
    written[place] ^= 1
    table.write_bytes(written)
    with pytest.raises(IndexDamaged, match=table.name):
        verify_scans(os.fspath(collection.index))
    collection.scan()
    assert verify_scans(os.fspath(collection.index)) == 2


def test_a_defect_is_not_taken_for_damage(scanned: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise IndexError("of our own making")

    monkeypatch.setattr(run, "find_candidates", fail)
    with pytest.raises(IndexError, match="our own"):
        scanned.scan()


def test_places_that_are_not_distinct_are_refused_rather_than_gone_through_for_ever() -> None:
    one, other = np.array([0, 1]), np.array([1, 2])
    with pytest.raises(ValueError, match="not distinct"):
        representatives(3, one, other, np.array([7, 7, 7]))


# ------------------------------------------------------------------------ killed, or unable to write


def texts(numbers: random.Random, count: int) -> dict[str, str]:
    clauses = [
        "".join(numbers.choice("春耕备耕秋收冬藏水渠道路桥梁学校医院") for _ in range(9)) for _ in range(300)
    ]
    return {
        f"{number:04d}.txt": "总结\n"
        + "\n".join("，".join(numbers.choice(clauses) for _ in range(6)) for _ in range(10))
        + "\n"
        for number in range(count)
    }


def test_a_folder_that_cannot_be_written_is_named_with_a_cure(collection: Any) -> None:
    collection.write({"a.txt": "总结\n今年修了一座桥，明年再修一条路，后年把水也引过来。\n"})
    collection.scan()
    shutil.rmtree(collection.index / "scan")
    (collection.index / "scan").write_text("in the way", encoding="utf-8")
    with pytest.raises(IndexUnwritable, match=r"scan.*--index"):
        collection.scan()


def test_a_table_that_was_cut_short_is_made_anew(collection: Any) -> None:
    collection.write(texts(random.Random(1), 5))
    before = collection.scan().counts
    (table,) = (collection.index / "scan").glob("*.texts")
    table.write_bytes(table.read_bytes()[:-40])
    assert collection.scan(full=True).counts == before
