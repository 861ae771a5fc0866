"""The whole collection against itself: near-duplicate paragraphs across documents.

::

    index → collection (`texts`) → `candidates` → `near_texts`, verified → `findings`: pairs of paragraphs,
                                                                            `clusters`, `relations`
    `last` is what the last scan leaves for the next, `results` what the user finds in the output folder.

Whether two texts are near is found out once: a scan builds upon what the last one found, and compares only
texts that are new. It ends where a scan of everything would.
"""

from dedup.scan.record import Scan
from dedup.scan.run import scan_corpus

__all__ = ["Scan", "scan_corpus"]
