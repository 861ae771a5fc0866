"""Result files that are written beside the scan: what becomes of them when it does not end well."""

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dedup.errors import UsageError
from dedup.scan import lines, output
from dedup.scan.comparing import Findings
from dedup.scan.lines import NO_LINES
from dedup.scan.output import Output
from dedup.scan.work import silently

NOTHING: Any = SimpleNamespace(listing=None, ids=None, relations=None)


def test_who_interrupts_a_scan_need_not_wait_until_all_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []

    def write(*arguments: object) -> None:
        told = cast(Callable[[int, int], None], arguments[-1])
        for line in range(2000):  # twenty seconds of work
            told(line, 2000)
            time.sleep(0.01)
        written.append("all")

    monkeypatch.setattr(output, "write_results", write)
    with (
        pytest.raises(KeyboardInterrupt),
        Output(tmp_path, (NO_LINES, NO_LINES)) as results,
        results.written(NOTHING, cast(Findings, NOTHING), silently),
    ):
        raise KeyboardInterrupt
    assert not written


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

    monkeypatch.setattr(lines, "open", disk_full, raising=False)
    with pytest.raises(UsageError, match="No space"):
        collection.scan()
    assert before == {path.name: path.read_bytes() for path in collection.output.iterdir()}
    monkeypatch.undo()
    assert collection.scan().counts.pairs == len(collection.pairs) == 3
