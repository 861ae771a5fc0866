"""Whose a document is: by its path, by its head, by its signature; and slips in what was given are told."""

from __future__ import annotations

import pytest

from dedup.align.own import own_reason, unmatched
from dedup.messages import Words, text
from dedup.settings import Settings
from tests.corpora import checked, indexed

TEXT = (
    "山上的防火道年年要砍，砍下来的灌木背不下山，就地堆着，反倒成了引火的柴。"
    "今年改在道边挖坑沤肥，来年春天上到经济林里，防火道宽了，肥钱也省了。"
)
CORPUS = {
    "旧稿/甲.txt": f"防火道整治情况汇报\n{TEXT}\n{TEXT}\n澄源县林业站\n2023年11月8日\n",
    "乙.txt": f"河口乡水利站2023年工作总结\n{TEXT}\n",
    "丙.txt": f"关于防火道整治的通知\n各村：\n{TEXT}\n特此通知。\n\n"
    "石桥镇人民政府　　2023年12月1日\n（此件公开发布）\n抄送：县林业局，县应急局。\n",
    "戊.txt": f"防火道参观记\n学习河口乡水利站的做法。\n{TEXT}\n",
    "己.txt": f"河口防火道小结\n今年以来，河口乡林业站坚持早动手。\n{TEXT}\n",
    "丁.txt": f"防火道整治随记\n{TEXT * 5}\n来看的人里有澄源县气象局的。\n{TEXT}\n",
}


def own(**settings: object) -> set[str]:
    """The documents that are the author's own under some settings."""
    with indexed(CORPUS) as index:
        given = Settings(**settings)  # type: ignore[arg-type]
        return {part.path for part in index.documents() if own_reason(part, index, given)}


def told(**settings: object) -> list[str]:
    """What is said of settings that match nothing."""
    with indexed(CORPUS) as index:
        return [text(words, "zh") for words in unmatched(index, Settings(**settings))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("河口乡水利站", {"乙.txt"}),
        ("澄源县林业站", {"旧稿/甲.txt"}),
        ("石桥镇人民政府", {"丙.txt"}),
        ("石桥镇 人民政府", {"丙.txt"}),
        ("县林业局", set()),
        ("河口乡林业站", {"己.txt"}),
        ("澄源县气象局", set()),
    ],
)
def test_the_author_is_named_at_the_head_or_signs_at_the_end(author: str, expected: set[str]) -> None:
    assert own(author=author) == expected


def test_own_by_path_folder_or_pattern() -> None:
    assert own(own=("旧稿",)) == own(own=("旧稿/*.txt",)) == {"旧稿/甲.txt"}


def test_settings_that_match_are_not_spoken_of() -> None:
    assert told(own=("旧稿", "乙.txt"), author="澄源县林业站") == []


@pytest.mark.parametrize(
    ("settings", "near"),
    [
        ({"own": ("旧搞/甲.txt",)}, "旧稿/甲.txt"),
        ({"own": ("旧高",)}, "旧稿"),
        ({"author": "澄源县林业战"}, "澄源县林业站"),
        ({"author": "河口乡水力站"}, "河口乡水利站"),
    ],
)
def test_a_slip_is_told_with_what_is_near(settings: dict[str, object], near: str) -> None:
    (line,) = told(**settings)
    assert line.endswith(f"相近的有 {near}")


def test_what_is_like_nothing_is_told_alone() -> None:
    assert told(own=("zzzz",)) == [text(Words("own.no_path", pattern="zzzz"), "zh")]
    assert told(author="某某某某某某") == [text(Words("own.no_author", author="某某某某某某"), "zh")]


NAME = "河口乡水利站"
PROSE = "山上的防火道年年要砍，砍下来的灌木背不下山。"


def is_own(text: str, author: str = NAME) -> bool:
    with indexed({"a.txt": text}) as index:
        (part,) = index.documents()
        return own_reason(part, index, Settings(author=author)) is not None


@pytest.mark.parametrize(("beyond", "expected"), [(0, True), (1, False)])
def test_the_head_is_200_characters_and_the_foot_800(beyond: int, expected: bool) -> None:
    title = "防火道整治随记\n"
    before = title + "山" * (200 - len(title) - len(NAME) - 1 + beyond) + "\n"
    assert is_own(f"{before}{NAME}\n{PROSE * 60}\n") is expected
    signed = f"{NAME}\n2023年11月8日\n抄送：县应急局\n"
    signed += "山" * (800 - len(signed) + beyond)
    assert is_own(f"{title}{PROSE * 20}\n{signed}") is expected


@pytest.mark.parametrize(("letters", "expected"), [(50, True), (51, False)])
def test_a_signature_is_no_longer_than_50_characters(letters: int, expected: bool) -> None:
    line = "山" * (letters - len(NAME)) + NAME
    assert is_own(f"防火道整治随记\n{PROSE * 20}\n{line}\n2023年11月8日\n") is expected


@pytest.mark.parametrize(("between", "expected"), [(0, True), (1, True), (2, False)])
def test_a_signature_has_its_date_on_one_of_the_next_two_lines(between: int, expected: bool) -> None:
    lines = "\n".join([NAME, *["（印章）"] * between, "2023年11月8日"])
    assert is_own(f"防火道整治随记\n{PROSE * 20}\n{lines}\n") is expected


