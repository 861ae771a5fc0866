from __future__ import annotations

import pytest

from tests.readers.here import read_content
from tests.readers.made import odt

STYLES = (
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-suffix="、" '
    'style:num-format="一, 二, 三, ..."/><text:list-level-style-number text:level="2" style:num-prefix="（" '
    'style:num-suffix="）" style:num-format="1"/></text:list-style>'
    '<style:style style:name="V" style:family="text"><style:text-properties text:display="none"/>'
    '</style:style><style:style style:name="X" style:family="text">'
    '<style:text-properties fo:color="#ffffff"/></style:style>'
)


def _lines(body: str) -> list[str]:
    return [line for line in read_content(odt(body, STYLES), "a.odt").text.splitlines() if line]


def _item(text: str, inner: str = "") -> str:
    return f"<text:list-item><text:p>{text}</text:p>{inner}</text:list-item>"


def test_automatic_numbers_are_printed() -> None:
    inner = f"<text:list>{_item('丙')}{_item('丁')}</text:list>"
    body = f'<text:list text:style-name="L">{_item("甲", inner)}{_item("乙")}</text:list>'
    assert _lines(body) == ["一、甲", "（1）丙", "（2）丁", "二、乙"]


def test_deleted_text_comments_and_contents_lists_are_left_out() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>删去的</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:table-of-content><text:index-body><text:p>目录条目1</text:p></text:index-body>"
        "</text:table-of-content><text:p>正文<office:annotation><text:p>批注</text:p></office:annotation>完</text:p>"
    )
    assert _lines(body) == ["正文完"]
    assert [(one.code, one.count) for one in read_content(odt(body), "a.odt").remarks] == [("revisions", 1)]


def test_hidden_text_is_kept_apart() -> None:
    body = (
        '<text:p>看得见<text:span text:style-name="V">藏起来</text:span>'
        '<text:span text:style-name="X">白色的</text:span></text:p>'
    )
    reading = read_content(odt(body, STYLES), "a.odt")
    assert reading.text == "看得见\n"
    assert [(one.start, one.text, one.kind) for one in reading.hidden] == [
        (3, "藏起来", "vanish"),
        (3, "白色的", "white"),
    ]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('<text:p><text:span text:style-name="N">藏起来</text:span></text:p>', "white"),
        ('<text:p><text:span text:style-name="S">藏起来</text:span></text:p>', "tiny"),
        ('<text:p><text:hidden-paragraph text:is-hidden="true"/>藏起来</text:p>', "vanish"),
        (
            '<text:p><draw:frame svg:x="-30cm" svg:width="4cm"><draw:text-box><text:p>藏起来</text:p>'
            "</draw:text-box></draw:frame></text:p>",
            "off-page",
        ),
        ('<text:section text:is-hidden="true"><text:p>藏起来</text:p></text:section>', "vanish"),
        ('<table:table><table:table-row table:visibility="collapse"><table:table-cell><text:p>藏起来</text:p>'
         "</table:table-cell></table:table-row></table:table>", "vanish"),
    ],
)  # fmt: skip
def test_each_way_to_hide_text_is_told(body: str, kind: str) -> None:
    styles = (
        '<style:style style:name="N" style:family="text"><style:text-properties fo:color="#fdfdfd"/>'
        "</style:style>"
        '<style:style style:name="S" style:family="text"><style:text-properties style:text-scale="1%"/>'
        "</style:style>"
    )
    reading = read_content(odt("<text:p>看得见</text:p>" + body, styles), "a.odt")
    assert reading.text.split() == ["看得见"]
    assert [(one.text, one.kind) for one in reading.hidden] == [("藏起来", kind)]


def test_the_default_style_hides_and_a_colour_of_the_programs_own_shows() -> None:
    styles = (
        '<style:default-style style:family="paragraph"><style:text-properties fo:color="#ffffff"/>'
        '</style:default-style><style:style style:name="A" style:family="text">'
        '<style:text-properties style:use-window-font-color="true"/></style:style>'
    )
    body = '<text:p>藏起来<text:span text:style-name="A">看得见</text:span></text:p>'
    reading = read_content(odt(body, styles), "a.odt")
    assert reading.text == "看得见\n"
    assert [one.text for one in reading.hidden] == ["藏起来"]


def test_a_paragraph_numbered_by_itself_is_read() -> None:
    assert _lines("<text:numbered-paragraph><text:p>单独编号</text:p></text:numbered-paragraph>") == [
        "单独编号"
    ]


def test_notes_boxes_tables_ruby_and_white_space() -> None:
    body = (
        "<text:p>有注<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>脚注字</text:p>"
        "</text:note-body></text:note>的段<draw:frame><draw:text-box><text:p>框中字</text:p></draw:text-box>"
        "</draw:frame>落</text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell>"
        "<table:covered-table-cell><text:p>被并</text:p></table:covered-table-cell></table:table-row></table:table>"
        "<text:p>注<text:ruby><text:ruby-base>音</text:ruby-base><text:ruby-text>yin</text:ruby-text></text:ruby>"
        '\n  字<text:s text:c="2"/>后<text:tab/>右<text:line-break/>下\u00ad行</text:p>'
    )
    assert _lines(body) == ["有注的段落", "框中字", "甲", "注音 字  后\t右", "下行", "脚注字"]


def test_a_flat_file_is_read_too() -> None:
    flat = (
        '<?xml version="1.0"?><office:document '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
        "<text:p>平面文件</text:p></office:text></office:body></office:document>"
    )
    assert read_content(flat.encode(), "a.fodt").text == "平面文件\n"
