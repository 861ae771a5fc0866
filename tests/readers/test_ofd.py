from __future__ import annotations

from dedup.readers import read_content
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


def test_pages_of_pictures_are_said_to_have_no_text() -> None:
    picture = '<ofd:ImageObject ID="3" Boundary="0 0 100 100" ResourceID="4"/>'
    reading = read_content(ofd([on_layer(picture)]), "a.ofd")
    assert [(one.code, one.count) for one in reading.remarks] == [("no-text", 1)]


def test_absurd_numbers_and_loops_end() -> None:
    bomb = '<ofd:TextObject Boundary="0 0 9 9" Size="5"><ofd:TextCode X="1" Y="5" DeltaX="g 2000000000 1">字'
    assert "字" in _text(on_layer(bomb + "</ofd:TextCode></ofd:TextObject>"))
    loop = '<ofd:Template TemplateID="7"/>' + on_layer(ofd_text("环", 30, 50))
    assert _text(loop, **{"7": loop}).count("环") == 1
