"""The sum of a table's rows: whatever changes them, it is that of the rows that are there."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.index.catalog import Catalog
from dedup.index.rows import FileRow
from dedup.index.rowsum import RowSum, counted

COLUMNS = ("path", "size")

paths = st.sampled_from(["甲.txt", "乙.txt", "丙/丁.txt", "戊.txt"])
sizes = st.integers(0, 2)
statements = st.one_of(
    st.tuples(st.just("INSERT OR REPLACE INTO files VALUES (:path, :size)"), paths, sizes),
    st.tuples(st.just("UPDATE files SET size = :size WHERE path >= :path"), paths, sizes),
    st.tuples(st.just("DELETE FROM files WHERE path < :path AND size = :size"), paths, sizes),
    st.tuples(st.just("DELETE FROM files"), paths, sizes),
)


@given(st.lists(statements))
def test_the_sum_follows_every_statement(changes: list[tuple[str, str, int]]) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.execute("CREATE TABLE files (path TEXT PRIMARY KEY, size INTEGER) WITHOUT ROWID")
        files = RowSum(database, "files", COLUMNS)
        for statement, path, size in changes:
            database.execute(statement, {"path": path, "size": size})
            assert files.value == counted(database, "files", COLUMNS)


def test_rows_that_differ_have_sums_that_differ() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.execute("CREATE TABLE files (path TEXT PRIMARY KEY, size INTEGER) WITHOUT ROWID")
        sums = []
        for row in (("甲.txt", 1), ("甲.txt", 2), ("乙.txt", 1)):
            database.execute("DELETE FROM files")
            database.execute("INSERT INTO files VALUES (?, ?)", row)
            sums.append(counted(database, "files", COLUMNS))
    assert len(set(sums)) == 3


def test_a_transaction_that_fails_leaves_the_sum_as_it_was(tmp_path: Path) -> None:
    def add(catalog: Catalog, name: str) -> None:
        row = FileRow(name, 12, 1, b"0123456789abcdef", 1, 0, 4)
        catalog._database.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def interrupted() -> None:
        with catalog.transaction():
            add(catalog, "乙.txt")
            raise KeyboardInterrupt

    catalog = Catalog(str(tmp_path), writing=True)
    with catalog.transaction():
        add(catalog, "甲.txt")
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert catalog.whole()
    with catalog.transaction():
        add(catalog, "丙.txt")
    assert catalog.whole()
    assert set(catalog.files(["甲.txt", "乙.txt", "丙.txt"])) == {"甲.txt", "丙.txt"}
    # What no writer of ours has done shows.
    catalog._database.execute("DROP TRIGGER on_DELETE")
    catalog._database.execute("DELETE FROM files WHERE path = '甲.txt'")
    assert not catalog.whole()
    catalog.close()


def test_who_interrupts_a_commit_is_not_told_that_the_index_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ctrl_c(row: tuple[object, ...]) -> int:
        raise KeyboardInterrupt

    def interrupted() -> None:
        with catalog.transaction():
            row = FileRow("甲.txt", 12, 1, b"0123456789abcdef", 1, 0, 4)
            catalog._database.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    catalog = Catalog(str(tmp_path), writing=True)
    with monkeypatch.context() as patch:
        patch.setattr("dedup.index.rowsum._hash", ctrl_c)
        with pytest.raises(KeyboardInterrupt):
            interrupted()
    assert catalog.whole()
    assert not catalog.facts()
    catalog.close()
