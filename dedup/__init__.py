"""Finds reused text in Chinese official documents.

::

    import dedup

    settings = dedup.load_settings(Path.cwd())
    with dedup.open_index(Path("corpus"), None, settings) as index:
        document = dedup.parse("new.txt", dedup.read(Path("new.txt")))
        report = dedup.check(document, index, settings)
    print(report.figures.copied_ratio)

Names are imported on first use: `import dedup` alone loads no NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from dedup.errors import DedupError
    from dedup.settings import Settings, load_settings

_HOMES = {
    "DedupError": "dedup.errors",
    "Settings": "dedup.settings",
    "load_settings": "dedup.settings",
}

__all__ = ["DedupError", "Settings", "load_settings"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'dedup' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
