"""What the tests of faults share."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from dedup.cli.program import run
from dedup.index import update_index
from dedup.scan import scan
from dedup.settings import Settings
from tests.faults.documents import verify, write_documents
from tests.faults.operations import OPERATIONS, Operation, Trial


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scanned corpus, its index of two segments, one with a document that is gone. Not to be changed."""
    corpus = tmp_path_factory.mktemp("finished") / "corpus"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.index.tiers._SMALL_SEGMENT", 0)
        write_documents(corpus, range(12))
        (corpus / "坏.txt").write_bytes(b"\x00\x01\x02" * 40)
        update_index(corpus, None, Settings())
        write_documents(corpus, range(12, 14))
        (corpus / "003.txt").unlink()
        update_index(corpus, None, Settings())
        scan(Settings(corpus=corpus))
    verify(corpus)
    return corpus


@pytest.fixture
def collection(finished: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may spoil."""
    return shutil.copytree(finished, tmp_path / "corpus")


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets figures of the modules under test, by module and name."""

    def set_(**figures: object) -> None:
        for name, figure in figures.items():
            module, _, constant = name.rpartition("__")
            monkeypatch.setattr(f"dedup.{module.replace('__', '.')}.{constant}", figure)

    return set_


@pytest.fixture(scope="session")
def trial_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Operation], Trial]:
    """Each operation is prepared once."""
    return cache(lambda operation: Trial.of(operation, tmp_path_factory.mktemp(operation.name)))


@pytest.fixture(params=OPERATIONS, ids=lambda operation: operation.name)
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

    def run_(*arguments: str | Path) -> Done:
        capsys.readouterr()
        status = run([str(one) for one in arguments])
        said = capsys.readouterr()
        return Done(status, said.out, said.err)

    return run_
