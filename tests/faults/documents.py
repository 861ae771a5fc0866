"""Documents that every fault is tried on, few enough to be indexed in a moment."""

from __future__ import annotations

from pathlib import Path

from dedup.index.opening import verify_index
from dedup.scan.state import verify_scans
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
