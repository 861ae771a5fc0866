"""Postings made by sorting: in memory, in ranges on disk, and where a word has one bit too few."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dedup.index.container import Container, write_container
from dedup.index.postings import Inverter, Postings
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
