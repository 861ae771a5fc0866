"""What holds of every check, whatever the corpus and the draft."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.align.draft import Draft
from dedup.align.matching import find_matches
from dedup.align.phrases import load_phrases
from dedup.checking import check
from dedup.model import Report
from dedup.passage import Passage
from dedup.settings import Settings
from dedup.text.normalize import fold_slots, normalize
from dedup.text.stream import stream_document
from dedup.text.structure import parse
from tests.corpora import checked, indexed
from tests.strategies import copied_drafts, corpora, documents, few_examples, rare_text

FIRST_IDEOGRAPH = 0x3400
cases = corpora().flatmap(lambda corpus: st.tuples(st.just(corpus), copied_drafts(corpus)))


def plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def check_passage(passage: Passage, draft: str, corpus: Mapping[str, str]) -> None:
    source = plain(corpus[passage.source])
    assert 0 <= passage.start < passage.end <= len(draft)
    assert 0 <= passage.source_start < passage.source_end <= len(source)
    assert draft[passage.start : passage.end] == passage.text
    assert source[passage.source_start : passage.source_end] == passage.source_text
    assert 0 < passage.identity <= 1
    assert passage.reasons
    assert len(normalize(passage.text)) > 0
    if passage.kind == "verbatim":
        assert passage.text == passage.source_text
        assert passage.identity == 1
        assert passage.evasion == ()
    if passage.kind == "reformatted":
        assert normalize(passage.text).codes.tolist() == normalize(passage.source_text).codes.tolist()
    for other in passage.also_in:
        assert (other.source, other.part) != (passage.source, passage.part)
        assert 0 <= other.source_start < other.source_end <= len(plain(corpus[other.source]))
        assert 0 < other.identity <= 1


def check_figures(report: Report, draft: str) -> None:
    figures = report.figures
    document = parse("draft.txt", draft)
    total = len(stream_document(document).text)
    assert figures.total_characters == total
    assert figures.matched_characters <= total
    assert 0 <= figures.copied_ratio <= figures.matched_ratio <= 1
    if total:
        assert figures.copied_ratio == figures.copied_characters / total
    reuse = [passage for passage in report.passages if passage.status == "reuse"]
    covered = sum(len(normalize(passage.text)) for passage in reuse)
    # Between the paragraphs of one passage there may be a heading's worth of text that takes no part.
    assert figures.copied_characters <= covered
    assert (figures.copied_characters > 0) == bool(reuse)
    assert sum(source.copied_characters for source in report.sources) == figures.copied_characters
    assert sum(source.passages for source in report.sources) == len(reuse)
    assert {source.document for source in report.sources} == {passage.source for passage in reuse}
    assert [source.copied_characters for source in report.sources] == sorted(
        (source.copied_characters for source in report.sources), reverse=True
    )
    largest = max((source.copied_characters for source in report.sources), default=0)
    assert figures.largest_single_source_characters == largest
    advice = report.rewrite_first
    assert figures.suspicious_paragraphs == len(advice) <= figures.paragraphs
    assert sum(one.copied_characters for one in advice) == figures.copied_characters
    assert all(draft[one.span.start : one.span.end] == one.text for one in advice)
    assert all(0 < one.copied_characters <= one.characters for one in advice)
    statuses = {passage.status for passage in report.passages}
    assert ("formulaic" in statuses) or not figures.formulaic_characters
    assert ("quoted" in statuses) or not figures.quoted_characters


@settings(max_examples=few_examples())
@given(cases)
def test_offsets_figures_and_order_hold(case: tuple[dict[str, str], str]) -> None:
    corpus, draft = case
    draft = plain(draft)
    report = checked(draft, corpus)
    for passage in report.passages:
        check_passage(passage, draft, corpus)
    assert [(one.start, one.end) for one in report.passages] == sorted(
        (one.start, one.end) for one in report.passages
    )
    reuse = [one for one in report.passages if one.status == "reuse"]
    assert all(before.end <= after.start for before, after in pairwise(reuse))
    check_figures(report, draft)
    assert report.submission.characters == len(draft)
    assert report.verdict.level in ("pass", "unknown") or reuse


@settings(max_examples=few_examples())
@given(cases)
def test_every_run_of_13_equal_characters_lies_under_a_passage(case: tuple[dict[str, str], str]) -> None:
    corpus, draft = case
    document = parse("draft.txt", plain(draft))
    stream = stream_document(document).text
    with indexed(corpus) as index:
        sources = [
            index.region(part.number, 0, part.characters).codes.tobytes() for part in index.documents()
        ]
        report = check(document, index, Settings())
    covered = np.zeros(len(document.text) + 1, bool)
    for passage in report.passages:
        covered[passage.start : passage.end] = True
    for start in range(len(stream) - 12):
        run = stream.codes[start : start + 13]
        if run.min() < FIRST_IDEOGRAPH or run.min() == run.max():
            continue
        if any(_holds(source, run.tobytes()) for source in sources):
            assert covered[stream.offsets[start : start + 13]].all()


def _holds(codes: bytes, run: bytes) -> bool:
    place = codes.find(run)
    while place >= 0 and place % 4:
        place = codes.find(run, place + 1)
    return place >= 0


@settings(max_examples=few_examples())
@given(cases)
def test_matches_lie_in_both_texts_and_their_runs_are_equal(case: tuple[dict[str, str], str]) -> None:
    corpus, written = case
    document = parse("draft.txt", plain(written))
    stream = stream_document(document).text
    if not len(stream):
        return
    draft = Draft.prepare(document.text, stream, load_phrases().cover(fold_slots(stream.codes)))
    with indexed(corpus) as index:
        for match in find_matches(draft, index).matches:
            part = index.part(match.part)
            assert 0 <= match.start < match.end <= len(stream)
            assert 0 <= match.source_start < match.source_end <= part.characters
            source = fold_slots(index.region(match.part, 0, part.characters).codes)
            taken, source_taken = np.zeros(len(stream), int), np.zeros(part.characters, int)
            for start, source_start, length in match.tiles:
                ours = draft.folded[start : start + length]
                np.testing.assert_array_equal(ours, source[source_start : source_start + length])
                assert match.start <= start < start + length <= match.end
                assert match.source_start <= source_start
                assert source_start + length <= match.source_end
                taken[start : start + length] += 1
                source_taken[source_start : source_start + length] += 1
            assert taken.max() == source_taken.max() == 1
            assert 0 < match.telling <= len(match)
            assert 0 < match.worth <= match.telling + 1e-6


@settings(max_examples=few_examples())
@given(corpora(), documents)
def test_any_text_at_all_can_be_checked(corpus: dict[str, str], draft: str) -> None:
    report = checked(plain(draft), corpus)
    check_figures(report, plain(draft))


@settings(max_examples=few_examples())
@given(
    corpora(),
    st.lists(st.integers(0, 90), min_size=3, max_size=6, unique=True),
    st.integers(40, 160),
    st.data(),
)
def test_a_rare_paragraph_carried_over_is_found_with_its_exact_span(
    corpus: dict[str, str], numbers: list[int], length: int, data: st.DataObject
) -> None:
    own, copied, *others = [f"{rare_text(number, length)}。" for number in numbers]
    home = data.draw(st.sampled_from(sorted(corpus)))
    body = corpus[home].rstrip("\n").split("\n")
    place = data.draw(st.integers(1, len(body)))
    corpus = {
        **corpus,
        home: "\n".join([*body[:place], others[0], copied, *others[1:], *body[place:]]) + "\n",
    }
    draft = f"本村工作汇报\n{own}\n{copied}\n{own[::-1]}\n"
    report = checked(draft, corpus)
    (reuse,) = [one for one in report.passages if one.status == "reuse"]
    assert reuse.text == reuse.source_text == copied
    assert reuse.source == home
    assert (reuse.kind, reuse.identity) == ("verbatim", 1)


@settings(max_examples=few_examples())
@given(cases)
def test_the_same_check_gives_the_same_report(case: tuple[dict[str, str], str]) -> None:
    corpus, draft = case
    with indexed(corpus) as index:
        document = parse("draft.txt", plain(draft))
        assert check(document, index, Settings()) == check(document, index, Settings())
