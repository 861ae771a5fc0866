"""Find reused text in Chinese official documents.

::

    from pathlib import Path

    import dedup

    settings = dedup.load_settings(Path())
    with dedup.open_index(settings.corpus, settings.index, settings) as index:
        document = dedup.read_document("draft.txt")
        report = dedup.check(document, index, settings)
    print(report.verdict.level, report.figures.copied_ratio)

Only the names of the table below are public. They are imported on first use: `import dedup` alone loads no
NumPy. Any error that a user can cause or cure is raised as a `DedupError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:  # the same names for type checkers, which do not run `__getattr__`
    from dedup.checking import check as check
    from dedup.configuration import load_settings as load_settings
    from dedup.document import Document as Document
    from dedup.document import Notice as Notice
    from dedup.document import Skipped as Skipped
    from dedup.document import Span as Span
    from dedup.errors import DedupError as DedupError
    from dedup.index import Index as Index
    from dedup.index import open_index as open_index
    from dedup.index import update_index as update_index
    from dedup.model import Figures as Figures
    from dedup.model import Report as Report
    from dedup.model import SourceSummary as SourceSummary
    from dedup.model import Submission as Submission
    from dedup.model import Verdict as Verdict
    from dedup.passage import Passage as Passage
    from dedup.readers import Reading as Reading
    from dedup.readers import decode as decode
    from dedup.readers import read as read
    from dedup.readers.documents import read_document as read_document
    from dedup.scan import Scan as Scan
    from dedup.scan import scan_corpus as scan_corpus
    from dedup.settings import Settings as Settings
    from dedup.text.structure import parse as parse

_MODULES = {
    "dedup.checking": ("check",),
    "dedup.configuration": ("load_settings",),
    "dedup.document": ("Document", "Notice", "Skipped", "Span"),
    "dedup.errors": ("DedupError",),
    "dedup.index": ("Index", "open_index", "update_index"),
    "dedup.model": ("Figures", "Report", "SourceSummary", "Submission", "Verdict"),
    "dedup.passage": ("Passage",),
    "dedup.readers": ("Reading", "decode", "read"),
    "dedup.readers.documents": ("read_document",),
    "dedup.scan": ("Scan", "scan_corpus"),
    "dedup.settings": ("Settings",),
    "dedup.text.structure": ("parse",),
}
"""The public names by the module that holds them."""

_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'dedup' has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value  # Python looks there first, so the next use is fast
    return value
