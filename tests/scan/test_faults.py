"""What a scan leaves when it is killed, or cannot write."""

from __future__ import annotations

import random
import shutil
from typing import Any

import pytest

from dedup.errors import IndexUnwritable


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


def test_a_folder_that_cannot_be_written_is_named_with_a_cure(collection: Any) -> None:
    collection.write({"a.txt": "总结\n今年修了一座桥，明年再修一条路，后年把水也引过来。\n"})
    collection.scan()
    shutil.rmtree(collection.index / "scan")
    (collection.index / "scan").write_text("in the way", encoding="utf-8")
    with pytest.raises(IndexUnwritable, match=r"scan.*--index"):
        collection.scan()


def test_a_table_that_was_cut_short_is_made_anew(collection: Any) -> None:
    collection.write(texts(random.Random(1), 5))
    before = collection.scan().counts
    (table,) = (collection.index / "scan").glob("*.texts")
    table.write_bytes(table.read_bytes()[:-40])
    assert collection.scan(full=True).counts == before
