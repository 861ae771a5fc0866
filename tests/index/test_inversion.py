"""Postings made by sorting: in memory, in ranges on disk, and where a word has one bit too few."""

from pathlib import Path

import numpy as np
import pytest

from dedup.index import inversion
from dedup.index.container import Container, write_container
from dedup.index.postings import Postings

COUNT = (1 << 18) - 1


def inverted(folder: Path, keys: np.ndarray, values: np.ndarray, most: int) -> Postings:
    content = inversion.inverted("gram", [(keys, values)], len(keys), most, str(folder))
    write_container(str(folder / "arrays"), [content])
    arrays = Container(str(folder / "arrays"))
    return Postings(*(arrays.array(f"gram_{name}") for name in ("directory", "tags", "values")))


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
    value_bits: int, in_memory: int, bucket_bits: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = np.random.default_rng(5)
    keys = numbers.integers(0, 1 << 64, COUNT, dtype=np.uint64)
    values = numbers.permutation(COUNT).astype(np.uint32)
    values[0] = most = (1 << value_bits) - 1
    monkeypatch.setattr(inversion, "_POSTINGS_A_BUCKET", 1)
    monkeypatch.setattr(inversion, "_MOST_WORDS", in_memory)
    postings = inverted(tmp_path, keys, values, most)
    assert postings.bucket_bits == bucket_bits
    first, last = postings.find(keys)
    assert (last > first).all()
    alone = last == first + 1
    assert alone.mean() > 0.99
    np.testing.assert_array_equal(postings.values[first[alone]], values[alone])
