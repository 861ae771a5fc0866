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
from types import ModuleType
from typing import Any

import pytest
import uvicorn

from dedup.serve.keys import SCOPES
from tests.serve.conftest import COPY, MODEL, OWN, PEOPLE, Office

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


def _key(office: Office, name: str) -> str:
    """A key of somebody's for all that he may do."""
    person = office.person(name)
    wanted = {"name": "程序", "scopes": SCOPES[PEOPLE[name][0]], "days": 30}
    headers = {"x-form-token": person.form_token}
    answer = person.browser.post("/api/v1/keys", json=wanted, headers=headers)
    assert answer.status_code == 201
    secret: str = answer.json()["secret"]
    return secret


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("老王", ("checks", "review", "keys", "service")),
        ("主任", ("documents", "scans", "jobs", "accounts", "limits")),
    ],
)
def test_everything_the_description_allows_is_answered_as_it_says(
    office: Office, tmp_path: Path, name: str, tags: tuple[str, ...]
) -> None:
    pytest.importorskip("schemathesis", reason="schemathesis is not installed: pip install -e '.[dev]'")
    with _listening(office) as address:
        command = [sys.executable, "-c", "import schemathesis.cli; schemathesis.cli.schemathesis()"]
        options = [
            *("run", f"{address}/api/openapi.json", "--header", f"Authorization: Bearer {_key(office, name)}"),
            *("--seed", "1", "--max-examples", "6", "--phases", "examples,coverage,fuzzing,stateful"),
            *("--checks", "not_a_server_error,status_code_conformance,content_type_conformance"),
            *("--checks", "response_schema_conformance,ignored_auth", "--no-color"),
            *(option for tag in tags for option in ("--include-tag", tag)),
        ]
        done = subprocess.run(
            [*command, *options], cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False
        )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
