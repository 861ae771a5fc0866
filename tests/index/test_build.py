from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from dedup.index import update_index
from dedup.index.build import Sketcher, signer
from dedup.index.segment import Segment
from dedup.limits import LIMITS, Limits
from dedup.settings import Settings
from dedup.sketch.scheme import Scheme

PARAGRAPHS = ["全面推进乡村振兴工作", "三农", "", "扎实做好年度重点任务"]

needs_numba = pytest.mark.skipif(
    find_spec("numba") is None, reason="numba is not installed: pip install -e '.[fast]'"
)


def signed(scheme: Scheme, ahead: int) -> tuple[np.ndarray, np.ndarray]:
    sketcher = Sketcher(signer(scheme, ahead))
    codes = np.array([ord(character) for text in PARAGRAPHS for character in text], dtype=np.uint32)
    starts = np.cumsum([0, *map(len, PARAGRAPHS)]).astype(np.int64)
    sketcher.add(codes, starts, np.arange(len(PARAGRAPHS)))
    return sketcher.finish()[0]


def compiles(scheme: Scheme, ahead: int) -> bool:
    return signer(scheme, ahead).__module__ == "dedup.sketch.compiled"


@needs_numba
def test_a_large_collection_is_signed_by_compiled_code_as_a_small_one_by_numpy() -> None:
    scheme = Scheme.from_settings(Settings(), "folding")
    assert not compiles(scheme, LIMITS.compiled_bytes - 1)
    assert compiles(scheme, LIMITS.compiled_bytes)
    small, large = signed(scheme, 0), signed(scheme, LIMITS.compiled_bytes)
    np.testing.assert_array_equal(small[0], large[0])
    assert small[1].tolist() == large[1].tolist() == [0, 3]


def test_words_are_never_signed_by_compiled_code() -> None:
    assert not compiles(Scheme.from_settings(Settings(shingle="word"), "folding"), LIMITS.compiled_bytes)


@needs_numba
def test_the_index_is_the_same_whoever_signs(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text("\n".join(PARAGRAPHS), encoding="utf-8")
    for place, least in ((".a", 1), (".b", LIMITS.compiled_bytes)):
        update_index(tmp_path, tmp_path / place, Settings(), limits=Limits(compiled_bytes=least))
    one, other = (Segment(str(tmp_path / place / "segments" / "00000001.seg")) for place in (".a", ".b"))
    np.testing.assert_array_equal(one.signatures.whole(), other.signatures.whole())
    np.testing.assert_array_equal(one.bands.values.whole(), other.bands.values.whole())


def test_a_file_too_large_to_be_read_calls_for_no_compiled_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("dedup.index.build.character_signer", lambda *scheme: asked.append(len(scheme)))
    (tmp_path / "甲.txt").write_text("\n".join(PARAGRAPHS), encoding="utf-8")
    with (tmp_path / "乙.txt").open("wb") as file:
        file.truncate(Settings().reading.input_bytes + LIMITS.compiled_bytes)
    update_index(tmp_path, None, Settings(), limits=Limits(processes=1))
    assert asked == []
    limits = Limits(processes=1, compiled_bytes=1)
    update_index(tmp_path, None, Settings(), rebuild=True, limits=limits)
    assert asked != []
