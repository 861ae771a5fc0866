"""The index of a corpus: what is where, found without loading anything.

`open_index` is the way in, `Index` answers, `update_index` keeps it true to the corpus folder.
"""

from __future__ import annotations

from dedup.index.folder import index_folder
from dedup.index.index import Index, PartInfo, Region, open_index, update_index
from dedup.index.lookup import GramHits, NearParagraphs
from dedup.sketch.scheme import Scheme

__all__ = [
    "GramHits",
    "Index",
    "NearParagraphs",
    "PartInfo",
    "Region",
    "Scheme",
    "index_folder",
    "open_index",
    "update_index",
]
