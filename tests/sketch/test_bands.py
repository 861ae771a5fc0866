import json

import numpy as np
import pytest

from dedup.errors import UsageError
from dedup.settings import Settings
from dedup.sketch.bands import band_keys, choose_bands
from dedup.sketch.scheme import Scheme


@pytest.mark.parametrize(("threshold", "permutations"), [(0.5, 128), (0.7, 128), (0.9, 64)])
def test_bands_and_rows_are_what_datasketch_would_use(threshold: float, permutations: int) -> None:
    from datasketch import MinHashLSH

    reference = MinHashLSH(threshold=threshold, num_perm=permutations)
    assert choose_bands(threshold, permutations) == (reference.b, reference.r)


def test_two_signatures_share_the_keys_of_the_bands_in_which_they_are_equal() -> None:
    generator = np.random.default_rng(3)
    left = generator.integers(0, 2**32, (1, 20), dtype=np.uint32)
    right = left.copy()
    right[0, 7] += 1
    equal = band_keys(left, 4, 5) == band_keys(right, 4, 5)
    assert equal.tolist() == [[True, False, True, True]]


def test_equal_rows_in_different_bands_have_different_keys() -> None:
    keys = band_keys(np.ones((1, 20), dtype=np.uint32), 4, 5)
    assert len(set(keys[0].tolist())) == 4


def test_a_scheme_says_what_differs_from_the_settings() -> None:
    scheme = Scheme.from_settings(Settings(), "table-1")
    assert Scheme(**json.loads(scheme.to_json())) == scheme
    assert scheme.differences(Settings()) == scheme.outdated("table-1") == ()
    assert [str(one) for one in scheme.differences(Settings(shingle_size=6))] == ["shingle_size 5, now 6"]
    assert [str(one) for one in scheme.outdated("table-2")] == ["folding table-1, now table-2"]


def test_grams_that_could_miss_a_promised_run_are_refused() -> None:
    with pytest.raises(UsageError, match="runs of 15 characters"):
        Scheme.from_settings(Settings(gram_size=8, gram_step=8), "table-1")
