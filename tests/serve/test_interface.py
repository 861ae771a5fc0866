"""The interface by its description: whatever that allows is answered, and a client made from it works."""

from __future__ import annotations

import importlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
import uvicorn

from tests.serve.conftest import COPY, Office

pytestmark = pytest.mark.slow  # programs of their own


@contextmanager
def _listening(office: Office) -> Iterator[str]:
    """The service of an office at an address, for programs that know no other way."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(office.app, lifespan="off", log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def _key(office: Office) -> str:
    writer = office.person("小李")
    data = {"form_token": writer.form_token, "name": "程序", "days": "30", "scope": ["check", "read"]}
    page = writer.browser.post("/tokens", data=data).text
    return page.split("<code>")[1].split("</code>")[0]


def test_everything_the_description_allows_is_answered_as_it_says(office: Office, tmp_path: Path) -> None:
    pytest.importorskip("schemathesis", reason="schemathesis is not installed: pip install -e '.[dev]'")
    with _listening(office) as address:
        command = [sys.executable, "-c", "import schemathesis.cli; schemathesis.cli.schemathesis()"]
        options = [
            *("run", f"{address}/api/openapi.json", "--header", f"Authorization: Bearer {_key(office)}"),
            *("--seed", "1", "--max-examples", "20", "--phases", "examples,coverage,fuzzing,stateful"),
            *("--checks", "not_a_server_error,status_code_conformance,content_type_conformance"),
            *("--checks", "response_schema_conformance", "--no-color"),
        ]
        done = subprocess.run(
            [*command, *options], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
        )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_a_client_made_from_the_description_works(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openapi_python_client", reason="openapi-python-client is not installed: .[dev]")
    described = office.person().get("/api/openapi.json").json()
    # What the generator writes for a body of two kinds lacks an import (0.29).
    del described["paths"]["/api/v1/checks"]["post"]["requestBody"]["content"]["multipart/form-data"]
    description = tmp_path / "openapi.json"
    description.write_text(json.dumps(described), encoding="utf-8")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    places = ["--path", str(description), "--output-path", str(tmp_path / "office_client")]
    done = subprocess.run([*command, *places], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.syspath_prepend(tmp_path)
    client_of = importlib.import_module("office_client").AuthenticatedClient
    names = ("submit", "one_check", "list_checks")
    calls = {name: importlib.import_module(f"office_client.api.checks.{name}") for name in names}
    text = importlib.import_module("office_client.models").SubmitText(text=COPY, name="稿子.txt")
    with _listening(office) as address, client_of(base_url=address, token=_key(office)) as client:
        [sent] = calls["submit"].sync(client=client, body=text)
        office.person("小李").wait_for(sent.id)
        found = calls["one_check"].sync(sent.id, client=client)
        assert found.level == "block"
        assert found.copied_ratio > 0.5
        assert sent.id in [one.id for one in calls["list_checks"].sync(client=client)]
