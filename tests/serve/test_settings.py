"""What the service takes from the configuration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from starlette.testclient import TestClient

from dedup.decisions.change import subject_of, with_added
from dedup.model import Report
from dedup.passage import Decision
from dedup.serve.app import application
from dedup.serve.kept import reports_of
from dedup.serve.service import Service
from dedup.serve.tables import Draft
from tests.serve.conftest import COPY, Office, make_service, staff


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
    assert service.decisions == Path("decisions.toml"), "beside the configuration, in the working folder"
    assert (service.settings.limits, service.settings.overrides) == ((("block.run", 90),), ())


@pytest.mark.slow
def test_what_was_decided_for_any_draft_holds_for_uploads_too(tmp_path: Path) -> None:
    place = tmp_path / "decisions.toml"
    service = make_service(tmp_path, decisions=place)
    app = application(service)
    staff(app.state.database)
    with TestClient(app):
        office = Office(service, app)
        writer = office.person("小李")

        def level() -> object:
            return writer.wait_for(writer.hand_in(COPY, "稿子.txt"))["level"]

        first = writer.hand_in(COPY, "稿子.txt")
        assert writer.wait_for(first)["level"] == "block"
        with office.database.reading() as session:
            [report] = reports_of(session.get_one(Draft, first))
        place.write_text(_waived(report), encoding="utf-8")
        assert level() != "block"
        place.write_text(_waived(report, draft="稿子.txt"), encoding="utf-8")
        assert level() == "block", "that was another draft of the name"
        place.write_text("[[decision]\n", encoding="utf-8")
        assert level() == "block", "what cannot be read excuses nobody"


def _waived(report: Report, draft: str = "") -> str:
    """A file of decisions by which no passage of a report counts."""
    subjects = [replace(subject_of(one, report.sources, 1), draft=draft) for one in report.passages]
    return with_added("", Decision("waived", "统一口径", "王芳", "2026-11-28"), subjects, "zh")
