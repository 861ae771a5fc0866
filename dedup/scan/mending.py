"""Batches are a cache: those that were altered since they were written are removed, and made anew.

No scan reads them whole to find out. It does when it compares everything, which reads them in any case, and
when something goes wrong that a damaged batch would explain.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

import numpy as np

from dedup.errors import DedupError, UsageError
from dedup.index.container import Container
from dedup.scan.state import LAST
from dedup.scan.state import SUFFIX as STATE
from dedup.scan.store import SUFFIX as BATCH

Result = TypeVar("Result")


def on_sound_batches(folder: str, full: bool, scan: Callable[[bool], Result]) -> Result:
    """What `scan(full)` gives; what it gives for all anew, if it stumbles over damaged batches in the folder.

    Then the last scan may have used them too, without stumbling. Raises what `scan` raises, and OSError.
    """
    if full:
        discard_altered(folder)
    try:
        # A ratio of nothing to nothing is a number read from where none was written.
        with np.errstate(divide="raise", invalid="raise"):
            return scan(full)
    except (UsageError, OSError):
        raise
    except Exception:  # numbers that point anywhere fail in many ways
        if not discard_altered(folder):
            raise
    return scan(True)


def discard_altered(folder: str) -> bool:
    """Remove the batches that were altered, and if there are any, the checkpoints; say whether there were.

    A checkpoint may hold what was found with their help. Raises OSError.
    """
    altered = [path for path in _files(folder, BATCH) if _is_altered(path)]
    for path in altered:
        os.remove(path)
    if altered:
        for path in _files(folder, STATE):
            if not os.path.basename(path).startswith(LAST):
                with suppress(FileNotFoundError):
                    os.remove(path)
    return bool(altered)


def _files(folder: str, suffix: str) -> Iterator[str]:
    return (os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(suffix))


def _is_altered(path: str) -> bool:
    try:
        return bool(Container(path).altered())
    except DedupError:  # it does not even open, and scans at other thresholds leave it alone
        return True
