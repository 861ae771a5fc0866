"""Quotations: which text in marks, or behind the name of a paper, is somebody else's words."""

from __future__ import annotations

import numpy as np
import pytest

from dedup.align.quotation import Quotations, Source
from dedup.text.normalize import normalize

LONG = (
    "渡口的船票卖到天黑为止，天黑以后过河的都是急事，急事不许收钱"
    "；谁收了钱，第二天就把钱贴在码头的柱子上，让过河的人都看一看"
)
LAW = "青檀省渡口管理条例"
ARTICLE = "渡口的经营人应当在开航前检查船只、救生衣和缆绳，并把检查的结果写在码头的公示牌上"


def code(draft: str, passage: str = LONG, title: str = "云麓县渡口工作汇报", before: str = "") -> str:
    """The code of the reason why `passage`, all of which matches, is a quotation; empty if it is none."""
    start = draft.index(passage)
    offsets = normalize(draft).offsets
    inside = offsets[(offsets >= start) & (offsets < start + len(passage))]
    reason = Quotations.find(draft).excuse(inside, [Source(title, "来稿/渡口.txt", before)])
    return reason.code if reason else ""


@pytest.mark.parametrize(
    "verb",
    [
        "在会上讲",
        "表示",
        "告诫我们",
        "谈到这件事时说",
        "重申",
        "反复叮嘱",
        "批示",
        "感慨地说道",
        "回忆道",
        "呼吁",
    ],
)
def test_a_person_with_any_verb_of_saying_is_named(verb: str) -> None:
    assert code(f"老船工何见山{verb}：“{LONG}。”我们记下了。") == "quoted_named"
    assert code(f"县长{verb}，“{LONG}”，大家都点头。") == "quoted_named"


@pytest.mark.parametrize(
    "speaker", ["镇党委书记", "镇党委书记周福来", "村会计阿旺", "码头的售票员李师傅", "周福来", "他的原话"]
)
def test_a_speaker_and_a_colon_are_enough(speaker: str) -> None:
    assert code(f"码头上坐满了人。{speaker}：“{LONG}。”") == "quoted_named"


@pytest.mark.parametrize(
    "before",
    ["今年的做法是", "主要经验：", "我们提出，", "我县要求：", "工作目标：", "", "因此", "这一条叫做"],
)
def test_words_that_name_nobody_else_excuse_nothing(before: str) -> None:
    assert code(f"渡口整顿了三个月。{before}“{LONG}”，效果很好。") == ""


def test_the_second_half_of_a_quotation_has_the_speaker_of_the_first() -> None:
    assert code(f"县长强调，“船要修好”，“{LONG}”。") == "quoted_named"
    assert code(f"“船要修好”，“{LONG}”。") == ""


@pytest.mark.parametrize(
    ("opening", "closing"), [("“", "”"), ("「", "」"), ("『", "』"), ('"', '"'), ("＂", "＂"), ("«", "»")]
)
def test_marks_of_any_kind_pair(opening: str, closing: str) -> None:
    assert code(f"县长指出：{opening}{LONG}。{closing}散会。") == "quoted_named"


def test_marks_that_do_not_say_which_they_are_open_and_close_in_turn() -> None:
    assert code(f'县长指出："{LONG}。"') == "quoted_named"
    assert code(f'县长指出："{LONG}。"\n散会。') == "quoted_named"
    assert code(f'书记说："船要修好。"县长指出："{LONG}。"散会。') == "quoted_named"
    assert code(f'书记说："船要修好。"\n{LONG}。\n县长指出："散会。"') == ""
    assert code(f'县长指出"{LONG}。"散会。') == "quoted_named"
    assert code(f'"船要修好，{"河要挖深，" * 400}县长指出："{LONG}。"散会。') == "quoted_named"
    assert code(f'县长指出："船要修好\n书记说："{LONG}。"散会。') == "quoted_named"
    assert code(f'码头挂着"安全"二字。\n{LONG}。') == ""


def test_a_quotation_runs_over_lines_and_paragraphs() -> None:
    first, second = LONG.split("；")
    assert code(f"县长指出：“{first}；\n{second}。”散会。", second) == "quoted_named"
    assert code(f"县长指出：\n“{first}；\n“{second}。”\n散会。", second) == "quoted_named"
    assert code(f"“{first}；\n{second}。”散会。", second) == ""


