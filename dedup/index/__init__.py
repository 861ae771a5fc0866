"""The index of a corpus: its documents, and the places of grams and paragraphs in them, in mapped files.

`open_index` opens it, `Index` answers queries, `update_index` brings it up to date with the corpus. Names are
imported on first use: a caller that only lists a corpus (`dedup.index.corpus`) loads no NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.index.folder import index_folder
    from dedup.index.index import Index, PartInfo, Region
    from dedup.index.lookup import GramHits, NearParagraphs
    from dedup.index.opening import open_index, update_index
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

_HOMES = {
    "GramHits": "dedup.index.lookup",
    "NearParagraphs": "dedup.index.lookup",
    "Scheme": "dedup.sketch.scheme",
    "index_folder": "dedup.index.folder",
    "open_index": "dedup.index.opening",
    "update_index": "dedup.index.opening",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'dedup.index' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES.get(name, "dedup.index.index")), name)
    globals()[name] = value
    return value
