"""Bringing an index up to date: the outcome is that of building it from nothing."""

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.index import Index, open_index, update_index
from dedup.index.changes import known_files
from dedup.index.corpus import list_corpus
from dedup.index.manifest import read_manifest
from dedup.index.update import Request, is_as_indexed
from dedup.limits import Limits
from dedup.progress import Advance, Observer
from dedup.settings import Settings
from dedup.sketch.minhash import sign
from dedup.sketch.shingles import character_shingles
from dedup.text.normalize import fold_slots, normalize
from tests.strategies import few_examples

Corpus = Callable[[Mapping[str, str]], Path]

PIECES = [
    "坚持党建引领，深化基层治理，推动各项工作落地见效。",
    "全年完成投资２３亿元，同比增长８．５％，超额完成目标任务。",
    "一是加强组织领导，二是压实工作责任，三是强化督促检查。",
    "河道保洁员每天清早沿岸巡查，发现漂浮物当场打捞并登记台账。",
    "老旧小区加装电梯一百二十部，惠及居民三千余户，群众拍手称快。",
]
QUERY = "".join(PIECES[:4]) + PIECES[1] + "另起一段写些别的东西。" + PIECES[4]


def describe(index: Index) -> object:
    """Everything an index answers, without the part numbers, which depend on how it came about."""
    name = {part.number: (part.path, part.span.start) for part in index.documents()}
    facts = sorted(
        (
            part.path,
            part.title,
            part.part_title,
            part.characters,
            part.paragraphs,
            str(part.notice),
            str(part.span),
        )
        for part in index.documents()
    )
    codes = normalize(QUERY).codes
    answers: list[object] = []
    for cap in (1, 3, 200):
        hits = index.gram_hits(fold_slots(codes), cap)
        places = zip(hits.part.tolist(), hits.position.tolist(), hits.query.tolist(), strict=True)
        # Of runs that occur more often than the cap says, which ones are kept depends on the numbers.
        common = hits.frequency[hits.query] > cap
        rare = sorted(
            (name[part], *rest) for (part, *rest), often in zip(places, common, strict=True) if not often
        )
        answers.append((rare, bool(common.any()), hits.frequency.tolist()))
    shingles = character_shingles(codes, np.arange(0, len(codes) + 1, 25, dtype=np.int64), 5)
    near = index.near_paragraphs(sign(shingles.hashes, shingles.starts))
    columns = (near.query_paragraph, near.part, near.start, near.end)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    pairs = sorted((query, name[part], *rest) for query, part, *rest in rows)
    texts = sorted(index.text(part.number, 0, 10**6) for part in index.documents())
    held = (index.skipped, index.parts, index.characters, index.manifest.snapshot)
    return facts, answers, pairs, texts, held


def rebuilt(folder: Path) -> object:
    with TemporaryDirectory() as aside:
        return describe(open_index(folder, Path(aside, "index"), Settings()))


SMALL_SEGMENTS = Limits(segment_positions=300, merged_positions=300, small_segment=0)
"""Segments of a few hundred characters, and no more taken in than must be."""


contents = st.lists(st.sampled_from(PIECES), max_size=6).map("\n".join)
names = st.sampled_from(["a.txt", "b.txt", "里/c.txt", "里/d.txt", "e.md", "f.txt", "坏.bin"])
steps = st.lists(st.dictionaries(names, st.none() | contents, max_size=4), min_size=2, max_size=6)


@settings(max_examples=few_examples())
@given(
    steps=steps,
    limit=st.sampled_from([60, 300, 1 << 24]),
    merged=st.sampled_from([60, 700, 1 << 24]),
    small=st.sampled_from([0, 1 << 17]),
    share=st.sampled_from([100, 400, 1 << 24]),
    at_once=st.sampled_from([3, 1 << 24]),
)
def test_after_any_history_an_index_equals_one_built_from_nothing(
    steps: list[dict[str, str | None]], limit: int, merged: int, small: int, share: int, at_once: int
) -> None:
    limits = Limits(
        segment_positions=limit,
        merged_positions=merged,
        shared_bytes=share,
        piece_bytes=share // 2,
        processes=1,
        small_segment=small,
        dead_grams=at_once,
    )
    with TemporaryDirectory() as place:
        folder = Path(place, "corpus")
        (folder / "里").mkdir(parents=True)
        for step in steps:
            for name, text in step.items():
                if text is None:
                    (folder / name).unlink(missing_ok=True)
                else:
                    (folder / name).write_text(text, encoding="utf-8")
            update_index(folder, None, Settings(), allow_empty=True, limits=limits)
        index = open_index(folder, None, Settings(), limits=limits)
        assert describe(index) == rebuilt(folder)
        on_disk = {name for name in os.listdir(folder / ".dedup" / "segments") if name.endswith(".seg")}
        assert len(on_disk) == len(index.segments()), "nothing is left behind"


