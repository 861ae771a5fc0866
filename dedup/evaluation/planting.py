"""Make a set: edit passages of some documents and plant them between the sentences of others.

Hosts and sources are disjoint documents. Everything follows from the seed, so a set can be made again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random

from dedup.document import Document, ParagraphKind, Span
from dedup.errors import UsageError
from dedup.evaluation.edits import EDITS, Copier
from dedup.evaluation.edits.clauses import clauses_of
from dedup.evaluation.natural import VerbatimRuns
from dedup.evaluation.sets import Case, write_set
from dedup.messages import Words
from dedup.records import dataclass
from dedup.text.sentences import boundaries

LEAST_PASSAGE, MOST_PASSAGE = 20, 260
"""Characters of a passage before it is edited."""

_WHOLE_SENTENCES = frozenset({"verbatim", "reformat", "traditional", "evasion", "mask", "figures"})
_LEAST_REWORDED = 50
"""Least characters of a passage for edits that shorten it; of a shorter one too little would remain."""
_LEAST_LEFT = 12

_MOST_SENTENCES = 4
_SENTENCE_WEIGHTS = (35, 30, 20, 15)
"""Relative frequencies of passages of one, two, three and four sentences."""
_HOST_LENGTHS = (2500, 6500)
_LEAST_HOST = 600
_LEAST_DISTANCE = 100
"""Characters of the host between two planted passages, so that no detection can honestly span both."""
_PASSAGES_A_HOST = (6, 12)
_OWN_PARAGRAPH = 0.3
"""Share of the passages that become paragraphs of their own."""
_CLONE = 0.3
"""Verbatim share of a host in the corpus above which it is another version of a document there."""
_COMMON_TEXTS = 3
_COMMON = 0.5
"""Share of a passage in several documents of the corpus above which it is common wording."""
_TRIES = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """Parameters of planting."""

    passages: int = 420
    seed: int = 0
    kinds: tuple[str, ...] = tuple(EDITS)
    strengths: tuple[float, ...] = (0.25, 0.5, 0.75)
    untouched: float = 0.25
    """Number of untouched hosts for every host with something planted; no document serves twice."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A set in memory."""

    corpus: Mapping[str, str]
    submissions: Mapping[str, str]
    cases: Sequence[Case]
    natural: Mapping[str, Sequence[Span]]

    def write(self, folder: Path) -> None:
        """Write the set in the layout of `dedup.evaluation.sets`."""
        write_set(folder, self.corpus, self.submissions, self.cases, self.natural)


def plant(sources: Sequence[Document], hosts: Sequence[Document], plan: Plan) -> Planted:
    """Plant `plan.passages` edited passages of `sources` into cuts of `hosts`.

    The corpus of the set is `sources`.

    Every kind and strength is planted about equally often. Raises UsageError when the documents are too
    few or too short.
    """
    random = Random(f"planting {plan.seed}")
    runs = VerbatimRuns(document.text for document in sources)
    cuts = _host_cuts(hosts, runs, random)
    stock = _Stock(sources, runs, random)
    wanted = _wanted(plan, random)
    foreign = _foreign_clauses(cuts)
    submissions: dict[str, str] = {}
    cases: list[Case] = []
    natural: dict[str, list[Span]] = {}

    def submit(pieces: Sequence[str], planted: Mapping[int, Case]) -> None:
        name = f"submission_{len(submissions):03}.txt"
        text, its_cases, overlaps = _compose(name, pieces, planted, runs)
        submissions[name] = text
        cases.extend(its_cases)
        natural[name] = overlaps

    used = 0
    while wanted:
        cut = cuts[used % len(cuts)]
        pieces = _pieces(cut, random)
        share, wanted = wanted[: len(pieces) - 1], wanted[len(pieces) - 1 :]
        planted: dict[int, Case] = {}
        interleaved: list[str] = [pieces[0]]
        for piece, (kind, strength) in zip(pieces[1:], share, strict=False):
            case, edited = stock.passage(kind, Copier(strength, random, foreign))
            planted[len(interleaved)] = case
            interleaved += [edited, piece]
        interleaved += pieces[len(share) + 1 :]
        submit(interleaved, planted)
        used += 1
    for extra in range(min(len(cuts), round(used * plan.untouched))):
        submit([cuts[(used + extra) % len(cuts)]], {})
    return Planted({document.name: document.text for document in sources}, submissions, cases, natural)


def _wanted(plan: Plan, random: Random) -> list[tuple[str, float]]:
    """Kind and strength of every passage: all combinations in turn, then shuffled."""
    combinations = [(kind, strength) for strength in plan.strengths for kind in plan.kinds]
    wanted = [combinations[number % len(combinations)] for number in range(plan.passages)]
    random.shuffle(wanted)
    return wanted


def _host_cuts(hosts: Sequence[Document], runs: VerbatimRuns, random: Random) -> list[str]:
    """A stretch of every host that can carry passages, cut at line borders; in random order."""
    cuts = []
    for host in hosts:
        lines = [line for line in host.text.split("\n") if line.strip()]
        length = random.randint(*_HOST_LENGTHS)
        first = random.randrange(len(lines)) if sum(map(len, lines)) > length else 0
        taken: list[str] = []
        for line in lines[first:]:
            taken.append(line)
            if sum(map(len, taken)) > length:
                break
        cut = "\n".join(taken)
        overlap = sum(map(len, runs.spans(cut)))
        if len(cut) >= _LEAST_HOST and overlap <= _CLONE * len(cut):
            cuts.append(cut)
    if not cuts:
        raise UsageError(Words("set.hosts"), Words("set.no_host", documents=len(hosts), least=_LEAST_HOST))
    random.shuffle(cuts)
    return cuts


