"""Result files take their places together, or not at all; the summary is for programs and for people."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import UsageError
from dedup.scan import results
from dedup.scan.results import PAIRS
from dedup.scan.summary import summary_text


@pytest.mark.parametrize("refused", ["pairs", "clusters", "documents"])
def test_the_results_of_two_scans_never_stand_beside_each_other(
    collection: Any, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    text = "茶园里的排水沟由村民自己动手清理，清出来的淤泥堆在田头做肥料，来年春天再统一翻进地里。"
    collection.write(dict.fromkeys(("a.txt", "b.txt"), f"总结\n{text}\n"))
    collection.scan()
    before = {path.name: path.read_bytes() for path in collection.output.iterdir()}
    collection.write({"c.txt": f"总结\n{text}\n"})

    def disk_full(path: str, *arguments: Any, **named: Any) -> Any:
        if f"{refused}.jsonl." in str(path):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        return open(path, *arguments, **named)

    monkeypatch.setattr(results, "open", disk_full, raising=False)
    with pytest.raises(UsageError, match="disk is full"):
        collection.scan()
    assert before == {path.name: path.read_bytes() for path in collection.output.iterdir()}
    monkeypatch.undo()
    assert collection.scan().counts.pairs == len(collection.pairs) == 3


def test_files_of_others_in_the_folder_stay(collection: Any) -> None:
    collection.write({"a.txt": "总结\n茶园里的排水沟由村民自己动手清理，清出来的淤泥堆在田头做肥料。\n"})
    collection.output.mkdir()
    theirs = [collection.output / name for name in ("笔记.tmp", "pairs.jsonl.草稿.tmp", "a.csv")]
    remains = collection.output / "pairs.jsonl.4711.tmp"
    for path in [*theirs, remains]:
        path.write_text("别动", encoding="utf-8")
    collection.scan()
    kept = collection.index / "scan" / "我的.tmp"
    kept.write_text("别动", encoding="utf-8")
    collection.scan()
    assert all(path.read_text(encoding="utf-8") == "别动" for path in [*theirs, kept])
    assert not remains.exists()


# --------------------------------------------------------------------------------------- the summary

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.text(), VALUES))
def test_the_text_says_what_the_summary_says(summary: dict[str, object]) -> None:
    assert json.loads(summary_text(summary)) == summary


def test_an_entry_of_a_list_takes_a_line() -> None:
    summary = {"since": {"pairs": [{"a": "甲.txt", "b": {"start": 3}}, {"a": "乙.txt", "b": {}}], "new": []}}
    assert summary_text(summary) == """{
  "since": {
    "pairs": [
      {"a": "甲.txt", "b": {"start": 3}},
      {"a": "乙.txt", "b": {}}
    ],
    "new": []
  }
}
"""  # fmt: skip


# ------------------------------------------------------------------------------------- whose files they are


@pytest.mark.parametrize("left", ["", '{"a": {"document": "甲.txt", "start": 0, "end": 9}, "b"'])
def test_what_an_interrupted_scan_left_is_written_over(tmp_path: Path, left: str) -> None:
    (tmp_path / PAIRS).write_text(left, encoding="utf-8")
    results.ResultFolder(tmp_path).write({PAIRS: ["新\n"]})
    assert (tmp_path / PAIRS).read_text(encoding="utf-8") == "新\n"


@pytest.mark.parametrize("name", [PAIRS, "duplicates.csv", "summary.json"])
def test_somebody_elses_file_of_that_name_is_kept(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("我的台账\n", encoding="utf-8")
    with pytest.raises(UsageError):
        results.ResultFolder(tmp_path).write({name: ["新\n"]})
    assert (tmp_path / name).read_text(encoding="utf-8") == "我的台账\n"
