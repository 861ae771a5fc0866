"""What a writer meets: copied, custom, changed, quoted, versions of one text, laws with a changed article."""

from __future__ import annotations

import itertools

import pytest

from dedup.model import Report
from dedup.passage import Passage
from dedup.reports.check.reasons import sentence, sentences
from tests.corpora import checked
from tests.strategies import rare_text

WELLS = (
    "把三口百年老井逐一淘洗加盖，井台用旧石磨铺平，井绳磨出的沟槽原样留着，每口井旁立一块木牌，"
    "写明打井人的名字和出水的年份，清明前后请老人给孩子们讲一讲没有自来水的日子。"
)
STOVES = (
    "改灶的账要一户一户算给大家听：柴灶一年烧掉两亩山的枝条，电灶一个月多花三十来块，镇里补一半，"
    "剩下的一半用护林的工钱抵，算到第三遍，最犟的老石匠也点了头。"
)
CUSTOM = "进一步压实各级防火责任，严格落实领导带班和二十四小时值守制度，发现火情第一时间报告处置。"
OWN = "今年的雨来得晚，插秧推迟了半个月，好在抽水机备得足，没有一块田因为缺水撂荒，收成同往年差不离。"


def report_of(body: str, title: str = "霁山县2024年工作总结") -> str:
    return f"{title}\n{body}\n"


def independent(number: int, *bodies: str) -> str:
    """A report that shares nothing with others but what it is given."""
    return report_of(
        "\n".join([rare_text(number, 90), *bodies, rare_text(number + 45, 90)]), f"{number}号材料"
    )


def of_status(report: Report, status: str) -> list[Passage]:
    return [passage for passage in report.passages if passage.status == status]


def only(report: Report, status: str = "reuse") -> Passage:
    (passage,) = of_status(report, status)
    return passage


# ------------------------------------------------------------------------------- copied or custom


def test_a_paragraph_in_one_document_is_copied_and_in_a_dozen_it_is_custom() -> None:
    draft = report_of(f"{OWN}\n{CUSTOM}")
    once = checked(
        draft, {"0.txt": independent(0, CUSTOM), **{f"{n}.txt": independent(n) for n in range(1, 12)}}
    )
    assert only(once).text == CUSTOM
    often = checked(draft, {f"{n}.txt": independent(n, CUSTOM) for n in range(12)})
    assert of_status(often, "reuse") == []
    assert only(often, "formulaic").text == CUSTOM


@pytest.mark.parametrize(
    "length", [24, *(pytest.param(length, marks=pytest.mark.slow) for length in (36, 44))]
)
def test_once_custom_always_custom_however_many_more_documents_say_it(length: int) -> None:
    sentence = CUSTOM[: length - 1] + "。"
    draft = report_of(f"{OWN}\n{sentence}")
    copied = []
    for holders in range(1, 11):
        corpus = {f"{n}.txt": independent(n, *[sentence] * (n < holders)) for n in range(12)}
        copied.append(bool(of_status(checked(draft, corpus), "reuse")))
    assert copied[0], "what one document alone holds is copied"
    assert not copied[-1], "what ten hold is custom"
    assert all(before or not after for before, after in itertools.pairwise(copied)), copied


@pytest.mark.parametrize(
    ("copied", "length", "status"),
    [(3, 300, "reuse"), (1, 300, "formulaic"), (3, 200, "formulaic")],
    ids=["most of some pages", "a third of them", "most of less than a page"],
)
def test_custom_is_copied_where_most_of_some_pages_is_of_one_source(
    copied: int, length: int, status: str
) -> None:
    theirs = [rare_text(number, length) for number in (200, 300, 400)]
    own = [rare_text(number, length) for number in (500, 600, 700)]
    corpus = {"0.txt": independent(0, theirs[0], CUSTOM, *theirs[1:])}
    corpus |= {f"{n}.txt": independent(n, CUSTOM) for n in range(1, 12)}
    first, *others = [*theirs[:copied], *own[copied:]]
    draft = report_of("\n".join([first, CUSTOM, *others, rare_text(800, 90)]))
    (custom,) = (one for one in checked(draft, corpus).passages if CUSTOM[:20] in one.text)
    assert (custom.source, custom.status) == ("0.txt", status)


def test_versions_of_one_document_are_no_witnesses_of_a_custom() -> None:
    versions = {
        f"{year}年.txt": independent(1, WELLS, STOVES).replace("1号材料", f"青檀镇{year}年总结")
        for year in range(2015, 2025)
    }
    report = checked(report_of(f"{OWN}\n{WELLS}"), versions)
    assert only(report).text == WELLS
    assert len(only(report).also_in) >= 5


