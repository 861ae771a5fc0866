"""Texts that say the same again and again: right figures, at a cost that grows as they do and no faster."""

from __future__ import annotations

import sys
import tracemalloc
from pathlib import Path

import pytest

from dedup.align.regions import MOST_SAID
from dedup.checking import check
from dedup.index import open_index
from dedup.model import Report
from dedup.settings import Settings
from dedup.tally import MOST_ADVISED
from dedup.text.lines import lines_between, paragraph_spans
from dedup.text.structure import parse

SENTENCE = "镇里把老旧水管一段一段换过来，先换漏得最凶的，再换年头最久的，全年换了九公里。"
TITLE = "供水管网改造情况"
CYCLE = "水安全管网更换供"


def report_on(text: str, source: str, folder: Path, other: str = "") -> Report:
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    (corpus / "a.txt").write_text(source, encoding="utf-8")
    (corpus / "b.txt").write_text(other, encoding="utf-8")
    settings = Settings(corpus=corpus)
    with open_index(corpus, None, settings) as index:
        return check(parse("draft.txt", text), index, settings)


def paragraphs(count: int) -> str:
    return f"{TITLE}\n" + f"{SENTENCE}\n" * count


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (f"{TITLE}\n{SENTENCE * 150}\n", f"{TITLE}\n{SENTENCE * 150}\n"),
        (paragraphs(150), paragraphs(150)),
        (paragraphs(300), paragraphs(1)),
        (
            "\n".join(CYCLE) + ("\n" + "\n".join(CYCLE)) * 700,
            "\n".join(CYCLE) + ("\n" + "\n".join(CYCLE)) * 700,
        ),
    ],
    ids=["a sentence", "a paragraph", "a paragraph of one source", "lines of one character"],
)
def test_all_of_a_text_that_repeats_itself_is_found(text: str, source: str, tmp_path: Path) -> None:
    figures = report_on(text, source, tmp_path).figures
    assert figures.copied_ratio > 0.98
    assert figures.suspicious_paragraphs > 0.98 * figures.paragraphs


def test_lines_of_one_character_that_nobody_wrote_are_no_reuse(tmp_path: Path) -> None:
    report = report_on("水\n" * 6000, paragraphs(2), tmp_path)
    assert report.figures.copied_characters == 0
    assert report.figures.paragraphs > 5900, "some at either end are taken for a head and a foot"
    assert len(report.paragraphs) == 6000


def test_of_very_many_paragraphs_some_are_advised_and_all_counted(tmp_path: Path) -> None:
    lines = ("\n" + "\n".join(CYCLE)) * (MOST_ADVISED // 8 + 50)
    report = report_on(lines, lines, tmp_path)
    assert len(report.rewrite_first) == MOST_ADVISED < report.figures.suspicious_paragraphs
    assert report.plan is None


def test_equal_paragraphs_beyond_the_first_few_are_found_all_the_same(tmp_path: Path) -> None:
    """Also where another one, which resembles its source alone, stands behind them."""
    other = "学校食堂的米面油从哪里来，每周在门口的牌子上写一遍，家长想看的，随时可以进后厨看。"
    report = report_on(paragraphs(4 * MOST_SAID) + other, paragraphs(1), tmp_path, other)
    assert report.figures.copied_ratio > 0.98


def test_a_sentence_of_a_longer_passage_counts_each_time_it_is_said(tmp_path: Path) -> None:
    other = "学校食堂的米面油从哪里来，每周在门口的牌子上写一遍，家长想看的，随时可以进后厨看。"
    own = ("渡口的船工老杨记了三十年水位。", "集市搬到河滩以后摊位多出一倍。", "入冬前全乡的猪圈都换了新顶。")
    text = f"{TITLE}\n{SENTENCE}{other}\n" + "".join(f"{one}{SENTENCE}\n" for one in own)
    figures = report_on(text, f"{TITLE}\n{SENTENCE}{other}\n", tmp_path).figures
    sentence, rest = (sum(map(str.isalnum, one)) for one in (SENTENCE, other))
    assert abs(figures.copied_characters - 4 * sentence - rest) <= 2
    assert figures.minor_characters == 0


def test_lines_are_the_same_however_many_there_are() -> None:
    for text in ("甲乙\n丙\n" * 4000, "".join(f"第{number}行\n" for number in range(8000))):
        starts, ends = (column.tolist() for column in paragraph_spans(text))
        assert lines_between(text, starts, ends) == text.split()


def test_lines_that_come_again_are_of_the_kind_they_are_alone() -> None:
    lines = ["一、基本情况", "全镇换了九公里水管。", "- 3 -", "（一）先换漏的"]
    few, many = parse("a", "\n".join(lines * 20)), parse("a", "\n".join(lines * 2000))
    assert many.paragraphs.kinds[8:400].tolist() == [*few.paragraphs.kinds[8:12].tolist()] * 98


class _Calls:
    """Counts calls of functions."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, frame: object, event: str, argument: object) -> None:
        self.count += event in ("call", "c_call")


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["sentence", "paragraph", "line", "cycle"])
def test_cost_grows_as_the_text_does(shape: str, tmp_path: Path) -> None:
    """Calls of functions and memory at most double with the text, by a tenth more."""

    def cost(count: int) -> tuple[int, int]:
        text = {
            "sentence": f"{TITLE}\n{SENTENCE * count}\n",
            "paragraph": paragraphs(count),
            "line": "水\n" * (20 * count),
            "cycle": ("\n" + "\n".join(CYCLE)) * (3 * count),
        }[shape]
        corpus = tmp_path / str(count)
        (corpus / "corpus").mkdir(parents=True)
        (corpus / "corpus" / "a.txt").write_text(text if shape != "line" else SENTENCE, encoding="utf-8")
        settings = Settings(corpus=corpus / "corpus")
        calls = _Calls()
        with open_index(corpus / "corpus", None, settings) as index:
            check(parse("draft.txt", text[:2000]), index, settings)  # what is loaded once
            tracemalloc.start()
            sys.setprofile(calls)
            try:
                check(parse("draft.txt", text), index, settings)
            finally:
                sys.setprofile(None)
                peak = tracemalloc.get_traced_memory()[1]
                tracemalloc.stop()
        return calls.count, peak

    (calls, memory), (more_calls, more_memory) = cost(2000), cost(4000)
    assert more_calls < 2.2 * calls
    assert more_memory < 2.2 * memory
