from pathlib import Path

import numpy as np
import pytest

from dedup.index import build, update_index
from dedup.index.build import COMPILING_PAYS, Sketcher
from dedup.settings import Settings
from dedup.sketch.compiled import Signer, character_signer
from dedup.sketch.scheme import Scheme

PARAGRAPHS = ["全面推进乡村振兴工作", "三农", "", "扎实做好年度重点任务"]

needs_numba = pytest.mark.skipif(
    character_signer(5, 16) is None, reason="numba is not installed: pip install -e '.[fast]'"
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of shingles that compiled code was asked for."""
    sizes: list[int] = []

    def asking(size: int, count: int) -> Signer | None:
        sizes.append(size)
        return character_signer(size, count)

    monkeypatch.setattr(build, "character_signer", asking)
    return sizes


def signed(scheme: Scheme, ahead: int) -> tuple[np.ndarray, np.ndarray]:
    sketcher = Sketcher(build.signer(scheme, ahead))
    codes = np.array([ord(character) for text in PARAGRAPHS for character in text], dtype=np.uint32)
    starts = np.cumsum([0, *map(len, PARAGRAPHS)]).astype(np.int64)
    sketcher.add(codes, starts, np.arange(len(PARAGRAPHS)))
    return sketcher.finish()[0]


@needs_numba
def test_a_large_collection_is_signed_by_compiled_code_as_a_small_one_by_numpy(asked: list[int]) -> None:
    scheme = Scheme.from_settings(Settings(), "folding")
    small = signed(scheme, COMPILING_PAYS - 1)
    assert not asked
    large = signed(scheme, COMPILING_PAYS)
    assert asked == [5]
    np.testing.assert_array_equal(small[0], large[0])
    assert small[1].tolist() == large[1].tolist() == [0, 3]


def test_words_are_never_signed_by_compiled_code(asked: list[int]) -> None:
    signed(Scheme.from_settings(Settings(shingle="word"), "folding"), COMPILING_PAYS)
    assert not asked


def test_the_size_of_a_corpus_decides(
    tmp_path: Path, asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "甲.txt").write_text(PARAGRAPHS[0], encoding="utf-8")
    monkeypatch.setattr(build, "COMPILING_PAYS", 3 * len(PARAGRAPHS[0]) + 1)
    update_index(tmp_path, tmp_path / ".a", Settings())
    assert not asked
    monkeypatch.setattr(build, "COMPILING_PAYS", 3 * len(PARAGRAPHS[0]))
    update_index(tmp_path, tmp_path / ".b", Settings())
    assert asked
