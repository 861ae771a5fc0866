from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.document import Document, ParagraphKind
from dedup.text.structure import parse
from tests.strategies import any_text, documents

BODY = "今年以来，我镇紧盯目标任务，扎实做好各项工作，取得了较好成效，现将有关情况报告如下，请予审议。"
NOTICE = "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！"
STRUCTURAL = [
    "目录", "工作总结（甲）\t1", "工作总结（乙）……2", "工作总结（甲）", "工作总结（乙）", "工作总结",
    "（丙）", "目 次",
    "第一章 总则", "第一章　总则……1", NOTICE, "仅供参考", "一、主要做法", "- 1 -", "X政发〔2021〕5号", "",
    "\u200b",
    "——在会上的讲话", BODY, BODY * 3,
]  # fmt: skip


def kinds(document: Document) -> list[str]:
    return [ParagraphKind(kind).name for kind in document.paragraphs.kinds]


def paragraph_texts(document: Document) -> list[str]:
    spans = zip(document.paragraphs.starts, document.paragraphs.ends, strict=True)
    return [document.text[start:end] for start, end in spans]


def titles(document: Document) -> list[str]:
    return [part.title for part in document.parts]


# -- paragraphs -------------------------------------------------------------------------------------


@given(documents | any_text)
def test_paragraphs_are_the_lines_with_ink_in_order(text: str) -> None:
    document = parse("a.txt", text)
    starts, ends = document.paragraphs.starts, document.paragraphs.ends
    assert (starts < ends).all()
    assert (ends[:-1] < starts[1:]).all()
    for paragraph in paragraph_texts(document):
        assert "\n" not in paragraph
        assert paragraph == paragraph.strip()
    outside = np.ones(len(text), bool)
    for start, end in zip(starts, ends, strict=True):
        outside[start:end] = False
    assert not any(
        text[place].isalnum() and text[place].isprintable() for place in np.flatnonzero(outside)[:200]
    )


structured = st.lists(st.sampled_from(STRUCTURAL), max_size=25).map("\n".join)


@given(documents | any_text | structured)
def test_parts_hold_the_paragraphs_in_order_without_overlap(text: str) -> None:
    document = parse("a.txt", text)
    assert document.parts
    for before, after in zip(document.parts, document.parts[1:], strict=False):
        assert before.last_paragraph == after.first_paragraph
        assert before.span.end <= after.span.start
    assert document.parts[-1].last_paragraph == len(document.paragraphs)
    outside = document.paragraphs.kinds[: document.parts[0].first_paragraph]
    assert (outside == ParagraphKind.CONTENTS).all()


def test_lines_of_blanks_and_invisible_characters_are_no_paragraphs() -> None:
    assert len(parse("a.txt", " \n\u3000\t\n\u200b\n\ufeff\n").paragraphs) == 0


def test_an_empty_text_is_one_empty_part() -> None:
    document = parse("a.txt", "")
    assert (document.title, len(document.parts), len(document.paragraphs)) == ("", 1, 0)


def test_page_numbers_and_rules_are_furniture() -> None:
    document = parse("a.txt", f"{BODY}\n— 3 —\n第 4 页 共 9 页\n5/12\nPage 6 of 12\n----------\n{BODY}")
    assert kinds(document) == ["BODY", *["FURNITURE"] * 5, "BODY"]


@pytest.mark.parametrize(
    "line", ["一、总体要求", "（二）主要做法", "3.存在问题", "第一章　总则", "主要做法", "## 下一步打算"]
)
def test_headings_are_told_from_text(line: str) -> None:
    assert kinds(parse("a.txt", f"{BODY}\n{line}\n{BODY}")) == ["BODY", "HEADING", "BODY"]


