"""The terminal report: within the page, in order, safe to show."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from wcwidth import wcswidth

from dedup.model import Plan, Report
from dedup.passage import Passage, Reason
from dedup.reports import View
from dedup.reports.check.terminal import render, render_overview
from dedup.settings import Language

COLOUR_CODE = re.compile(r"\x1b\[[\d;]*m")


@pytest.mark.parametrize("columns", [40, 60, 72, 80, 120])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_is_wider_than_the_page(everything: Report, columns: int, language: Language) -> None:
    text = render(everything, View(language, columns)) + render_overview(
        [everything], View(language, columns)
    )
    too_wide = [line for line in text.splitlines() if wcswidth(line) > columns]
    assert not too_wide


def test_what_matters_first_stands_first(everything: Report) -> None:
    text = render(everything, View())
    order = [
        "须改写",
        "主要指标",
        "总文字复制比",
        "先改哪几段",
        "== 来源 ==",
        "逐处对照",
        "不计入复用",
    ]
    places = [text.index(word) for word in order]
    assert places == sorted(places)


def test_paragraphs_to_rewrite_say_what_is_left_after_each(everything: Report) -> None:
    text = render(everything, View())
    assert "由 16.2% 降到 5.0%" in text
    assert re.search(r"5 +62/96 +10\.0%", text)
    without_plan = render(replace(everything, plan=None), View())
    assert "由 16.2% 降到 0.0%" in without_plan
    assert re.search(r"8 +50/52 +0\.0%", without_plan)  # 162 - 62 - 50 - 50 of 1000
    beyond = replace(everything, plan=Plan((), (Reason("among", {"ratio": 1.0, "names": ("二稿.txt",)}),)))
    assert "改写段落解决不了：与同批文稿相同 100.0%：二稿.txt" in render(beyond, View())


def test_colours_change_nothing_but_colour(everything: Report) -> None:
    plain = COLOUR_CODE.sub("", render(everything, View(colour=True)))
    assert "\x1b" not in plain
    assert "[63]" in render(everything, View(colour=False))
    assert "[63]" not in plain
    assert "\x1b[1;31m63\x1b[0m" in render(everything, View(colour=True))


def test_escape_sequences_of_a_document_do_not_reach_the_terminal(everything: Report) -> None:
    hostile = "\x1b]0;owned\x07正文\x9b2J\u202e文正\u200b"
    passage = replace(
        everything.passages[1],
        text=hostile,
        source_text=hostile,
        reasons=(Reason("foreign_name", {"name": hostile}),),
        source=hostile,
    )
    submission = replace(everything.submission, path=hostile, title=hostile)
    source = replace(everything.sources[0], document=hostile, title=hostile)
    report = replace(everything, submission=submission, passages=(passage,), sources=(source,))
    text = render(report, View())
    assert not set(text) & set("\x1b\x07\x9b\u202e\u200b")
    assert "正文" in text


def test_set_phrases_are_counted_not_shown_unless_asked(everything: Report) -> None:
    phrase = next(one for one in everything.passages if one.status == "formulaic")
    assert phrase.text not in render(everything, View())
    assert "套话 1 处，26 字" in render(everything, View())
    assert phrase.text[:20] in render(everything, View(complete=True))


def test_a_long_passage_is_cut_and_says_so(everything: Report) -> None:
    long = "".join(f"第{number}项工作已经按期完成，" for number in range(200))
    passage = replace(everything.passages[1], text=long, source_text=long.replace("按期", "提前"))
    report = replace(everything, passages=(passage,))
    assert "第199项" not in render(report, View())
    assert "（下略" in render(report, View())
    complete = COLOUR_CODE.sub("", render(report, View(complete=True)))
    assert "第199项" in complete.replace("\n", "").replace(" ", "")


def test_many_passages_show_the_longest_in_the_order_of_the_document(everything: Report) -> None:
    def made(number: int) -> Passage:
        text = f"编号{number:02}" + "长" * number
        return replace(
            everything.passages[1], start=number * 100, end=number * 100 + number, text=text, source_text=text
        )

    report = replace(everything, passages=tuple(made(number) for number in range(30)))
    text = render(report, View())
    shown = [int(number) for number in re.findall(r"编号(\d\d)", text)]
    assert shown == sorted(shown)
    assert shown == list(range(18, 30))
    assert "另有 18 处" in text


def test_overview_puts_the_most_reuse_first(everything: Report, nothing: Report) -> None:
    text = render_overview([nothing, everything], View())
    assert text.index("工作总结.txt") < text.index("empty.txt")
