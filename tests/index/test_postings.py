"""Postings made by sorting: in memory, in ranges on disk, and where a word has one bit too few."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import IndexDamaged
from dedup.index.container import Container, write_container
from dedup.index.postings import TAG_BITS, Inverter, Postings
from dedup.limits import LIMITS
from dedup.settings import Settings
from dedup.sketch.scheme import Scheme

COUNT = (1 << 21) - 1


def inverted(folder: Path, keys: np.ndarray, values: np.ndarray, most: int, in_memory: int) -> Postings:
    limits = replace(LIMITS, sorted_words=in_memory)
    inverter = Inverter(Scheme.from_settings(Settings(), "any"), str(folder), limits)
    content = inverter.inverted("gram", [(keys, values)], len(keys), most)
    write_container(str(folder / "arrays"), [content])
    arrays = Container(str(folder / "arrays"))
    return Postings(*(arrays.stored(f"gram_{name}") for name in ("directory", "tags", "values")))


@pytest.mark.parametrize(
    ("value_bits", "in_memory", "bucket_bits"),
    [
        pytest.param(30, COUNT, 18, id="fits"),
        pytest.param(31, COUNT, 17, id="one bit too wide: half the buckets"),
        pytest.param(32, COUNT, 18, id="wider: ranges of keys"),
        pytest.param(31, COUNT // 3, 18, id="too many for memory"),
    ],
)
def test_every_pair_is_found_however_the_words_were_sorted(
    value_bits: int, in_memory: int, bucket_bits: int, tmp_path: Path
) -> None:
    numbers = np.random.default_rng(5)
    keys = numbers.integers(0, 1 << 64, COUNT, dtype=np.uint64)
    values = numbers.permutation(COUNT).astype(np.uint32)
    values[0] = most = (1 << value_bits) - 1
    postings = inverted(tmp_path, keys, values, most, in_memory)
    assert postings.bucket_bits == bucket_bits
    keys, values = keys[:100_000], values[:100_000]
    first, last = postings.find(keys)
    assert (last > first).all()
    alone = last == first + 1
    assert alone.mean() > 0.99
    np.testing.assert_array_equal(postings.values[first[alone]], values[alone])


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60), st.data())
def test_a_long_bucket_is_searched_rightly_or_its_damage_is_told(
    tags: list[int], data: st.DataObject
) -> None:
    """Whatever tag is altered: look-ups that do not need it are right, others name the file."""
    written = np.repeat(np.sort(np.array(tags, np.uint16)), 30)  # more than are read as a whole
    sizes = np.array([0, len(written), len(written)], np.uint32)
    wanted = np.arange(42, dtype=np.uint64) << np.uint64(64 - 1 - TAG_BITS)
    expected = [np.searchsorted(written, np.arange(42, dtype=np.uint16), side) for side in ("left", "right")]
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "arrays")
        write_container(
            path, [("directory", sizes), ("tags", written), ("values", np.zeros(len(written), np.uint32))]
        )
        content = bytearray(Path(path).read_bytes())
        middle = len(written) // 2  # where a search begins
        altered = data.draw(st.sampled_from([middle, middle // 2]) | st.integers(0, len(written) - 1))
        place = content.index(written.tobytes()) + 2 * altered
        content[place] ^= data.draw(st.sampled_from([0, 1, 2, 0x20]))
        Path(path).write_bytes(content)
        for key in range(42):
            arrays = Container(path)
            postings = Postings(*(arrays.stored(name) for name in ("directory", "tags", "values")))
            with suppress(IndexDamaged):
                first, last = postings.find(wanted[key : key + 1])
                assert (first[0], last[0]) == (expected[0][key], expected[1][key])
