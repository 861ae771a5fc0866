"""A set is read strictly: what is wrong is told in one line with file, line and cure."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.document import Span
from dedup.errors import DedupError
from dedup.evaluation.sets import SetError, read_set

Rewrite = Callable[..., None]


def test_a_set_without_natural_overlaps(small_set: Path) -> None:
    found = read_set(small_set)
    assert list(found.lengths) == ["稿一.txt", "稿二.txt"]
    (case,) = found.cases["稿一.txt"]
    assert (case.source, case.kind, case.strength) == ("库/渠道.txt", "verbatim", None)
    assert found.cases["稿二.txt"] == []
    assert found.kinds == ("verbatim",)


def test_natural_overlaps_are_read(small_set: Path) -> None:
    line = '{"submission": "稿二.txt", "start": 0, "end": 5}\n'
    (small_set / "natural.jsonl").write_text(line, encoding="utf-8")
    assert read_set(small_set).natural == {"稿一.txt": [], "稿二.txt": [Span(0, 5)]}


def test_blank_lines_and_a_byte_order_mark_do_no_harm(small_set: Path) -> None:
    truth = small_set / "truth.jsonl"
    truth.write_text("\ufeff\n" + truth.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert len(read_set(small_set).cases["稿一.txt"]) == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"submission": "稿三.txt"}, "稿三.txt is not in"),
        ({"source": "渠道.txt"}, "渠道.txt is not in"),
        ({"source": "../submissions/稿一.txt"}, "is not in"),
        ({"end": 4000}, "is no stretch of 稿一.txt, which has"),
        ({"source_end": 4000}, "is no stretch of 库/渠道.txt"),
        ({"start": 9, "end": 9}, "9 to 9 is no stretch"),
        ({"start": -1}, "start is -1"),
        ({"end": "20"}, "end is '20'"),
        ({"end": True}, "end is True"),
        ({"kind": None}, "kind is missing"),
        ({"kind": ""}, "kind is ''"),
        ({"strength": 2}, "strength is 2"),
    ],
)
def test_a_wrong_line_is_named(
    small_set: Path, rewrite_truth: Rewrite, changes: dict[str, object], told: str
) -> None:
    rewrite_truth(**changes)
    with pytest.raises(SetError) as caught:
        read_set(small_set)
    message = str(caught.value)
    assert "truth.jsonl:2: " in message
    assert told in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not JSON"),
        pytest.param("[" * 100_000, "not JSON", id="deep"),
        ("[1]", "not a JSON object"),
        ("7", "object"),
    ],
)
def test_a_line_that_is_no_object_is_named(small_set: Path, line: str, told: str) -> None:
    (small_set / "truth.jsonl").write_text(f"\n\n{line}\n", encoding="utf-8")
    with pytest.raises(SetError, match=rf"truth.jsonl:3: .*{told}"):
        read_set(small_set)


def test_natural_overlaps_are_checked_too(small_set: Path) -> None:
    line = '{"submission": "稿二.txt", "start": 0, "end": 5000}\n'
    (small_set / "natural.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(SetError, match=r"natural\.jsonl:1"):
        read_set(small_set)


@pytest.mark.parametrize("missing", ["corpus", "submissions", "truth.jsonl"])
def test_what_a_set_lacks_is_named(small_set: Path, missing: str) -> None:
    path = small_set / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(SetError, match=missing):
        read_set(small_set)


def test_a_set_without_submissions(small_set: Path) -> None:
    for path in (small_set / "submissions").iterdir():
        path.unlink()
    with pytest.raises(SetError, match="holds no submissions"):
        read_set(small_set)


def test_truth_that_is_not_utf8(small_set: Path) -> None:
    (small_set / "truth.jsonl").write_bytes('{"submission": "稿"}'.encode("gb18030"))
    with pytest.raises(SetError, match="UTF-8 fails at byte"):
        read_set(small_set)


def test_a_submission_that_cannot_be_read(small_set: Path) -> None:
    (small_set / "submissions" / "坏.txt").write_bytes(b"PK\x03\x04" + bytes(200))
    with pytest.raises(DedupError, match=r"坏\.txt"):
        read_set(small_set)
