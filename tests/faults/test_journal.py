"""A writer that died while it wrote its transaction into the catalog: whoever opens that takes it back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from dedup.index import update_index
from dedup.index.catalog import Catalog
from dedup.index.database import connect
from dedup.settings import Settings
from tests.faults.conftest import Done
from tests.faults.documents import verify, write_documents
from tests.faults.operations import REFRESH, Trial, in_peace


@contextmanager
def left_in_the_middle(copy: Path) -> Iterator[None]:
    """What is on the disk when the transaction that makes the new snapshot is half written goes to `copy`."""
    go_live = Catalog.go_live

    def hardly_any_memory(path: str) -> sqlite3.Connection:
        database = connect(path)
        database.execute("PRAGMA cache_spill = ON")
        database.execute("PRAGMA cache_size = 1")  # pages are written to the file as soon as they change
        return database

    def copy_then(self: Catalog, *arguments: object) -> None:
        go_live(self, *arguments)  # type: ignore[arg-type]
        shutil.copytree(Path(self.path).parents[2], copy)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.index.catalog.connect", hardly_any_memory)
        patch.setattr(Catalog, "go_live", copy_then)
        yield


@pytest.fixture
def torn(trial_of: Callable[..., Trial], tmp_path: Path) -> tuple[Trial, Path]:
    """A refresh, and a corpus whose index it has left in the middle of its last transaction."""
    trial = trial_of(REFRESH)
    before = (trial.start / "corpus" / ".dedup" / "catalog.sqlite").read_bytes()
    with left_in_the_middle(tmp_path / "torn"):
        in_peace(trial.operation.arguments(trial.fresh("whole")), trial.operation.limits)
    corpus = tmp_path / "torn" / "corpus"
    assert (corpus / ".dedup" / "catalog.sqlite-journal").stat().st_size > 1024
    now = (corpus / ".dedup" / "catalog.sqlite").read_bytes()
    assert now[4096 : len(before)] != before[4096:], "pages have been overwritten"
    return trial, corpus


def test_a_reader_takes_it_back(torn: tuple[Trial, Path]) -> None:
    trial, corpus = torn
    trial.whole(corpus)
    assert not (corpus / ".dedup" / "catalog.sqlite-journal").exists()
    trial.finish(corpus)


def test_the_next_writer_takes_it_back(torn: tuple[Trial, Path]) -> None:
    trial, corpus = torn
    trial.finish(corpus)


def test_the_journal_of_a_catalog_that_is_gone_is_not_played_into_the_next(torn: tuple[Trial, Path]) -> None:
    trial, corpus = torn
    (corpus / ".dedup" / "catalog.sqlite").unlink()
    trial.finish(corpus)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of POSIX")
def test_where_it_may_not_be_taken_back_that_is_told(
    torn: tuple[Trial, Path], dedup: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    trial, corpus = torn

    def read_only(path: str) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)

    monkeypatch.setattr("dedup.index.catalog.connect", read_only)
    done = dedup("check", corpus / "002.txt", "--corpus", corpus, "--no-refresh")
    assert done.status == 2
    (line,) = done.err.splitlines()
    assert "catalog.sqlite" in line
    assert "interrupted" in line
    monkeypatch.undo()
    trial.finish(corpus)


def test_an_interrupted_writer_is_mentioned_by_verify(collection: Path, dedup: Callable[..., Done]) -> None:
    assert "dedup index" not in dedup("verify", collection).out
    (collection / ".dedup" / "catalog.sqlite.seal").unlink()
    done = dedup("verify", collection)
    assert (done.status, done.err) == (0, "")
    assert "dedup index" in done.out
    write_documents(collection, range(60, 61))
    update_index(collection, None, Settings())
    assert "dedup index" not in dedup("verify", collection).out
    verify(collection)
    with closing(sqlite3.connect(collection / ".dedup" / "catalog.sqlite")) as catalog:
        assert catalog.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_long_transaction_keeps_no_reader_waiting(
    collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_live, read = Catalog.go_live, []

    def read_meanwhile(self: Catalog, *arguments: object) -> None:
        go_live(self, *arguments)  # type: ignore[arg-type]
        long_paths = [(f"{number} {'长' * 200}",) for number in range(5_000)]
        self._database.executemany("INSERT INTO skipped VALUES (?, 1, 1, '')", long_paths)
        with closing(sqlite3.connect(self.path, timeout=0)) as reader:
            read.append(reader.execute("SELECT count(*) FROM files").fetchone())

    monkeypatch.setattr(Catalog, "go_live", read_meanwhile)
    write_documents(collection, range(60, 61))
    update_index(collection, None, Settings())
    assert read == [(13,)]
