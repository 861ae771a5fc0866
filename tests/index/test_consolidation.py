"""What happens when the disk has no room for merging, or a merge is interrupted."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from dedup.errors import IndexUnwritable
from dedup.index import open_index, update_index
from dedup.index.segment import Segment
from dedup.limits import Limits
from dedup.settings import Settings

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


@pytest.mark.parametrize("merged", [0, 1, 3])
def test_an_interrupted_merge_goes_on_with_what_is_left(
    folder: Path, monkeypatch: pytest.MonkeyPatch, merged: int
) -> None:
    from dedup.index.merge import merge

    orders: list[object] = []

    def tiring_merge(order: object, done: object) -> object:
        if len(orders) == merged:
            raise KeyboardInterrupt
        orders.append(order)
        return merge(order, done)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("dedup.index.workers.merge", tiring_merge)
        with pytest.raises(KeyboardInterrupt):
            update_index(folder, None, Settings(), limits=IN_PIECES)
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
