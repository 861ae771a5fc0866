"""Describe in one line the files of a corpus that are no documents."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dedup.messages import say
from dedup.readers import is_document
from dedup.reports.kit.columns import visible

if TYPE_CHECKING:
    from dedup.document import Skipped
    from dedup.settings import Language

_MOST_KINDS = 10


def other_kinds(skipped: Iterable[Skipped], language: Language) -> str:
    """The ten commonest kinds of files in a corpus other than documents, in words; empty for none."""
    suffixes = (os.path.splitext(one.path)[1].lower() for one in skipped if not is_document(one.path))
    counts = Counter(suffixes).most_common(_MOST_KINDS)
    kinds = " ".join(f"{visible(kind)} ({count})" for kind, count in counts)
    return say("scan.other_kinds", language, kinds=kinds) if kinds else ""
