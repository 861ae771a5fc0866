"""The interface by its description: whatever that allows is answered, and a client made from it works."""

from __future__ import annotations

import importlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from starlette.testclient import TestClient

from dedup.serve.app import application
from dedup.serve.keys import SCOPES
from tests.serve.conftest import COPY, MODEL, OWN, PEOPLE, Office, listening, make_service, staff

pytestmark = pytest.mark.slow  # programs of their own


def _key(office: Office, name: str) -> str:
    """A key of somebody's for all that he may do."""
    person = office.person(name)
    wanted = {"name": "程序", "scopes": SCOPES[PEOPLE[name][0]], "days": 30}
    headers = {"x-form-token": person.form_token}
    answer = person.browser.post("/api/v1/keys", json=wanted, headers=headers)
    assert answer.status_code == 201
    secret: str = answer.json()["secret"]
    return secret


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office of its own: what tries everything also withdraws and replaces documents."""
    app = application(make_service(tmp_path_factory.mktemp("ground")))
    staff(app.state.database)
    with TestClient(app):
        yield Office(app.state.service, app)


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("老王", ("checks", "review", "keys", "service")),
        ("主任", ("documents", "scans", "jobs", "accounts", "limits", "service")),
    ],
)
def test_everything_the_description_allows_is_answered_as_it_says(
    ground: Office, tmp_path: Path, name: str, tags: tuple[str, ...]
) -> None:
    pytest.importorskip("schemathesis", reason="schemathesis is not installed: pip install -e '.[dev]'")
    with listening(ground.app) as address:
        command = [sys.executable, "-c", "import schemathesis.cli; schemathesis.cli.schemathesis()"]
        options = [
            *(
                "run",
                f"{address}/api/openapi.json",
                "--header",
                f"Authorization: Bearer {_key(ground, name)}",
            ),
            *("--seed", "1", "--max-examples", "6", "--phases", "examples,coverage,fuzzing,stateful"),
            *("--checks", "not_a_server_error,status_code_conformance,content_type_conformance"),
            *("--checks", "response_schema_conformance,ignored_auth", "--no-color"),
            *(option for tag in tags for option in ("--include-tag", tag)),
        ]
        done = subprocess.run(
            [*command, *options], cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False
        )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.fixture(scope="module")
def client(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """A client that a generator wrote from the description."""
    pytest.importorskip("openapi_python_client", reason="openapi-python-client is not installed: .[dev]")
    folder = tmp_path_factory.mktemp("client")
    description = folder / "openapi.json"
    description.write_text(json.dumps(office.person().get("/api/openapi.json").json()), encoding="utf-8")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    places = ["--path", str(description), "--output-path", str(folder / "office_client")]
    done = subprocess.run([*command, *places], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module("office_client")


class Programs:
    """Calls of the generated client by the names that the description gives them."""

    def __init__(self, client: ModuleType, address: str, key: str) -> None:
        self._caller = client.AuthenticatedClient(base_url=address, token=key)
        self.models = importlib.import_module("office_client.models")
        self.file = importlib.import_module("office_client.types").File

    def record(self, name: str, /, **fields: object) -> Any:
        """A record of the client, made from what JSON would have."""
        return getattr(self.models, name).from_dict(fields)

    def call(self, operation: str, *parameters: object, **named: object) -> Any:
        """The parsed answer of an operation, `tag.name`."""
        module = importlib.import_module(f"office_client.api.{operation}")
        answer = module.sync_detailed(*parameters, client=self._caller, **named)
        assert answer.status_code < 300, (operation, answer)
        return answer.parsed


def test_a_client_made_from_the_description_takes_a_draft_through_review(
    office: Office, client: ModuleType
) -> None:
    with listening(office.app) as address:
        writer = Programs(client, address, _key(office, "小李"))
        reviewer = Programs(client, address, _key(office, "老王"))
        file = writer.file(payload=io.BytesIO(COPY.encode()), file_name="稿子.txt")
        [sent] = writer.call("checks.submit", body=file, name="稿子.txt", wait=60.0)
        assert (sent.name, sent.level) == ("稿子.txt", "block")
        assert sent.copied_ratio > 0.5
        text = writer.models.SubmitJsonText(text=COPY, name="稿子.txt")
        [second] = writer.call("checks.submit", body=text, version_of=sent.id, wait=60.0)
        form = writer.models.SubmitFilesBody(file=[file])
        file.payload.seek(0)
        [third] = writer.call("checks.submit", body=form, version_of=second.id, wait=60.0)
        versions = writer.call("checks.list_checks", thread=sent.thread)
        assert [one.id for one in versions] == [third.id, second.id, sent.id]
        [between] = writer.call("checks.changes", third.id, sent.id)
        assert (between.gone, between.came, bool(between.stayed)) == ([], [], True)
        assert writer.call("review.hand_in", third.id).review == "submitted"
        assert third.id in [one.check.id for one in reviewer.call("review.list_reviews")]
        assert between.differing == []
        for passage in reviewer.call("review.list_passages", third.id):
            verdict = reviewer.record("Verdict", passage=passage.passage, ruling="waived", reason="统一口径")
            reviewer.call("review.decide_passage", third.id, body=verdict)
            office.person("老王").wait_for(third.id)
        kept = writer.call("review.list_decisions", third.id)
        assert {(one.ruling, one.by, one.reason) for one in kept} == {("waived", "老王", "统一口径")}
        assert writer.call("checks.one_check", third.id).level == "pass"
        reviewer.call("review.take_back", third.id, kept[0].id)
        office.person("老王").wait_for(third.id)
        outcome = reviewer.record("Outcome", decision="returned", comment="补充本镇情况")
        assert reviewer.call("review.decide", third.id, body=outcome).comment == "补充本镇情况"
        decided = reviewer.call("review.list_decided", limit=100)
        assert [one.check.reviewer for one in decided if one.check.id == third.id] == ["老王"]
        two = [writer.file(payload=io.BytesIO(COPY.encode()), file_name=f"{n}.txt") for n in "甲乙"]
        both = writer.call("checks.submit", body=writer.models.SubmitFilesBody(file=two), wait=60.0)
        table = writer.call("checks.one_batch", both[0].batch)
        assert {(one.draft, one.other, one.identical) for one in table.shared} == {
            ("甲.txt", "乙.txt", True),
            ("乙.txt", "甲.txt", True),
        }
        assert {one.level for one in table.rows} == {"block"}
        key = "下一次".encode().hex()
        once, again = (
            writer.call("checks.submit", body=text, idempotency_key=key, name="一次.txt") for _ in range(2)
        )
        assert once[0].id == again[0].id
        writer.call("checks.delete_check", sent.id)
        assert sent.id not in [one.id for one in writer.call("checks.list_checks")]


def test_a_client_made_from_the_description_keeps_the_collection(office: Office, client: ModuleType) -> None:
    corpus = office.service.settings.corpus
    with listening(office.app) as address:
        keeper = Programs(client, address, _key(office, "主任"))
        file = keeper.file(payload=io.BytesIO((OWN * 3).encode()), file_name="养蟹.txt")
        form = keeper.models.AddDocumentsBody(file=[file])
        assert [one.path for one in keeper.call("documents.add_documents", body=form)] == ["养蟹.txt"]
        office.keep_up()
        found = keeper.call("documents.list_documents", q="养蟹")
        assert (found.count, found.documents[0].template) == (1, False)
        keeper.call("documents.set_template", body=keeper.models.Flag(template=True), path="养蟹.txt")
        assert keeper.call("documents.list_documents", q="养蟹").documents[0].template
        told = keeper.call("documents.one_document", path="养蟹.txt")
        assert (told.parts[0].path, told.related, told.before) == ("养蟹.txt", [], [])
        other = keeper.file(payload=MODEL.encode())
        keeper.call("documents.replace_document", body=other, path="养蟹.txt")
        assert (corpus / "养蟹.txt").read_text(encoding="utf-8") == MODEL
        kept = keeper.call("documents.withdraw_document", path="养蟹.txt")
        assert not (corpus / "养蟹.txt").exists()
        assert kept.id in [one.id for one in keeper.call("documents.list_withdrawn")]
        assert keeper.call("documents.bring_back", kept.id).path == "养蟹.txt"
        job = keeper.call("scans.run_scan")
        office.person("主任").get(f"/api/v1/jobs/{job.id}/events")
        assert keeper.call("jobs.one_job", job.id).state == "done"
        assert keeper.call("scans.last_scan").pairs
        assert job.id in [one.id for one in keeper.call("jobs.list_jobs")]
        schedule = keeper.models.Schedule
        assert keeper.call("scans.set_schedule", body=schedule(hour=2)).hour == 2
        assert keeper.call("scans.set_schedule", body=schedule(hour=None)).hour is None
        keeper.call("documents.withdraw_document", path="养蟹.txt")
        office.keep_up()


def test_a_client_made_from_the_description_administers(office: Office, client: ModuleType) -> None:
    with listening(office.app) as address:
        admin = Programs(client, address, _key(office, "主任"))
        wanted = admin.record("NewPerson", name="小周", role="writer", unit="石桥镇")
        made = admin.call("accounts.make_account", body=wanted)
        page = office.person().get(made.url.partition(address)[2]).text
        assert "小周" in page
        change = admin.record("Change", role="reviewer", unit="清溪镇", active=False)
        changed = admin.call("accounts.change_account", made.account, body=change)
        assert (changed.role, changed.unit, changed.active) == ("reviewer", "清溪镇", False)
        assert "清溪镇" in [one.name for one in admin.call("accounts.list_units")]
        renaming = admin.models.Renaming(name="石桥镇", new="石桥街道")
        assert "石桥街道" in [one.name for one in admin.call("accounts.rename_unit", body=renaming)]
        limits = admin.call("limits.limits")
        job = admin.call("limits.preview_limits", body=limits)
        office.person("主任").get(f"/api/v1/jobs/{job.id}/events")
        found = admin.call("jobs.one_job", job.id)
        assert found.state == "done"
        assert set(found.result.to_dict()) == {"block", "warn", "pass", "unknown"}
        limits.block.source, limits.warn.run = 0.3, 40
        assert admin.call("limits.set_limits", body=limits).to_dict() == limits.to_dict()
        limits.block.source = limits.warn.run = None
        assert admin.call("limits.set_limits", body=limits).to_dict() == limits.to_dict()
        days = admin.models.Retention(days=30)
        assert admin.call("limits.preview_retention", body=days).drafts == 0
        assert admin.call("limits.set_retention", body=days).days == 30
        assert admin.call("service.service_state").retention_days == 30
        log = admin.call("accounts.read_log", limit=5)
        assert log.first_altered is None
        assert "retention.set" in [one.action for one in log.lines]
        assert admin.call("accounts.who_am_i").name == "主任"
