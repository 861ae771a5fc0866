"""Read and write a test set on disk: a corpus, submissions, and the spans of planted reuse.

::

    SET/corpus/          the documents that are copied from
    SET/submissions/     the documents to be checked, plain text in UTF-8
    SET/truth.jsonl      one planted passage a line:
                         {"submission", "start", "end", "source", "source_start", "source_end", "kind"}
                         and "strength" (0 to 1) where the set grades its edits, and "also" where the
                         corpus holds the text at other places too, each
                         {"source", "source_start", "source_end"}: to name one of them is as right
    SET/corpus.txt       instead of corpus/: the path of another set's corpus, from the set's folder
    SET/natural.jsonl    optional: text of a submission that the corpus holds too though nobody planted it,
                         {"submission", "start", "end"}

`submission` and `source` are paths below `submissions/` and `corpus/`; offsets are half-open, in code points
of the plain text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from dedup.document import Span
from dedup.errors import DedupError
from dedup.index.corpus import content_of
from dedup.messages import Words
from dedup.readers import decoded, read_text
from dedup.records import dataclass


class SetError(DedupError):
    """A set that cannot be used; `what` names file and line."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a document of the corpus."""

    source: str
    source_start: int
    source_end: int

    @property
    def span(self) -> Span:
        return Span(self.source_start, self.source_end)


@dataclass(frozen=True, slots=True)
class Case:
    """One planted passage: a stretch of the submission, and the stretch of the source it was made from."""

    submission: str
    start: int
    end: int
    source: str
    source_start: int
    source_end: int
    kind: str
    strength: float | None = None
    also: tuple[Place, ...] = ()
    """Other places of the corpus that hold the text."""

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def source_span(self) -> Span:
        return Span(self.source_start, self.source_end)

    @property
    def places(self) -> tuple[Place, ...]:
        """All places of the corpus that hold the text, the one it was taken from first."""
        return Place(self.source, self.source_start, self.source_end), *self.also

    def as_dictionary(self) -> dict[str, Any]:
        """The case as an object of truth.jsonl."""
        return {name: value for name, value in asdict(self).items() if value not in (None, ())}


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """A set as read: its folder, the lengths of its submissions, and the cases planted in each."""

    folder: Path
    lengths: Mapping[str, int]
    """Code points of every submission, in the order of their names."""
    cases: Mapping[str, Sequence[Case]]
    """Cases by submission; empty for those with nothing planted."""
    natural: Mapping[str, Sequence[Span]]
    """Natural overlaps by submission."""

    @property
    def corpus(self) -> Path:
        """The folder of the corpus: the set's own, or the one that corpus.txt names."""
        return _corpus_of(self.folder)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of edit in the set, by name."""
        return tuple(sorted({case.kind for cases in self.cases.values() for case in cases}))

    def submission(self, name: str) -> Path:
        """The file of a submission."""
        return self.folder / "submissions" / name

    def submission_text(self, name: str) -> str:
        """The text of a submission, to which offsets refer. Raises what reading raises."""
        return read_text(self.submission(name))

    def source_text(self, name: str) -> str:
        """The text of a document of the corpus. Raises what reading raises."""
        return decoded(content_of(str(self.corpus), name), name)


def _corpus_of(folder: Path) -> Path:
    elsewhere = folder / "corpus.txt"
    if not elsewhere.is_file():
        return folder / "corpus"
    return folder / elsewhere.read_text(encoding="utf-8-sig").strip()


def read_set(folder: Path) -> EvaluationSet:
    """Read a set and check that every named file exists and every span lies inside its text.

    Raises SetError, which names file and line; UnreadableInput for a text that cannot be read.
    """
    corpus = _corpus_of(folder)
    for part in (corpus, folder / "submissions"):
        if not part.is_dir():
            raise SetError(str(part), Words("set.no_folder"), Words("set.layout"))
    submissions = _Lengths(folder / "submissions")
    names = sorted(
        path.relative_to(submissions.folder).as_posix()
        for path in submissions.folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    )
    if not names:
        raise SetError(str(submissions.folder), Words("set.no_submissions"))
    lengths = {name: submissions.of(name) for name in names}
    cases: dict[str, list[Case]] = {name: [] for name in names}
    sources = _Lengths(corpus)
    for place, line in _lines(folder / "truth.jsonl"):
        case = _case(line, place)
        _inside(case.span, submissions, case.submission, place)
        for one in case.places:
            _inside(one.span, sources, one.source, place)
        cases[case.submission].append(case)
    natural: dict[str, list[Span]] = {name: [] for name in names}
    natural_file = folder / "natural.jsonl"
    for place, line in _lines(natural_file) if natural_file.exists() else ():
        span = Span(_field(line, "start", place), _field(line, "end", place))
        name = _field(line, "submission", place)
        _inside(span, submissions, name, place)
        natural[name].append(span)
    return EvaluationSet(folder, lengths, cases, natural)


def write_set(
    folder: Path,
    corpus: Mapping[str, str],
    submissions: Mapping[str, str],
    cases: Sequence[Case],
    natural: Mapping[str, Sequence[Span]],
) -> None:
    """Write a set of texts by name. Raises SetError when the folder already holds something."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SetError(str(folder), Words("set.not_empty"))
    for part, texts in (("corpus", corpus), ("submissions", submissions)):
        (folder / part).mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            path = folder / part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    truth = [case.as_dictionary() for case in cases]
    overlaps = [
        {"submission": name, "start": span.start, "end": span.end}
        for name, spans in natural.items()
        for span in spans
    ]
    for name, lines in (("truth.jsonl", truth), ("natural.jsonl", overlaps)):
        written = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / name).write_text(written, encoding="utf-8", newline="\n")


