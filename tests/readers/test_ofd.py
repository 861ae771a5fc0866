from __future__ import annotations

import pytest

from tests.readers.here import read_content
from tests.readers.made import ofd, ofd_of, ofd_text, on_layer

TEXT = "鹿溪县2024年水利工作总结\n" + "".join(
    f"第{n}个月，鹿溪县完成河道清淤{n * 3}公里，新修渠道{n}条，受益群众{n * 400}余人，均好于上年同期。\n"
    for n in range(101, 141)
)


def _text(*pages: str, **templates: str) -> str:
    return read_content(ofd(pages, templates), "a.ofd").text


def test_lines_and_pages_become_paragraphs() -> None:
    reading = read_content(ofd_of(TEXT), "a.ofd")
    assert reading.text == TEXT
    assert reading.properties.created == "2024-05-06"
    assert len(reading.places) == reading.properties.pages > 1


def test_order_is_by_place_when_objects_are_out_of_order() -> None:
    lines = [f"第{n}行的文字写得满满当当直到行末为止" for n in "一二三四五六"]
    objects = [ofd_text(line, 30, 40 + 8 * at) for at, line in enumerate(lines)]
    assert "".join(_text(on_layer(*reversed(objects))).split()) == "".join(lines)


def test_a_watermark_is_left_out() -> None:
    sloping = ofd_text("内部资料严禁外传", 50, 100, more='CTM="0.7 0.7 -0.7 0.7 0 0"')
    faint = ofd_text("仅供核对使用", 50, 200, more='Alpha="60"')
    assert _text(on_layer(sloping, faint, ofd_text("正文只有这一行", 30, 50))) == "正文只有这一行\n"


def test_a_glyph_drawn_twice_counts_once() -> None:
    assert _text(on_layer(ofd_text("加粗标题", 30, 50), ofd_text("加粗标题", 30.3, 50))) == "加粗标题\n"


def test_the_text_of_a_template_counts_once() -> None:
    page = '<ofd:Template TemplateID="7"/>' + on_layer(ofd_text("本页的正文", 30, 120))
    text = _text(page, page.replace("本页", "次页"), **{"7": on_layer(ofd_text("表格的固定文字", 30, 100))})
    assert text.count("表格的固定文字") == 1
    assert "本页的正文" in text
    assert "次页的正文" in text


def test_pieces_of_a_line_are_joined() -> None:
    pieces = [ofd_text(one, 30 + 5 * at, 50) for at, one in enumerate("一字一个对象")]
    assert _text(on_layer(*pieces)) == "一字一个对象\n"


def test_invisible_white_tiny_and_outlying_text_is_kept_apart() -> None:
    reading = read_content(
        ofd(
            [
                on_layer(
                    ofd_text("看得见", 30, 50),
                    ofd_text("不可见", 30, 70, more='Visible="false"'),
                    ofd_text("白色字", 30, 90, inside='<ofd:FillColor Value="255 255 255"/>'),
                    ofd_text("极小字", 30, 110, size=0.5),
                    ofd_text("页外字", 400, 130),
                )
            ]
        ),
        "a.ofd",
    )
    assert reading.text == "看得见\n"
    assert [one.kind for one in reading.hidden] == ["vanish", "white", "tiny", "off-page"]


_AREA = 'Boundary="20 60 100 20"'
_RECTANGLE = "<ofd:AbbreviatedData>M 0 0 L 100 0 L 100 20 L 0 20 C</ofd:AbbreviatedData>"
_PARAMETERS = (
    '<ofd:DrawParams><ofd:DrawParam ID="1"><ofd:FillColor Value="255 255 255"/></ofd:DrawParam>'
    '<ofd:DrawParam ID="2" Relative="1"/>'
    '<ofd:DrawParam ID="3"><ofd:FillColor Value="0 0 128"/></ofd:DrawParam>'
    "</ofd:DrawParams>"
)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (ofd_text("这一行字", 30, 75, more='DrawParam="1"'), True),
        (ofd_text("这一行字", 30, 75, more='DrawParam="2"'), True),
        (ofd_text("这一行字", 30, 75, more='DrawParam="3"'), False),
        (ofd_text("这一行字", 30, 75, more='DrawParam="1"', inside='<ofd:FillColor Value="0 0 0"/>'), False),
        (ofd_text("这一行字", 30, 75, inside='<ofd:FillColor Value="255"/>'), True),  # grey
        (ofd_text("这一行字", 30, 75, inside='<ofd:FillColor Value="0 0 0 0"/>'), True),  # no ink of any kind
        (ofd_text("这一行字", 30, 75, inside='<ofd:FillColor Value="0 0 0 255"/>'), False),
        (ofd_text("这一行字", 30, 75, more='Fill="false"'), True),
        (ofd_text("这一行字", 30, 75, more='Fill="false" Stroke="true"'), False),
        (f'<ofd:PathObject {_AREA} Fill="true" DrawParam="1">{_RECTANGLE}</ofd:PathObject>'
         + ofd_text("这一行字", 30, 75), False),
        ('<ofd:CompositeObject Boundary="0 0 210 297" ResourceID="9" Visible="false"/>', True),
        ('<ofd:CompositeObject Boundary="0 0 210 297" ResourceID="9"/>', False),
    ],
)  # fmt: skip
def test_colours_and_visibility_come_from_parameters_and_composites_too(text: str, hidden: bool) -> None:
    unit = f'<ofd:CompositeGraphicUnit ID="9"><ofd:Content>{ofd_text("这一行字", 30, 75)}</ofd:Content>'
    resources = _PARAMETERS + unit + "</ofd:CompositeGraphicUnit>"
    reading = read_content(ofd([on_layer(ofd_text("看得见", 30, 50), text)], resources=resources), "a.ofd")
    assert [one.text for one in reading.hidden] == ["这一行字"] * hidden
    assert ("这一行字" in reading.text) != hidden


