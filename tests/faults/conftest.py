"""What the tests of faults share."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from dedup.cli.program import run
from dedup.index import update_index
from dedup.limits import LIMITS, Limits
from dedup.progress import Advance, Observer
from dedup.scan import scan_corpus
from dedup.settings import Settings
from tests.faults.documents import a_document, verify, write_documents
from tests.faults.operations import OPERATIONS, REFRESH, Operation, Trial


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scanned corpus, its index of two segments, one with a document that is gone. Not to be changed."""
    corpus = tmp_path_factory.mktemp("finished") / "corpus"
    limits = Limits(small_segment=0)
    write_documents(corpus, range(12))
    (corpus / "坏.txt").write_bytes(b"\x00\x01\x02" * 40)
    update_index(corpus, None, Settings(), limits=limits)
    # Between two old names, so that the numbers by path are not those of the segments.
    write_documents(corpus, range(12, 14))
    (corpus / "003a.txt").write_text(a_document(14), encoding="utf-8")
    (corpus / "003.txt").unlink()
    (corpus / "004.txt").touch()
    update_index(corpus, None, Settings(), limits=limits)
    scan_corpus(Settings(corpus=corpus), limits=limits)
    verify(corpus)
    return corpus


@pytest.fixture
def collection(finished: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may spoil."""
    return shutil.copytree(finished, tmp_path / "corpus")


class Interrupting(Observer):
    """Interrupts the reading of files when something has happened, as Ctrl-C would."""

    def __init__(self, happened: Callable[[], bool]) -> None:
        self._happened = happened

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        def advance(done: int, total: int) -> None:
            if self._happened():
                raise KeyboardInterrupt

        yield advance


@pytest.fixture(scope="session")
def trial_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Operation], Trial]:
    """Each operation is prepared once."""
    return cache(lambda operation: Trial.of(operation, tmp_path_factory.mktemp(operation.name)))


OFTEN = REFRESH
"""The operation that the quick tests disturb; the slow ones disturb them all."""


@pytest.fixture(
    params=[pytest.param(one, marks=() if one is OFTEN else pytest.mark.slow) for one in OPERATIONS],
    ids=lambda operation: operation.name,
)
def trial(request: pytest.FixtureRequest, trial_of: Callable[[Operation], Trial]) -> Trial:
    return trial_of(request.param)


@dataclass(frozen=True, slots=True)
class Done:
    """What `dedup` ended with."""

    status: int
    out: str
    err: str


@pytest.fixture
def dedup(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run the program in this process."""

    def run_(*arguments: str | Path, limits: Limits = LIMITS) -> Done:
        capsys.readouterr()
        status = run([str(one) for one in arguments], limits)
        said = capsys.readouterr()
        return Done(status, said.out, said.err)

    return run_