def test_an_update_says_what_it_did(corpus: Corpus) -> None:
    folder = corpus({"a.txt": PIECES[0], "b.txt": PIECES[1], "c.txt": PIECES[2]})
    first = update_index(folder, None, Settings())
    assert (first.added, first.changed, first.removed, first.unchanged) == (3, 0, 0, 0)
    assert first.characters == sum(len(normalize(piece)) for piece in PIECES[:3])
    corpus({"a.txt": "", "b.txt": PIECES[3], "d.txt": PIECES[4]})
    (folder / "坏.txt").write_bytes(b"\x00\x01\x02" * 40)
    second = update_index(folder, None, Settings())
    assert (second.added, second.changed, second.removed, second.unchanged) == (1, 1, 1, 1)
    assert second.characters == len(normalize(PIECES[3])) + len(normalize(PIECES[4]))
    started = time.monotonic()
    third = update_index(folder, None, Settings())
    assert (third.added, third.changed, third.removed, third.unchanged) == (0, 0, 0, 3)
    assert third.characters == 0
    assert third.skipped == second.skipped != ()
    assert 0 < third.seconds <= time.monotonic() - started < first.seconds + second.seconds + 60


def test_a_corpus_at_rest_is_listed_and_no_more(corpus: Corpus) -> None:
    folder = corpus({"a.txt": PIECES[0]})
    while list_corpus(str(folder), "").unsettled():
        pass  # until a change would show in the times of change
    update_index(folder, None, Settings())
    stages: list[str] = []

    class Listening(Observer):
        @contextmanager
        def stage(self, name: str) -> Iterator[Advance]:
            stages.append(name)
            yield lambda done, total: None

    update_index(folder, None, Settings(), observer=Listening())
    assert stages == []
    (folder / "a.txt").write_text(PIECES[1], encoding="utf-8")
    update_index(folder, None, Settings(), observer=Listening())
    assert stages


def test_an_update_tells_how_far_it_is_in_bytes(corpus: Corpus) -> None:
    folder = corpus({"a.txt": PIECES[0], "b.txt": PIECES[1]})
    told: list[tuple[int, int]] = []

    class Listening(Observer):
        @contextmanager
        def stage(self, name: str) -> Iterator[Advance]:
            yield lambda done, total: told.append((done, total)) if name == "index" else None

    update_index(folder, None, Settings(), observer=Listening())
    total = sum((folder / name).stat().st_size for name in ("a.txt", "b.txt"))
    assert told[-1] == (total, total)
    assert told == sorted(told)


@pytest.mark.parametrize("loss", ["gone", "cut short", "rebuilt"])
def test_what_an_interrupted_build_left_is_used_only_if_it_is_whole(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, loss: str
) -> None:
    folder = corpus({f"{number:02d}.txt": "\n".join(PIECES[number % 3 :]) for number in range(12)})
    from dedup.readers import read_bytes

    read: list[str] = []

    def tiring_read(path: str, limits: object = None) -> bytes:
        read.append(os.path.basename(path))
        if len(read) == 9:
            raise KeyboardInterrupt
        return read_bytes(path)

    monkeypatch.setattr("dedup.readers.read_bytes", tiring_read)
    with pytest.raises(KeyboardInterrupt):
        update_index(folder, None, Settings(), limits=SMALL_SEGMENTS)
    staged = sorted((folder / ".dedup" / "segments").glob("*.seg"))
    assert staged
    if loss == "gone":
        staged[0].unlink()
    elif loss == "cut short":
        staged[0].write_bytes(staged[0].read_bytes()[:-9])
    update_index(folder, None, Settings(), rebuild=loss == "rebuilt", limits=SMALL_SEGMENTS)
    if loss == "rebuilt":
        assert sorted(read[9:]) == sorted(path.name for path in folder.glob("*.txt"))
    with open_index(folder, None, Settings(), refresh=False) as index:
        index.verify()
        assert index.parts == 12
        assert describe(index) == rebuilt(folder)


