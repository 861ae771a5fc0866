"""Colours of passages on paper, as in the HTML report; Word's own highlighter has only glaring ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedup.passage import Kind

GROUNDS: Mapping[Kind, str] = {
    "verbatim": "FBE6E3",
    "reformatted": "FAEBD6",
    "refilled": "F4E6F5",
    "edited": "E2EDF7",
    "reordered": "DFF0EC",
}
"""Background of each kind of reuse, in hexadecimal digits: red, green, blue."""
LINES: Mapping[Kind, str] = {
    "verbatim": "B3191F",
    "reformatted": "8A4B00",
    "refilled": "7A2F80",
    "edited": "17568F",
    "reordered": "0B635B",
}
"""Underline of each kind of reuse."""
NOT_REUSE = "E7E4DD"
AMONG = "FFF3BF"
"""Background of text that other drafts of the same call hold too."""
