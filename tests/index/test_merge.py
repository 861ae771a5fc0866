"""Which segments are merged; and a merged one is, byte for byte, what a builder writes of the same files."""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import IndexDamaged, IndexUnwritable
from dedup.index import open_index, update_index
from dedup.index.build import SegmentBuilder
from dedup.index.merge import Merge, MergeSource
from dedup.index.merge_policy import Candidate, groups_to_merge
from dedup.index.segment import Segment
from dedup.limits import LIMITS, Limits
from dedup.progress import Advance, Observer
from dedup.settings import Settings
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
        (finished,) = Merge(folder, how, tuple(sources), limits).perform(done.append)
        assert Path(finished.path).read_bytes() == expected
        assert sum(done) == sum(source.bytes for source in sources)
        assert (finished.bytes, finished.files) == (len(expected), len(alive))
        Segment(finished.path).container.verify()


def test_letters_grow_wider_when_the_alphabets_together_are_too_large(tmp_path: Path) -> None:
    how = Scheme("char", 5, 0.5, 8, 2, 4, 4, 2, folding="any")
    every = [chr(code) for code in range(0x4E00, 0x2FA1E) if not 0xD800 <= code < 0xF900]
    halves = [("a.txt", "".join(every[:50_000])), ("b.txt", "".join(every[50_000:]))]
    sources = []
    for name, text in halves:
        written(tmp_path / name, how, [(name, text)])
        sources.append(MergeSource(str(tmp_path / name), (tmp_path / name).stat().st_size, ()))
    expected = written(tmp_path / "expected", how, halves)
    (merged,) = Merge(str(tmp_path), how, tuple(sources)).perform(lambda _: None)
    assert Path(merged.path).read_bytes() == expected
    assert Segment(merged.path).letters.dtype == np.uint32


def test_an_altered_source_is_named_and_not_merged(tmp_path: Path) -> None:
    how = Scheme("char", 5, 0.5, 8, 2, 4, 4, 2, folding="any")
    content = bytearray(written(tmp_path / "a.seg", how, [("a.txt", SENTENCES[0])]))
    content[70] ^= 1
    (tmp_path / "a.seg").write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"a\.seg.*text"):
        list(
            Merge(str(tmp_path), how, (MergeSource(str(tmp_path / "a.seg"), len(content), ()),)).perform(
                print
            )
        )
    assert [path.name for path in tmp_path.iterdir()] == ["a.seg"]


# ------------------------------------------------------------------ which segments are merged

MILLION = 1_000_000


def old(id_: int, characters: int, *, mostly_dead: bool = False, dying: bool = False) -> Candidate:
    return Candidate(id_, characters, False, True, dying, mostly_dead)


def new(id_: int, characters: int, *, inverted: bool = True) -> Candidate:
    return Candidate(id_, characters, True, inverted, False, False)


def merges(candidates: list[Candidate]) -> list[list[int]]:
    return groups_to_merge(candidates, LIMITS)


def test_pieces_of_a_large_build_become_an_even_number_of_large_segments() -> None:
    million = [new(number, 11_600_000, inverted=False) for number in range(14)]
    assert merges(million) == [list(range(7)), list(range(7, 14))]
    ten_million = [new(number, 11_600_000, inverted=False) for number in range(140)]
    groups = merges(ten_million)
    assert [one for group in groups for one in group] == list(range(140))
    assert len(groups) == 2
    assert all(len(group) * 11_600_000 <= LIMITS.merged_positions for group in groups)
    assert merges([new(1, 5000, inverted=False)]) == [[1]]


def test_a_few_new_segments_of_their_own_stay_as_they_are() -> None:
    assert merges([new(1, 9 * MILLION)]) == []
    assert merges([new(1, 9 * MILLION), new(2, 9 * MILLION)]) == []
    assert merges([]) == []


def test_what_is_new_takes_in_what_is_at_most_twice_as_large() -> None:
    large = [old(1, 81 * MILLION), old(2, 81 * MILLION)]
    assert merges([*large, new(3, 2 * MILLION)]) == []
    assert merges([*large, old(3, 3 * MILLION), new(4, 2 * MILLION)]) == [[3, 4]]
    assert merges([*large, old(3, 5 * MILLION), new(4, 2 * MILLION)]) == []
    assert merges([*large, old(3, 100_000), new(4, 10)]) == [[3, 4]]


def test_a_segment_that_is_mostly_dead_is_written_anew_whatever_else_happens() -> None:
    assert merges([old(1, 81 * MILLION), old(2, 30 * MILLION, mostly_dead=True)]) == [[2]]
    crowded = [old(1, 800 * MILLION, mostly_dead=True), new(2, 400 * MILLION, inverted=False)]
    assert merges(crowded) == [[1], [2]]


def test_nothing_is_copied_while_nothing_changes() -> None:
    small = [old(number, 1000) for number in range(3)]
    assert merges(small) == []
    assert merges([*small, old(3, 900, dying=True)]) == [[0, 1, 2, 3]]