def test_a_piece_of_a_text_stands_where_the_one_before_began_if_it_does_not_say() -> None:
    text = (
        '<ofd:TextObject Boundary="-100 45 300 20" Size="5">'
        '<ofd:TextCode X="130" Y="5">上一行字</ofd:TextCode>'
        '<ofd:TextCode Y="13">下一行字</ofd:TextCode></ofd:TextObject>'
    )
    reading = read_content(ofd([on_layer(text)]), "a.ofd")
    assert ("".join(reading.text.split()), reading.hidden) == ("上一行字下一行字", ())


_JPEG = b"\xff\xd8\xff\xe0" + bytes(40)
_SEAL = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes(8) + b"\x08\x06" + bytes(20)
"""The head of a PNG file whose colours have an opacity."""


_ARROW = "<ofd:AbbreviatedData>M 0 0 L 100 10 L 0 20 L 9 10 C</ofd:AbbreviatedData>"


@pytest.mark.parametrize(
    ("over", "hidden"),
    [
        (f'<ofd:PathObject {_AREA} Fill="true">{_RECTANGLE}</ofd:PathObject>', True),
        (f'<ofd:PathObject {_AREA} Fill="true" Alpha="60">{_RECTANGLE}</ofd:PathObject>', False),
        (f'<ofd:PathObject {_AREA} Stroke="true">{_RECTANGLE}</ofd:PathObject>', False),
        (f'<ofd:PathObject {_AREA} Fill="true">{_ARROW}</ofd:PathObject>', False),
        (f'<ofd:ImageObject {_AREA} CTM="100 0 0 20 0 0" ResourceID="4"/>', True),
        (f'<ofd:ImageObject {_AREA} CTM="9 0 0 9 0 0" ResourceID="4"/>', False),
        (f'<ofd:ImageObject {_AREA} CTM="100 0 0 20 0 0" ResourceID="5"/>', False),
    ],
)
def test_text_under_a_picture_or_an_area_is_kept_apart(over: str, hidden: bool) -> None:
    covered = ofd_text("被盖住的字", 30, 75)
    page = on_layer(ofd_text("看得见", 30, 50), covered, over, ofd_text("下一行", 30, 95))
    reading = read_content(ofd([page], pictures={"4": _JPEG, "5": _SEAL}), "a.ofd")
    assert ("被盖住的字" not in reading.text) == hidden
    assert [(one.text, one.kind) for one in reading.hidden] == [("被盖住的字", "behind-image")] * hidden
    if hidden:
        assert reading.text[reading.hidden[0].start :].strip() == "下一行"


def test_pages_of_pictures_are_said_to_have_no_text() -> None:
    picture = '<ofd:ImageObject ID="3" Boundary="0 0 100 100" ResourceID="4"/>'
    reading = read_content(ofd([on_layer(picture)]), "a.ofd")
    assert [(one.code, one.count) for one in reading.remarks] == [("no-text", 1)]


def test_absurd_numbers_and_loops_end() -> None:
    bomb = '<ofd:TextObject Boundary="0 0 9 9" Size="5"><ofd:TextCode X="1" Y="5" DeltaX="g 2000000000 1">字'
    assert "字" in _text(on_layer(bomb + "</ofd:TextCode></ofd:TextObject>"))
    loop = '<ofd:Template TemplateID="7"/>' + on_layer(ofd_text("环", 30, 50))
    assert _text(loop, **{"7": loop}).count("环") == 1
