"""What a scan leaves when it is killed, or cannot write."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dedup.errors import IndexUnwritable
from dedup.scan.results import CLUSTERS, DOCUMENTS, PAIRS

KILLS = int(os.environ.get("DEDUP_SCAN_KILLS", "8"))


def texts(numbers: random.Random, count: int) -> dict[str, str]:
    clauses = [
        "".join(numbers.choice("春耕备耕秋收冬藏水渠道路桥梁学校医院") for _ in range(9)) for _ in range(300)
    ]
    return {
        f"{number:04d}.txt": "总结\n"
        + "\n".join("，".join(numbers.choice(clauses) for _ in range(6)) for _ in range(10))
        + "\n"
        for number in range(count)
    }


def test_killed_scans_leave_nothing_wrong(make_collection: Callable[[], Any]) -> None:
    numbers = random.Random(3)
    files = texts(numbers, 120)
    killed, peaceful = make_collection(), make_collection()
    for one in (killed, peaceful):
        one.write(files)
    command = [
        *(sys.executable, "-m", "dedup", "scan", str(killed.corpus), "--full"),
        *("--index", str(killed.settings.index), "--output", str(killed.output)),
    ]
    for _ in range(KILLS):
        with subprocess.Popen(
            command, cwd=Path(__file__).parents[2], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as running:
            time.sleep(0.15 + numbers.random() * 0.4)
            running.kill()
        for name in (PAIRS, CLUSTERS, DOCUMENTS):
            if (killed.output / name).exists():
                killed.lines(name)  # whole lines of JSON or nothing
    assert killed.scan().counts.pairs == peaceful.scan().counts.pairs
    for name in (PAIRS, CLUSTERS, DOCUMENTS):
        assert (killed.output / name).read_bytes() == (peaceful.output / name).read_bytes()
    assert not list((killed.settings.index / "scan").glob("*.tmp"))
    assert not list(killed.output.glob("*.tmp"))


def test_a_folder_that_cannot_be_written_is_named_with_a_cure(collection: Any) -> None:
    collection.write({"a.txt": "总结\n今年修了一座桥，明年再修一条路，后年把水也引过来。\n"})
    collection.settings.index.mkdir()
    (collection.settings.index / "scan").write_text("in the way", encoding="utf-8")
    with pytest.raises(IndexUnwritable, match=r"scan.*--index"):
        collection.scan()


def test_a_damaged_sketch_is_made_anew(collection: Any) -> None:
    collection.write(texts(random.Random(1), 5))
    before = collection.scan().counts
    (sketch,) = (collection.settings.index / "scan").glob("*.texts")
    sketch.write_bytes(sketch.read_bytes()[:-40])
    assert collection.scan(full=True).counts == before