@pytest.mark.parametrize(
    "line",
    [
        f"一、抓好落实。{BODY}",
        "（一）申请书；",
        "第五条 本办法自公布之日起施行",
        "重点抓好以下三个方面：",
        "一是强化领导，二是压实责任",
    ],
)
def test_run_in_headings_articles_and_list_items_are_body(line: str) -> None:
    assert kinds(parse("a.txt", f"{BODY}\n{line}\n{BODY}")) == ["BODY", "BODY", "BODY"]


# -- titles -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("XX镇2021年工作总结\n", "XX镇2021年工作总结"),
        (f"{NOTICE}\n　　　XX镇2021年工作总结\n\n", "XX镇2021年工作总结"),
        ("XX镇关于开展\n人居环境整治工作的报告\n", "XX镇关于开展人居环境整治工作的报告"),
        ("X政发〔2021〕5号\nXX县人民政府关于印发实施方案的通知\n", "XX县人民政府关于印发实施方案的通知"),
        ("政府工作报告\n——在县第十届人民代表大会上\nXX县人民政府县长　王某某\n各位代表：\n", "政府工作报告"),
        ("在全县工作会议上的讲话\n（2021年3月5日）\n同志们：\n", "在全县工作会议上的讲话"),
        ("# 工作总结\n", "工作总结"),
    ],
)
def test_the_title_is_found_under_notices_and_numbers(head: str, title: str) -> None:
    document = parse("a.txt", f"{head}{BODY}\n{BODY}")
    assert document.title == title
    assert [k for k in kinds(document) if k == "BODY"] == ["BODY"] * (2 + head.count("："))


@pytest.mark.parametrize(
    "head", ["各位代表：\n", "一、总体情况\n", "", "（一）强化领导\n", "第一条 为了规范管理，制定本办法。\n"]
)
def test_text_without_a_title_loses_no_line_to_one(head: str) -> None:
    document = parse("a.txt", f"{head}{BODY}\n{BODY}")
    assert document.title == ""
    assert document.paragraphs.taking_part.all()


def test_a_single_line_is_text_whatever_it_looks_like() -> None:
    document = parse("a.txt", "加强组织领导")
    assert document.paragraphs.taking_part.all()


def test_short_lines_inside_a_document_are_never_titles() -> None:
    document = parse("a.txt", f"XX镇工作总结\n{BODY}\nXX镇工作总结\n{BODY}\nXX村情况报告\n{BODY}")
    assert kinds(document)[1:].count("TITLE") == 0


# -- contents lists and collections -----------------------------------------------------------------

COLLECTION = f"""目录
工作总结（河长制）\t1
工作总结（档案管理）\t4
工作总结（信访工作）……………7

工作总结（河长制）

{BODY}
一、主要做法
{BODY}
工作 总结(信访工作)
{BODY}
"""


def test_each_listed_document_of_a_collection_is_a_part() -> None:
    document = parse("a.txt", COLLECTION)
    assert titles(document) == ["工作总结（河长制）", "工作 总结(信访工作)"]
    assert document.missing_parts == ("工作总结（档案管理）",)
    assert kinds(document) == ["CONTENTS"] * 4 + ["TITLE", "BODY", "HEADING", "BODY", "TITLE", "BODY"]
    first, second = document.parts
    assert document.text[first.span.start :].startswith("工作总结（河长制）")
    assert document.text[first.span.start : first.span.end].endswith(BODY)
    assert document.text[second.span.start : second.span.end].endswith(BODY)


def test_the_notice_of_a_collection_holds_for_each_document_without_its_own() -> None:
    own = "本文系作者原创投稿，仅供学习参考，请勿照搬照抄！"
    text = f"【本汇编系网络整理，仅供参考】\n{COLLECTION}".replace("\n工作 总结", f"\n{own}\n工作 总结")
    notices = [part.notice for part in parse("a.txt", text).parts]
    assert [notice.no_copying for notice in notices if notice] == [False, True]


def test_a_title_with_a_slip_is_still_found() -> None:
    document = parse("a.txt", COLLECTION.replace("工作 总结(信访工作)", "工作总结（信访的工作）"))
    assert titles(document) == ["工作总结（河长制）", "工作总结（信访的工作）"]


