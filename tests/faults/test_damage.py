"""A byte altered in any file of the index, a file cut short, a file lost: found, named, cured as it says."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from dedup.errors import IndexDamaged, IndexFormatError, IndexUnwritable
from dedup.index import update_index
from dedup.limits import Limits
from dedup.settings import Settings
from tests.corpora import timeless
from tests.faults.answers import orphans
from tests.faults.conftest import Done, Interrupting
from tests.faults.documents import verify, write_documents

Run = Callable[..., Done]


def kept(corpus: Path) -> list[Path]:
    """The files of the index that hold something."""
    files = [path for path in sorted((corpus / ".dedup").rglob("*")) if path.is_file()]
    return [path for path in files if path.suffix in KINDS]


def one_of_each(corpus: Path) -> dict[str, Path]:
    return {path.suffix: path for path in kept(corpus)}


KINDS = (".json", ".seg", ".dead", ".order", ".stamps", ".texts", ".scan")


def flip(path: Path, place: int, mask: int) -> None:
    with open(path, "r+b", buffering=0) as file:
        file.seek(place)
        (value,) = file.read(1)
        file.seek(place)
        file.write(bytes([value ^ mask]))


def test_the_collection_has_every_kind_of_file(finished: Path) -> None:
    assert set(one_of_each(finished)) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_byte_altered_anywhere_is_found_and_the_file_named(finished: Path, kind: str) -> None:
    path = one_of_each(finished)[kind]
    size = path.stat().st_size

    @examples(max_examples=60, deadline=None)
    @given(st.integers(0, size - 1), st.integers(1, 255))
    def found(place: int, mask: int) -> None:
        flip(path, place, mask)
        try:
            with pytest.raises((IndexDamaged, IndexFormatError), match=path.name) as told:
                verify(finished)
            assert told.value.cure
        finally:
            flip(path, place, mask)

    found()
    verify(finished)


def told(done: Done, *words: str) -> None:
    """Status 2, and one line that holds all of `words`."""
    assert done.status == 2, done
    (line,) = done.err.splitlines()
    assert "Traceback" not in line
    assert [word for word in words if word not in line] == []


CURES = {
    ".json": ("dedup index {corpus} --rebuild", ["index", "--rebuild"]),
    ".seg": ("dedup index {corpus} --rebuild", ["index", "--rebuild"]),
    ".dead": ("dedup index {corpus} --rebuild", ["index", "--rebuild"]),
    ".order": ("dedup index {corpus} --rebuild", ["index", "--rebuild"]),
    ".stamps": ("dedup index {corpus} --rebuild", ["index", "--rebuild"]),
    ".texts": ("删去", ["scan"]),
    ".scan": ("删去", ["scan"]),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("damage", ["altered", "cut short"])
def test_the_cure_that_is_named_works(dedup: Run, collection: Path, kind: str, damage: str) -> None:
    path = one_of_each(collection)[kind]
    middle = path.stat().st_size // 2
    if damage == "altered":
        flip(path, middle, 0x10)
    else:
        os.truncate(path, middle)
    said, cure = CURES[kind]
    told(dedup("verify", collection), path.name, said.format(corpus=collection))
    if said == "删去":
        path.unlink()
    assert dedup(*cure, collection, "--quiet").status in (0, 2)  # the collection holds an unreadable file
    done = dedup("verify", collection)
    assert (done.status, done.err) == (0, "")


@pytest.mark.parametrize("kind", [".seg", ".dead"])
def test_a_lost_file_is_named_with_the_cure(dedup: Run, collection: Path, kind: str) -> None:
    path = one_of_each(collection)[kind]
    path.unlink()
    for arguments in (
        ["verify", collection],
        ["check", collection / "000.txt", "--no-refresh", "--corpus", collection],
    ):
        told(dedup(*arguments), path.name, "不见了", f"dedup index {collection} --rebuild")


def test_a_lost_manifest_is_no_index(dedup: Run, collection: Path) -> None:
    (collection / ".dedup" / "manifest.json").unlink()
    told(dedup("verify", collection), "还没有索引", "dedup index")
    assert dedup("index", collection, "--quiet").status == 0
    verify(collection)
    assert len(list((collection / ".dedup" / "segments").iterdir())) == 1, "what it named is gone too"


def test_nothing_is_built_upon_an_altered_manifest(collection: Path) -> None:
    manifest = collection / ".dedup" / "manifest.json"
    flip(manifest, manifest.stat().st_size // 2, 0x01)
    write_documents(collection, range(20, 21))
    with pytest.raises(IndexDamaged, match=r"manifest\.json.*--rebuild"):
        update_index(collection, None, Settings())
    update_index(collection, None, Settings(), rebuild=True)
    verify(collection)
    assert orphans(collection) == set()


def test_what_an_interrupted_build_finished_is_verified_too(collection: Path) -> None:
    write_documents(collection, range(30, 36))
    interrupt = Interrupting(lambda: bool(list((collection / ".dedup" / "segments").glob("*3.seg"))))
    with pytest.raises(KeyboardInterrupt):
        update_index(collection, None, Settings(), observer=interrupt, limits=Limits(segment_positions=250))
    verify(collection)
    staged = max((collection / ".dedup" / "segments").glob("*.seg"))
    flip(staged, 300, 0x40)
    with pytest.raises(IndexDamaged, match=staged.name):
        verify(collection)


def test_a_manifest_that_cannot_be_written_leaves_the_last_index(
    collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_documents(collection, range(3), version=1)
    before = (collection / ".dedup" / "manifest.json").read_bytes()
    real = os.replace

    def refuse(aside: str, path: str) -> None:
        if os.path.basename(path) == "manifest.json":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        real(aside, path)

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", refuse)
        with pytest.raises(IndexUnwritable, match=r"manifest\.json.*free the disk"):
            update_index(collection, None, Settings())
    assert (collection / ".dedup" / "manifest.json").read_bytes() == before
    verify(collection)
    changed = update_index(collection, None, Settings())
    assert changed.changed == 3
    verify(collection)
    assert orphans(collection) == set()


def test_a_merge_does_not_vouch_for_what_is_altered(collection: Path) -> None:
    """The merged segment would have checksums that fit what was altered."""
    write_documents(collection, range(60, 61))
    taken_in = min((collection / ".dedup" / "segments").glob("*.seg"))
    flip(taken_in, 100, 0x01)
    with pytest.raises(IndexDamaged, match=rf"{taken_in.name}.*--rebuild"):
        update_index(collection, None, Settings())
    with pytest.raises(IndexDamaged, match=taken_in.name):
        verify(collection)
    update_index(collection, None, Settings(), rebuild=True)
    verify(collection)
    assert orphans(collection) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_put_at_the_end_of_a_file_is_found(collection: Path, kind: str) -> None:
    path = one_of_each(collection)[kind]
    with open(path, "ab") as file:
        file.write(b"more")
    with pytest.raises(IndexDamaged, match=path.name):
        verify(collection)


# --------------------------------------------------------------- what a check says of a damaged index


def damage(written: bytes, numbers: Random) -> bytes:
    """Altered content: a bit, a stretch of zeros, other bytes, or what comes first of it."""
    spoilt, place = bytearray(written), numbers.randrange(len(written))
    end = min(place + numbers.choice([64, 4096, 1 << 16]), len(written))
    how = numbers.choice(["bit", "bit", "zeros", "noise", "short"])
    if how == "bit":
        spoilt[place] ^= 1 << numbers.randrange(8)
    elif how == "zeros":
        spoilt[place:end] = bytes(end - place)
    elif how == "noise":
        spoilt[place:end] = numbers.randbytes(end - place)
    else:
        del spoilt[place:]
    return bytes(spoilt)


def assert_never_wrong(dedup: Run, corpus: Path, seeds: range) -> None:
    """Check drafts against copies of an index, each damaged somewhere: the right report, or one line."""
    drafts = sorted(corpus.glob("0*.txt"))[::3]
    files = [path for path in kept(corpus) if path.parent.name != "scan"]
    sizes = [path.stat().st_size for path in files]

    def answer(draft: Path) -> Done:
        done = dedup("check", draft, "--corpus", corpus, "--no-refresh", "--format", "json", "--quiet")
        return replace(done, out=timeless(done.out))

    sound = {draft: answer(draft) for draft in drafts}
    assert {done.status for done in sound.values()} <= {0, 1}
    told_of = 0
    for seed in seeds:
        numbers = Random(seed)
        # Small files count as much as large ones every other time.
        path = numbers.choice(files) if seed % 2 else numbers.choices(files, sizes)[0]
        draft, written = numbers.choice(drafts), path.read_bytes()
        path.write_bytes(damage(written, numbers))
        try:
            done = answer(draft)
        finally:
            path.write_bytes(written)
        if done != sound[draft]:
            told(done, path.name, f"dedup index {corpus} --rebuild")
            told_of += 1
    assert told_of >= len(seeds) // 4, "a fourth of the damage is where a check looks"


def test_a_check_of_a_damaged_index_is_right_or_says_so(dedup: Run, collection: Path) -> None:
    assert_never_wrong(dedup, collection, range(24))


@pytest.mark.faults
def test_no_check_of_many_damaged_indexes_is_wrong(dedup: Run, collection: Path) -> None:
    assert_never_wrong(dedup, collection, range(1000, 1240))
