"""A report says the same whatever happened to the index before it held what it holds."""

from __future__ import annotations

from pathlib import Path

from dedup.check import check
from dedup.index import open_index, update_index
from dedup.model import Report
from dedup.settings import Settings
from dedup.text.structure import parse
from tests.strategies import rare_text

SHARED = f"{rare_text(3, 90)}。"


def write(corpus: Path, name: str) -> None:
    corpus.mkdir(exist_ok=True)
    (corpus / f"{name}.txt").write_text(f"{name}工作总结\n{SHARED}\n{rare_text(ord(name), 60)}。\n", "utf-8")


def report(corpus: Path) -> Report:
    with open_index(corpus, None, Settings()) as index:
        return check(parse("draft.txt", f"我的总结\n{SHARED}\n"), index, Settings())


def test_of_documents_that_hold_the_same_the_first_by_path_is_the_source(tmp_path: Path) -> None:
    for name in "ABCD":
        write(tmp_path / "at once", name)
    for name in "DBAC":
        write(tmp_path / "grown", name)
        update_index(tmp_path / "grown", None, Settings())
    reports = [report(tmp_path / "at once"), report(tmp_path / "grown")]
    for one in reports:
        (passage,) = one.passages
        assert passage.source == "A.txt"
        assert [other.source for other in passage.also_in] == ["B.txt", "C.txt", "D.txt"]
    assert reports[0] == reports[1]
