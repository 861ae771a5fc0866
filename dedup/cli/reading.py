"""Reading the documents that a command line names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.cli.output import STANDARD_INPUT

if TYPE_CHECKING:
    from dedup.model import Document


def read_document(name: str) -> Document:
    """The document at a path, or on standard input for `-`. Raises UnreadableInput."""
    from dedup.readers import decode, read
    from dedup.text.structure import parse

    text = decode(sys.stdin.buffer.read(), name) if name == STANDARD_INPUT else read(Path(name))
    return parse(name, text)
