"""The project's own corpus as documents, and a small set on disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.document import Document
from dedup.evaluation.calibration import read_corpus

SOURCE = "全镇新修渠道四十二公里，三万亩旱地当年见了水。\n渡口撤了，桥通了，老渡工的生计一户一户地谈妥。\n"
COPIED = "三万亩旱地当年见了水。"
HOST = "今年雨水偏少。{}晚稻的收成与常年持平。\n"


@pytest.fixture(scope="session")
def corpus_documents(repository: Path) -> list[Document]:
    """The documents of the corpus that ships with the project."""
    documents, skipped = read_corpus(repository / "corpus", "")
    assert not skipped
    return documents


@pytest.fixture
def truth_line() -> dict[str, object]:
    """What truth.jsonl says of the one passage planted in `small_set`."""
    start, source_start = HOST.index("{"), SOURCE.index(COPIED)
    return {
        "submission": "稿一.txt",
        "start": start,
        "end": start + len(COPIED),
        "source": "库/渠道.txt",
        "source_start": source_start,
        "source_end": source_start + len(COPIED),
        "kind": "verbatim",
    }


@pytest.fixture
def small_set(tmp_path: Path, truth_line: dict[str, object]) -> Path:
    """One source, one submission with a planted passage, one without."""
    folder = tmp_path / "set"
    (folder / "corpus" / "库").mkdir(parents=True)
    (folder / "submissions").mkdir()
    (folder / "corpus" / "库" / "渠道.txt").write_text(SOURCE, encoding="utf-8")
    (folder / "submissions" / "稿一.txt").write_text(HOST.format(COPIED), encoding="utf-8")
    (folder / "submissions" / "稿二.txt").write_text(HOST.format(""), encoding="utf-8")
    write_lines(folder / "truth.jsonl", truth_line)
    return folder


def write_lines(path: Path, *lines: dict[str, object]) -> None:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


@pytest.fixture
def rewrite_truth(small_set: Path, truth_line: dict[str, object]) -> Callable[..., None]:
    """Write truth.jsonl of `small_set` anew with some fields changed; None drops a field."""

    def rewrite(**changes: object) -> None:
        line = {key: value for key, value in (truth_line | changes).items() if value is not None}
        write_lines(small_set / "truth.jsonl", truth_line, line)

    return rewrite
