"""What goes on around a run: Ctrl-C, other writers, files that come, grow and go, clocks, file systems."""

from __future__ import annotations

import errno
import os
import random
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from dedup.errors import IndexUnwritable, UsageError
from dedup.index import open_index, update_index
from dedup.index.folder import locked
from dedup.limits import Limits
from dedup.progress import Advance, Observer
from dedup.settings import ReadingLimits, Settings
from tests.faults.answers import answers, orphans
from tests.faults.conftest import Done, Interrupting
from tests.faults.documents import a_document, verify, write_documents
from tests.faults.killing import Victim
from tests.faults.operations import BUILD, SCAN, Operation, Trial

Run = Callable[..., Done]
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals and locks of POSIX")


def paths(corpus: Path) -> set[str]:
    with open_index(corpus, None, Settings(), refresh=False) as index:
        return {part.path for part in index.documents()}


def said_in_one_line(done: Done, *words: str) -> None:
    assert done.status == 2
    (line,) = done.err.splitlines()
    assert line.startswith("dedup: ")
    assert line.endswith((")", "）"))
    assert [word for word in words if word not in line] == []


# -------------------------------------------------------------------------------------- interrupts


@POSIX
def test_ctrl_c(trial: Trial) -> None:
    chance = random.Random(trial.operation.name)
    corpus = trial.fresh("interrupted")
    ended = Victim(
        trial.operation,
        corpus,
        processes=chance.choice((1, 2)),
        step=chance.randint(1, trial.steps),
        with_signal=signal.SIGINT,
    ).end()
    assert ended.status in (0, 1, 130)
    assert ended.said.strip() in ("", "dedup: 已中断")
    trial.whole(corpus)
    trial.finish(corpus)


# ------------------------------------------------------------------------------------ other writers


