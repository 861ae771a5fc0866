"""Result files that are written beside the scan: what becomes of them when it does not end well."""

import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dedup.scan import output
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