def test_a_sentence_before_a_date_is_no_signature() -> None:
    assert not is_own(f"防火道整治随记\n{PROSE * 20}\n来看的人里有{NAME}。\n2023年11月8日\n")


@pytest.mark.parametrize(("clauses", "expected"), [(2, True), (3, False)])
def test_a_writer_is_the_subject_of_one_of_the_first_three_clauses(clauses: int, expected: bool) -> None:
    head = "今年以来，入冬之前，霜降以后，"[: 5 * clauses]
    assert is_own(f"防火道整治随记\n{head}{NAME}把道边的坑挖好了。\n{PROSE * 20}\n") is expected


@pytest.mark.parametrize(("wrong", "told_of"), [((3, 5, 7), True), ((2, 4, 6, 8), False)])
def test_a_name_is_near_from_seven_characters_in_ten(wrong: tuple[int, ...], told_of: bool) -> None:
    name = "松陵县河口乡水利管理"
    given = "".join("某" if place in wrong else letter for place, letter in enumerate(name))
    with indexed({"a.txt": f"防火道小结\n{PROSE * 20}\n材料请交{name}收存备查\n2023年11月8日\n"}) as index:
        (words,) = unmatched(index, Settings(author=given))
        assert text(words, "zh").endswith(f"相近的有 {name}") is told_of


PONDS = "新修的三十七处蓄水池由村民小组轮流看护，管护员每旬冲洗一次，漏水的当天报修。"
CHECKED = f"澄源县林业站防火道整治情况\n{TEXT}\n{PONDS}\n"
OTHERS = {"别县.txt": f"青石县林业站工作汇报\n{TEXT}\n{PONDS}\n"}
"""A document that holds more of the draft than the author's own one."""


def by_status(draft: str, corpus: dict[str, str]) -> dict[str, set[str]]:
    """The sources of a draft's passages by their status; the folder of one's own papers is 旧稿."""
    passages = checked(draft, corpus, own=("旧稿",)).passages
    return {
        status: {one.source for one in passages if one.status == status}
        for status in {one.status for one in passages}
    }


def test_ones_own_words_are_ones_own_though_another_document_holds_more() -> None:
    corpus = {**OTHERS, "旧稿/甲.txt": f"防火道整治\n{TEXT}\n"}
    assert by_status(CHECKED, corpus) == {"own": {"旧稿/甲.txt"}, "reuse": {"别县.txt"}}
    report = checked(CHECKED, corpus, own=("旧稿",))
    assert report.figures.copied_characters == sum(map(str.isalnum, PONDS))


def test_what_is_only_like_ones_own_paper_is_not_ones_own() -> None:
    changed = (
        TEXT.replace("年年要砍", "每年秋后都得砍一遍")
        .replace("就地堆着", "全堆在道上")
        .replace("肥钱", "化肥")
    )
    changed = changed.replace("来年春天上到经济林里", "明春运进果园")
    corpus = {**OTHERS, "旧稿/甲.txt": f"防火道整治\n{changed}\n"}
    assert by_status(CHECKED, corpus) == {"reuse": {"别县.txt"}}


PLACES = ["东沟", "西坪", "南岭", "北坡", "上寨", "前洼", "后山", "石门", "柳湾", "河口", "黄土梁", "青龙嘴"]
WORKS = ["灌木背下了山", "石头码成了墙", "路边种了油茶", "水窖修到半坡", "护林员换了新锯", "界桩重刷了漆"]
WORKS += ["旧棚子拆了", "岔路立了牌", "羊群改了道", "松针扫进坑里", "坡脚铺了沙", "老井清了淤"]


def test_a_draft_that_follows_another_document_keeps_ones_own_paragraphs() -> None:
    lines = [
        f"{place}的防火道今年砍了{number}里，{work}，挖坑{number + 3}个，来看的人{number * 7}个，都说宽敞。"
        f"{work}以后，{place}的人进山先走新道，护林员{number}天巡一趟，带{number + 20}斤工具，当晚记账。"
        f"{place}{number + 2}户人家分到了肥，每户{number + 5}筐，剩下的堆在{work}的那段路旁，谁先来谁先拉走。"
        for number, (place, work) in enumerate(zip(PLACES, WORKS, strict=True), start=11)
    ]
    own = "\n".join(lines[4:6])
    draft = "澄源县林业站防火道整治情况\n" + "\n".join(lines) + "\n"
    theirs = (
        "青石县林业站工作汇报\n" + "\n".join(line.replace("都说宽敞", "都夸好走") for line in lines) + "\n"
    )
    corpus = {"别县.txt": theirs, "旧稿/甲.txt": f"旧报\n{own}\n"}
    report = checked(draft, corpus, own=("旧稿",))
    mine = [one for one in report.passages if one.status == "own"]
    assert "".join(one.text for one in mine).replace("\n", "") == own.replace("\n", "")
    copied = "".join(one.text for one in report.passages if one.status == "reuse")
    assert [line[:30] in copied for line in lines] == [line not in own for line in lines]
