"""The whole collection against itself: near-duplicate paragraphs across documents.

::

    index → `texts` → `collection` → `candidates` → `near_texts` → `findings` → `relations` → `results`

`run` is that order. `texts` are kept from scan to scan, `collection` is all of them at once; `near_texts` are
verified candidates, `findings` pairs and clusters of their paragraphs, `relations` those of documents, with
the help of `provenance`. `results` is what the user finds in the output folder, `summary` what is new and
what to look at first, `record` what reports are told; `state` is what a scan leaves for the next.

Whether two texts are near is found out once: a scan builds upon what the last one found, and compares only
texts that are new. It ends where a scan of everything would.
"""

from dedup.scan.record import Scan
from dedup.scan.run import scan_corpus

__all__ = ["Scan", "scan_corpus"]