@pytest.mark.parametrize("seed", range(5))
def test_years_of_nights_leave_few_segments_and_copy_little(seed: int) -> None:
    chance = random.Random(seed)
    segments: dict[int, int] = {1: 81 * MILLION, 2: 81 * MILLION}
    copied = added = 0
    for night in range(3, 1000):
        segments[night] = chance.randrange(1, 2 * MILLION)
        added += segments[night]
        candidates = [(new if one == night else old)(one, size) for one, size in segments.items()]
        for group in merges(candidates):
            total = sum(segments.pop(one) for one in group)
            copied += total
            segments[max(group)] = total
            assert total <= LIMITS.merged_positions
        assert len(segments) <= 16
    assert copied <= 12 * added


# ------------------------------------------- no room for merging, or a merge is interrupted

Corpus = Callable[[Mapping[str, str]], Path]

FILES = 24
IN_PIECES = Limits(shared_bytes=0, piece_bytes=900, merged_positions=500, processes=1)


@pytest.fixture
def folder(corpus: Corpus) -> Path:
    """A corpus that is cut into pieces, which one process makes into several segments."""
    return corpus({f"{number:02d}.txt": a_text(number) for number in range(FILES)})


def a_text(seed: int) -> str:
    chance = random.Random(seed)
    return "\n".join(
        f"第{chance.randrange(10**6)}号台账已经销号，剩余{chance.randrange(10**6)}件由包联单位逐项跟进。"
        for _ in range(4)
    )


def segments(folder: Path) -> list[Segment]:
    return [Segment(str(path)) for path in sorted((folder / ".dedup" / "segments").glob("*.seg"))]


def held(folder: Path) -> list[str]:
    with open_index(folder, None, Settings(), refresh=False) as index:
        index.verify()
        return sorted(index.text(part.number, 0, 10**6) for part in index.documents())


def test_a_build_without_room_to_merge_is_told_and_goes_on_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=100))
        with pytest.raises(IndexUnwritable, match=r"needs \d+ MB more.*kept"):
            update_index(folder, None, Settings(), limits=IN_PIECES)
    assert not any(segment.inverted for segment in segments(folder))
    monkeypatch.setattr("dedup.readers.read_bytes", lambda path: pytest.fail(f"{path} is read again"))
    changes = update_index(folder, None, Settings(), limits=IN_PIECES)
    assert changes.added == FILES
    assert held(folder) == sorted(map(a_text, range(FILES)))
    assert all(segment.inverted for segment in segments(folder))


def test_without_room_small_segments_stay_beside_each_other(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = corpus({"a.txt": a_text(1)})
    update_index(folder, None, Settings(), limits=IN_PIECES)
    corpus({"b.txt": a_text(2)})
    with monkeypatch.context() as full:
        full.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=100))
        update_index(folder, None, Settings(), limits=IN_PIECES)
    assert len(segments(folder)) == 2
    assert held(folder) == sorted([a_text(1), a_text(2)])
    corpus({"c.txt": a_text(3)})
    update_index(folder, None, Settings(), limits=IN_PIECES)
    assert len(segments(folder)) == 1
    assert held(folder) == sorted([a_text(1), a_text(2), a_text(3)])


class Interrupting(Observer):
    """Interrupts the merge after so many."""

    def __init__(self, merges: int) -> None:
        self.left = merges

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        def advance(done: int, total: int) -> None:
            if self.left == 0:
                raise KeyboardInterrupt
            self.left -= 1

        yield advance if name == "merge" else lambda done, total: None


@pytest.mark.parametrize("merged", [0, 1, 3])
def test_an_interrupted_merge_goes_on_with_what_is_left(folder: Path, merged: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        update_index(folder, None, Settings(), observer=Interrupting(merged), limits=IN_PIECES)
    assert sum(segment.inverted for segment in segments(folder)) == merged
    corpus_changes = folder / "00.txt"
    corpus_changes.write_text(a_text(100), encoding="utf-8")
    (folder / "23.txt").unlink()
    update_index(folder, None, Settings(), limits=IN_PIECES)
    assert held(folder) == sorted(map(a_text, [100, *range(1, FILES - 1)]))


def test_a_segment_most_of_whose_files_are_gone_is_written_anew(folder: Path) -> None:
    limits = replace(IN_PIECES, merged_positions=10**6, small_segment=0)
    update_index(folder, None, Settings(), limits=limits)
    (before,) = segments(folder)
    for number in range(9):
        (folder / f"{number:02d}.txt").unlink()
    update_index(folder, None, Settings(), limits=limits)
    (still,) = segments(folder)
    assert still.path == before.path
    for number in range(9, 13):
        (folder / f"{number:02d}.txt").unlink()
    update_index(folder, None, Settings(), limits=limits)
    (after,) = segments(folder)
    assert (after.files, after.path != before.path) == (FILES - 13, True)
    assert not list((folder / ".dedup" / "segments").glob("*.dead"))
    assert held(folder) == sorted(map(a_text, range(13, FILES)))
