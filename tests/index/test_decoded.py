"""Long paragraphs: decoded once for many regions, and no more of them kept than there is room for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import numpy as np
import pytest

from dedup.index import decoded, open_index
from dedup.index.decoded import LONG, Decoded, LongParagraphs
from dedup.settings import Settings
from dedup.text.stream import stream_document
from dedup.text.structure import parse
from tests.strategies import rare_text

Corpus = Callable[[Mapping[str, str]], Path]

LINES = [
    f"“{rare_text(seed, length)}𠮷，{rare_text(seed + 1, 5)}。" for seed, length in enumerate([40, LONG, 9])
]
BOOK = "渡口志\n\n" + "\n\u3000\u3000".join([*LINES, LINES[1][::-1], "。", LINES[1][7:]]) + "\n"


@pytest.mark.parametrize("room", [decoded._MOST_KEPT, LONG])
def test_any_stretch_of_long_paragraphs_is_what_the_file_holds(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(decoded, "_MOST_KEPT", room)
    random, stream = Random(5), stream_document(parse("书.txt", BOOK)).text
    with open_index(corpus({"书.txt": BOOK}), None, Settings()) as index:
        for _ in range(500):
            start, length = random.randrange(len(BOOK)), random.choice([1, 30, LONG])
            assert index.text(0, start, start + length) == BOOK[start : start + length]
            region = index.region(0, start, start + length)
            np.testing.assert_array_equal(region.offsets, stream.offsets[start : start + length])
            # A region that held on to all of its paragraph would take the memory of a book.
            assert region.offsets.base is None or len(region.offsets.base) == len(region.offsets)


def test_long_paragraphs_are_decoded_once_while_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoded, "_MOST_KEPT", 3 * LONG)
    asked: list[int] = []

    def decode(number: int) -> Decoded:
        asked.append(number)
        length = {0: LONG, 1: LONG - 1, 9: 10 * LONG}.get(number, 2 * LONG)
        return Decoded("书" * length, np.arange(length))

    paragraphs = LongParagraphs()

    def decoded_anew(*numbers: int) -> list[int]:
        asked.clear()
        for number in numbers:
            assert paragraphs.get(number, decode).text
        return asked

    assert decoded_anew(0, 2, 0, 2, 0) == [0, 2]
    assert decoded_anew(1, 1) == [1, 1]
    assert decoded_anew(3, 0, 3, 2) == [3, 2]  # 2 was asked for before 0, and had to go
    assert decoded_anew(9, 9) == [9]
    assert decoded_anew(0) == [0]
