"""A merged segment is, byte for byte, the one a builder writes of the same files."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import IndexDamaged
from dedup.index.build import SegmentBuilder
from dedup.index.merge import merge
from dedup.index.pieces import Merge, MergeSource
from dedup.index.segment import Segment
from dedup.limits import LIMITS
from dedup.sketch.scheme import Scheme
from dedup.text.structure import parse

SENTENCES = [
    "坚持党建引领，深化基层治理，推动各项工作落地见效。",
    "全年完成投资２３亿元，同比增长８．５％，超额完成目标任务。",
    "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！",
    "河道保洁员每天清早沿岸巡查，发现漂浮物当场打捞。",
    "短。",
    "𠮷 ok 〇×",
]
COLLECTION = "目录\n产业振兴做法\t1\n人才振兴做法\t2\n产业振兴做法\n{}\n人才振兴做法\n{}\n"

plain = st.lists(st.sampled_from(SENTENCES), max_size=5).map("\n".join)
collections = st.builds(COLLECTION.format, plain, plain)
odd = st.text(max_size=20)
groups = st.lists(
    st.lists(st.tuples(st.one_of(plain, collections, odd), st.booleans()), min_size=1, max_size=4),
    min_size=1,
    max_size=4,
)
schemes = st.builds(
    Scheme,
    st.just("char"),
    st.integers(2, 5),
    st.just(0.5),
    st.just(8),
    st.just(2),
    st.integers(2, 4),
    st.integers(3, 5),
    st.integers(1, 3),
    folding=st.just("any"),
)


def written(place: Path, how: Scheme, texts: list[tuple[str, str]], *, with_postings: bool = True) -> bytes:
    builder = SegmentBuilder(how)
    for name, text in texts:
        builder.add(parse(name, text))
    builder.write(str(place), with_postings=with_postings)
    return place.read_bytes()


@given(
    groups=groups,
    how=schemes,
    batch=st.sampled_from([20, 1 << 20]),
    words=st.sampled_from([20, 1 << 25]),
    at_once=st.sampled_from([400, 1 << 22]),
    inverted=st.booleans(),
)
def test_a_merged_segment_is_what_a_builder_writes(
    groups: list[list[tuple[str, bool]]], how: Scheme, batch: int, words: int, at_once: int, inverted: bool
) -> None:
    with TemporaryDirectory() as folder:
        sources, alive = [], []
        for number, group in enumerate(groups):
            texts = [(f"{number}/{file}.txt", text) for file, (text, _) in enumerate(group)]
            place = Path(folder, f"{number}.seg")
            written(place, how, texts, with_postings=inverted)
            alive += [text for text, (_, lives) in zip(texts, group, strict=True) if lives]
            dead = tuple(file for file, (_, lives) in enumerate(group) if not lives)
            sources.append(MergeSource(str(place), place.stat().st_size, dead))
        if not alive:
            return
        expected = written(Path(folder, "expected"), how, sorted(alive))
        limits = replace(LIMITS, hashed_codes=batch, sorted_words=words, copied_bytes=at_once)
        done: list[int] = []
        finished = merge(Merge(folder, how, tuple(sources)), done.append, limits)
        assert Path(finished.path).read_bytes() == expected
        assert sum(done) == sum(source.bytes for source in sources)
        assert (finished.size.bytes, finished.size.files) == (len(expected), len(alive))
        assert Segment(finished.path).container.altered() == []


def test_letters_grow_wider_when_the_alphabets_together_are_too_large(tmp_path: Path) -> None:
    how = Scheme("char", 5, 0.5, 8, 2, 4, 4, 2, folding="any")
    every = [chr(code) for code in range(0x4E00, 0x2FA1E) if not 0xD800 <= code < 0xF900]
    halves = [("a.txt", "".join(every[:50_000])), ("b.txt", "".join(every[50_000:]))]
    sources = []
    for name, text in halves:
        written(tmp_path / name, how, [(name, text)])
        sources.append(MergeSource(str(tmp_path / name), (tmp_path / name).stat().st_size, ()))
    expected = written(tmp_path / "expected", how, halves)
    merged = merge(Merge(str(tmp_path), how, tuple(sources)), lambda _: None)
    assert Path(merged.path).read_bytes() == expected
    assert Segment(merged.path).letters.dtype == np.uint32


def test_an_altered_source_is_named_and_not_merged(tmp_path: Path) -> None:
    how = Scheme("char", 5, 0.5, 8, 2, 4, 4, 2, folding="any")
    content = bytearray(written(tmp_path / "a.seg", how, [("a.txt", SENTENCES[0])]))
    content[70] ^= 1
    (tmp_path / "a.seg").write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"a\.seg.*text"):
        merge(Merge(str(tmp_path), how, (MergeSource(str(tmp_path / "a.seg"), len(content), ()),)), print)
    assert [path.name for path in tmp_path.iterdir()] == ["a.seg"]
