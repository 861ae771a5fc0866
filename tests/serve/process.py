"""The service as a process of its own, that can be killed, starved and asked over a socket."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from dedup.serve import keys
from dedup.serve.database import open_database
from dedup.serve.service import Service
from dedup.serve.tables import Account
from tests.serve.conftest import make_service, staff

REPOSITORY = Path(__file__).parents[2]


@dataclass
class Process:
    """`dedup serve` on a small collection; the key of a writer is there before it starts."""

    service: Service
    key: str
    before: Sequence[str] = ()
    """What starts the program instead of this one, such as a namespace of its own."""
    port: int = 0
    running: subprocess.Popen[bytes] = field(init=False)

    @classmethod
    def on(cls, folder: Path, before: Sequence[str] = ()) -> Process:
        """Make collection, accounts and key in a folder."""
        service = make_service(folder)
        database = open_database(service)
        staff(database)
        with database.writing() as session:
            writer = session.scalars(select(Account).where(Account.name == "小李")).one()
            key = keys.make(session, writer, "test", ["check", "read"], 1)
        database.close()
        return cls(service, key, before)

    def start(self) -> None:
        """Start it and wait until it can check. It gets the same port each time."""
        corpus = self.service.settings.corpus
        command = [
            *self.before,
            sys.executable,
            "-m",
            "dedup",
            "serve",
            str(corpus),
            "--port",
            str(self.port),
        ]
        log = corpus.parent / "log"
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        with open(log, "wb") as file:
            self.running = subprocess.Popen(command, cwd=corpus.parent, stderr=file, env=environment)
        deadline = time.monotonic() + 60
        while True:
            assert self.running.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            found = re.findall(r"http://127\.0\.0\.1:(\d+)[ ;]", log.read_text(encoding="utf-8"))
            if found:
                self.port = int(found[-1])
                with suppress(OSError, http.client.HTTPException):
                    if self.ask("GET", "/health/ready")[0] == 200:
                        return
            time.sleep(0.02)

    def stop(self) -> None:
        """End it as systemd does."""
        self.running.send_signal(signal.SIGTERM)
        assert self.running.wait(60) in (0, -signal.SIGTERM)

    def kill(self) -> None:
        """Kill it."""
        self.running.kill()
        self.running.wait()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Ask with the key; give the status and what JSON the answer holds. Raises OSError, HTTPException."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **headers}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        with suppress(ValueError):
            return answer.status, json.loads(content)
        return answer.status, content

    def hand_in(self, text: str, key: str = "") -> tuple[int, Any]:
        """Hand in a text under a key of the caller's own."""
        named = {"Idempotency-Key": key} if key else {}
        return self.ask("POST", "/api/v1/checks", {"text": text, "name": "稿子.txt"}, **named)

    def ended(self, draft: str, seconds: float = 60) -> dict[str, Any]:
        """A draft when its check has ended."""
        deadline = time.monotonic() + seconds
        while True:
            with suppress(OSError, http.client.HTTPException):
                status, found = self.ask("GET", f"/api/v1/checks/{draft}")
                if status == 200 and found["state"] in ("done", "failed"):
                    return dict(found)
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def opened(self) -> socket.socket:
        """A connection, to say on it whatever one likes."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    @property
    def helpers(self) -> list[int]:
        """Processes that it started."""
        found: list[int] = []
        for thread in Path(f"/proc/{self.running.pid}/task").iterdir():
            with suppress(OSError):
                found += map(int, (thread / "children").read_text(encoding="ascii").split())
        return found

    def megabytes(self) -> float:
        """Memory of the server itself."""
        status = Path(f"/proc/{self.running.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmRSS:\s+(\d+)", status)
        assert found
        return int(found[1]) / 1024

    def files(self) -> int:
        """Sockets and files that the server has open, those of its database and its helpers apart."""
        found = 0
        for one in Path(f"/proc/{self.running.pid}/fd").iterdir():
            with suppress(OSError):
                found += not re.search("service.sqlite|^pipe:", os.readlink(one))
        return found
