import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any, NoReturn

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.sketch import compiled
from dedup.sketch.minhash import EMPTY, permutations, sign
from dedup.sketch.shingles import character_shingles

needs_numba = pytest.mark.skipif(
    find_spec("numba") is None, reason="numba is not installed: pip install -e '.[fast]'"
)
paragraphs = st.lists(st.text("一二三四五六七八九十百千万亿甲乙丙丁", max_size=30), max_size=10)


def as_codes(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    codes = np.array([ord(character) for text in texts for character in text], dtype=np.uint32)
    return codes, np.cumsum([0, *map(len, texts)]).astype(np.int64)


@needs_numba
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


@pytest.fixture
def anew() -> Iterator[None]:
    """Whatever was compiled is forgotten, before and after.

    Something is compiled first: numba loads parts of itself then, by the function that the tests replace.
    """
    compiled.character_signer(5, 16)
    compiled._compiled.cache_clear()
    yield
    compiled._compiled.cache_clear()


def is_right(signer: compiled.Signer) -> bool:
    codes, starts = as_codes(["全面推进乡村振兴"])
    shingles = character_shingles(codes, starts, 5)
    return bool((signer(codes, starts) == sign(shingles.hashes, shingles.starts, permutations(16))).all())


def compiling_with(
    monkeypatch: pytest.MonkeyPatch, kept: Callable[[Any], Any], passing: Callable[[Any], Any]
) -> None:
    """Have numba compile by one function what is to be kept, by another what is not."""
    monkeypatch.setattr("numba.njit", lambda *, cache: kept if cache else passing)


def raising(error: BaseException) -> Callable[..., Any]:
    def fails(*arguments: object) -> NoReturn:
        raise error

    return fails


def wrong(function: object) -> Callable[..., None]:
    """What leaves signatures empty: machine code of other constants."""
    return lambda *arguments: None


@needs_numba
@pytest.mark.parametrize(
    "kept",
    [
        pytest.param(raising(RuntimeError("no locator available")), id="no folder for it"),
        pytest.param(lambda function: raising(EOFError()), id="cut short", marks=pytest.mark.slow),
        pytest.param(
            lambda function: raising(OSError(28, "No space left on device")),
            id="disk full",
            marks=pytest.mark.slow,
        ),
        pytest.param(wrong, id="of other constants"),
    ],
)
def test_code_that_cannot_be_kept_or_was_kept_badly_is_compiled_anew(
    kept: Callable[[Any], Any], anew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import numba

    compiling_with(monkeypatch, kept, numba.njit(cache=False))
    signer = compiled.character_signer(5, 16)
    assert signer is not None
    assert is_right(signer)


@needs_numba
@pytest.mark.parametrize("how", [raising(SystemError("defect")), wrong], ids=["fails", "computes wrong"])
def test_what_cannot_be_compiled_is_left_to_numpy(
    how: Callable[[Any], Any], anew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiling_with(monkeypatch, how, how)
    assert compiled.character_signer(5, 16) is None


@needs_numba
def test_what_numba_would_run_as_python_is_left_to_numpy(anew: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numba.config.DISABLE_JIT", 1)
    assert compiled.character_signer(5, 16) is None


def test_without_numba_there_is_no_compiled_signer(anew: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    assert compiled.character_signer(5, 16) is None
