"""A collection that every fault is tried on, small enough to be built in a moment."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.index import update_index
from dedup.index.integrity import verify_index
from dedup.scan import scan
from dedup.scan.upkeep import verify_scans
from dedup.settings import Settings

CLAUSES = (
    *("老果园高接换种四百亩", "夜间借阅量占到全天四成", "七个人进了护桥队", "机井修复水车送水错峰灌溉"),
    *("还书箱收回图书一万三千册", "汽车站和菜市场各放一只", "砍掉病株两千一百多棵", "晚稻收成与常年持平"),
    *("渡口撤了桥通了", "逐株登记挂牌", "请省里的专家蹲点半个月", "半年下来没有丢失一本", "果农排着队报名"),
)
"""What documents are made of: many share paragraphs, hardly any is the same as another."""


def a_document(number: int, version: int = 0) -> str:
    """Document `number` in its version `version`; versions share some paragraphs."""
    chance = random.Random(f"{number} {version}")
    shared = random.Random(number)
    own = [f"第{number}号第{version}稿，{_sentence(chance)}" for _ in range(3)]
    return "\n".join(
        [f"第{number}号工作总结", *own, _sentence(shared), _sentence(random.Random(number // 3))]
    )


def _sentence(chance: random.Random) -> str:
    return "，".join(chance.sample(CLAUSES, 5)) + "。"


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
        patch.setattr("dedup.index.refresh._SMALL_SEGMENT", 0)
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
