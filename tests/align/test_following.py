"""A draft that follows one source: which of its paragraphs stand beside which of the source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.model import Report
from dedup.passage import Passage
from tests.corpora import checked
from tests.strategies import few_examples, rare_text

BANK = "第{}条 每年开春前，渡口管理站应当会同沿江各村查看堤岸，松动的地方当月补好，补好后立木牌写明日期。"
LAMP = "第{}条 渡口的灯从日落亮到末班船靠岸，值夜的人每隔一个时辰看一次油，油不足一寸的添到三寸。"
ROPE = "第{}条 缆绳每月初一检查，磨去三股的立即更换，换下来的旧绳交库房登记，不得卖给过路的商船。"
BOAT = "第{}条 渡船载客不得超过船舷上写明的人数，带牲口过江的单独开一班，船钱按牲口的头数另算。"
FLOOD = "第{}条 水位高过石阶第九级时停渡，站长在两岸鸣锣告知，水退到第七级并经查看后方可开渡。"
TOLL = "第{}条 船钱由村民会议每两年议定一次，写在渡口的木板上，老人、学童和送信的人过江不收，过路的客商照付。"
GRAIN = "第{}条 秋收时节运粮的船先过，运粮的人凭村里开的条子排队，条子当天有效，过了日落作废。"
LEDGER = "第{}条 站里每天记一本账，写明开船的班次、人数和收到的船钱，月底抄一份送乡里存查。"
FAULT = "第{}条 违反本办法，有下列情形之一的，由渡口管理站责令改正，并记入账本。"
LAW = [BANK, LAMP, ROPE, BOAT, FLOOD, TOLL, GRAIN, LEDGER]
NUMBERS = "一二三四五六七八九十"

REWORKED_ROPE = (
    "第{}条 缆绳每半年由乡里派来的工匠查验，磨去三股的立即更换，换下来的旧绳可以分给缺绳的人家使用。"
)
"""Half of ROPE and it are the same."""
SHORT = "第{}条 渡口的年度预算每年十月报送，由乡里核定。"
REWORKED_SHORT = "第{}条 渡口的年度预算每年十月报乡里，审查以后核定。"
NEW = "第{}条 候船的棚子由石桥村搭建，冬天挂草帘，夏天换竹帘，棚里摆长凳六条，供带孩子的人先坐。"


def law(articles: Sequence[str]) -> str:
    """A law of some articles, repeated under chapters of rare words until it is longer than a page."""
    body = "\n".join(one.format(NUMBERS[number]) for number, one in enumerate(articles))
    return f"沿江渡口管理办法\n{body}\n{TAIL}\n"


TAIL = "\n".join(f"第十{NUMBERS[number]}条 {rare_text(40 + number, 80)}。" for number in range(8))
"""Articles that stand in every version, so that each is longer than a page."""


def reused(report: Report) -> list[Passage]:
    return [one for one in report.passages if one.status == "reuse"]


def beside(report: Report, words: str) -> list[str]:
    """What of the source stands beside the words of a draft."""
    place = report.text.index(words)
    return [one.source_text for one in reused(report) if one.start <= place < one.end]


def test_a_short_article_that_was_changed_much_stands_beside_its_old_version() -> None:
    """By itself it is no evidence of anything, and what was put in stands on both sides of it."""
    draft = law([BANK, NEW, REWORKED_SHORT, NEW, LAMP, ROPE, BOAT, FLOOD, TOLL])
    report = checked(draft, {"旧.txt": law([BANK, SHORT, LAMP, ROPE, BOAT, FLOOD, TOLL])})
    assert beside(report, "审查以后") == [SHORT.format("二")]


def test_an_article_that_was_put_in_is_in_no_passage() -> None:
    """It shares words with its neighbours, but says something else."""
    new = "第{}条 渡口管理站应当会同石桥村搭建候船的棚子，灯从日落亮到天明，缆绳、长凳和草帘由站长每月查看。"
    draft = law([BANK, REWORKED_ROPE, new, REWORKED_ROPE.replace("工匠", "木匠"), LAMP, BOAT, FLOOD, TOLL])
    report = checked(draft, {"旧.txt": law([BANK, ROPE, ROPE, LAMP, BOAT, FLOOD, TOLL])})
    assert beside(report, "候船的棚子") == []
    assert beside(report, "工匠")
    assert beside(report, "木匠")


def test_an_article_that_was_moved_stands_beside_where_it_was() -> None:
    draft = law([LEDGER, BANK, LAMP, REWORKED_ROPE, BOAT, FLOOD, TOLL, GRAIN])
    report = checked(draft, {"旧.txt": law(LAW)})
    assert beside(report, "每天记一本账") == [LEDGER.format("八")]
    (old,) = beside(report, "工匠查验")
    assert old.startswith("第三条 缆绳每月初一检查")


def test_what_the_source_says_twice_stands_beside_the_one_in_its_sequence() -> None:
    old = law([BANK, FAULT, LAMP, ROPE, BOAT, FAULT, FLOOD, TOLL, GRAIN])
    draft = law([BANK, NEW, LAMP, ROPE, BOAT, FAULT, FLOOD, TOLL, GRAIN])
    report = checked(draft, {"旧.txt": old})
    (passage,) = [one for one in reused(report) if "责令改正" in one.text]
    place = passage.source_start + passage.source_text.index("责令改正")
    assert place == old.rindex("责令改正")


def test_an_article_that_many_laws_hold_stays_with_the_source_that_is_followed() -> None:
    others = {
        f"他{number}.txt": f"{rare_text(200 + number, 300)}。\n{TOLL.format('九')}\n" for number in range(9)
    }
    alone = checked(law([TOLL]).split("\n第十", 1)[0], {"旧.txt": law(LAW), **others})
    assert reused(alone) == []
    report = checked(law(LAW), {"旧.txt": law(LAW), **others})
    assert [one.source for one in reused(report)] == ["旧.txt"]
    assert report.figures.copied_characters > 0.95 * report.figures.total_characters


def test_an_article_of_which_another_document_has_clearly_more_is_named_from_there() -> None:
    draft = law([BANK, LAMP, REWORKED_ROPE, BOAT, FLOOD, TOLL, GRAIN, LEDGER])
    other = f"{rare_text(300, 300)}。\n{REWORKED_ROPE.format('七')}\n"
    report = checked(draft, {"旧.txt": law(LAW), "另.txt": other})
    assert [one.source for one in reused(report) if "工匠查验" in one.text] == ["另.txt"]


def test_an_equal_sentence_in_an_article_that_was_put_in_is_reuse() -> None:
    sentence = "渡口管理站应当会同沿江各村查看堤岸，松动的地方当月补好，补好后立木牌写明日期。"
    draft = law([LAMP, ROPE, BOAT, FLOOD, TOLL, GRAIN, LEDGER, NEW + rare_text(31, 60) + "，" + sentence])
    report = checked(draft, {"旧.txt": law(LAW)})
    assert sentence in [one.text for one in reused(report)]


def test_a_passage_in_a_draft_of_its_own_is_compared_by_itself() -> None:
    """Half of the changed article stands in a document that the draft does not follow: that is no reuse."""
    own = "\n".join(f"{rare_text(500 + number, 120)}。" for number in range(12))
    draft = f"江边的事\n{own}\n{REWORKED_ROPE.format('九')}\n"
    assert reused(checked(draft, {"旧.txt": law(LAW)})) == []


def test_changed_paragraphs_without_numbers_are_told_together() -> None:
    paragraphs = [one[4:] for one in LAW] + [f"{rare_text(40 + number, 80)}。" for number in range(8)]
    changed = [one.replace("渡口", "码头").replace("，", "，也，", 1) for one in paragraphs[:4]]
    report = checked(
        "\n".join(["题目", *changed, *paragraphs[4:]]) + "\n",
        {"旧.txt": "\n".join(["题目", *paragraphs]) + "\n"},
    )
    assert len(reused(report)) == 2


@settings(max_examples=few_examples())
@given(
    st.permutations(range(16)),
    st.lists(st.sampled_from(["keep", "drop", "change", "put in"]), min_size=16, max_size=16),
)
def test_passages_of_any_version_lie_in_both_texts_and_apart(order: list[int], edits: list[str]) -> None:
    """Equal runs are equal on both sides, whatever was moved, dropped, changed and put in."""
    paragraphs = [f"第{number}条 {rare_text(number, 90)}。" for number in range(16)]
    edited: dict[str, Callable[[str], list[str]]] = {
        "keep": lambda text: [text],
        "drop": lambda text: [],
        "change": lambda text: [text[:30] + "另" * 20 + text[60:]],
        "put in": lambda text: [text, "第二十条 " + text[::-1]],
    }
    draft = "\n".join(
        line for place, edit in zip(order, edits, strict=True) for line in edited[edit](paragraphs[place])
    )
    source = "\n".join(paragraphs)
    report = checked(draft, {"旧.txt": source})
    found = reused(report)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for one in found:
        assert report.text[one.start : one.end] == one.text
        assert source[one.source_start : one.source_end] == one.source_text
        assert all(one.start <= span.start < span.end <= one.end for span in one.copied)
    kept = sum(
        len(paragraphs[place]) for place, edit in zip(order, edits, strict=True) if edit in ("keep", "put in")
    )
    assert report.figures.copied_characters >= 0.8 * kept - 100
