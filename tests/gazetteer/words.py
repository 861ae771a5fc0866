"""Words with their frequencies, from the dictionary of jieba (MIT licence), which dedup requires anyway."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple


class Word(NamedTuple):
    """A word of the dictionary."""

    frequency: int
    kind: str
    """Its part of speech."""


@cache
def jieba_words() -> dict[str, Word]:
    """The dictionary, read as the file it is: loading jieba would take longer."""
    import jieba

    rows = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    return {word: Word(int(frequency), kind) for word, frequency, kind in map(str.split, rows)}
