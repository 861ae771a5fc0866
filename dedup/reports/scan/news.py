"""Write the news since the last scan in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.messages import say

if TYPE_CHECKING:
    from dedup.scan.record import Since
    from dedup.settings import Language


def documents_of(since: Since) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """New, changed and gone documents, each kind with the mark for its paths."""
    return ("+", since.new_documents), ("*", since.changed_documents), ("-", since.gone_documents)


def news(since: Since, language: Language) -> str:
    """The news since the last scan: numbers of new, gone and changed things; empty if there are none."""
    counts = {
        "new_documents": len(since.new_documents),
        "changed_documents": len(since.changed_documents),
        "gone_documents": len(since.gone_documents),
        "new_pairs": since.new_pairs,
        "gone_pairs": since.gone_pairs,
        "new_clusters": len(since.new_clusters),
        "changed_clusters": len(since.changed_clusters),
        "gone_clusters": len(since.gone_clusters),
    }
    told = [say(f"scan.{name}", language, count=count) for name, count in counts.items() if count]
    return say("comma", language).join(told)
