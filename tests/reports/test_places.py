"""Where passages lie: counts agree with the report's own, lines and columns with the text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from dedup.document import ParagraphKind, Span
from dedup.model import Figures, Report, ReportedParagraph, Submission, Verdict
from dedup.passage import Passage
from dedup.reports.kit.places import Places

TEXTS = st.text(alphabet="全县2024年，。 \n\u200b𠀀ab", max_size=60)


def report_on(text: str, kind: ParagraphKind = ParagraphKind.BODY) -> Report:
    paragraphs = tuple(
        ReportedParagraph(Span(*line.span()), kind if number else ParagraphKind.BODY)
        for number, line in enumerate(re.finditer(r"[^\n]+", text))
    )
    figures = Figures(0, 0, 0.0, 0, 0, 0, 0, 0.0, 0, 0)
    return Report(
        Submission("x", "", len(text), 0), figures, Verdict("pass", ()), (), (),
        text=text, paragraphs=paragraphs,
    )  # fmt: skip


def counts(character: str) -> bool:
    return character not in "，。 \n\u200b"


@given(TEXTS)
def test_runs_say_which_characters_count(text: str) -> None:
    said: list[bool] = []
    for number, length in enumerate(Places(report_on(text)).counted_runs()):
        said += [bool(number % 2)] * length
    said += [False] * (len(text) - len(said))
    assert said == [counts(character) for character in text]


@given(TEXTS, st.integers(0, 60), st.integers(0, 60))
def test_characters_of_a_passage(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    passage = Passage(start, end, "s", 0, 1, 1.0, "verbatim", "reuse", (), text[start:end], "")
    assert Places(report_on(text)).characters(passage) == sum(map(counts, text[start:end]))


@given(TEXTS, st.integers(0, 60))
def test_lines_and_columns_lead_back_to_the_offset(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    line, column = Places(report_on(text)).line_and_column(offset)
    lines = text.split("\n")
    assert sum(len(before) + 1 for before in lines[: line - 1]) + column - 1 == offset
    assert 1 <= column <= len(lines[line - 1]) + 1


def test_paragraphs_that_take_no_part_have_no_number_and_count_for_nothing() -> None:
    places = Places(report_on("第一段\n声明一行\n", ParagraphKind.NOTICE))
    assert [places.paragraph(offset) for offset in (0, 2, 3, 4, 7)] == [1, 1, 0, 0, 0]
    assert places.counted.tolist() == [0, 1, 2]
