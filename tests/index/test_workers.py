"""Several processes build what one would build, and none of them outlives its work."""

import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from dedup.errors import IndexUnwritable
from dedup.index import open_index, update_index
from dedup.index.build import Piece, cut
from dedup.index.corpus import Entry, list_corpus
from dedup.limits import LIMITS, Limits
from dedup.progress import Advance, Observer
from dedup.settings import Settings
from dedup.sketch.scheme import Scheme

Corpus = Callable[[Mapping[str, str]], Path]

FILES = 24
PIECE, MERGED = 900, 400
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals and file limits of POSIX")

SHARING = Limits(shared_bytes=0, piece_bytes=PIECE, merged_positions=MERGED, processes=3)


class Watching(Observer):
    """Keeps what it hears, by stage."""

    def __init__(self) -> None:
        self.seen: dict[str, list[tuple[int, int]]] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        seen = self.seen.setdefault(name, [])
        yield lambda *state: seen.append(state)


def some_files(numbers: random.Random) -> dict[str, str]:
    line = "第{}号台账已经销号，剩余{}件由包联单位逐项跟进。"
    return {
        f"{number:02d}.txt": "\n".join(
            line.format(numbers.randrange(10**6), numbers.randrange(10**6))
            for _ in range(numbers.randrange(1, 9))
        )
        for number in range(FILES)
    }


@pytest.fixture
def folder(corpus: Corpus) -> Path:
    folder = corpus(some_files(random.Random(3)))
    (folder / "坏.txt").write_bytes(b"\x00\x01\x02" * 40)
    while list_corpus(str(folder), "").unsettled():
        pass  # until a change would show in the times of change
    return folder


def everything(place: Path) -> tuple[dict[str, bytes], bytes]:
    segments = {path.name: path.read_bytes() for path in (place / "segments").iterdir()}
    return segments, (place / "manifest.json").read_bytes()


def built_alone(folder: Path, place: Path) -> tuple[dict[str, bytes], bytes]:
    update_index(folder, place, Settings(), limits=replace(SHARING, processes=1))
    return everything(place)


def texts(folder: Path, place: Path | None = None) -> list[str]:
    with open_index(folder, place, Settings(), refresh=False) as index:
        index.verify()
        return [index.text(part.number, 0, 10**6) for part in index.documents()]


def test_little_work_stays_in_one_piece_and_more_is_cut_evenly() -> None:
    files = [Entry(f"{number}", 50_000, 1, 1, 1, 0) for number in range(1000)]
    (alone,) = cut(files[:100], LIMITS)
    assert alone == tuple(files[:100])
    assert list(cut([], LIMITS)) == []
    halves = list(cut(files, LIMITS))
    assert [len(half) for half in halves] == [500, 500]
    assert [file for half in halves for file in half] == files
    large = list(cut([Entry("", 10**9, 1, 1, 1, 0), *files, Entry("", 10**9, 1, 1, 1, 0)], LIMITS))
    assert [file for piece in large for file in piece][1:-1] == files


def test_the_bytes_of_an_index_are_the_same_however_many_processes_built_it(
    folder: Path, tmp_path: Path
) -> None:
    observer = Watching()
    changes = update_index(folder, tmp_path / "shared", Settings(), observer=observer, limits=SHARING)
    segments, manifest = everything(tmp_path / "shared")
    seen = observer.seen["index"]
    assert len(segments) >= 4
    assert (segments, manifest) == built_alone(folder, tmp_path / "alone")
    assert (changes.added, [one.path for one in changes.skipped]) == (FILES, ["坏.txt"])
    total = sum(path.stat().st_size for path in folder.iterdir())
    assert seen == sorted(seen)
    assert seen[-1] == (total, total)


@pytest.mark.slow
def test_what_an_update_takes_in_is_shared_too(folder: Path, corpus: Corpus, tmp_path: Path) -> None:
    update_index(folder, None, Settings(), limits=SHARING)
    before = len(list((folder / ".dedup" / "segments").glob("*.seg")))
    corpus({"新.txt": "新来的一份台账，写着别处没有的几句话。"})
    changes = update_index(folder, None, Settings(), limits=SHARING)
    assert (changes.added, changes.unchanged) == (1, FILES)
    assert len(list((folder / ".dedup" / "segments").glob("*.seg"))) <= before + 1
    update_index(folder, tmp_path / "anew", Settings(), limits=SHARING)
    assert sorted(texts(folder)) == sorted(texts(folder, tmp_path / "anew"))


def interpreter(tmp_path: Path, work: str) -> str:
    """A program to run helpers with."""
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{work}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


