import numpy as np
import pytest

from dedup.index.sketching import COMPILING_PAYS, Sketcher
from dedup.settings import Settings
from dedup.sketch.compiled import character_signer
from dedup.sketch.scheme import Scheme

PARAGRAPHS = ["全面推进乡村振兴工作", "三农", "", "扎实做好年度重点任务"]


def signed(scheme: Scheme, ahead: int) -> tuple[np.ndarray, np.ndarray]:
    sketcher = Sketcher(scheme, ahead)
    codes = np.array([ord(character) for text in PARAGRAPHS for character in text], dtype=np.uint32)
    starts = np.cumsum([0, *map(len, PARAGRAPHS)]).astype(np.int64)
    sketcher.add(codes, starts, np.arange(len(PARAGRAPHS)))
    return sketcher.finish()[0]


@pytest.mark.parametrize("shingle", ["char", "word"])
def test_a_large_collection_is_signed_as_a_small_one(shingle: str) -> None:
    if shingle == "char" and character_signer(5, 128) is None:
        pytest.skip("numba is not installed: pip install -e '.[fast]'")
    scheme = Scheme.from_settings(Settings(shingle=shingle), "folding")
    small, large = signed(scheme, 0), signed(scheme, COMPILING_PAYS)
    np.testing.assert_array_equal(small[0], large[0])
    np.testing.assert_array_equal(small[1], large[1])
    assert 1 not in small[1]
    assert 2 not in small[1]
