"""Commands that work when they are pasted: they name the folders this run was called with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from dedup.errors import DedupError

_COMMANDS = "dedup index", "dedup scan --full"


def place_of(given: Mapping[str, Any]) -> str:
    """What a command must be followed by to be about the corpus and the index that were given, if any were.

    What was not given comes from the configuration, and will again.
    """
    corpus, index = given.get("corpus"), given.get("index")
    named = [os.fspath(corpus)] if corpus else []
    if index:
        named += ["--index", os.fspath(index)]
    if not named:
        return ""
    import shlex

    return f" {shlex.join(named)}"


def complete(error: DedupError, place: str) -> None:
    """Let the commands in the cure of an error be about that place."""
    for command in _COMMANDS:
        error.cure = error.cure.replace(command, command + place)
