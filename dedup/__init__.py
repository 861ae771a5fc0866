"""Finds reused text in Chinese official documents.

::

    from pathlib import Path

    import dedup

    settings = dedup.load_settings(Path())
    with dedup.open_index(settings.corpus, settings.index, settings) as index:
        document = dedup.parse("draft.txt", dedup.read(Path("draft.txt")))
        report = dedup.check(document, index, settings)
    print(report.verdict.level, report.figures.copied_ratio)

Everything in `__all__` is public and nothing else is. Names are imported on first use: `import dedup` alone
loads no NumPy. Whatever a user can cause or cure is raised as a `DedupError`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from dedup.check import check
    from dedup.errors import DedupError
    from dedup.index import Index, open_index, update_index
    from dedup.model import (
        Document,
        Figures,
        Notice,
        Passage,
        Report,
        Skipped,
        SourceSummary,
        Span,
        Submission,
        Verdict,
    )
    from dedup.readers import decode, read
    from dedup.scan import Scan, scan
    from dedup.settings import Settings, load_settings
    from dedup.text.structure import parse

__all__ = [
    "DedupError",
    "Document",
    "Figures",
    "Index",
    "Notice",
    "Passage",
    "Report",
    "Scan",
    "Settings",
    "Skipped",
    "SourceSummary",
    "Span",
    "Submission",
    "Verdict",
    "check",
    "decode",
    "load_settings",
    "open_index",
    "parse",
    "read",
    "scan",
    "update_index",
]

_HOMES = {
    "DedupError": "dedup.errors",
    "Index": "dedup.index",
    "Scan": "dedup.scan",
    "Settings": "dedup.settings",
    "check": "dedup.check",
    "decode": "dedup.readers",
    "load_settings": "dedup.settings",
    "open_index": "dedup.index",
    "parse": "dedup.text.structure",
    "read": "dedup.readers",
    "scan": "dedup.scan",
    "update_index": "dedup.index",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'dedup' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES.get(name, "dedup.model")), name)
    globals()[name] = value
    return value


class _Package(ModuleType):
    """Keeps `dedup.check` the function: importing the module of that name would put itself there."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
