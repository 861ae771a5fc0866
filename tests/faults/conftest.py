"""A collection that every fault is tried on, small enough to be built in a moment."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.index import update_index
from dedup.index.integrity import verify_index
from dedup.scan import scan
from dedup.scan.upkeep import verify_scans
from dedup.settings import Settings
from tests.strategies import rare_text

def a_document(number: int, version: int = 0) -> str:
    """Document `number` in its version `version`. Versions share a paragraph, and so do three neighbours."""
    own = [f"第{number}号第{version}稿，{rare_text(1000 + 8 * number + version, 60)}。" for _ in range(2)]
    shared = [f"{rare_text(seed, 70)}。" for seed in (10_000 + number, 20_000 + number // 3)]
    return "\n".join([f"第{number}号工作总结", *own, *shared])


def write_documents(corpus: Path, numbers: range, version: int = 0) -> None:
    corpus.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (corpus / f"{number:03d}.txt").write_text(a_document(number, version), encoding="utf-8")


def verify(corpus: Path) -> None:
    """What `dedup verify` does."""
    verify_scans(verify_index(corpus, None, Settings()).folder)


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
