"""The service as a process: killed, starved of space, flooded, left in the middle; it works on by itself."""

from __future__ import annotations

import http.client
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from shutil import which
from threading import Event as Flag
from time import monotonic

import pytest
from sqlalchemy import func, select

from dedup.serve import log
from dedup.serve.database import open_database
from dedup.serve.tables import Draft, Event
from tests.serve.conftest import COPY, OWN
from tests.serve.process import Process
from tests.serve.test_upgrade import made_at

pytestmark = [
    pytest.mark.slow,  # each starts servers
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    made = Process.on(tmp_path)
    made.start()
    yield made
    if made.running.poll() is None:
        made.stop()


def _until(holds: Callable[[], bool], seconds: float = 30) -> None:
    deadline, pause = monotonic() + seconds, Flag()
    while not holds():
        assert monotonic() < deadline
        pause.wait(0.02)


def _gone(processes: list[int]) -> bool:
    return not any(Path(f"/proc/{one}").exists() for one in processes)


def _persistent(process: Process, number: int) -> str:
    """Hand in a draft again and again under the same key until it is accepted; give its identifier."""
    pause = Flag()
    for _ in range(1000):
        with suppress(OSError, http.client.HTTPException):
            status, answer = process.hand_in(f"第{number}份。{COPY}", key=f"key-{number}")
            if status == 202:
                return str(answer[0]["id"])
        pause.wait(0.05)
    raise AssertionError(f"draft {number} was never accepted")


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_any_moment_nothing_is_lost_and_nothing_done_twice(process: Process, seed: int) -> None:
    chance, pause, count = random.Random(seed), Flag(), 40
    with ThreadPoolExecutor(6) as senders:
        sent = senders.map(lambda number: _persistent(process, number), range(count))
        for step in range(8):
            pause.wait(chance.uniform(0.0, 0.6))
            helpers = process.helpers
            if step % 4 == 3 and helpers:
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(helpers), signal.SIGKILL)
                continue
            process.kill()
            _until(lambda ended=helpers: _gone(ended))  # type: ignore[misc]
            process.start()
        drafts = list(sent)
    assert len(set(drafts)) == count
    found = [process.ended(draft) for draft in drafts]
    lost = [one for one in found if one["level"] != "block"]
    # A draft whose helper was killed twice is given up, and that is told.
    assert len(lost) <= 1
    assert all("两次中断" in one["problem"] for one in lost)
    process.stop()
    database = open_database(process.service)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Draft)) == count
        received = select(Event.subject).where(Event.action == "draft.received")
        assert sorted(session.scalars(received)) == sorted(drafts)
        assert log.first_altered(session) is None
    database.close()


def test_two_hundred_at_once_are_all_taken_and_checked(process: Process) -> None:
    with ThreadPoolExecutor(200) as senders:
        answers = list(senders.map(lambda number: process.hand_in(f"第{number}份。{COPY}"), range(200)))
    statuses = [status for status, _ in answers]
    # A caller may send so many a minute; whoever is told to wait is told how long, and comes again.
    assert set(statuses) <= {202, 429}
    taken = statuses.count(202)
    assert taken >= 120

    def all_are_done() -> bool:
        counted = process.ask("GET", "/metrics")[1].decode()
        return f'state="done"}} {taken}\n' in counted

    _until(all_are_done, 120)


def test_a_database_that_others_hold_is_waited_for(process: Process) -> None:
    path = process.service.folder / "service.sqlite"
    with ThreadPoolExecutor(8) as senders:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            sent = [senders.submit(process.hand_in, f"第{number}份。{COPY}") for number in range(8)]
            assert process.ask("GET", "/health/ready")[0] == 200
            assert process.ask("GET", "/api/v1/checks")[0] == 200  # who only reads does not wait
            assert not any(one.done() for one in sent)
            other.execute("ROLLBACK")
        answers = [one.result() for one in sent]
    assert [status for status, _ in answers] == [202] * 8
    assert {process.ended(answer[0]["id"])["level"] for _, answer in answers} == {"block"}


def test_an_upload_of_two_gigabytes_is_cut_off_early(process: Process, tmp_path: Path) -> None:
    before, files = process.megabytes(), process.files()
    start = "POST /api/v1/checks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n"
    start += "Content-Type: {}\r\n{}\r\n\r\n"
    form = "multipart/form-data; boundary=x"
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    megabyte = b"a" * 1_000_000
    with closing(process.opened()) as declared:
        declared.sendall(start.format(process.key, form, "Content-Length: 2000000000").encode() + part)
        assert b" 413 " in declared.recv(4096)
    sent = 0
    with closing(process.opened()) as endless:
        endless.sendall(start.format(process.key, form, "Transfer-Encoding: chunked").encode())
        endless.sendall(b"%x\r\n%s\r\n" % (len(part), part))
        with suppress(ConnectionError, TimeoutError):
            endless.settimeout(20)
            while sent < 2000:
                endless.sendall(b"%x\r\n%s\r\n" % (len(megabyte), megabyte))
                sent += 1
    assert sent < 150  # what was on the way, besides the thirty that are taken
    assert process.megabytes() - before < 60
    _until(lambda: process.files() <= files)  # what was put down of it is gone
    assert process.hand_in(COPY)[0] == 202


