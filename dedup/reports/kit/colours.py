"""Colours of passages on paper, as the HTML report has them; Word's own highlighter has but glaring ones."""

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
"""Behind the text of each kind of reuse, in hexadecimal digits: red, green, blue."""
LINES: Mapping[Kind, str] = {
    "verbatim": "B3191F",
    "reformatted": "8A4B00",
    "refilled": "7A2F80",
    "edited": "17568F",
    "reordered": "0B635B",
}
"""Under it."""
NOT_REUSE = "E7E4DD"
AMONG = "FFF3BF"
"""Behind what other drafts of the same call hold too."""
