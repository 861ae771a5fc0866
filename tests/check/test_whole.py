"""Characters: a text that stands in the corpus reads as wholly in it, and every equal run is shown."""

from __future__ import annotations

import pytest

from dedup.model import Report
from tests.corpora import checked
from tests.strategies import rare_text

SENTENCE = "供销社把闲置的粮仓改成了分拣车间，糖度低于十一度的柚子不贴牌，只做蜜饯。"
OWN = f"{rare_text(900, 120)}。"


def report_of(*lines: str) -> str:
    return "\n".join(["年度工作汇报", *lines]) + "\n"


def reuse(report: Report) -> list[tuple[str, str]]:
    return [(one.status, one.text) for one in report.passages if one.status == "reuse"]


@pytest.mark.parametrize("corpus_times", [1, 1000])
@pytest.mark.parametrize("joined", ["", "\n"])
def test_one_sentence_said_a_thousand_times_is_wholly_copied(corpus_times: int, joined: str) -> None:
    report = checked(
        report_of((SENTENCE + joined) * 1000), {"a.txt": report_of(OWN, SENTENCE * corpus_times)}
    )
    assert report.figures.copied_ratio > 0.999
    assert report.verdict.level == "block"


def test_two_characters_by_turns_are_shown_as_one_run() -> None:
    report = checked(report_of("甲乙" * 3000), {"a.txt": report_of("甲乙" * 3000)})
    assert report.figures.matched_ratio == 1
    assert len(report.passages) < 5


def test_own_text_inside_a_passage_is_not_copied() -> None:
    copied = [rare_text(number, 60) for number in (1, 2)]
    inserted = rare_text(3, 40)
    source = f"{copied[0]}，{copied[1]}。"
    report = checked(report_of(f"{copied[0]}，{inserted}，{copied[1]}。"), {"a.txt": report_of(OWN, source)})
    assert report.figures.copied_characters == 120
    assert report.figures.total_characters == 160


def test_a_change_of_a_few_characters_counts_with_what_it_changes() -> None:
    copied = rare_text(4, 90)
    changed = copied[:40] + "改了十个字以内的几字" + copied[50:]
    report = checked(report_of(f"{changed}。"), {"a.txt": report_of(OWN, f"{copied}。")})
    (passage,) = (one for one in report.passages if one.status == "reuse")
    assert report.figures.copied_characters == 90
    assert passage.identity == pytest.approx(80 / 90, abs=0.02)


def test_a_short_equal_run_of_one_document_is_shown_and_is_no_reuse() -> None:
    run = rare_text(5, 15)
    draft = f"{rare_text(6, 80)}{run}{rare_text(7, 80)}。"
    report = checked(report_of(draft), {"a.txt": report_of(f"{rare_text(8, 80)}{run}{rare_text(9, 80)}。")})
    (passage,) = report.passages
    assert (passage.status, passage.text, passage.source_text) == ("minor", run, run)
    assert passage.reason_codes == ("minor",)
    assert report.figures.minor_characters == 15
    assert (report.figures.copied_characters, report.verdict.level) == (0, "pass")
    assert report.figures.matched_characters == 15


@pytest.mark.parametrize("run", ["哈" * 20, "3141592653589793", "one of these words"])
def test_one_character_figures_and_a_few_words_are_no_equal_run(run: str) -> None:
    draft = f"{rare_text(10, 80)} {run} {rare_text(11, 80)}。"
    report = checked(
        report_of(draft), {"a.txt": report_of(f"{rare_text(12, 80)} {run} {rare_text(13, 80)}。")}
    )
    assert report.passages == ()


def test_a_text_without_punctuation_is_found_part_by_part() -> None:
    parts = [rare_text(number, 70) for number in (14, 15)]
    source = report_of(f"{parts[0]}。", f"{rare_text(16, 100)}。", f"{parts[1]}。")
    report = checked(report_of(OWN, "".join(parts)), {"a.txt": source})
    assert report.figures.copied_characters == 140


def test_sentences_in_another_order_are_equal_all_the_same() -> None:
    sentences = [f"{rare_text(number, 34)}。" for number in range(20, 30)]
    shuffled = [sentences[place] for place in (3, 8, 0, 5, 9, 2, 6, 1, 7, 4)]
    report = checked(report_of("".join(shuffled)), {"a.txt": report_of("".join(sentences))})
    assert report.figures.matched_ratio > 0.95
    assert all(one.identity > 0.95 for one in report.passages)


def test_the_paragraph_of_the_source_is_named() -> None:
    copied, before = rare_text(21, 90), [rare_text(number, 60) for number in (22, 23)]
    source = "\n".join(
        [
            "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！",
            "某县材料",
            *(f"{one}。" for one in before),
            f"{copied}。",
        ]
    )
    report = checked(report_of(OWN, f"{copied}。"), {"a.txt": source})
    (passage,) = (one for one in report.passages if one.status == "reuse")
    assert passage.source_paragraph == 3  # the notice and the title take no part


def test_the_paragraphs_of_a_collection_are_counted_in_each_document() -> None:
    copied = rare_text(24, 90)
    titles = ["甲镇工作总结", "乙镇工作总结"]
    texts = [f"{rare_text(25, 80)}。\n{rare_text(26, 80)}。", f"{rare_text(27, 80)}。\n{copied}。"]
    contents = "\n".join(["目录", *(f"{title}\t{number}" for number, title in enumerate(titles, 1))])
    source = "\n".join([contents, *(f"{title}\n{text}" for title, text in zip(titles, texts, strict=True))])
    report = checked(report_of(OWN, f"{copied}。"), {"汇编.txt": source})
    (passage,) = (one for one in report.passages if one.status == "reuse")
    assert (passage.part, passage.source_paragraph) == ("乙镇工作总结", 2)
