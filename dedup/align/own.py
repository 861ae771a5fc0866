"""Recognise an author's own documents: by path, or by the author's name at the head or in the signature."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from dedup.index.index import Index, PartInfo
from dedup.messages import Words
from dedup.passage import Reason
from dedup.settings import Settings
from dedup.text.furniture import compact
from dedup.text.looks import Expression

_HEAD = 200
"""Characters at the head of a document, where it names its author."""
_FOOT = 800
"""Characters at the end of a document, where it is signed; a list of recipients may follow the signature."""
_LONGEST_SIGNATURE = 50
_LINES_TO_THE_DATE = 2
_NEAR_PATH = 50
"""Likeness (0 to 100) from which a path may be the one that was meant."""
_NEAR_NAME = 70
_DATE = Expression(r"(?:\d{2,4}|[Xx×]{2,4}|二[〇○零][〇○零一二三四五六七八九]{2})?年.{0,4}月(?:.{0,4}日)?")
_ADDRESSED = Expression(r"^(?:抄送|抄报|主送|分送|发送)[：:]|[：:]$")
"""Lines that name the recipients of a paper, not its writer."""
_ENDS_TEXT = "。；，！？"
_CLAUSES_BEFORE_SUBJECT = 3
"""Number of first clauses of a line in which its writer may be the subject."""


def own_reason(source: PartInfo, index: Index, settings: Settings) -> Reason | None:
    """The reason why a document is the author's own, by the settings `own` and `author`; or None."""
    if any(_under(source.path, pattern) for pattern in settings.own):
        return Reason("own_path")
    author = settings.author
    if author and _is_by(source, index, author):
        return Reason("own_author", {"author": author})
    return None


def unmatched(index: Index, settings: Settings) -> Iterator[Words]:
    """A warning for each value of `own` and `author` that matches no document of an index."""
    parts = list(index.documents()) if settings.own or settings.author else []
    for pattern in settings.own:
        if not any(_under(part.path, pattern) for part in parts):
            near = _nearest_path(pattern, parts)
            yield Words("own.no_path_near" if near else "own.no_path", pattern=pattern, near=near)
    author = settings.author
    if author and not any(_is_by(part, index, author) for part in parts):
        near = _nearest_name(compact(author), parts, index)
        yield Words("own.no_author_near" if near else "own.no_author", author=author, near=near)


def _under(path: str, pattern: str) -> bool:
    """True if a pattern matches a path or a folder above it."""
    pattern = pattern.rstrip("/")
    return fnmatchcase(path, pattern) or fnmatchcase(path, pattern + "/*")


def _is_by(source: PartInfo, index: Index, author: str) -> bool:
    """True if a document is an author's, by `corpus.toml` or by its own text."""
    return source.given.author == author or _names(source, index, compact(author))


def _names(source: PartInfo, index: Index, author: str) -> bool:
    """True if a document names an author (without white space) at its head, or in its signature."""
    start, end = source.span.start, source.span.end
    head = [source.title, *index.text(source.number, start, min(start + _HEAD, end)).split("\n")]
    naming = (line for line in map(compact, head) if not _ADDRESSED.search(line))
    naming = (line for line in naming if line[-1:] not in _ENDS_TEXT or _tells_of_itself(line, author))
    return any(author in line for line in (*naming, *_signatures(source, index)))


def _tells_of_itself(line: str, author: str) -> bool:
    """True if the author is the subject of a line: 今年以来，某局坚持…, not 学习某局的做法."""
    return any(clause.startswith(author) for clause in line.split("，")[:_CLAUSES_BEFORE_SUBJECT])


def _signatures(source: PartInfo, index: Index) -> list[str]:
    """The signature lines of a document: short, with a date in them or on one of the next lines."""
    start, end = source.span.start, source.span.end
    foot = index.text(source.number, max(start, end - _FOOT), end)
    lines = [packed for line in foot.split("\n") if (packed := compact(line))]
    return [
        line
        for number, line in enumerate(lines)
        if len(line) <= _LONGEST_SIGNATURE
        and line[-1] not in _ENDS_TEXT
        and any(map(_DATE.search, lines[number : number + 1 + _LINES_TO_THE_DATE]))
    ]


def _nearest_path(pattern: str, parts: list[PartInfo]) -> str:
    """The path or folder most like a pattern that matches none; empty if none is like it."""
    from rapidfuzz import fuzz, process

    paths = {part.path for part in parts}
    folders = {path.rpartition("/")[0] for path in paths}
    candidates = sorted(paths | folders - {""})
    found = process.extractOne(pattern.rstrip("/*"), candidates, scorer=fuzz.ratio, score_cutoff=_NEAR_PATH)
    return found[0] if found else ""


def _nearest_name(author: str, parts: list[PartInfo], index: Index) -> str:
    """The name in a title or a signature that is most like an author's; empty if none is like it."""
    from rapidfuzz import fuzz, process

    lines = [compact(part.title) for part in parts]
    lines += [line for part in parts for line in _signatures(part, index)]
    lines = [line for line in lines if len(line) >= len(author)]
    found = process.extractOne(author, lines, scorer=fuzz.partial_ratio, score_cutoff=_NEAR_NAME)
    if not found:
        return ""
    place = fuzz.partial_ratio_alignment(author, found[0])
    return found[0][place.dest_start : place.dest_start + len(author)] if place else ""