def test_versions_of_one_document_do_not_make_set_wording_of_what_they_share() -> None:
    run = WELLS[30:46]
    versions = {
        f"{year}年.txt": independent(1, WELLS, STOVES).replace("1号材料", f"青檀镇{year}年总结")
        for year in range(2015, 2018)
    }
    draft = report_of(f"{OWN}\n{rare_text(80, 40)}{run}{rare_text(81, 40)}")
    assert of_status(checked(draft, versions), "formulaic") == []
    other = {"3.txt": independent(3, WELLS[26:50])}
    assert "至少 2 份" in sentence(only(checked(draft, versions | other), "formulaic"), "zh")


def test_set_phrases_alone_are_nobodys_even_in_a_corpus_of_one() -> None:
    phrases = "坚持以习近平新时代中国特色社会主义思想为指导，增强“四个意识”、坚定“四个自信”、做到“两个维护”。"
    report = checked(report_of(phrases + OWN), {"a.txt": independent(1, phrases)})
    assert of_status(report, "reuse") == []
    assert report.figures.formulaic_characters > 20


# ------------------------------------------------------------------------------------- also_in


def test_copies_of_one_text_stand_beside_the_best_source() -> None:
    corpus = {
        "全文.txt": independent(1, WELLS),
        "改动.txt": independent(
            2, WELLS.replace("三口百年老井", "九口废弃水井").replace("清明前后", "每到秋收")
        ),
        "无关.txt": independent(3, STOVES),
    }
    passage = only(checked(report_of(f"{OWN}\n{WELLS}"), corpus))
    assert passage.source == "全文.txt"
    (other,) = passage.also_in
    assert other.source == "改动.txt"
    assert 0.8 < other.identity < passage.identity == 1
    stretch = corpus["改动.txt"][other.source_start : other.source_end]
    assert stretch.startswith("把九口")
    assert stretch.endswith("的日子。")


def test_neighbours_from_two_documents_are_two_passages() -> None:
    report = checked(
        report_of(f"{OWN}{WELLS}{STOVES}"), {"a.txt": independent(1, WELLS), "b.txt": independent(2, STOVES)}
    )
    found = [(one.source, one.text) for one in of_status(report, "reuse")]
    assert found == [("a.txt", WELLS), ("b.txt", STOVES)]
    assert [source.passages for source in report.sources] == [1, 1]


@pytest.mark.parametrize(
    ("between", "left"),
    [('。"', '。"'), ("：'", "："), ('，"', "，"), ("。“", "。"), ("。”“", "。”")],
)
def test_a_mark_between_two_passages_belongs_to_one_of_them(between: str, left: str) -> None:
    first, second = WELLS.rstrip("。"), STOVES.rstrip("。")
    corpus = {"a.txt": independent(1, WELLS), "b.txt": independent(2, STOVES)}
    before, after = of_status(checked(report_of(f"{OWN}\n{first}{between}{second}"), corpus), "reuse")
    assert before.text == first + left
    assert after.text == between.removeprefix(left) + second


# --------------------------------------------------------------------------------- one passage


def test_a_sentence_put_between_does_not_break_a_passage() -> None:
    half = WELLS.index("每口井旁")
    report = checked(
        report_of(f"{OWN}\n{WELLS[:half]}乡亲们都说好，{WELLS[half:]}"), {"a.txt": independent(1, WELLS)}
    )
    passage = only(report)
    assert passage.text.startswith("把三口百年老井")
    assert passage.text.endswith("的日子。")
    assert passage.kind == "edited"


def test_a_clause_left_out_does_not_break_a_passage() -> None:
    dropped = WELLS.replace("井绳磨出的沟槽原样留着，", "")
    passage = only(checked(report_of(f"{OWN}\n{dropped}"), {"a.txt": independent(1, WELLS)}))
    assert passage.text == dropped
    assert passage.source_text == WELLS


def test_sentences_in_another_order_are_one_passage() -> None:
    sentences = [WELLS, STOVES, "会计室的灯每晚亮到十点，账本摊在桌上，谁家的补贴到没到，进门一翻就知道。"]
    report = checked(report_of(OWN + "".join(sentences[::-1])), {"a.txt": independent(1, "".join(sentences))})
    passage = only(report)
    assert passage.kind == "reordered"
    assert passage.text == "".join(sentences[::-1])


