"""The samples that come with the project end as their description says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]


@pytest.mark.parametrize(
    ("name", "status", "verdict"), [("submission", 1, "须改写"), ("original", 0, "通过")]
)
def test_exit_status_and_verdict(
    process: Run, repository: Path, tmp_path: Path, name: str, status: int, verdict: str
) -> None:
    done = process("check", f"tests/samples/{name}.txt", "--index", tmp_path / "index", "-q", cwd=repository)
    assert (done.returncode, done.stderr) == (status, "")
    assert f"结论  {verdict}" in done.stdout
