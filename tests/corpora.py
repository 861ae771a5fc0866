"""Small corpora given in literals, indexed for one test."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dedup.checking import check
from dedup.index import Index, open_index
from dedup.model import Report
from dedup.settings import Settings
from dedup.text.structure import parse


@contextmanager
def indexed(corpus: Mapping[str, str]) -> Iterator[Index]:
    """The index of a corpus (file name → text), thrown away afterwards."""
    with tempfile.TemporaryDirectory() as place:
        for name, text in corpus.items():
            path = Path(place, "corpus", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        with open_index(Path(place, "corpus"), None, Settings()) as index:
            yield index


def checked(draft: str, corpus: Mapping[str, str], **options: object) -> Report:
    """What checking a draft against a corpus finds; `options` are settings."""
    with indexed(corpus) as index:
        return check(parse("draft.txt", draft), index, Settings(**options))  # type: ignore[arg-type]


def timeless(report: str) -> str:
    """A JSON report without when and where it was made, which alone may differ between equal checks."""
    return re.sub(r'^ *"(time|corpus)": .*\n', "", report, flags=re.MULTILINE)