def test_browsers_that_go_away_leave_nothing_behind(process: Process) -> None:
    draft = process.hand_in(OWN)[1][0]["id"]
    process.ended(draft)
    waiting = process.hand_in(OWN * 2000)[1][0]["id"]
    files = process.files()
    head = "{} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n{}\r\n"
    begun = [
        head.format("POST /api/v1/checks", process.key, "Content-Length: 100000\r\n") + '{"text": "',
        head.format("POST /api/v1/checks?wait=60", process.key, "Content-Length: 14\r\n") + '{"text": "今"}',
        head.format(f"GET /api/v1/checks/{waiting}/events", process.key, ""),
        head.format(f"GET /api/v1/checks/{draft}/report?format=html", process.key, ""),
        "GET /",
        "\x16\x03\x01 this is TLS",
    ]
    for _ in range(5):
        for request in begun:
            with closing(process.opened()) as connection:
                connection.sendall(request.encode())
    process.ended(waiting)
    _until(lambda: process.files() <= files)
    assert process.hand_in(COPY)[0] == 202
    states = {one["state"] for one in process.ask("GET", "/api/v1/checks")[1]}
    assert states <= {"done", "queued", "running"}


def test_a_real_disk_that_is_full_is_told_and_used_again_when_there_is_space(tmp_path: Path) -> None:
    if os.geteuid() != 0 or which("unshare") is None:
        pytest.skip("mounts a small disk: needs root and unshare")
    process = Process.on(tmp_path)
    place = process.service.folder
    # The small disk is seen by the service alone; what was made before is copied onto it.
    script = (
        'cp -a "$0" "$0.kept" && mount -t tmpfs -o size=6m tmpfs "$0" && cp -a "$0.kept/." "$0" '
        '&& head -c 2500000 /dev/zero > "$0/ballast" && exec "$@"'
    )
    process.before = ("unshare", "--mount", "sh", "-c", script, str(place))
    process.start()
    seen = Path(f"/proc/{process.running.pid}/root{place}")
    kind = {"Content-Type": "application/octet-stream"}
    address = "/api/v1/checks?name=a.docx"  # which it is not: it is kept, and refused at once when it is read
    answers = [process.ask("POST", address, os.urandom(500_000), **kind) for _ in range(15)]
    taken = [answer[0]["id"] for status, answer in answers if status == 202]
    refused = [(status, answer) for status, answer in answers if status != 202]
    assert refused
    assert {status for status, _ in refused} == {507}
    assert all("磁盘满了" in answer["title"] for _, answer in refused)
    assert process.ask("GET", "/health/live")[0] == 200
    (seen / "ballast").unlink()
    for draft in taken:
        assert process.ended(draft)["state"] == "failed"
    assert process.ended(process.hand_in(COPY)[1][0]["id"])["level"] == "block"
    process.stop()


@pytest.mark.skipif(which("bwrap") is None, reason="needs bubblewrap: apt-get install bubblewrap")
def test_it_works_with_a_root_that_is_only_read_and_without_a_network(tmp_path: Path) -> None:
    process = Process.on(tmp_path)
    corpus, program = process.service.settings.corpus, tmp_path / "ask.py"
    program.write_text(_ASK, encoding="utf-8")
    own = ("--unshare-all", "--die-with-parent", "--uid", "10001", "--gid", "10001", "--cap-drop", "ALL")
    bound = ("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp")
    repository = str(Path(__file__).parents[2])
    data = []
    for read in (sys.base_prefix, sys.prefix, repository, str(tmp_path)):  # some may lie in /tmp, too
        data += ["--ro-bind", read, read]
    for kept in (corpus / ".dedup", process.service.folder):
        data += ["--bind", str(kept), str(kept)]
    done = subprocess.run(
        [*("bwrap", *own, *bound, *data), sys.executable, str(program), str(corpus), process.key],
        env={**os.environ, "PYTHONPATH": repository},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if "Operation not permitted" in done.stderr and "namespace" in done.stderr:
        pytest.skip(done.stderr)
    assert (done.returncode, done.stdout.split()) == (0, ["block", "10001"]), done.stdout + done.stderr


_ASK = """
import json, os, subprocess, sys, time, urllib.error, urllib.request
corpus, key = sys.argv[1:]
command = [sys.executable, "-m", "dedup", "serve", corpus, "--port", "8000"]
with subprocess.Popen(command, cwd="/tmp") as service:
    def ask(path, body=None):
        headers = {"Authorization": "Bearer " + key, "Content-Type": "application/json"}
        request = urllib.request.Request("http://127.0.0.1:8000" + path, body, headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if ask("/health/ready"):
                break
        except OSError:
            time.sleep(0.1)
    text = json.dumps({"text": open(os.path.join(corpus, "供水.txt"), encoding="utf-8").read()})
    print(ask("/api/v1/checks?wait=60", text.encode())[0]["level"], os.getuid())
    service.terminate()
"""


def test_a_start_tells_that_the_database_was_brought_up_to_date_and_where_the_copy_is(tmp_path: Path) -> None:
    process = Process.on(tmp_path)
    for one in process.service.folder.glob("service.sqlite*"):
        one.unlink()
    made_at(process.service.url, "0001")
    process.start()
    try:
        [copy] = process.service.folder.glob("before-*.sqlite")
        assert str(copy) in (tmp_path / "log").read_text(encoding="utf-8")
    finally:
        process.stop()
