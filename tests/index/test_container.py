"""Arrays come back as they were written, and what was altered is never taken for what was written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import IndexDamaged, IndexFormatError
from dedup.index.container import Abreast, Array, Container, block_sums, mapped_bytes, write_container
from dedup.limits import LIMITS

NUMBERS = np.random.default_rng(3)
ARRAYS: dict[str, Array] = {
    "few": np.arange(7, dtype=np.uint16),
    "none": np.empty((0, 16), dtype=np.uint32),
    "many": NUMBERS.integers(0, 1 << 32, (300, 16), dtype=np.uint32),
    "long": NUMBERS.integers(0, 1 << 16, 40_000, dtype=np.uint16),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("container") / "arrays"
    columns = (("left", np.uint8, 500), ("right", np.int64, 3))
    pieces: list[tuple[int, Array]] = [
        (0, np.ones(200, np.uint8)),
        (1, np.arange(3)),
        (0, np.full(300, 2, np.uint8)),
    ]
    some = {name: array for name, array in ARRAYS.items() if name != "long"}
    long = ("long", (ARRAYS["long"][first : first + 7000] for first in range(0, 40_000, 7000)))
    size = write_container(str(path), [*some.items(), Abreast(columns, pieces), long])
    assert size == path.stat().st_size
    return path


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_come_back_as_they_were_written(whole: Path, name: str) -> None:
    arrays, expected = Container(str(whole)), ARRAYS[name]
    np.testing.assert_array_equal(arrays.array(name), expected)
    assert arrays.array(name).dtype == expected.dtype
    arrays.verify()
    stored = arrays.stored(name)
    assert (len(stored), stored.dtype) == (len(expected), expected.dtype)
    np.testing.assert_array_equal(
        np.concatenate([stored[:0], *arrays.pieces(name, 0, len(expected))]), expected
    )
    np.testing.assert_array_equal(arrays.array("left"), [1] * 200 + [2] * 300)


@given(rows=st.lists(st.integers(0, 299), max_size=20), first=st.integers(0, 300), length=st.integers(0, 90))
def test_rows_are_read_by_number_range_and_choice(
    whole: Path, rows: list[int], first: int, length: int
) -> None:
    stored, expected = Container(str(whole)).stored("many"), ARRAYS["many"]
    numbers = np.array(rows, dtype=np.uint32)
    np.testing.assert_array_equal(stored[numbers], expected[rows])
    np.testing.assert_array_equal(stored[first : first + length], expected[first : first + length])
    np.testing.assert_array_equal(stored[expected[:, 0] > 9], expected[expected[:, 0] > 9])
    for row in rows:
        np.testing.assert_array_equal(stored[row], expected[row])


@pytest.mark.parametrize("apart", [6, 9])
def test_many_rows_are_read_by_choice_wherever_they_lie(whole: Path, tmp_path: Path, apart: int) -> None:
    """Those that lie close are verified together."""
    rows = NUMBERS.permutation(np.arange(0, 40_000, apart, dtype=np.uint32)[:4_200])
    np.testing.assert_array_equal(Container(str(whole)).stored("long")[rows], ARRAYS["long"][rows])
    written = bytearray(whole.read_bytes())
    written[written.index(ARRAYS["long"][int(rows[0]) :][:20].tobytes())] ^= 1
    altered = tmp_path / "arrays"
    altered.write_bytes(written)
    with pytest.raises(IndexDamaged, match="long"):
        Container(str(altered)).stored("long")[rows]


@given(st.data())
def test_what_is_read_is_what_was_written_or_the_file_is_named(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    written = bytearray(whole.read_bytes())
    place = data.draw(st.integers(0, len(written) - 1))
    damage = data.draw(st.sampled_from(["bit", "zeros", "short"]))
    if damage == "bit":
        written[place] ^= 1 << data.draw(st.integers(0, 7))
    elif damage == "zeros":
        end = min(place + data.draw(st.integers(1, 3000)), len(written))
        written[place:end] = bytes(end - place)
    else:
        del written[place:]
    path = tmp_path_factory.mktemp("altered") / "arrays"
    path.write_bytes(written)
    same = written == whole.read_bytes()
    try:
        arrays = Container(str(path), whole.stat().st_size)
    except (IndexDamaged, IndexFormatError) as error:
        named, told = error.what, not same
        assert (named, told) == (str(path), True)  # only what is altered may raise
        return
    seen = False
    rows = np.array([data.draw(st.integers(0, 39_999)) for _ in range(5)])
    for name, key in (
        ("long", rows),
        ("long", slice(rows[0], rows[1])),
        ("many", rows // 200),
        ("few", rows // 9000),
    ):
        try:
            np.testing.assert_array_equal(arrays.stored(name)[key], ARRAYS[name][key])
        except IndexDamaged as error:
            seen = error.what == str(path)
            assert seen
    try:
        arrays.verify()
    except IndexDamaged:
        assert not same
    else:
        assert same
    assert not (seen and same)


def test_every_change_of_one_bit_changes_the_sum_of_a_block() -> None:
    for block in (np.zeros((1, 32), np.uint64), NUMBERS.integers(0, 1 << 64, (1, 32), dtype=np.uint64)):
        changed = np.repeat(block, 32 * 64, axis=0)
        number = np.arange(32 * 64)
        changed[number, number // 64] ^= np.uint64(1) << (number % 64).astype(np.uint64)
        assert (block_sums(changed) != block_sums(block)).all()
    assert block_sums(np.zeros((1, 32), np.uint64)) != 0


def test_nothing_stays_of_a_file_that_could_not_be_written(tmp_path: Path) -> None:
    columns = (("short", np.uint8, 3),)
    with pytest.raises(ValueError, match="short"):
        write_container(str(tmp_path / "arrays"), [Abreast(columns, [(0, np.zeros(2, np.uint8))])])
    assert list(tmp_path.iterdir()) == []


def test_memory_of_mapped_files_is_told_and_let_go(whole: Path) -> None:
    assert mapped_bytes() > 1000 or not Path("/proc/self/statm").exists()
    arrays = Container(str(whole), limits=replace(LIMITS, mapped_bytes=0))
    for _ in range(20):
        np.testing.assert_array_equal(arrays.stored("long")[5:9], ARRAYS["long"][5:9])
        arrays.relieve()
