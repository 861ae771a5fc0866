"""Checks while the index is being brought up to date: each answers from one snapshot or the other."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.corpora import timeless
from tests.faults.answers import answers
from tests.faults.conftest import Done
from tests.faults.documents import a_document, write_documents
from tests.faults.killing import Victim
from tests.faults.operations import MERGE, REFRESH, Operation, Trial, in_peace

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")

CHECKS = 10
ROUNDS = int(os.environ.get("DEDUP_FAULT_ROUNDS", "20"))


@pytest.mark.parametrize(
    "operation", [REFRESH, pytest.param(MERGE, marks=pytest.mark.slow)], ids=lambda one: one.name
)
def test_a_check_beside_a_writer_that_stands_still(
    operation: Operation,
    trial_of: Callable[[Operation], Trial],
    dedup: Callable[..., Done],
    tmp_path: Path,
) -> None:
    """Wherever the writer is, a check that would refresh the index itself takes it as it is."""
    trial = trial_of(operation)
    draft = tmp_path / "draft.txt"
    # Text that is gone, text that stays, and text that comes.
    draft.write_text("\n".join(map(a_document, (0, 13, 30, 41))), encoding="utf-8")
    seen = []
    for step in sorted(random.Random(operation.name).sample(range(1, trial.steps), 2)):
        corpus = trial.fresh("read")
        with Victim(operation, corpus, step=step, with_signal=signal.SIGSTOP) as writer:
            if writer.stopped():
                done = dedup("check", draft, "--corpus", corpus, "--format", "json")
                assert (done.status, done.err) == (1, "")
                again = dedup("check", draft, "--corpus", corpus, "--format", "json", "--no-refresh")
                assert timeless(again.out) == timeless(done.out)
                trial.whole(corpus)
                seen.append("041.txt" in done.out)
                writer.go_on()
            assert writer.end().status == 0
        assert "041.txt" in dedup("check", draft, "--corpus", corpus, "--no-refresh", "--format", "json").out
    assert seen == sorted(seen), "once the new snapshot is there, nobody sees the old one"
    assert not seen[0]


def versions(folder: Path) -> tuple[Path, tuple[str, str]]:
    """A corpus, and what its index says of either of two states."""
    corpus = folder / "corpus"
    texts = [a_document(*one) for one in ((3, 0), (7, 0), (12, 0), (12, 1), (21, 0))]
    (folder / "draft.txt").write_text("\n".join(texts), encoding="utf-8")
    found = []
    for state in (0, 1):
        change(corpus, state)
        in_peace(["index", corpus])
        found.append(reports(corpus, folder))
    assert found[0] != found[1]
    return corpus, (found[0], found[1])


def change(corpus: Path, state: int) -> None:
    write_documents(corpus, range(10))
    write_documents(corpus, range(10, 15), version=state)
    if state:
        write_documents(corpus, range(20, 24))
        (corpus / "003.txt").unlink()
    else:
        for number in range(20, 24):
            (corpus / f"{number:03d}.txt").unlink(missing_ok=True)


def started(corpus: Path, folder: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "dedup", "check", folder / "draft.txt", "--corpus", corpus, *options]
    return subprocess.Popen(
        [*map(str, command), "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def ended(check: subprocess.Popen[str]) -> str:
    out, err = check.communicate(timeout=300)
    assert (check.returncode, err) == (1, "")
    return timeless(out)


def reports(corpus: Path, folder: Path) -> str:
    return ended(started(corpus, folder, "--no-refresh"))


_WRITER = """
import sys
from pathlib import Path
from tests.faults.operations import MERGING, SMALL, in_peace
from tests.faults.test_readers import change

corpus, round = Path(sys.argv[1]), 0
print("ready", flush=True)
while not Path(sys.argv[1] + ".enough").exists():
    change(corpus, round % 2)
    in_peace(["index", corpus], MERGING if round % 3 else SMALL)
    round += 1
"""


@contextmanager
def restless_writer(corpus: Path) -> Iterator[None]:
    """A process that brings the index from one state to the other and back until it is told to stop."""
    enough = corpus.with_name("corpus.enough")
    enough.unlink(missing_ok=True)
    here = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, corpus], stdout=subprocess.PIPE, text=True, cwd=here
    ) as writer:
        assert writer.stdout is not None
        try:
            assert writer.stdout.readline() == "ready\n"
            yield
        finally:
            enough.touch()
        assert writer.wait(timeout=300) == 0


@pytest.mark.slow
def test_ten_checks_while_the_index_changes_all_the_time(tmp_path: Path) -> None:
    corpus, legitimate = versions(tmp_path)
    with restless_writer(corpus):
        checks = [started(corpus, tmp_path, "--no-refresh") for _ in range(CHECKS)]
        for check in checks:
            assert ended(check) in legitimate


@pytest.mark.faults
def test_ten_checks_while_the_index_changes_all_the_time_again_and_again(tmp_path: Path) -> None:
    corpus, legitimate = versions(tmp_path)
    seen = []
    with restless_writer(corpus):
        for _ in range(ROUNDS):
            checks = [started(corpus, tmp_path, "--no-refresh") for _ in range(CHECKS)]
            seen += [legitimate.index(ended(check)) for check in checks]
    print(f"\n{len(seen)} checks: {seen.count(0)} of one snapshot, {seen.count(1)} of the other")
    assert set(seen) == {0, 1}


@pytest.mark.faults
def test_ten_checks_that_find_the_corpus_changed(tmp_path: Path) -> None:
    """One of them, or the refresh beside them, does the work; the others take what is there."""
    corpus, legitimate = versions(tmp_path)
    seen = []
    for number in range(ROUNDS):
        change(corpus, number % 2)
        checks = [started(corpus, tmp_path) for _ in range(CHECKS)]
        writer = Victim(MERGE if number % 3 else REFRESH, corpus)
        seen += [legitimate.index(ended(check)) == number % 2 for check in checks]
        assert writer.end().status == 0
        assert reports(corpus, tmp_path) == legitimate[number % 2]
    print(f"\n{len(seen)} checks: {seen.count(False)} of the old snapshot, {seen.count(True)} of the new")
    assert answers(corpus)["facts"]
