import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.sketch.shingles import Shingles, character_shingles, word_shingles
from dedup.text.normalize import normalize

paragraphs = st.lists(st.text(alphabet="甲乙丙丁", max_size=9), max_size=8)


def columns(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    codes = np.array([ord(character) for character in "".join(texts)], dtype=np.uint32)
    return codes, np.cumsum([0, *map(len, texts)]).astype(np.int64)


def of(shingles: Shingles, number: int) -> list[int]:
    hashes: list[int] = shingles.hashes[shingles.starts[number] : shingles.starts[number + 1]].tolist()
    return hashes


@given(paragraphs, st.integers(1, 5))
def test_a_paragraph_has_the_shingles_it_has_alone(texts: list[str], size: int) -> None:
    together = character_shingles(*columns(texts), size)
    assert len(together.starts) == len(texts) + 1
    for number, text in enumerate(texts):
        assert of(together, number) == of(character_shingles(*columns([text]), size), 0)
        assert len(of(together, number)) == max(len(text) - size + 1, 0)


@given(st.text(alphabet="甲乙丙丁", min_size=2, max_size=30), st.integers(1, 5))
def test_equal_runs_and_only_these_have_equal_hashes(text: str, size: int) -> None:
    hashes = of(character_shingles(*columns([text]), size), 0)
    runs = [text[start : start + size] for start in range(len(text) - size + 1)]
    assert len(set(zip(runs, hashes, strict=True))) == len(set(runs)) == len(set(hashes))


def test_word_shingles_follow_words_not_characters() -> None:
    texts = ["全面推进乡村振兴工作", "乡村振兴工作全面推进", "推进"]
    codes, starts = columns(
        [normalize(text).codes.astype("<u4").tobytes().decode("utf-32-le") for text in texts]
    )
    shingles = word_shingles(codes, starts, 2)
    first, second = set(of(shingles, 0)), set(of(shingles, 1))
    assert first != second
    assert first & second, "the words that stay side by side are shared"
    assert of(shingles, 2) == []
