"""A small corpus and drafts for the command line."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess

import pytest

_CAPABILITIES = 0x20080522
"""The version of Linux's structures for capabilities, see capset(2)."""
_READS_AND_WRITES_ALL = 1 << 1 | 1 << 2
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: what lets the superuser read and write everything."""
_SET_SECUREBITS, _AS_THEY_ARE = 28, 1 << 2
"""An option of prctl(2), and SECBIT_NO_SETUID_FIXUP: else access(2) asks what could be taken back too."""
NOTICE = "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！"
ORCHARD = (
    "老果园改造是今年啃下的硬骨头。全镇把三十年树龄以上的低产梨树逐株登记挂牌，请省里的专家蹲点半个月，"
    "砍掉病株两千一百多棵，高接换种四百亩，果农从观望到排着队报名，只用了一个春天。"
)
LIBRARY = (
    "县图书馆把闭馆时间从下午五点半推迟到晚上九点，另在汽车站、菜市场和卫生院各放了一只还书箱，"
    "半年下来，夜间借阅量占到全天的四成，还书箱收回图书一万三千册，没有丢失一本。"
)
FERRY = (
    "渡口撤了，桥通了，但是老渡工的生计不能跟着断。镇里同他们一户一户地谈，七个人进了护桥队，"
    "两个人开起了农家乐，还有一位年近七十的，聘作河道义务讲解员，每月领一份补贴。"
)
OWN_WORDS = (
    "今年雨水偏少，入夏以后又接连高温，镇村两级把抗旱保苗放在最前面，机井修复、水车送水、错峰灌溉一样没有落下，"
    "晚稻的收成好歹与常年持平。"
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Three documents, one with a notice that forbids copying."""
    folder = tmp_path / "corpus"
    (folder / "镇").mkdir(parents=True)
    (folder / "镇" / "果园.txt").write_text(f"{NOTICE}\n某镇年度工作总结\n{ORCHARD}\n", encoding="utf-8")
    (folder / "图书馆.txt").write_text(f"图书馆工作汇报\n{LIBRARY}\n", encoding="utf-8")
    (folder / "渡口.txt").write_text(f"渡口改桥情况汇报\n{FERRY}\n", encoding="utf-8")
    return folder


@pytest.fixture
def copied(tmp_path: Path, corpus: Path) -> Path:
    """A draft that takes a paragraph from a document that forbids it."""
    path = tmp_path / "copied.txt"
    path.write_text(f"我镇工作总结\n{OWN_WORDS}\n{ORCHARD}\n", encoding="utf-8")
    return path


@pytest.fixture
def own(tmp_path: Path, corpus: Path) -> Path:
    """A draft in the writer's own words."""
    path = tmp_path / "own.txt"
    path.write_text(f"我镇抗旱情况\n{OWN_WORDS}\n", encoding="utf-8")
    return path


@pytest.fixture
def anybody(dedup: Callable[..., CompletedProcess[str]]) -> Callable[..., CompletedProcess[str]]:
    """The program, run by someone whom permissions bind."""
    if not hasattr(os, "geteuid"):
        pytest.skip("permissions are set the POSIX way")
    if os.geteuid() != 0:
        return dedup
    if sys.platform != "linux":
        pytest.skip("the superuser may do everything")

    def run(*arguments: str | Path, **environment: str) -> CompletedProcess[str]:
        with _bound_by_permissions():
            return dedup(*arguments, **environment)

    return run


@contextmanager
def _bound_by_permissions() -> Iterator[None]:
    """Take from this thread of the superuser what lets it read and write everything, for a while."""
    library = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0)
    held = (ctypes.c_uint32 * 6)()
    assert library.capget(header, held) == 0
    effective, *others = (int(one) for one in held)
    fewer = (ctypes.c_uint32 * 6)(effective & ~_READS_AND_WRITES_ALL, *others)  # these may be taken back
    if library.prctl(_SET_SECUREBITS, _AS_THEY_ARE) != 0:
        pytest.skip("the superuser may do everything here, and give nothing up")
    assert library.capset(header, fewer) == 0
    try:
        yield
    finally:
        assert library.capset(header, held) == 0
        assert library.prctl(_SET_SECUREBITS, 0) == 0
