"""What the service of an office takes for a check, loaded by wrk (Debian: `apt-get install wrk`).

`python tests/bench/bench_serve.py [--corpus FOLDER] [--index FOLDER --no-refresh] [--checks 10000]`, or
`python -m pytest -m bench -s tests/bench/bench_serve.py` for a short run on the sample collection. It starts
`dedup serve`, makes accounts with keys, and measures in one run: one client, many clients, the memory of all
processes of the service over many checks, its pages, and `dedup check` of the same drafts beside it.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from dedup.checking import check
from dedup.index import open_index
from dedup.index.folder import index_folder
from dedup.readers import read_content, read_text
from dedup.readers.documents import documents_of
from dedup.serve import accounts
from dedup.serve.access import COOKIE
from dedup.serve.database import open_database
from dedup.serve.keys import make as make_key
from dedup.serve.service import Service
from dedup.serve.tables import Account
from dedup.settings import Settings
from tests.bench.measuring import run
from tests.bench.tables import NOTHING, machine, table

CHARACTERS = 5_000
"""Of a draft."""
DRAFTS = 40
WRITERS = 100
"""Who hand them in, so that none is slowed down as somebody who asks too often."""
SHARE_COPIED = 0.3
"""Of a draft's paragraphs; of the others, two characters in five are replaced."""
_LUA = Path(__file__).with_suffix(".lua")
_REPOSITORY = Path(__file__).parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")

