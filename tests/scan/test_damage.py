"""Batches are a cache: whatever becomes of them, a scan ends, and one of everything finds what there is."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dedup.errors import IndexDamaged
from dedup.index.container import Container
from dedup.scan.batches import Batch
from dedup.scan.clusters import representatives
from dedup.scan.mending import discard_altered
from dedup.scan.upkeep import verify_scans
from tests.scan.conftest import Collection

ARRAYS = [field.name for field in fields(Batch)]
SEEN_AT_ONCE = {"file_keys", "file_dates", "file_rows", "texts", "text_begins"}
"""Arrays of which any change is seen by any scan."""
NUMBERS = ["row_texts", "text_rows", "words"]
"""Arrays that hold numbers of others' elements."""


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


def live(collection: Collection) -> Collection:
    """Let a collection keep a large batch, and a small one of what came and went since; more has come now."""
    collection.write(documents(0, 24))
    collection.scan()
    collection.write({**documents(24, 26), "003.txt": ""})
    collection.scan()
    collection.write({**documents(26, 27), "004.txt": ""})
    return collection


@pytest.fixture
def scanned(collection: Collection) -> Collection:
    return live(collection)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What the next scan finds where nothing was altered."""
    collection = live(Collection(tmp_path_factory.mktemp("sound")))
    collection.scan()
    return results(collection)


def batches(collection: Collection) -> list[Path]:
    """The largest last."""
    found = (collection.settings.index / "scan").glob("*.texts")
    return sorted(found, key=lambda path: path.stat().st_size)


def overwrite(path: Path, name: str, byte: int) -> None:
    """Fill an array of a file with a byte."""
    kind, shape, offset, _ = Container(os.fspath(path))._directory[name]
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(bytes([byte]) * (np.dtype(kind).itemsize * int(np.prod(shape))))


def results(collection: Collection) -> list[Any]:
    return [collection.pairs, collection.clusters, collection.documents]


@pytest.mark.parametrize("byte", [0x00, 0xFF])
@pytest.mark.parametrize("name", ARRAYS)
def test_a_scan_of_everything_is_right_whatever_was_altered(
    scanned: Collection, expected: list[Any], name: str, byte: int
) -> None:
    assert len(batches(scanned)) == 2
    for path in batches(scanned):
        overwrite(path, name, byte)
    scanned.scan(full=True)
    assert results(scanned) == expected
    assert not any(Container(os.fspath(path)).altered() for path in batches(scanned))


@pytest.mark.parametrize("byte", [0x01, 0xFF])
@pytest.mark.parametrize("name", ARRAYS)
def test_a_scan_of_what_is_new_ends_and_is_right_where_it_can_know(
    scanned: Collection, expected: list[Any], name: str, byte: int
) -> None:
    overwrite(batches(scanned)[-1], name, byte)
    scanned.scan()
    if name in SEEN_AT_ONCE or (name in NUMBERS and byte == 0xFF):
        assert results(scanned) == expected
    scanned.scan(full=True)
    assert results(scanned) == expected


@pytest.mark.parametrize("name", ["row_ends", "row_starts"])
def test_what_is_merged_is_what_was_written(
    scanned: Collection, make_collection: Callable[[], Collection], name: str
) -> None:
    """The merged batch has a checksum of its own, by which nobody would see what was altered before."""
    sound = live(make_collection())
    overwrite(batches(scanned)[-1], name, 0x01)
    for one in (scanned, sound):
        one.write(documents(40, 65))
        one.scan()
    assert len(batches(scanned)) == 1
    assert results(scanned) == results(sound)


def test_batches_that_hold_no_text_can_be_verified(collection: Collection) -> None:
    collection.write({"a.txt": "字\n"})
    collection.scan()
    assert verify_scans(os.fspath(collection.settings.index)) == 2
    collection.scan(full=True)
    assert collection.pairs == []


def test_what_an_interrupted_scan_made_of_a_damaged_batch_is_not_gone_on_from(scanned: Collection) -> None:
    folder = scanned.settings.index / "scan"
    (folder / "unfinished-0.7.scan").write_bytes(b"what was found so far")
    assert not discard_altered(os.fspath(folder))
    assert (folder / "unfinished-0.7.scan").exists()
    overwrite(batches(scanned)[-1], "row_texts", 0xFF)
    assert discard_altered(os.fspath(folder))
    kept = {path.name for path in folder.iterdir() if path.suffix == ".scan"}
    assert kept == {"last-0.7.scan"}
    assert len(batches(scanned)) == 1


@pytest.mark.parametrize("place", [0, 400])
def test_a_full_scan_is_the_cure_for_a_batch_of_another_threshold_too(
    collection: Collection, place: int
) -> None:
    """Where its first bytes are altered it does not open, and by its name it is none of this scan's."""
    collection.write(documents(0, 3))
    collection.scan()
    ours = set(batches(collection))
    collection.scan(threshold=0.5)
    (other,) = set(batches(collection)) - ours
    written = bytearray(other.read_bytes())
    written[place] ^= 1
    other.write_bytes(written)
    with pytest.raises(IndexDamaged, match=other.name):
        verify_scans(os.fspath(collection.settings.index))
    collection.scan(full=True)
    assert verify_scans(os.fspath(collection.settings.index)) == 3


def test_a_defect_is_not_taken_for_damage(scanned: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    from dedup.scan import comparing

    def fail(*_: Any, **__: Any) -> None:
        raise IndexError("of our own making")

    scanned.scan()
    before = batches(scanned)
    monkeypatch.setattr(comparing, "near_texts", fail)
    with pytest.raises(IndexError, match="our own"):
        scanned.scan()
    assert batches(scanned) == before


def test_places_that_are_not_distinct_are_refused_rather_than_gone_through_for_ever() -> None:
    one, other = np.array([0, 1]), np.array([1, 2])
    with pytest.raises(ValueError, match="not distinct"):
        representatives(3, one, other, np.array([7, 7, 7]))