def test_one_copied_sentence_in_a_long_paragraph_is_found_with_its_borders() -> None:
    own = [rare_text(number, 150) + "。" for number in (60, 61, 62, 63)]
    report = checked(report_of(own[0] + own[1] + STOVES + own[2] + own[3]), {"a.txt": independent(1, STOVES)})
    assert only(report).text == STOVES


# --------------------------------------------------------------------------------------- changes

MARKS = "。. \u200b"
"""What may stand at the end of a passage or not."""
FIGURES = (
    "全县新增灌溉面积2316亩，整修山塘47口，疏浚渠道38.6公里，受益农户1240户，亩均增收318元，"
    "管护员每人每月补贴260元，由村民代表按季评议，评不过的当季不发。"
)


@pytest.mark.parametrize(
    "copy",
    [
        FIGURES.replace("2316", "1874").replace("47", "52").replace("1240", "963").replace("318", "402"),
        FIGURES.replace("2316", "XXXX").replace("38.6", "X.X").replace("260", "XXX"),
        FIGURES.replace("2316", "××").replace("47", "××"),
    ],
)
def test_a_refilled_template_is_found_whole_and_called_so_either_way(copy: str) -> None:
    for draft, source in [(copy, FIGURES), (FIGURES, copy)]:
        passage = only(checked(report_of(f"{OWN}\n{draft}"), {"a.txt": independent(1, source)}))
        assert passage.text == draft
        assert passage.kind == "refilled"


def test_figures_of_another_county_left_standing_are_told() -> None:
    corpus = {"a.txt": report_of(f"{rare_text(1, 90)}\n{FIGURES}", "云麓县2023年工作总结")}
    copy = FIGURES.replace("2316", "1874").replace("47", "52")
    passage = only(checked(report_of(f"{OWN}\n{copy}"), corpus))
    assert (passage.figures, passage.severity) == ("partly", "serious")
    assert "38.6、1240、318、260" in sentence(passage, "zh")
    same = only(checked(report_of(f"{OWN}\n{copy}", "云麓县2024年工作总结"), corpus))
    assert same.severity == "ordinary"


@pytest.mark.parametrize(
    ("change", "kind", "evasion"),
    [
        (lambda text: text, "verbatim", set()),
        (lambda text: text.replace("，", ",").replace("。", "."), "reformatted", set()),
        (lambda text: text.replace("，", "，\n"), "reformatted", set()),
        ("\u200b".join, "reformatted", {"zero-width"}),
        (" ".join, "reformatted", {"spacing"}),
        (lambda text: text.replace("老", "⽼").replace("石", "⽯"), "reformatted", {"look-alike"}),
        (
            lambda text: text.replace("写", "寫").replace("请", "請").replace("讲", "講"),
            "reformatted",
            {"script"},
        ),
        (lambda text: text.replace("逐一淘洗加盖", "挨个清淘并盖好"), "edited", set()),
    ],
)
def test_a_change_of_looks_hides_nothing(change: object, kind: str, evasion: set[str]) -> None:
    copy = change(WELLS)  # type: ignore[operator]
    passage = only(checked(report_of(f"{OWN}\n{copy}"), {"a.txt": independent(1, WELLS)}))
    assert passage.text.rstrip(MARKS) == copy.rstrip(MARKS)
    assert passage.source_text.rstrip("。") == WELLS.rstrip("。")
    assert passage.kind == kind
    assert set(passage.evasion) == evasion


# --------------------------------------------------------------------------------------- quoted


def test_a_named_quotation_is_quoted_and_without_marks_it_is_reuse() -> None:
    corpus = {"a.txt": independent(1, STOVES)}
    words = STOVES.rstrip("。")
    quoted = checked(report_of(f"{OWN}镇长在会上讲话时强调：“{words}。”大家听了都笑。"), corpus)
    assert of_status(quoted, "reuse") == []
    assert only(quoted, "quoted").text.strip("“”。") == words
    assert quoted.verdict.level == "pass"
    assert only(checked(report_of(f"{OWN}镇长在会上讲话时强调，{words}。"), corpus)).status == "reuse"
    assert only(checked(report_of(f"{OWN}今年是这样做的。“{words}。”"), corpus)).status == "reuse"


# ---------------------------------------------------------------------------------------- verdict


@pytest.mark.parametrize("forbidding", [2, 3, 4])
def test_the_verdict_names_the_sources_that_forbid_copying_or_says_that_there_are_more(
    forbidding: int,
) -> None:
    bodies = [f"{rare_text(number, 60)}。" for number in range(60, 60 + forbidding)]
    notice = "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！\n"
    corpus = {
        f"{number}.txt": notice + report_of(body, f"{number}号材料") for number, body in enumerate(bodies)
    }
    reason, *_ = sentences(checked(report_of("\n".join([OWN, *bodies])), corpus).verdict, "zh")
    assert reason.startswith(f"{forbidding} 份来源声明不得照搬：《")
    assert reason.count("号材料》") == min(forbidding, 3)
    assert ("》等" in reason) == (forbidding > 3)
    assert "请勿照搬照抄" in reason