class _Lengths:
    """Lengths of the texts of one folder in code points, read once each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, int] = {}

    def of(self, name: str) -> int:
        if name not in self._known:
            self._known[name] = len(read_text(self.folder / name))
        return self._known[name]

    def holds(self, name: str) -> bool:
        return name in self._known or (".." not in Path(name).parts and (self.folder / name).is_file())


def _lines(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """File with line number, and the object, for every line that is not blank."""
    try:
        written = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SetError(str(path), Words("input.missing"), Words("set.truth.cure")) from error
    except UnicodeDecodeError as error:
        raise SetError(
            str(path), Words("input.fails", encoding="UTF-8", byte=error.start), Words("input.save_again")
        ) from error
    for number, line in enumerate(written.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SetError(place, Words("set.not_json"), Words("set.json.cure")) from error
        if not isinstance(value, dict):
            raise SetError(place, Words("set.not_object"), Words("set.json.cure"))
        yield place, value


def _case(line: Mapping[str, Any], place: str) -> Case:
    graded = line.get("strength") is not None
    names = [*_PLACE, "submission", "start", "end", "kind", *(["strength"] if graded else [])]
    case = Case(**{name: _field(line, name, place) for name in names})
    others = line.get("also", [])
    if not isinstance(others, list) or not all(isinstance(other, dict) for other in others):
        raise SetError(place, Words("set.value", name="also", value=repr(others)), Words("set.also.cure"))
    also = tuple(Place(*(_field(other, name, place) for name in _PLACE)) for other in others)
    return replace(case, also=also)


_PLACE = ("source", "source_start", "source_end")


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_offset(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_strength(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


_RULES: dict[str, tuple[Callable[[object], bool], str]] = {
    **dict.fromkeys(("submission", "source", "kind"), (_is_name, "set.name.cure")),
    **dict.fromkeys(("start", "end", "source_start", "source_end"), (_is_offset, "set.offset.cure")),
    "strength": (_is_strength, "set.strength.cure"),
}
"""Tests of the values of fields, and the words for what is expected."""


def _field(line: Mapping[str, Any], name: str, place: str) -> Any:
    if name not in line:
        raise SetError(place, Words("set.missing", name=name))
    value, (holds, cure) = line[name], _RULES[name]
    if not holds(value):
        raise SetError(place, Words("set.value", name=name, value=repr(value)), Words(cure))
    return value


def _inside(span: Span, lengths: _Lengths, name: str, place: str) -> None:
    if not lengths.holds(name):
        raise SetError(place, Words("set.no_file", name=name, folder=str(lengths.folder)))
    if not span.start < span.end <= lengths.of(name):
        problem = Words("set.span", start=span.start, end=span.end, name=name, length=lengths.of(name))
        raise SetError(place, problem, Words("set.span.cure"))
