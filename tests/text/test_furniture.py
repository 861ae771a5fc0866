"""Titles are found among what sites and offices print around a text, and none of that is matched."""

from __future__ import annotations

import pytest

from dedup.text.structure import parse
from tests.text.layouts import BODY, LAYOUTS, Layout


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_the_title_is_found_and_the_text_alone_takes_part(layout: Layout) -> None:
    document = parse("a.txt", layout.text)
    spans = zip(document.paragraphs.starts, document.paragraphs.ends, strict=True)
    lines = [layout.text[start:end] for start, end in spans]
    matched = [line for line, taken in zip(lines, document.paragraphs.taking_part, strict=True) if taken]
    expected = [line for line in lines if line in (*BODY, *layout.kept)]
    assert (document.title, matched) == (layout.title, expected)


LONG = "渡船停航以后，三个自然村的人要绕行十四里才能赶集，乡里便同船工商量，把两条旧船改成收费一元的便民船"


def left_out(text: str) -> list[str]:
    """The lines of a text that take no part."""
    document = parse("a.txt", text)
    columns = document.paragraphs
    rows = zip(columns.starts, columns.ends, columns.taking_part, strict=True)
    return [text[start:end] for start, end, taken in rows if not taken]


def test_heads_and_feet_beside_page_numbers_are_running_lines() -> None:
    pages = "\n".join(
        f"{text[:20]}\n河口乡水利简报\n- {page} -\n内部通讯　第9期\n{text[20:]}"
        for page, text in ((4, LONG), (5, BODY[1]))
    )
    assert left_out(f"河口乡水利工作总结\n{BODY[0]}\n{pages}") == [
        "河口乡水利工作总结",
        *("河口乡水利简报", "- 4 -", "内部通讯　第9期", "河口乡水利简报", "- 5 -", "内部通讯　第9期"),
    ]


def test_a_page_number_in_the_running_line_itself_tells_it() -> None:
    pages = "\n".join(f"{LONG}。\n河口乡水利简报　第{page}页\n{BODY[1]}" for page in (1, 2, 3))
    assert left_out(pages) == [f"河口乡水利简报　第{page}页" for page in (1, 2, 3)]


def test_a_line_that_cuts_sentences_again_and_again_is_a_running_line() -> None:
    cuts = "\n".join(f"{LONG[:20]}\n河口乡水利简报\n{LONG[20:]}。" for _ in range(4))
    assert left_out(f"{BODY[0]}\n{cuts}\n{BODY[1]}\n{BODY[2]}") == ["河口乡水利简报"] * 4


def test_watermarks_are_left_out_wherever_they_stand() -> None:
    lines = f"\n{BODY[0]}\n内部资料　严禁外传\n{BODY[1]}"
    assert left_out(f"河口乡水利工作总结{lines * 3}") == ["河口乡水利工作总结", *["内部资料　严禁外传"] * 3]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{BODY[0]}\n牵头单位：水利站\n{BODY[1]}" for _ in range(4)),
        "\n".join(f"（{number}）存在的问题\n{BODY[0]}\n{BODY[1]}" for number in "一二三四"),
        "\n".join(
            f"{village}\n合格\n{count}\n否" for village, count in zip("甲乙丙丁", (1, 2, 3, 4), strict=True)
        ),
        "\n".join(f"渡口一天一本账\n{BODY[number % 3]}" for number in range(5)),
    ],
    ids=["labels", "headings", "cells of a table", "a refrain"],
)
def test_lines_that_come_again_in_a_text_are_no_running_lines(text: str) -> None:
    again = [line for line in left_out(f"{BODY[2]}\n{text}") if not line.isdigit()]
    assert again == []