def test_unchanged_files_are_not_read_again(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = corpus({"a.txt": PIECES[0], "b.txt": PIECES[1]})
    for name in ("a.txt", "b.txt"):
        os.utime(folder / name, ns=(10**18 + 1, 10**18 + 1))
    update_index(folder, None, Settings())
    corpus({"c.txt": PIECES[2]})
    read: list[str] = []
    from dedup.readers import read_bytes

    def noted(path: str | os.PathLike[str], limits: object = None) -> bytes:
        read.append(os.path.basename(path))
        return read_bytes(path)

    monkeypatch.setattr("dedup.readers.read_bytes", noted)
    update_index(folder, None, Settings())
    assert read == ["c.txt"]


def test_a_change_that_keeps_size_and_time_is_seen_while_the_time_is_fresh(corpus: Corpus) -> None:
    folder = corpus({"a.txt": "甲乙丙丁戊己庚辛"})
    fresh = time.time_ns() + 5 * 10**9  # however long the machine takes to come to it
    os.utime(folder / "a.txt", ns=(fresh, fresh))
    open_index(folder, None, Settings())
    corpus({"a.txt": "子丑寅卯辰巳午未"})
    os.utime(folder / "a.txt", ns=(fresh, fresh))
    assert next(open_index(folder, None, Settings()).documents()).characters == 8
    index = open_index(folder, None, Settings())
    assert index.text(0, 0, 3) == "子丑寅"


def test_a_touched_file_is_recognised_by_its_content(corpus: Corpus) -> None:
    folder = corpus({"a.txt": PIECES[0]})
    update_index(folder, None, Settings())
    os.utime(folder / "a.txt", ns=(10**18 + 1, 10**18 + 1))
    changes = update_index(folder, None, Settings())
    assert (changes.added, changes.changed, changes.unchanged) == (0, 0, 1)


def test_files_that_cannot_be_used_are_named_and_the_others_indexed(corpus: Corpus) -> None:
    folder = corpus(
        {"a.txt": PIECES[0], "报表.pdf": "%PDF-1.4", ".hidden.txt": PIECES[1], "里/.x/y.txt": PIECES[2]}
    )
    (folder / "坏.txt").write_bytes(b"\x00\x01\x02" * 40)
    (folder / "断.txt").symlink_to(folder / "nowhere.txt")
    changes = update_index(folder, None, Settings())
    assert changes.added == 1
    assert [skipped.path for skipped in changes.skipped] == ["坏.txt", "报表.pdf", "断.txt"]
    assert all(skipped.reason for skipped in changes.skipped)
    index = open_index(folder, None, Settings())
    assert index.skipped == changes.skipped
    assert [part.path for part in index.documents()] == ["a.txt"]
    (folder / "坏.txt").write_text(PIECES[1], encoding="utf-8")
    (folder / "断.txt").unlink()
    later = open_index(folder, None, Settings())
    assert [skipped.path for skipped in later.skipped] == ["报表.pdf"]
    assert later.parts == 2


def test_files_about_the_collection_are_not_of_it(corpus: Corpus) -> None:
    about = ["README.md", "readme.txt", "里/Readme", "里/README.MD"]
    of_it = ["readme/a.txt", "readme.2.txt", "我的README.md"]
    folder = corpus(dict.fromkeys(about + of_it, PIECES[0]))
    changes = update_index(folder, None, Settings())
    assert (changes.added, changes.skipped) == (3, ())
    assert sorted(part.path for part in open_index(folder, None, Settings()).documents()) == sorted(of_it)


def test_a_file_that_became_unreadable_leaves_the_index(corpus: Corpus) -> None:
    folder = corpus({"a.txt": PIECES[0], "b.txt": PIECES[1]})
    update_index(folder, None, Settings())
    (folder / "b.txt").write_bytes(b"\x00\x01\x02" * 40)
    changes = update_index(folder, None, Settings())
    index = open_index(folder, None, Settings())
    assert [part.path for part in index.documents()] == ["a.txt"]
    assert [skipped.path for skipped in index.skipped] == ["b.txt"]
    assert (changes.changed, changes.removed) == (0, 1)


def test_the_number_of_segments_stays_small_while_a_corpus_grows(corpus: Corpus) -> None:
    limits = replace(SMALL_SEGMENTS, merged_positions=10**6)
    folder, numbers = corpus({}), random.Random(5)
    for step in range(40):
        corpus({f"{step}.txt": "\n".join(numbers.choices(PIECES, k=4))})
        index = open_index(folder, None, Settings(), limits=limits)
    assert index.parts == 40
    assert len(index.segments()) <= 7


def test_an_interrupted_build_goes_on_where_it_stopped(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = corpus({f"{number:02d}.txt": "\n".join(PIECES[number % 3 :]) for number in range(20)})
    from dedup.readers import read_bytes

    read: list[str] = []

    def tiring_read(path: str, limits: object = None) -> bytes:
        read.append(os.path.basename(path))
        if len(read) == 12:
            raise KeyboardInterrupt
        return read_bytes(path)

    monkeypatch.setattr("dedup.readers.read_bytes", tiring_read)
    with pytest.raises(KeyboardInterrupt):
        update_index(folder, None, Settings(), limits=SMALL_SEGMENTS)
    first = set(read)
    index = open_index(folder, None, Settings(), limits=SMALL_SEGMENTS)
    assert index.parts == 20
    assert len(read) < 20 + len(first), "what was finished is not read again"
    assert describe(index) == rebuilt(folder)


def test_a_corpus_is_as_indexed_while_the_content_of_its_files_is(corpus: Corpus) -> None:
    folder = corpus({"a.txt": PIECES[0], "b.txt": PIECES[1]})
    (folder / "坏.txt").write_bytes(b"\x00\x01\x02" * 40)
    update_index(folder, None, Settings())
    place = str(folder / ".dedup")
    manifest = read_manifest(place)
    assert manifest is not None

    def is_same() -> bool:
        return is_as_indexed(
            Request(str(folder), place, Settings(), rebuild=False, allow_empty=False), manifest
        )

    assert is_same()
    os.utime(folder / "a.txt", ns=(10**18 + 1, 10**18 + 1))
    assert is_same(), "other times say nothing"
    corpus({"c.txt": PIECES[2]})
    assert not is_same()
    (folder / "c.txt").unlink()
    assert is_same()
    (folder / "b.txt").unlink()
    assert not is_same()
    corpus({"b.txt": PIECES[3]})
    assert not is_same()


def test_the_times_of_touched_files_are_kept_until_they_change_or_go(corpus: Corpus) -> None:
    old, first, second = 10**18, 10**18 + 1, 10**18 + 2
    folder = corpus({"a.txt": PIECES[0], "b.txt": PIECES[1], "c.txt": PIECES[2]})

    def times(touched: str = "", at: int = 0) -> dict[str, int]:
        """What an update knows of the times of change of the files, after one of them was touched."""
        if touched:
            os.utime(folder / touched, ns=(at, at))
        while list_corpus(str(folder), str(folder / ".dedup")).unsettled():
            pass  # until a change would show in the times of change
        update_index(folder, None, Settings())
        manifest = read_manifest(str(folder / ".dedup"))
        assert manifest is not None
        known = known_files(str(folder / ".dedup" / "segments"), manifest.segments)
        return {file.path: file.facts[2] for file in known}

    for name in ("a.txt", "b.txt", "c.txt"):
        os.utime(folder / name, ns=(old, old))
    assert times() == {"a.txt": old, "b.txt": old, "c.txt": old}
    assert times("a.txt", first) == {"a.txt": first, "b.txt": old, "c.txt": old}
    corpus({"d.txt": PIECES[3]})
    assert times("d.txt", old) == {"a.txt": first, "b.txt": old, "c.txt": old, "d.txt": old}
    assert times("b.txt", second) == {"a.txt": first, "b.txt": second, "c.txt": old, "d.txt": old}
    (folder / "a.txt").unlink()
    assert times() == {"b.txt": second, "c.txt": old, "d.txt": old}
    corpus({"b.txt": PIECES[4]})
    assert times("b.txt", first) == {"b.txt": first, "c.txt": old, "d.txt": old}
