from __future__ import annotations

import pytest

from dedup.text.notice import LONGEST, legible, read_notice
from dedup.text.structure import parse

BODY = "今年以来，我镇紧盯目标任务，扎实做好各项工作，取得了较好成效。"


@pytest.mark.parametrize(
    ("line", "no_copying", "origin"),
    [
        ("本文系邮箱投稿，仅供学习参考，请勿照搬照抄！", True, "投稿"),
        ("本文系作者原创投稿，仅供学习参考，请勿照搬照抄！", True, "原创投稿"),
        ("【本文系网友投稿，仅供参考，请勿抄袭】", True, "投稿"),
        ("*** 本稿由XX镇办公室李某同志投稿，谢绝转载 ***", True, "投稿"),
        ("（本文由会员原创，未经授权，不得转载）", True, "原创"),
        ("版权所有 请勿转载", True, ""),
        ("版权所有，侵权必究", True, ""),
        ("温馨提示：范文仅供借鉴，严禁照抄照搬", True, ""),
        ("网络整理，仅供参考", False, "网络整理"),
        ("来源：网络整理", False, "网络整理"),
        ("说明：本资料来源于互联网，版权归原作者所有，如有侵权请联系删除。", False, "互联网"),
        ("作者原创", False, "原创"),
        ("仅供学习参考", False, ""),
        ("转载请注明出处", False, ""),
        ("本文由作者原创，不禁止转载", False, "原创"),
        ("本 文 系 邮 箱 投 稿，请 勿 照 搬 照 抄！", True, "投稿"),
        ("本文為作者原創，請勿轉載", True, "原创"),
    ],
)
def test_a_notice_is_known_in_its_variants(line: str, no_copying: bool, origin: str) -> None:
    terms = read_notice(legible(line), at_the_edge=True)
    assert terms is not None
    assert (terms.no_copying, terms.origin) == (no_copying, origin)


@pytest.mark.parametrize(
    "line",
    [
        "要结合本地实际抓好落实，不得照搬照抄上级文件。",
        "第五条 未经著作权人许可，不得复制、发行其作品。",
        "（三）禁止抄袭",
        "全年向省级媒体投稿三十五篇。",
        "整理档案资料五百余份。",
        "严禁抄袭他人论文，一经查实，取消评优资格并通报批评。",
    ],
)
@pytest.mark.parametrize("at_the_edge", [True, False])
def test_a_sentence_about_copying_is_no_notice(line: str, at_the_edge: bool) -> None:
    assert read_notice(legible(line), at_the_edge=at_the_edge) is None


@pytest.mark.parametrize(
    "line",
    [
        "山桃文库提供，请勿转载",  # six characters of eleven are words of notices
        "请勿转载本文，违者将被逐出山桃读书会",
    ],
)
def test_a_line_that_says_much_else_is_no_notice_anywhere(line: str) -> None:
    assert read_notice(legible(line), at_the_edge=True) is None
    assert read_notice(legible(line), at_the_edge=False) is None


def test_at_the_edge_of_a_document_a_notice_may_say_a_little_else() -> None:
    line = legible("本文系山桃文库会员原创投稿，仅供学习参考，请勿照搬照抄")
    assert read_notice(line, at_the_edge=True) is not None
    assert read_notice(line, at_the_edge=False) is not None
    seven_tenths = legible("山桃文库李某：本文仅供学习参考，请勿转载，谢谢")
    assert read_notice(seven_tenths, at_the_edge=True) is not None
    mixed = legible("山桃文库：本文仅供学习参考，请勿转载")
    assert read_notice(mixed, at_the_edge=True) is not None
    assert read_notice(mixed, at_the_edge=False) is None


def test_a_notice_is_a_short_line() -> None:
    longest = ("仅供学习参考，请勿转载。" * 10)[:LONGEST]
    assert len(longest) == LONGEST
    assert read_notice(longest, at_the_edge=False) is not None
    assert read_notice(longest + "！", at_the_edge=False) is None


def test_the_notice_is_kept_as_written_with_its_place() -> None:
    text = f"\ufeff \n  【本 文 系 网 友 投 稿，请 勿 抄 袭】\nXX镇工作总结\n{BODY}\n"
    notice = parse("a.txt", text).parts[0].notice
    assert notice is not None
    assert notice.text == "【本 文 系 网 友 投 稿，请 勿 抄 袭】"
    assert text[notice.span.start : notice.span.end] == notice.text
    assert notice.no_copying


def test_a_notice_on_the_last_line_counts_as_well() -> None:
    document = parse("a.txt", f"XX镇工作总结\n{BODY}\n（来源：网络整理，请勿转载）")
    notice = document.parts[0].notice
    assert notice is not None
    assert notice.no_copying


def test_of_two_notices_the_one_that_forbids_copying_counts() -> None:
    document = parse("a.txt", f"仅供学习参考\nXX镇工作总结\n{BODY}\n本文系邮箱投稿，请勿照搬照抄！")
    notice = document.parts[0].notice
    assert notice is not None
    assert notice.text.startswith("本文系")
