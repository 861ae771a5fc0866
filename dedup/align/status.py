"""Excuses of a passage: it is quoted and its author named, or the source is the author's own."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index.index import Index, PartInfo
from dedup.model import Reason, Span, Status
from dedup.settings import Settings

_INSIDE = 0.7
"""Share of a passage's matched characters that must lie inside quotation marks."""
_SHORT_QUOTATION = 30
"""A longer one counts only if its author is named before it."""
_NAMING_REACH = 40
"""How many characters before the opening mark the author may be named."""
_HEAD = 200
"""Where a document names its author: its first characters."""

_QUOTATION = re.compile(r"“[^“”\n]+”|「[^「」\n]+」|『[^『』\n]+』|《[^《》\n]{1,80}》|〈[^〈〉\n]{1,80}〉")
"""Marks that pair within a paragraph; a title is short, so what a lost mark would swallow is no title."""
_NAMING = re.compile(
    "指出|强调|要求|提出|提到|讲过|讲话|说|批示|指示|规定|明确|写道|写到|引用|所述|原话|来信|题词|》"
)


class Excuse(NamedTuple):
    """A status other than reuse, and its reason."""

    status: Status
    reason: Reason


class Quotations(NamedTuple):
    """The quotations of a submission."""

    spans: tuple[Span, ...]
    """In order, marks included."""
    inside: NDArray[np.bool_]
    """[code points] whether a character lies inside a quotation (the marks themselves do)."""

    @classmethod
    def find(cls, text: str) -> Quotations:
        """All quotations."""
        inside = np.zeros(len(text), bool)
        spans = []
        for found in _QUOTATION.finditer(text):
            inside[found.start() : found.end()] = True
            spans.append(Span(found.start(), found.end()))
        return cls(tuple(spans), inside)


def excuse_of(
    text: str,
    offsets: NDArray[np.int64],
    quotations: Quotations,
    source: PartInfo,
    index: Index,
    settings: Settings,
) -> Excuse | None:
    """The reason why a passage is no reuse; None when nothing excuses it.

    `offsets` are of the characters that match.
    """
    return _own(source, index, settings) or _quoted(text, offsets, quotations)


def _own(source: PartInfo, index: Index, settings: Settings) -> Excuse | None:
    if any(_under(source.path, pattern) for pattern in settings.own):
        return Excuse("own", Reason("own_path"))
    if settings.author:
        head = source.title + index.text(source.number, source.span.start, source.span.start + _HEAD)
        if settings.author in head:
            return Excuse("own", Reason("own_author", {"author": settings.author}))
    return None


def _under(path: str, pattern: str) -> bool:
    """Tell if a path is named by a pattern, or lies in a folder named by it."""
    from fnmatch import fnmatchcase

    pattern = pattern.rstrip("/")
    return fnmatchcase(path, pattern) or fnmatchcase(path, pattern + "/*")


def _quoted(text: str, offsets: NDArray[np.int64], quotations: Quotations) -> Excuse | None:
    if quotations.inside[offsets].mean() < _INSIDE:
        return None
    within = [span for span in quotations.spans if span.start < offsets[-1] and span.end > offsets[0]]
    longest = max(within, key=len)
    if text[longest.start] in "《〈":
        return Excuse("quoted", Reason("quoted_title"))
    if _is_named(text, longest):
        return Excuse("quoted", Reason("quoted_named"))
    if len(longest) <= _SHORT_QUOTATION:
        return Excuse("quoted", Reason("quoted_short"))
    return None


def _is_named(text: str, quotation: Span) -> bool:
    """Tell if someone is named as the author shortly before a quotation."""
    return _NAMING.search(text, max(0, quotation.start - _NAMING_REACH), quotation.start) is not None