@POSIX
@pytest.mark.parametrize(
    "work", ["exit 0", "head -c 200 >/dev/null; echo '?'"], ids=["stillborn", "babbling"]
)
def test_the_work_of_a_helper_that_dies_is_done_all_the_same(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    monkeypatch.setattr(sys, "executable", interpreter(tmp_path, work))
    observer = Watching()
    update_index(folder, tmp_path / "shared", Settings(), observer=observer, limits=SHARING)
    assert everything(tmp_path / "shared") == built_alone(folder, tmp_path / "alone")
    total = sum(path.stat().st_size for path in folder.iterdir())
    assert observer.seen["index"][-1] == (total, total)


@POSIX
def test_what_goes_wrong_in_a_helper_is_told_here(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_full_disk = f'ulimit -f 17; exec "{sys.executable}" "$@"'
    monkeypatch.setattr(sys, "executable", interpreter(tmp_path, on_a_full_disk))
    with pytest.raises(IndexUnwritable, match="--index"):
        update_index(folder, None, Settings(), limits=SHARING)
    assert not list((folder / ".dedup" / "segments").iterdir())


def writer(folder: Path, work: str) -> subprocess.Popen[str]:
    """A process that builds, and prints the numbers of its helpers."""
    helper = interpreter(folder.parent, f'echo $$ >&2; exec "{sys.executable}" "$@"')
    program = f"""
import sys
from pathlib import Path
from dedup.limits import Limits
sys.executable = {helper!r}
limits = {SHARING}
{work}
"""
    command = [sys.executable, "-c", program, str(folder)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, process_group=0)


def started_helpers(writer: subprocess.Popen[str]) -> list[int]:
    assert writer.stderr is not None
    numbers = (int(line) for line in iter(writer.stderr.readline, "") if line.strip().isdigit())
    return list(islice(numbers, SHARING.processes))


def runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone_soon(processes: list[int]) -> bool:
    give_up = time.monotonic() + 20
    while any(map(runs, processes)) and time.monotonic() < give_up:
        time.sleep(0.01)
    return not any(map(runs, processes))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_writer_killed_at_any_moment_leaves_no_helpers_and_the_index_whole(folder: Path) -> None:
    update_index(folder, None, Settings(), limits=SHARING)
    moments = random.Random(5)
    work = """
from dedup.limits import LIMITS, Limits
from dedup.progress import Advance, Observer
from dedup.settings import Settings
from dedup.sketch.scheme import Scheme
from dedup.index import update_index
update_index(Path(sys.argv[1]), None, Settings(), limits=limits)
"""
    for number in range(int(os.environ.get("DEDUP_FAULT_ROUNDS", "4"))):
        held = set(texts(folder))
        new = some_files(random.Random(100 + number))
        for name, text in new.items():
            (folder / name).write_text(text, encoding="utf-8")
        with writer(folder, work) as process:
            helpers = started_helpers(process)
            time.sleep(moments.uniform(0, 0.5))
            process.send_signal(signal.SIGKILL)
        assert gone_soon(helpers)
        assert set(texts(folder)) in (held, set(new.values()))
        update_index(folder, None, Settings(), limits=SHARING)
        assert set(texts(folder)) == set(new.values())


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(
    "moment", [0.0, pytest.param(0.1, marks=pytest.mark.slow), pytest.param(0.25, marks=pytest.mark.slow)]
)
def test_an_interrupted_command_ends_quietly(folder: Path, moment: float) -> None:
    work = "from dedup.cli.program import run\nsys.exit(run(['index', sys.argv[1]], limits))"
    with writer(folder, work) as process:
        helpers = started_helpers(process)
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate()
    # The last is what becomes of a signal while the interpreter is closing down, its work done.
    assert process.returncode in (130, 0, -signal.SIGINT)
    assert "Traceback" not in told
    assert gone_soon(helpers)
    assert not list((folder / ".dedup" / "segments").glob("*.tmp"))
    assert update_index(folder, None, Settings(), limits=SHARING).added in (FILES, 0)


@POSIX
def test_a_helper_that_nobody_listens_to_ends_without_a_word(tmp_path: Path) -> None:
    """Its orders may still be open when the one who gave them no longer reads: the answer finds no reader."""
    reader, writer_end = os.pipe()
    os.close(reader)
    nothing = Piece(
        corpus=str(tmp_path),
        aside=str(tmp_path),
        scheme=Scheme.from_settings(Settings(), "folding"),
        listed_ns=0,
        with_postings=True,
        entries=(),
        follow_links=False,
        reading=Settings().reading,
        processes=1,
        ahead=0,
        limits=LIMITS,
    )
    with subprocess.Popen(
        [sys.executable, "-c", "from dedup.index.workers import serve; serve()"],
        stdin=subprocess.PIPE,
        stdout=writer_end,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as helper:
        os.close(writer_end)
        assert helper.stdin is not None
        assert helper.stderr is not None
        pickle.dump(nothing, helper.stdin)
        helper.stdin.flush()
        assert helper.stderr.read() == b""