pytestmark = pytest.mark.bench


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk tells of one run, times in milliseconds."""

    checks: int
    seconds: float
    failed: int
    broken: int
    median: float
    p99: float
    longest: float

    @property
    def a_second(self) -> float:
        """Checks."""
        return self.checks / self.seconds


@dataclass(frozen=True, slots=True)
class Running:
    """A service that was started here, and how it is asked."""

    process: int
    host: str
    port: int
    bodies: Path
    keys: Path
    cookie: str

    def load(self, clients: int, seconds: float, checks: int = 0) -> Load:
        """Have so many clients hand in drafts, each the next one when its last is checked.

        It ends after so many seconds, or once `checks` drafts are checked if that is given, of which the
        memory is printed on the way. The next load begins when the drafts of this one are done.
        """
        address, before = f"http://{self.host}:{self.port}", self.done()
        command = ["wrk", f"-c{clients}", "-t1", f"-d{int(seconds)}s", "--timeout", "90s", "-s", str(_LUA)]
        command += [address, "--", str(self.bodies), str(self.keys)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as wrk:
            told = 0.0
            while checks and wrk.poll() is None and (done := self.done() - before) < checks:
                if done >= told:
                    print(f"{done} checks: {self.megabytes()}", flush=True)
                    told = done + checks / 40
                time.sleep(1)
            if checks:
                wrk.send_signal(signal.SIGINT)
            said = wrk.communicate()[1]
        while self.waiting():
            time.sleep(0.2)
        return Load(**json.loads(said.splitlines()[-1]))

    def done(self) -> int:
        """Drafts that are checked."""
        return self._counted("done") + self._counted("failed")

    def waiting(self) -> int:
        """Drafts that are not checked yet."""
        return self._counted("queued") + self._counted("running")

    def _counted(self, state: str) -> int:
        found = re.search(f'state="{state}"}} (\\d+)', _fetched(self.host, self.port, "/metrics")[1])
        return int(found[1]) if found else 0

    def megabytes(self) -> str:
        """Of the server, and of each helper: what is its own, and that with the files it has mapped."""
        found = [self.process, *map(int, _children(self.process))]
        sizes = [f"{_memory(one, 'Anonymous'):.0f}/{_memory(one, 'Rss'):.0f}" for one in found]
        return f"own/resident MB {', '.join(sizes)}"

    def processor(self) -> tuple[float, float]:
        """Seconds that the server took so far, and its helpers."""
        helpers = [int(one) for one in _children(self.process)]
        return _processor(self.process), sum(map(_processor, helpers))


def _children(process: int) -> list[str]:
    found = []
    for thread in Path(f"/proc/{process}/task").iterdir():
        found += (thread / "children").read_text(encoding="ascii").split()
    return found


def _memory(process: int, kind: str) -> float:
    """Megabytes."""
    sizes = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    found = re.search(rf"^{kind}: +(\d+)", sizes, re.M)
    return int(found[1]) / 1024 if found else 0.0


def _processor(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def drafts_of(corpus: Path, length: int = CHARACTERS, count: int = DRAFTS, seed: int = 17) -> list[str]:
    """Texts of so many characters, some paragraphs of each copied from documents of the corpus."""
    chance = random.Random(seed)
    files = sorted(path for path in corpus.rglob("*.txt") if ".dedup" not in path.parts)
    chosen = chance.sample(files, min(len(files), 4 * count))
    paragraphs = [line for path in chosen for line in read_text(path).splitlines() if len(line) > 20]
    characters = "".join(paragraphs)
    drafts = []
    for number in range(count):
        lines, left = [f"关于第{number}号工作的情况报告"], length
        while left > 0:
            line = chance.choice(paragraphs)
            if chance.random() > SHARE_COPIED:
                line = "".join(chance.choice(characters) if chance.random() < 0.4 else one for one in line)
            lines.append(line[:left])
            left -= len(lines[-1])
        drafts.append("\n".join(lines))
    return drafts


@contextmanager
def serving(corpus: Path, index: Path, drafts: Sequence[str], *, refresh: bool) -> Iterator[Running]:
    """Start the service on a database of its own, with writers who have keys."""
    with tempfile.TemporaryDirectory(prefix="dedup-bench-") as place:
        folder = Path(place)
        service = Service(
            Settings(corpus=corpus, index=index), folder, f"sqlite:///{folder / 'bench.sqlite'}"
        )
        cookie, keys = _staffed(service)
        (folder / "keys").write_text("\n".join(keys), encoding="utf-8")
        bodies = [json.dumps({"text": draft, "name": "稿.txt"}, ensure_ascii=False) for draft in drafts]
        (folder / "bodies").write_text("\n".join(bodies), encoding="utf-8")
        command = [sys.executable, "-m", "dedup", "serve", str(corpus), "--index", str(index), "--port", "0"]
        command += ["--database", service.url, *([] if refresh else ["--no-refresh"])]
        environment = {**os.environ, "PYTHONPATH": str(_REPOSITORY)}
        with open(folder / "log", "w+", encoding="utf-8") as log:
            started = subprocess.Popen(command, stderr=log, cwd=folder, env=environment)
            try:
                host, port = _address(started, folder / "log")
                yield Running(started.pid, host, port, folder / "bodies", folder / "keys", cookie)
            finally:
                started.send_signal(signal.SIGTERM)
                started.wait(60)


def _staffed(service: Service) -> tuple[str, list[str]]:
    """Make the accounts; give a cookie of the first one, and a key of each."""
    database = open_database(service)
    keys, cookie = [], ""
    with database.writing() as session:
        for number in range(WRITERS):
            account = Account(name=f"写稿{number}", role="writer", unit="办公室", created=accounts.now())
            session.add(account)
            session.flush()
            keys.append(make_key(session, account, "bench", ["check", "read"], 2))
            cookie = cookie or accounts.log_in(session, account, 12)
    database.close()
    return cookie, keys


def _address(started: subprocess.Popen[bytes], log: Path) -> tuple[str, int]:
    """Where the service says that it is, once it is ready."""
    while started.poll() is None:
        found = re.findall(r"http://([\d.]+):(\d+)[ ;]", log.read_text(encoding="utf-8"))
        if found:
            host, port = found[-1][0], int(found[-1][1])
            if _fetched(host, port, "/health/ready")[0] == 200:
                return host, port
        time.sleep(0.1)
    raise RuntimeError(log.read_text(encoding="utf-8"))


def _fetched(host: str, port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(host, port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8")
    except OSError:
        return 0, ""
    finally:
        connection.close()


def pages(running: Running) -> list[tuple[str, float, int]]:
    """Pages of a writer: path, median milliseconds, bytes of the page and what it needs to be shown."""
    connection = http.client.HTTPConnection(running.host, running.port, timeout=60)

    def fetched(path: str) -> bytes:
        connection.request("GET", path, headers={"Cookie": f"{COOKIE}={running.cookie}"})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return content

    body = json.loads(running.bodies.read_text(encoding="utf-8").splitlines()[0])
    key = running.keys.read_text(encoding="utf-8").splitlines()[0]
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    connection.request("POST", "/api/v1/checks?wait=60", json.dumps(body), headers)
    [draft] = json.loads(connection.getresponse().read())
    found = []
    for path in ("/", "/drafts", f"/drafts/{draft['id']}", f"/drafts/{draft['id']}/report.html", "/login"):
        times = []
        for _ in range(9):
            begun = time.perf_counter()
            content = fetched(path)
            times.append(1000 * (time.perf_counter() - begun))
        assets = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', content.decode("utf-8")))
        size = len(content) + sum(len(fetched(one)) for one in assets)
        found.append((path.replace(draft["id"], "…"), statistics.median(times), size))
    return found


def inside(corpus: Path, index: Path, drafts: Sequence[str]) -> float:
    """Milliseconds of the processor that a check takes where the index is open: the check alone."""
    settings = Settings(corpus=corpus, index=index)
    with open_index(corpus, index, settings, refresh=False) as opened:
        readings = [read_content(text.encode(), "稿.txt") for text in drafts]
        documents = [one for reading in readings for one in documents_of("稿.txt", reading)[0]]
        for document in documents[:5]:
            check(document, opened, settings)
        begun = time.process_time()
        for document in documents:
            check(document, opened, settings)
        return 1000 * (time.process_time() - begun) / len(documents)


def beside(corpus: Path, index: Path, drafts: Sequence[str]) -> tuple[float, float]:
    """Milliseconds of the clock and of the processor that `dedup check` takes; medians of five."""
    with tempfile.TemporaryDirectory() as place:
        costs = []
        for number, draft in enumerate(drafts[:5]):
            path = Path(place, f"{number}.txt")
            path.write_text(draft, encoding="utf-8")
            command = ["-m", "dedup", "check", path, "--corpus", corpus, "--index", index, "--no-refresh"]
            costs.append(run(*command, "--format", "json", statuses=(0, 1), look_at_memory=False))
    wall, processor = ([cost.seconds for cost in costs], [cost.processor for cost in costs])
    return 1000 * statistics.median(wall), 1000 * statistics.median(processor)


def measured(corpus: Path, index: Path, drafts: Sequence[str], plan: argparse.Namespace) -> list[Load]:
    """Measure everything that the plan names and print it."""
    print(f"{machine()}; {len(drafts)} drafts; corpus {corpus.name}\n", flush=True)
    with serving(corpus, index, drafts, refresh=plan.refresh) as running:
        running.load(4, 5)  # helpers started, files in memory
        rows, loads = [], []
        for clients in (1, plan.clients):
            before, done = running.processor(), running.done()
            load = running.load(clients, plan.seconds)
            server, helpers = (b - a for a, b in zip(before, running.processor(), strict=True))
            checks = running.done() - done  # also those whose client did not wait for the end
            loads.append(load)
            rows.append([*_row(clients, load), *(f"{1000 * one / checks:.1f}" for one in (server, helpers))])
        head = ["clients", "checks", "checks/s", "median ms", "p99 ms", "failed", "server ms", "helpers ms"]
        print(table(head, rows), "\n", flush=True)
        for path, milliseconds, size in pages(running):
            print(f"{path}: {milliseconds:.0f} ms, {size / 1000:.0f} KB to be shown", flush=True)
        if plan.checks:
            loads.append(running.load(plan.clients, 86_400, plan.checks))
            print(
                f"{running.done()} checks: {running.megabytes()}; {_row(plan.clients, loads[-1])}", flush=True
            )
    print(f"\nthe check alone: {inside(corpus, index, drafts):.1f} ms of the processor")
    wall, processor = beside(corpus, index, drafts)
    print(f"dedup check: {wall:.0f} ms, {processor:.0f} ms of the processor")
    return loads


def _row(clients: int, load: Load) -> list[str]:
    failed = str(load.failed + load.broken) if load.failed + load.broken else NOTHING
    times = (f"{load.a_second:.1f}", f"{load.median:.0f}", f"{load.p99:.0f}")
    return [str(clients), str(load.checks), *times, failed]


def test_a_short_run_on_the_sample_collection(repository: Path, tmp_path: Path) -> None:
    if shutil.which("wrk") is None:
        pytest.skip("no wrk: apt-get install wrk")
    index = tmp_path / "index"
    open_index(repository / "corpus", index, Settings(corpus=repository / "corpus")).close()
    plan = _parser().parse_args(["--seconds", "10", "--checks", "200"])
    loads = measured(repository / "corpus", index, drafts_of(repository / "corpus"), plan)
    assert sum(load.failed + load.broken for load in loads) == 0
    assert sum(load.checks for load in loads) > 200


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=_REPOSITORY / "corpus")
    parser.add_argument("--index", type=Path)
    parser.add_argument("--refresh", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--draft", type=Path, action="append", help="instead of drafts made from the corpus")
    parser.add_argument("--characters", type=int, default=CHARACTERS, help="of each draft")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--checks", type=int, default=0, help="how many to watch the memory over")
    return parser


def main() -> int:
    """The command."""
    plan = _parser().parse_args()
    corpus = plan.corpus.absolute()
    index = (plan.index or Path(index_folder(corpus, None))).absolute()
    if plan.refresh:
        open_index(corpus, index, Settings(corpus=corpus)).close()
    drafts = [read_text(path) for path in plan.draft or ()] or drafts_of(corpus, plan.characters)
    measured(corpus, index, drafts, plan)
    return 0


if __name__ == "__main__":
    sys.exit(main())