@POSIX
@pytest.mark.parametrize(
    "operation", [BUILD, pytest.param(SCAN, marks=pytest.mark.slow)], ids=lambda one: one.name
)
def test_the_lock_of_a_killed_writer_is_free(
    operation: Operation, trial_of: Callable[[Operation], Trial]
) -> None:
    trial = trial_of(operation)
    corpus = trial.fresh("locked")
    ended = Victim(operation, corpus, step=trial.steps // 2).end()
    assert ended.killed
    for lock in corpus.rglob("lock"):
        with locked(os.fspath(lock.parent), patience=0) as free:
            assert free


def test_a_second_writer_waits_and_then_says_why(collection: Path, dedup: Run) -> None:
    write_documents(collection, range(60, 61))
    with locked(os.fspath(collection / ".dedup"), patience=0):
        done = dedup("index", collection, "--quiet", limits=Limits(patience=0.01))
        said_in_one_line(done, "另一个进程", "过一会儿再试")
    assert dedup("index", collection, "--quiet").status == 0
    assert "060.txt" in paths(collection)


def a_writer_for(seconds: float, collection: Path) -> Thread:
    """One that has the lock when this returns, and lets go of it after so long."""
    held = Event()

    def writing() -> None:
        with locked(os.fspath(collection / ".dedup"), patience=0):
            held.set()
            time.sleep(seconds)

    thread = Thread(target=writing)
    thread.start()
    assert held.wait(10)
    return thread


@pytest.mark.parametrize("command", ["index", "scan"])
def test_who_waits_for_another_writer_says_so_once(command: str, collection: Path, dedup: Run) -> None:
    write_documents(collection, range(60, 61))
    other = a_writer_for(0.3, collection)
    done = dedup(command, collection, "--lang", "en")
    other.join()
    assert done.err.count("waiting until it has finished") == 1
    assert "060.txt" in paths(collection)


def test_with_quiet_waiting_is_not_told(collection: Path, dedup: Run) -> None:
    other = a_writer_for(0.3, collection)
    done = dedup("index", collection, "--quiet")
    other.join()
    assert "另一个进程" not in done.err


@POSIX
def test_a_second_scan_says_that_another_is_at_work(collection: Path, dedup: Run) -> None:
    with locked(os.fspath(collection / ".dedup" / "scan"), patience=0):
        said_in_one_line(dedup("scan", collection), "另一次自查正在进行", "等它做完")


# ------------------------------------------------------------------------------ files that come and go


class AfterListing(Observer):
    """Lets something happen between the listing of the corpus and the reading of its files."""

    def __init__(self, happens: Callable[[], object]) -> None:
        self._happens = happens

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        if name == "index":
            self._happens()
        with super().stage(name) as advance:
            yield advance


def test_a_file_that_vanishes_before_it_is_read(collection: Path) -> None:
    write_documents(collection, range(60, 63))
    observer = AfterListing((collection / "061.txt").unlink)
    changes = update_index(collection, None, Settings(), observer=observer)
    assert "061.txt" in [one.path for one in changes.skipped]
    assert {"060.txt", "062.txt"} <= paths(collection)
    changes = update_index(collection, None, Settings())
    assert "061.txt" not in [one.path for one in changes.skipped]
    verify(collection)


def test_a_file_that_grows_while_it_is_read(collection: Path) -> None:
    growing = collection / "060.txt"
    growing.write_text(a_document(60), encoding="utf-8")
    more = f"\n{a_document(61)}".encode()

    def grow() -> None:
        with growing.open("ab") as file:
            file.write(more[:50])  # which cuts a character in two

    update_index(collection, None, Settings(), observer=AfterListing(grow))
    with growing.open("ab") as file:
        file.write(more[50:])
    update_index(collection, None, Settings())
    assert answers(collection)["texts"]["060.txt"] == f"{a_document(60)}\n{a_document(61)}"


def test_a_file_that_changes_as_soon_as_it_is_read(collection: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size stays the same, and its time of change may: the next refresh must look at the content."""
    import dedup.readers

    changing, read_bytes = collection / "060.txt", dedup.readers.read_bytes
    one, other = (a_document(60, version) for version in (0, 1))
    assert len(one.encode()) == len(other.encode())
    changing.write_text(one, encoding="utf-8")

    def read_then_change(path: str, limits: ReadingLimits | None = None) -> bytes:
        content = read_bytes(path, limits)
        if os.path.basename(path) == changing.name:
            changing.write_text(other, encoding="utf-8")
        return content

    monkeypatch.setattr("dedup.readers.read_bytes", read_then_change)
    update_index(collection, None, Settings())
    monkeypatch.undo()
    assert answers(collection)["texts"]["060.txt"] == one
    update_index(collection, None, Settings())
    assert answers(collection)["texts"]["060.txt"] == other


def test_a_writer_that_had_to_wait_sees_what_came_meanwhile(collection: Path) -> None:
    class Waiting(Observer):
        def waiting(self) -> None:
            write_documents(collection, range(60, 61))

    other = a_writer_for(0.3, collection)
    assert update_index(collection, None, Settings(), observer=Waiting()).added == 1
    other.join()
    assert "060.txt" in paths(collection)


@pytest.mark.parametrize("inside", [True, False])
def test_a_corpus_that_goes_away_while_it_is_read(inside: bool, collection: Path, tmp_path: Path) -> None:
    place = collection / ".dedup"
    if not inside:
        place = tmp_path / "index"
        update_index(collection, place, Settings())
    write_documents(collection, range(3), version=1)
    away = tmp_path / "away"
    with pytest.raises((UsageError, IndexUnwritable), match=re.escape(os.fspath(collection))):
        update_index(collection, place, Settings(), observer=AfterListing(lambda: collection.rename(away)))
    if collection.exists():  # made again for the index, and empty
        shutil.rmtree(collection)
    away.rename(collection)
    with open_index(collection, place, Settings(), refresh=False) as index:
        index.verify()
        assert "000.txt" in {part.path for part in index.documents()}
    assert update_index(collection, place, Settings()).changed == 3


def test_times_in_the_future_hide_no_change(collection: Path) -> None:
    changing = collection / "001.txt"
    one, other = (a_document(1, version) for version in (1, 2))
    assert len(one.encode()) == len(other.encode())
    future = 4_000_000_000 * 10**9
    for text in (one, other):
        changing.write_text(text, encoding="utf-8")
        os.utime(changing, ns=(future, future))
        update_index(collection, None, Settings())
        assert answers(collection)["texts"]["001.txt"] == text
    past = 10**9
    os.utime(changing, ns=(past, past))
    assert update_index(collection, None, Settings()).changed == 0
    verify(collection)


# ---------------------------------------------------------------------------- files of an unfinished build


def test_a_segment_that_an_interrupted_build_lost_is_made_again(
    collection: Path,
) -> None:
    write_documents(collection, range(30, 36))
    segments = collection / ".dedup" / "segments"
    before = set(segments.glob("*.seg"))
    interrupt = Interrupting(lambda: bool(set(segments.glob("*.seg")) - before))
    with pytest.raises(KeyboardInterrupt):
        update_index(collection, None, Settings(), observer=interrupt, limits=Limits(segment_positions=250))
    (max(segments.glob("*.seg"))).unlink()
    update_index(collection, None, Settings())
    assert {f"{number:03d}.txt" for number in range(30, 36)} <= paths(collection)
    verify(collection)
    assert orphans(collection) == set()


# ------------------------------------------------------------------------------------ file systems


@POSIX
def test_a_file_system_without_locks(collection: Path, dedup: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr("fcntl.flock", refuse)
    write_documents(collection, range(60, 61))
    for command in ("index", "scan"):
        said_in_one_line(dedup(command, collection), "这里不支持", "--index")


def test_a_file_system_without_mapping(collection: Path, dedup: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))

    monkeypatch.setattr("mmap.mmap", refuse)
    done = dedup("check", collection / "000.txt", "--corpus", collection, "--no-refresh")
    said_in_one_line(done, "segments", "不能读入", "--index")