def _pieces(cut: str, random: Random) -> list[str]:
    """The host cut at some of its sentence borders; between the pieces passages will be planted."""
    borders = [int(border) for border in boundaries(cut).sentences if 0 < border < len(cut)]
    places: list[int] = []
    for border in sorted(random.sample(borders, min(len(borders), random.randint(*_PASSAGES_A_HOST) * 2))):
        if border >= (places[-1] if places else 0) + _LEAST_DISTANCE and len(places) < _PASSAGES_A_HOST[1]:
            places.append(border)
    edges = [0, *places, len(cut)]
    return [cut[start:end] for start, end in pairwise(edges)]


def _compose(
    name: str, pieces: Sequence[str], planted: Mapping[int, Case], runs: VerbatimRuns
) -> tuple[str, list[Case], list[Span]]:
    """The submission's text, its cases with their places in it, and the natural overlaps of the host text."""
    text, cases, overlaps = "", [], []
    for number, piece in enumerate(pieces):
        case = planted.get(number)
        if case is None:
            overlaps += [Span(span.start + len(text), span.end + len(text)) for span in runs.spans(piece)]
            text += piece
            continue
        own_paragraph = case.start < 0
        text += "\n" if own_paragraph and not text.endswith("\n") else ""
        cases.append(replace(case, submission=name, start=len(text), end=len(text) + len(piece)))
        text += piece
        following = pieces[number + 1]
        text += "\n" if own_paragraph and not following.startswith("\n") else ""
    return text, cases, overlaps


def _foreign_clauses(cuts: Sequence[str]) -> list[str]:
    """Clauses of the hosts, for insertion into passages."""
    clauses = [
        clause
        for cut in cuts
        for clause in clauses_of(cut[:1500])
        if 6 <= len(clause) <= 40 and "\n" not in clause
    ]
    return clauses[:2000]


class _Stock:
    """Supply passages of the sources, none twice as long as there are unused ones.

    Common wording, which a check should call formulaic, is left out.
    """

    def __init__(self, documents: Sequence[Document], runs: VerbatimRuns, random: Random) -> None:
        self._runs = runs
        self._random = random
        self._documents = [document for document in documents if any(True for _ in _body_lines(document))]
        self._weights = [len(document.text) ** 0.5 for document in self._documents]
        self._lines: dict[str, list[Span]] = {}
        self._taken: dict[str, list[Span]] = {}
        if not self._documents:
            raise UsageError(Words("set.sources"), Words("set.no_source"), Words("set.add"))

    def passage(self, kind: str, copier: Copier) -> tuple[Case, str]:
        """A passage that the edit changes, with its place in the source, and the edited text.

        The case's submission is still empty; `start` is -1 where it is to be a paragraph of its own.
        """
        for attempt in range(_TRIES):
            document, span = self._pick()
            if len(span) < (LEAST_PASSAGE if kind in _WHOLE_SENTENCES else _LEAST_REWORDED):
                continue
            taken = self._taken.setdefault(document.name, [])
            if attempt < _TRIES // 2 and any(span.start < t.end and t.start < span.end for t in taken):
                continue
            text = document.text[span.start : span.end]
            if self._runs.common_share(text, _COMMON_TEXTS) > _COMMON:
                continue
            edited = EDITS[kind](text, copier)
            if (edited == text) != (kind == "verbatim") or len(edited) < _LEAST_LEFT:
                continue
            taken.append(span)
            start = -1 if self._random.random() < _OWN_PARAGRAPH else 0
            strength = None if kind == "verbatim" else copier.strength
            return Case("", start, start, document.name, span.start, span.end, kind, strength), edited
        raise UsageError(
            Words("set.corpus"),
            Words("set.no_passage", least=LEAST_PASSAGE, most=MOST_PASSAGE, kind=kind),
            Words("set.add_text"),
        )

    def _pick(self) -> tuple[Document, Span]:
        """One to four sentences of some paragraph of some document."""
        while True:
            document = self._random.choices(self._documents, self._weights)[0]
            if document.name not in self._lines:
                self._lines[document.name] = list(_body_lines(document))
            line = self._random.choice(self._lines[document.name])
            ends = [
                line.start + int(end) for end in boundaries(document.text[line.start : line.end]).sentences
            ]
            first = self._random.randrange(len(ends) - 1)
            count = self._random.choices(range(1, _MOST_SENTENCES + 1), _SENTENCE_WEIGHTS)[0]
            span = _trimmed(document.text, ends[first], ends[min(first + count, len(ends) - 1)])
            if LEAST_PASSAGE <= len(span) <= MOST_PASSAGE:
                return document, span


def _body_lines(document: Document) -> Iterator[Span]:
    """The paragraphs that hold at least one passage."""
    paragraphs = document.paragraphs
    for start, end, kind in zip(paragraphs.starts, paragraphs.ends, paragraphs.kinds, strict=True):
        if kind == ParagraphKind.BODY and _holds_passage(document.text[start:end]):
            yield Span(int(start), int(end))


def _holds_passage(line: str) -> bool:
    ends = boundaries(line).sentences
    return any(LEAST_PASSAGE <= len(line[start:end].strip()) <= MOST_PASSAGE for start, end in pairwise(ends))


def _trimmed(text: str, start: int, end: int) -> Span:
    """The span of a stretch without white space around it."""
    stretch = text[start:end]
    return Span(start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip()))
