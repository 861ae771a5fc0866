import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.sketch.minhash import EMPTY, permutations, resemblance, sign

sets = st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=40), max_size=12)


def as_arrays(members: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    starts = np.cumsum([0, *map(len, members)]).astype(np.int64)
    return np.array([value for one in members for value in one], dtype=np.uint32), starts


def by_datasketch(members: list[int], count: int, seed: int = 1) -> np.ndarray:
    from datasketch import MinHash

    reference = MinHash(num_perm=count, seed=seed, hashfunc=lambda value: value, scheme="affine32")
    for value in members:
        reference.update(value)
    return np.asarray(reference.hashvalues)


@pytest.mark.parametrize("count", [16, 128, 512])
@pytest.mark.parametrize("seed", [1, 42])
def test_permutations_are_those_that_datasketch_draws(count: int, seed: int) -> None:
    from datasketch import MinHash

    ours = permutations(count, seed)
    reference = MinHash(num_perm=count, seed=seed, scheme="affine32").permutations
    np.testing.assert_array_equal(reference, [ours.multipliers, ours.increments])


@given(sets)
def test_signatures_equal_datasketch_value_for_value(members: list[list[int]]) -> None:
    signatures = sign(*as_arrays(members))
    assert signatures.shape == (len(members), 128)
    for row, one in zip(signatures, members, strict=True):
        np.testing.assert_array_equal(row, by_datasketch(one, 128))


def test_sets_larger_than_a_chunk_and_empty_ones_between_them_are_signed_alike() -> None:
    generator = np.random.default_rng(7)
    members: list[list[int]] = [
        generator.integers(0, 2**32, size).tolist() for size in (70_000, 0, 5, 0, 0, 40_000, 1, 0)
    ]
    signatures = sign(*as_arrays(members), permutations(16))
    for row, one in zip(signatures, members, strict=True):
        expected = by_datasketch([], 16) if not one else sign(*as_arrays([one]), permutations(16))[0]
        np.testing.assert_array_equal(row, expected)
    np.testing.assert_array_equal(signatures[2], by_datasketch(members[2], 16))
    assert (signatures[1] == EMPTY).all()


def test_a_stored_signature_opens_as_a_lean_minhash() -> None:
    from datasketch import LeanMinHash

    left, right = sign(*as_arrays([list(range(100)), list(range(50, 150))]))
    first = LeanMinHash(seed=1, hashvalues=left, scheme="affine32")
    second = LeanMinHash(seed=1, hashvalues=right, scheme="affine32")
    assert first.jaccard(second) == pytest.approx(float(resemblance(left[None], right[None])[0]))
    assert first.jaccard(second) == pytest.approx(1 / 3, abs=0.15)