def test_quotations_within_a_quotation_do_not_end_it() -> None:
    nested = LONG.replace("急事", "‘急事’").replace("贴在", "“贴”在")
    assert code(f"县长指出：“{nested}。”散会。", nested) == "quoted_named"


def test_lines_that_markdown_quotes_need_a_name_as_well() -> None:
    quoted = "\n".join(f"> {piece}" for piece in LONG.split("，"))
    assert code(f"县长在会上讲：\n\n{quoted}\n\n散会。", quoted) == "quoted_named"
    assert code(f"渡口整顿。\n\n{quoted}\n\n散会。", quoted) == ""


def test_a_lost_mark_swallows_nothing() -> None:
    later = "码头的灯换成了黄色的，雾天也看得见，船老大说“好”。" * 3
    assert code(f"县长指出：“船要修好。\n{LONG}。\n{later}") == ""


def test_a_short_phrase_needs_no_name() -> None:
    assert code("这叫“天黑不收钱”。", "天黑不收钱") == "quoted_short"


# ----------------------------------------------------------------------------------------- papers


def test_a_quotation_of_a_paper_counts_if_the_text_is_that_papers() -> None:
    draft = f"《{LAW}》第九条规定：“{ARTICLE}。”码头没有做到。"
    assert code(draft, ARTICLE, title=LAW) == "quoted_named"
    assert code(draft, ARTICLE, title="云麓县渡口工作汇报") == ""


def test_marks_behind_any_title_are_no_way_out() -> None:
    draft = f"我们学习了《渡口安全三十讲》，“{LONG}”，收获很大。"
    assert code(draft) == ""
    assert code(draft.replace("，“", "指出：“")) == ""


def test_what_the_source_quotes_from_the_same_paper_may_be_quoted_again() -> None:
    draft = f"《{LAW}》第九条规定：“{ARTICLE}。”"
    assert code(draft, ARTICLE, before=f"对照《{LAW}》第九条，") == "quoted_named"


@pytest.mark.parametrize(
    "citing",
    [
        "《{}》第九条规定，",
        "根据《{}》（2019年修正）第九条第二款的规定，",
        "《{}》明确要求，",
        "依照《{}》第九条：",
        "《{}》指出，",
    ],
)
def test_a_law_cited_by_name_needs_no_marks(citing: str) -> None:
    draft = f"渡口停航。{citing.format(LAW)}{ARTICLE}。据此应当处罚。"
    assert code(draft, ARTICLE, title=LAW) == "quoted_cited"
    assert code(draft, ARTICLE, title="云麓县渡口工作汇报") == ""


def test_a_law_that_is_only_mentioned_covers_nothing() -> None:
    assert code(f"我们学习了《{LAW}》。{ARTICLE}。", ARTICLE, title=LAW) == ""
    assert code(f"《{LAW}》第九条规定，船要修好。\n{ARTICLE}。", ARTICLE, title=LAW) == ""


def test_articles_listed_below_a_citation_belong_to_it() -> None:
    draft = f"《{LAW}》作了如下规定：\n第九条　{ARTICLE}。\n第十条　夜航要点灯。\n码头没有做到。"
    assert code(draft, ARTICLE, title=LAW) == "quoted_cited"


def test_titles_are_the_same_with_or_without_year_and_country_and_under_a_short_name() -> None:
    for title in (f"{LAW}（2021年修订）", f"中华人民共和国{LAW}"):
        assert code(f"《{LAW}》第九条规定，{ARTICLE}。", ARTICLE, title=title) == "quoted_cited"
    short = f"《{LAW}》（以下简称《条例》）已经施行。《条例》第九条规定，{ARTICLE}。"
    assert code(short, ARTICLE, title=LAW) == "quoted_cited"
    assert code(f"《条例》第九条规定，{ARTICLE}。", ARTICLE, title=LAW) == ""


@pytest.mark.parametrize(
    "draft",
    [
        f"“{LONG}。”老船工何见山这样说。",
        f"“{LONG}”——镇党委书记",
        f"> {LONG}\n>\n> ——县长在渡口的讲话\n",
        f"“{LONG}”——《云麓县渡口工作汇报》",
        f"县长说：‘{LONG}’",
        f"县长说：**“{LONG}”**",
    ],
)
def test_who_is_named_behind_a_quotation_is_named(draft: str) -> None:
    assert code(draft) == "quoted_named"