def test_a_listed_title_may_be_wrapped_in_the_body() -> None:
    document = parse("a.txt", COLLECTION.replace("工作 总结(信访工作)", "工作总结\n（信访工作）"))
    assert titles(document) == ["工作总结（河长制）", "工作总结（信访工作）"]
    assert kinds(document)[-3:] == ["TITLE", "TITLE", "BODY"]


def test_numbers_in_the_list_alone_do_not_hide_a_title() -> None:
    listed = COLLECTION.replace("工作总结（河长制）\t1", "1.工作总结（河长制）\t1").replace(
        "工作总结（信访工作）…", "3.工作总结（信访工作）…"
    )
    assert titles(parse("a.txt", listed)) == ["工作总结（河长制）", "工作 总结(信访工作)"]


def test_a_list_without_pages_is_known_by_its_titles_coming_again() -> None:
    listed = COLLECTION.replace("\t1\n", "\n").replace("\t4", "").replace("……………7", "")
    document = parse("a.txt", listed.replace("工作总结（档案管理）\n", ""))
    assert titles(document) == ["工作总结（河长制）", "工作 总结(信访工作)"]
    assert kinds(document)[:4] == ["CONTENTS"] * 3 + ["TITLE"]


def test_a_list_of_chapters_makes_no_parts() -> None:
    text = f"XX县管理办法\n目　录\n第一章　总则\n第二章　附则\n第一章 总则\n{BODY}\n第二章 附则\n{BODY}"
    document = parse("a.txt", text)
    assert titles(document) == ["XX县管理办法"]
    assert document.missing_parts == ()
    assert kinds(document) == [
        "TITLE",
        "CONTENTS",
        "CONTENTS",
        "CONTENTS",
        "HEADING",
        "BODY",
        "HEADING",
        "BODY",
    ]


def test_a_table_with_figures_is_no_contents_list() -> None:
    document = parse("a.txt", f"XX县工作总结\n{BODY * 4}\n甲镇\t12\n乙镇\t15\n丙镇\t19\n{BODY}")
    assert "CONTENTS" not in kinds(document)


ROWS = "甲镇\t12\n乙镇\t15\n丙镇\t19\n"


@pytest.mark.parametrize(("below", "listed"), [("", False), ("填表人：某某", False), (BODY * 4, True)])
def test_rows_that_end_in_figures_list_contents_only_if_more_text_follows(below: str, listed: bool) -> None:
    document = parse("a.txt", f"渡口船只数\n{ROWS}{below}")
    assert ("CONTENTS" in kinds(document)) is listed
    assert kinds(document)[1:4] == ["CONTENTS" if listed else "HEADING"] * 3


def test_notices_at_the_head_of_each_document_part_a_file_without_contents_list() -> None:
    text = "\n".join([NOTICE, "甲镇工作总结", BODY, NOTICE, "乙镇工作总结", BODY])
    document = parse("a.txt", text)
    assert titles(document) == ["甲镇工作总结", "乙镇工作总结"]
    assert all(part.notice for part in document.parts)


def test_notices_at_the_foot_of_each_document_part_it_too() -> None:
    text = "\n".join(["甲镇工作总结", BODY, NOTICE, "乙镇工作总结", BODY, NOTICE])
    document = parse("a.txt", text)
    assert titles(document) == ["甲镇工作总结", "乙镇工作总结"]
    assert [part.notice.span.end == part.span.end for part in document.parts if part.notice] == [True, True]


def test_front_matter_may_hold_a_number_of_any_length() -> None:
    document = parse(
        "a.md", "---\nid: " + "9" * 5_000 + "\n---\n霁山县水利工作总结\n" + "今年以来，清淤三十二公里。\n" * 3
    )
    assert document.parts[0].title == "霁山县水利工作总结"
