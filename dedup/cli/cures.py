"""Commands that work when they are pasted: they name the folders this run was called with."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from typing import Any

from dedup.errors import DedupError

_COMMAND = re.compile(r"\bdedup index\b")


def place_of(given: Mapping[str, Any]) -> str:
    """What a command must be followed by to be about the corpus and the index that were given, if any were.

    What was not given comes from the configuration, and will again.
    """
    corpus, index = given.get("corpus"), given.get("index")
    named = [os.fspath(corpus)] if corpus else []
    if index:
        named += ["--index", os.fspath(index)]
    return "".join(f" {shlex.quote(one)}" for one in named)


def complete(error: DedupError, place: str) -> None:
    """Let `dedup index` in the cure of an error be about that place."""
    error.cure = _COMMAND.sub(lambda command: command[0] + place, error.cure)