# ----------------------------------------------------------------------------------------- blocks

ARTICLES = [
    "为了规范渡口管理，保障乘客和船员的人身安全，结合本县水域实际，制定本办法。",
    "渡口的设立由渡口所在地的镇人民政府提出，经县交通运输部门踏勘水深、流速和岸坡后批准。",
    "渡船应当按核定人数载客，救生衣一人一件，放在伸手够得着的地方，不得锁在舱里。",
    "遇有大雾、六级以上大风或者水位超过警戒线，渡工应当停航，并在码头挂出红色停航旗。",
    "渡工每年参加不少于三天的泅水和急救训练，训练不合格的，不得上船撑篙掌舵。",
    "镇人民政府每季度检查一次渡口，检查记录由检查人和渡工共同签字，保存五年备查。",
]
CHANGED = "渡船应当按核定人数载客，救生衣一人一件，挂在座位靠背上，并配备两只以上救生圈。"
NUMBERS = "一二三四五六七八"


def law(articles: list[str], title: str) -> str:
    lines = (f"第{number}条　{article}" for number, article in zip(NUMBERS, articles, strict=False))
    return f"{title}\n" + "\n".join(lines) + "\n"


def test_the_changed_article_of_a_law_is_told_apart_from_the_unchanged_ones() -> None:
    articles = [*ARTICLES[:2], CHANGED, *ARTICLES[3:]]
    found = of_status(
        checked(law(articles, "石渡县渡口管理办法"), {"旧法.txt": law(ARTICLES, "石渡县渡口管理暂行办法")}),
        "reuse",
    )
    assert [one.kind for one in found] == ["verbatim", "edited", "verbatim"]
    before, changed, after = found
    assert before.text.startswith("第一条")
    assert before.text.endswith("后批准。")
    assert changed.text.endswith("救生圈。")
    assert changed.source_text.startswith("第三条")
    assert after.text.startswith("第四条")


def test_a_new_article_shifts_numbers_and_changes_nothing_else() -> None:
    new = rare_text(77, 60) + "。"
    draft = law([*ARTICLES[:2], new, *ARTICLES[2:]], "石渡县渡口管理办法")
    found = of_status(checked(draft, {"旧法.txt": law(ARTICLES, "石渡县渡口管理暂行办法")}), "reuse")
    assert all(new not in one.text for one in found), "what has no counterpart belongs to no passage"
    covered = "".join(one.text for one in found)
    assert all(article in covered for article in ARTICLES)
    assert all(one.identity > 0.95 for one in found)


def test_a_changed_article_that_moved_is_shown_with_all_that_it_moved_past() -> None:
    articles = [f"{ARTICLES[number][:-5]}另有说法。" for number in (1, 3, 4, 2, 5)]
    draft = law([ARTICLES[0], *articles], "石渡县渡口管理办法")
    found = of_status(checked(draft, {"旧法.txt": law(ARTICLES, "石渡县渡口管理暂行办法")}), "reuse")
    (moved,) = [one for one in found if "训练不合格的" in one.text]
    assert "救生衣一人一件" in moved.text
    assert "训练不合格的" in moved.source_text
    assert "救生衣一人一件" in moved.source_text


def test_a_law_carried_over_whole_is_one_passage() -> None:
    report = checked(
        law(ARTICLES, "石渡县渡口管理办法"), {"旧法.txt": law(ARTICLES, "石渡县渡口管理暂行办法")}
    )
    assert only(report).kind == "verbatim"
    assert report.figures.copied_ratio == 1
    assert report.verdict.level == "block"


def test_words_that_were_moved_from_far_off_in_the_same_source_count_as_equal() -> None:
    whole, moved = rare_text(1, 160), rare_text(2, 20)
    between = "\n".join(f"{rare_text(10 + number, 200)}。" for number in range(40))
    source = f"{whole}。\n{between}\n{moved}。"
    passage = only(checked(report_of(f"{whole[:80]}{moved}{whole[80:]}。"), {"a.txt": report_of(source)}))
    assert (passage.kind, passage.identity) == ("edited", 1.0)
    (copied,) = passage.copied
    assert moved in passage.text
    assert copied.end - copied.start == len(whole) + len(moved)
