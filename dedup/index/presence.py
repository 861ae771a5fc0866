"""Whether there is anything to compare with: a disk that is not mounted looks like a folder without texts."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from dedup.errors import UsageError
from dedup.index import Index, index_folder
from dedup.index.listing import holds_files
from dedup.model import Skipped
from dedup.readers import documents_among

_CURE = "把范文放进去，或换一个文件夹 put texts there, or name another folder"


def demand_files(corpus: Path, directory: Path | None) -> None:
    """Raise UsageError for a corpus without any file. To be asked before its index follows it."""
    if not holds_files(os.fspath(corpus), index_folder(corpus, directory)):
        raise nothing_in(os.fspath(corpus), ())


def demand_documents(index: Index, corpus: Path) -> None:
    """Raise UsageError for an index that holds no document, which would find nothing in anything."""
    if not index.parts:
        raise nothing_in(os.fspath(corpus), index.skipped)


def nothing_in(place: str, skipped: Iterable[Skipped]) -> UsageError:
    """What to say of a place in which no document was read, but some files were skipped."""
    if unread := len(documents_among(skipped)):
        problem = f"{unread} 份文稿都读不了 none of its {unread} documents could be read"
        return UsageError(place, problem, "另存为纯文本 save them as plain text (.txt, .md)")
    return UsageError(place, "里面没有文稿 no documents in it", _CURE)