@pytest.mark.parametrize(
    "draft",
    [
        f"“{LONG}”这些做法值得推广介绍。",
        f"“{LONG}”县长指出：“这话说得好。”",
        f"“{LONG}”——《云麓文艺》",
        f"本方案提出：“{LONG}”",
        f"《{LONG}。》",
    ],
)
def test_what_stands_behind_marks_excuses_nothing_if_it_names_nobody(draft: str) -> None:
    assert code(draft) == ""


def test_a_law_that_both_cite_excuses_the_words_of_an_article_only() -> None:
    before = f"《{LAW}》第七条规定，"
    assert code(f"《{LAW}》第七条规定，{LONG}", before=before) == "quoted_cited"
    assert code(f"按照《{LAW}》的要求，{LONG}", before=f"按照《{LAW}》的要求，") == ""


@pytest.mark.parametrize("before", ["县长信箱A12", "县长2026", "书记镇01"])
def test_a_person_before_a_number_is_no_speaker(before: str) -> None:
    assert code(f"渡口整顿。{before}：“{LONG}。”") == ""


# ----------------------------------------------------------------------------- limits, from both sides

HERE = Source("云麓县渡口工作汇报", "来稿/渡口.txt", "")


@pytest.mark.parametrize(("inside", "reason"), [(70, "quoted_named"), (69, "")])
def test_seven_tenths_of_what_matches_must_lie_in_the_quotation(inside: int, reason: str) -> None:
    draft = f"县长指出：“{LONG * 2}”散会以后{LONG}"
    start, behind = draft.index(LONG), draft.index("散会")
    offsets = np.array([*range(start, start + inside), *range(behind, behind + 100 - inside)])
    found = Quotations.find(draft).excuse(offsets, [HERE])
    assert (found.code if found else "") == reason
    cited = f"《{LAW}》第九条规定，{LONG * 2}\n散会以后{LONG}"
    start, behind = cited.index(LONG), cited.index("散会")
    offsets = np.array([*range(start, start + inside), *range(behind, behind + 100 - inside)])
    found = Quotations.find(cited).excuse(offsets, [Source(LAW, "法/渡口.txt", "")])
    assert (found.code if found else "") == reason.replace("named", "cited")


@pytest.mark.parametrize(("letters", "reason"), [(28, "quoted_short"), (29, "")])
def test_a_phrase_without_a_name_has_thirty_characters_with_its_marks(letters: int, reason: str) -> None:
    phrase = LONG.replace("，", "")[:letters]
    assert code(f"这叫“{phrase}”。", phrase) == reason


@pytest.mark.parametrize(("before", "reason"), [(60, ""), (61, "quoted_named")])
def test_who_speaks_is_sought_in_sixty_characters(before: int, reason: str) -> None:
    head, saying = "《渡口安全三十讲》", "一书里指出："
    filling = ("码头上的人都晓得的老船工何见山" * 5)[: before - len(head) - len(saying)]
    assert code(f"{head}{filling}{saying}“{LONG}。”") == reason


@pytest.mark.parametrize(("opening", "closing"), [("“", "”"), ('"', '"')])
@pytest.mark.parametrize(("between", "reason"), [(3_999, "quoted_named"), (4_000, "")])
def test_a_quotation_is_no_longer_than_four_thousand(
    opening: str, closing: str, between: int, reason: str
) -> None:
    words = (LONG.replace("；", "，") * 80)[:between]
    assert code(f"县长指出：{opening}{words}{closing}", words) == reason


@pytest.mark.parametrize(
    ("name", "title", "same"),
    [
        ("渡口条例", "青檀渡口条例", True),
        ("渡口条例", "青檀渡口条例解读", True),
        ("渡口条例", "青檀渡口条例的解读", False),
        ("青檀渡口条例解读", "渡口条例", True),
        ("渡口法", "渡口法", False),
        ("渡口办法", "渡口办法", True),
    ],
)
def test_titles_are_the_same_if_one_holds_the_other_and_is_half_of_it(
    name: str, title: str, same: bool
) -> None:
    draft = f"《{name}》第九条规定，{ARTICLE}。"
    assert code(draft, ARTICLE, title=title) == ("quoted_cited" if same else "")


