"""Reading the result files of a scan for a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from dedup.reports.scan.texts import read_lines


@pytest.mark.parametrize(("lines", "most"), [(0, None), (1, None), (7, None), (7, 5)])
def test_lines_are_read_to_the_end_or_a_bound_and_counted(
    tmp_path: Path, lines: int, most: int | None
) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text("".join(f'{{"n": "{n}\u2028"}}\n' for n in range(lines)), encoding="utf-8")
    read = min(lines, most or lines)
    told: list[tuple[int, int]] = []
    found = list(read_lines(path, lambda done, total: told.append((done, total)), 10, 10 + read, most, 3))
    assert [one["n"] for one in found] == [f"{n}\u2028" for n in range(read)]
    assert told[-1] == (10 + read, 10 + read)
    assert told == sorted(told)
    assert list(read_lines(path, None, 0, read, most)) == found
