"""What the service takes from the configuration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from dedup.serve.service import Service


def test_days_are_from_the_configuration_and_no_folder_has_settings_of_its_own(
    dedup: Callable[..., CompletedProcess[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Service] = []

    def run(service: Service, tell: object) -> int:
        seen.append(service)
        return 0

    monkeypatch.setattr("dedup.serve.running.run", run)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(
        "渡口撤了，桥通了，但是老渡工的生计不能跟着断。\n", encoding="utf-8"
    )
    (tmp_path / "dedup.toml").write_text(
        '[limits.block]\nrun = 90\n[retention]\ndrafts = 7\n[[override]]\npath = "**"\nwarn_over = 0.1\n',
        encoding="utf-8",
    )
    assert dedup("serve").returncode == 0
    [service] = seen
    assert service.retention_days == 7
    assert (service.settings.limits, service.settings.overrides) == ((("block.run", 90),), ())