@pytest.mark.parametrize(
    ("speaker", "is_one"),
    [
        ("石桥镇书记甲乙丙丁", True),
        ("石桥镇书记甲乙丙丁戊", False),
        ("周福", True),
        ("周福来", True),
        ("老周福来", True),
        ("周福来发", False),
        ("周", False),
        ("福来周", False),
    ],
)
def test_who_speaks_before_a_colon_is_a_person_or_a_name(speaker: str, is_one: bool) -> None:
    assert code(f"码头上坐满了人。{speaker}：“{LONG}。”") == ("quoted_named" if is_one else "")


@pytest.mark.parametrize(("subject", "is_one"), [("镇里", True), ("镇", False), ("他", True), ("", False)])
def test_who_said_it_has_two_characters_or_is_a_person(subject: str, is_one: bool) -> None:
    assert code(f"码头上坐满了人。{subject}强调，“{LONG}。”") == ("quoted_named" if is_one else "")


def test_of_several_quotations_the_one_that_holds_most_of_a_passage_counts() -> None:
    first, second = LONG.split("；")
    draft = f"这叫“{first[:6]}”，县长指出：“{second}。”"
    assert code(draft, second) == "quoted_named"
    offsets = np.array([*range(draft.index(first[:6]), draft.index(first[:6]) + 6)])
    other = np.arange(draft.index(second), draft.index(second) + len(second))
    found = Quotations.find(draft).excuse(np.concatenate([offsets, other]), [HERE])
    assert found is not None
    assert found.code == "quoted_named"


def test_a_title_is_a_quotation_of_its_own() -> None:
    assert code(f"我们学习了《{ARTICLE[:20]}》。", ARTICLE[:20]) == "quoted_title"
    assert code(f"我们学习了〈{ARTICLE[:20]}〉（第3号）。", ARTICLE[:20]) == "quoted_title"


@pytest.mark.parametrize(("letters", "reason"), [(80, "quoted_title"), (81, "")])
def test_a_title_has_at_most_eighty_characters(letters: int, reason: str) -> None:
    title = (LONG.replace("；", "，") * 2)[:letters]
    assert code(f"我们学习了《{title}》。", title) == reason


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        (f"“{LONG}”我们都这样说。", ""),
        (f"“{LONG}”全县都这样说。", ""),
        (f'"{LONG}"县长这样说。', "quoted_named"),
        (f'县长指出："{LONG}——"\n散会。', "quoted_named"),
        (f'县长指出："{LONG}——"', "quoted_named"),
        (f"这叫“好\n县长指出：“{LONG}。”散会。", "quoted_named"),
        (f"《渡口》“{LONG}”", ""),
        (f"县长强调，“船要修好”“{LONG}”。", "quoted_named"),
        (f"教授我们一起强调，“{LONG}”。", ""),
        (f"我们请教授强调，“{LONG}”。", "quoted_named"),
    ],
)
def test_who_is_named_by_what_stands_around_marks(draft: str, reason: str) -> None:
    assert code(draft) == reason


def test_a_mark_behind_one_character_of_a_line_opens_a_quotation_within() -> None:
    inner = LONG.split("；")[1]
    assert code(f"县长指出：“船要修；\n他“急”字不离口；{inner}。”散会。", inner) == "quoted_named"


@pytest.mark.parametrize(("opening", "closing"), [("“", "”"), ('"', '"')])
def test_a_quotation_far_down_a_text_is_one(opening: str, closing: str) -> None:
    assert code(f"{ARTICLE * 130}。\n县长指出：{opening}{LONG}。{closing}") == "quoted_named"


@pytest.mark.parametrize(
    ("path", "is_it"),
    [
        (f"法/{LAW}.txt", True),
        (f"法.旧/二/{LAW}.docx", True),
        (f"{LAW}/工作汇报.txt", False),
        ("法/青檀省渡口.管理条例.txt", True),
    ],
)
def test_a_paper_is_known_by_the_name_of_its_file(path: str, is_it: bool) -> None:
    draft = f"《{LAW}》第九条规定，{ARTICLE}。"
    offsets = np.arange(draft.index(ARTICLE), draft.index(ARTICLE) + len(ARTICLE))
    found = Quotations.find(draft).excuse(offsets, [Source("无题", path, "")])
    assert (found is not None) is is_it
