"""Find the overrides that apply to a draft, by patterns of folders."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import cache

from dedup.settings import Override

_STANDARD_INPUT = "-"


def applying(overrides: Sequence[Override], name: str) -> list[Override]:
    """The overrides that apply to a draft with a path as it was named, in their order.

    Standard input lies in no folder.
    """
    if name == _STANDARD_INPUT:
        return []
    folder, file = os.path.split(os.path.abspath(name))
    place = os.path.join(os.path.realpath(folder), file)
    found = []
    for one in overrides:
        below = os.path.relpath(place, os.path.realpath(one.folder)).replace(os.sep, "/")
        if any(_expression(pattern).fullmatch(below) for pattern in one.patterns):
            found.append(one)
    return found


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """The expression for files that match a pattern, or lie below a folder that does."""
    pieces = []
    for piece in re.findall(
        r"\*\*/|\*\*|\*|\?|\[[^]/]+]|.", pattern.strip("/").removeprefix("./"), re.DOTALL
    ):
        match piece:
            case "**/":
                pieces.append("(?:[^/]+/)*")
            case "**":
                pieces.append(".+")
            case "*":
                pieces.append("[^/]*")
            case "?":
                pieces.append("[^/]")
            case _ if len(piece) > 1:
                inside = re.sub(r"([\\^&|~\[])", r"\\\1", piece[1:-1].removeprefix("!"))
                pieces.append(f"[{'^/' if piece[1] == '!' else ''}{inside}]")
            case _:
                pieces.append(re.escape(piece))
    return re.compile(rf"(?!\.\./)(?:{''.join(pieces)})(?:/.*)?", re.DOTALL)
