import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.sketch import compiled
from dedup.sketch.minhash import EMPTY, permutations, sign
from dedup.sketch.shingles import character_shingles

needs_numba = pytest.mark.skipif(
    compiled.character_signer(5, 16) is None, reason="numba is not installed: pip install -e '.[fast]'"
)
paragraphs = st.lists(st.text("一二三四五六七八九十百千万亿甲乙丙丁", max_size=30), max_size=10)


def as_codes(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    codes = np.array([ord(character) for text in texts for character in text], dtype=np.uint32)
    return codes, np.cumsum([0, *map(len, texts)]).astype(np.int64)


@needs_numba
@settings(max_examples=60, deadline=None)
@given(paragraphs, st.sampled_from([3, 5]), st.sampled_from([16, 128]))
def test_compiled_signatures_are_those_of_numpy(texts: list[str], size: int, count: int) -> None:
    signer = compiled.character_signer(size, count)
    assert signer is not None
    codes, starts = as_codes(texts)
    shingles = character_shingles(codes, starts, size)
    expected = sign(shingles.hashes, shingles.starts, permutations(count))
    np.testing.assert_array_equal(signer(codes, starts), expected)


@needs_numba
def test_a_paragraph_too_short_for_a_shingle_has_an_empty_signature() -> None:
    signer = compiled.character_signer(5, 16)
    assert signer is not None
    signatures = signer(*as_codes(["三农工作", "", "全面推进乡村振兴"]))
    assert (signatures[:2] == EMPTY).all()
    assert (signatures[2] != EMPTY).any()


@needs_numba
def test_code_is_compiled_even_where_it_cannot_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    compile_for_now = numba.njit

    def refusing(*, cache: bool) -> object:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return compile_for_now(cache=False)

    monkeypatch.setattr(numba, "njit", refusing)
    compiled._compiled.cache_clear()
    try:
        signer = compiled.character_signer(5, 16)
        assert signer is not None
        codes, starts = as_codes(["全面推进乡村振兴"])
        shingles = character_shingles(codes, starts, 5)
        expected = sign(shingles.hashes, shingles.starts, permutations(16))
        np.testing.assert_array_equal(signer(codes, starts), expected)
    finally:
        compiled._compiled.cache_clear()


def test_without_numba_there_is_no_compiled_signer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    compiled._compiled.cache_clear()
    try:
        assert compiled.character_signer(5, 16) is None
    finally:
        compiled._compiled.cache_clear()
