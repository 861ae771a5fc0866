from __future__ import annotations

import pytest

from dedup.document import Place
from dedup.errors import UnsupportedInput
from tests.readers.here import read_content
from tests.readers.made import pdf, pdf_line, pdf_of

TEXT = (
    "鹿溪县2024年水利工作总结\n"
    + "今年以来，鹿溪县完成河道清淤三十二公里，新修渠道十一条，受益群众四万余人，各项指标均好于上年。" * 3
    + "\n下一步，将继续加固病险水库，推进农村供水一体化，让群众喝上放心水。\n"
)


def test_lines_become_paragraphs_across_lines_and_pages() -> None:
    reading = read_content(pdf_of(TEXT * 12, lines_a_page=17), "a.pdf")
    assert reading.text == TEXT * 12
    assert reading.properties.pages == len(reading.places) > 3


def test_running_heads_and_page_numbers_are_left_out() -> None:
    reading = read_content(pdf_of(TEXT * 12, head="鹿溪县水利局内部资料"), "a.pdf")
    assert reading.text == TEXT * 12


def test_places_say_where_each_page_begins() -> None:
    pages = [pdf_line(f"第{n}个乡镇的管网改造已经完工。", 80, 700) for n in "一二三"]
    reading = read_content(pdf(pages), "a.pdf")
    assert reading.places == (Place(0, "page", "1"), Place(15, "page", "2"), Place(30, "page", "3"))
    assert [reading.text[place.start :][:3] for place in reading.places] == ["第一个", "第二个", "第三个"]


def test_two_columns_are_read_one_after_the_other_however_they_were_drawn() -> None:
    left = [f"左栏第{n}行写的是水利工程的进展情况" for n in "一二三四五六七八"]
    right = [f"右栏第{n}行写的是农村公路的养护情况" for n in "一二三四五六七八"]
    content = ""
    for at, (one, other) in enumerate(
        zip(left, right, strict=True)
    ):  # drawn line by line, the right one first
        content += pdf_line(other, 320, 700 - 20 * at, 11) + pdf_line(one, 60, 700 - 20 * at, 11)
    text = "".join(read_content(pdf([content]), "a.pdf").text.split())
    assert text.index(left[-1]) < text.index(right[0])
    assert "".join(left) in text


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_that_is_turned_reads_as_before(rotate: int) -> None:
    content = "".join(
        pdf_line(line, 80, 700 - 19 * at) for at, line in enumerate(["上一行写满了这一整行字", "下一行"])
    )
    assert (
        read_content(pdf([content], rotate=rotate), "a.pdf").text
        == read_content(pdf([content]), "a.pdf").text
    )


def test_radicals_and_private_bullets_of_fonts_become_text() -> None:
    reading = read_content(pdf([pdf_line("\uf06c⼀是抓⼯程", 80, 700)]), "a.pdf")
    assert reading.text == "一是抓工程\n"


def test_white_text_is_kept_apart_unless_it_stands_on_a_ground() -> None:
    white = pdf_line("白字看不见", 80, 600, before="1 1 1 rg")
    black = pdf_line("黑字看得见", 80, 700, before="0 0 0 rg")
    hidden = read_content(pdf([black + white]), "a.pdf")
    assert hidden.text == "黑字看得见\n"
    assert [(one.text, one.kind) for one in hidden.hidden] == [("白字看不见", "white")]
    ground = "0 0 1 rg 60 590 200 30 re f\n"
    assert "白字看不见" in read_content(pdf([ground + black + white]), "a.pdf").text


def test_text_outside_the_page_is_kept_apart() -> None:
    reading = read_content(pdf([pdf_line("页内的字", 80, 700) + pdf_line("页外的字", 80, -300)]), "a.pdf")
    assert reading.text == "页内的字\n"
    assert [one.kind for one in reading.hidden] == ["off-page"]


def test_pages_that_are_only_drawn_are_said_to_have_no_text() -> None:
    drawn = "0 0 0 rg 100 100 300 300 re f\n"
    reading = read_content(pdf([drawn, drawn]), "a.pdf")
    assert reading.text.strip() == ""
    assert [(one.code, one.count) for one in reading.remarks] == [("no-text", 2)]


def test_a_cipher_font_is_recognised() -> None:
    garbled = "犐犆犛犵犪狉犱犲狀" * 8
    reading = read_content(pdf([pdf_line(garbled[:30], 80, 700 - 20 * n) for n in range(1)] * 3), "a.pdf")
    assert reading.text == ""
    assert [one.code for one in reading.remarks] == ["cipher-font"]


def test_junk_before_the_head_and_a_missing_table_are_no_obstacle() -> None:
    content = [pdf_line("照样读得出来的一行字", 80, 700)]
    assert "照样读得出来" in read_content(pdf(content, junk=b"x" * 1500), "a.pdf").text
    assert "照样读得出来" in read_content(pdf(content, with_xref=False), "a.pdf").text


def test_pages_beyond_the_limit_are_remarked_upon() -> None:
    from dedup.settings import ReadingLimits

    pages = [pdf_line(f"第{n}页的内容各不相同{n * 7}", 80, 700) for n in range(5)]
    reading = read_content(pdf(pages), "a.pdf", ReadingLimits(pages=2))
    assert "第1页" in reading.text
    assert "第2页" not in reading.text
    assert [(one.code, one.detail) for one in reading.remarks] == [("limit", "2 / 5")]


def test_what_is_no_pdf_inside_is_refused() -> None:
    with pytest.raises(UnsupportedInput, match="damaged"):
        read_content(b"%PDF-1.7\nnothing at all", "a.pdf")
