"""Cures that work when they are pasted: commands get the folders this run was called with."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from typing import Any

from dedup.errors import DedupError

_COMMAND = re.compile(r"\bdedup index\b")


def complete(error: DedupError, given: Mapping[str, Any]) -> None:
    """Let `dedup index` in the cure of an error name the corpus and the index that were given, if any were.

    What was not given comes from the configuration, and will again.
    """
    corpus, index = given.get("corpus"), given.get("index")
    words = ["dedup", "index"]
    if corpus:
        words.append(shlex.quote(os.fspath(corpus)))
    if index:
        words += ["--index", shlex.quote(os.fspath(index))]
    command = " ".join(words)
    error.cure = _COMMAND.sub(lambda _: command, error.cure)
