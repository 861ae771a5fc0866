"""Result files take their places together, or not at all."""

import errno
import os
from typing import Any

import pytest

from dedup.errors import UsageError
from dedup.scan import results


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
