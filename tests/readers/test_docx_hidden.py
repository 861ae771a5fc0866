"""Text that nobody sees in a Word document: taken apart, with its kind and its place."""

from __future__ import annotations

import pytest

from dedup.readers import Reading, read_content
from tests.readers.made import W, docx, paragraph, run, zipped

UNSEEN = "这一句谁也看不见"
_STYLES = (
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:style w:styleId="plain" w:type="table"/>'
    '<w:style w:styleId="base" w:type="table"><w:tblStylePr w:type="firstRow"><w:tcPr>'
    '<w:shd w:val="clear" w:fill="1F3864"/></w:tcPr></w:tblStylePr></w:style>'
    '<w:style w:styleId="dark" w:type="table"><w:basedOn w:val="base"/></w:style>'
    '<w:style w:styleId="low" w:type="paragraph"><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr>'
    "</w:style>"
    '<w:style w:styleId="white" w:type="paragraph"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>'
    '<w:style w:styleId="bar" w:type="paragraph"><w:basedOn w:val="white"/>'
    '<w:pPr><w:shd w:val="clear" w:fill="C00000"/></w:pPr></w:style>'
    '<w:style w:styleId="inked" w:type="paragraph"><w:basedOn w:val="white"/>'
    '<w:rPr><w:shd w:val="clear" w:fill="000000"/></w:rPr></w:style></w:styles>'
)
_WHITE = '<w:color w:val="FFFFFF"/>'


def _read(body: str) -> Reading:
    return read_content(docx(body, {"word/styles.xml": _STYLES}), "a.docx")


def _table(style: str, inside: str, row: str = "") -> str:
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/></w:tblPr><w:tr><w:trPr>{row}</w:trPr>'
        f"<w:tc>{inside}</w:tc></w:tr></w:tbl>"
    )


def _anchor(
    inside: str, *, x: int = 0, y: int = 0, size: int = 1_000_000, above: int = 1, more: str = ""
) -> str:
    return (
        f'<w:r><w:drawing><wp:anchor relativeHeight="{above}" {more}>'
        f'<wp:positionH relativeFrom="column"><wp:posOffset>{x}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="paragraph"><wp:posOffset>{y}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{size}" cy="{size}"/>{inside}</wp:anchor></w:drawing></w:r>'
    )


def _box(text: str, fill: str = "") -> str:
    inside = f"<wps:txbx><w:txbxContent>{text}</w:txbxContent></wps:txbx>"
    return f"<wps:wsp><wps:spPr>{fill}</wps:spPr>{inside}</wps:wsp>"


def _filled(colour: str, how: str = "textFill") -> str:
    """Letters filled or outlined as Word does since 2010."""
    space = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    return f"<w14:{how} {space}><w14:solidFill>{colour}</w14:solidFill></w14:{how}>"


_BOX = _box(paragraph(run(UNSEEN)))
_PICTURE = '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"/>'
_VML_BOX = f"<v:textbox><w:txbxContent>{paragraph(run(UNSEEN))}</w:txbxContent></v:textbox>"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (paragraph(run(UNSEEN, '<w:color w:val="FDFCFE"/>')), "white"),
        (paragraph(run(UNSEEN, '<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>')), "white"),
        (paragraph(run(UNSEEN, _WHITE + '<w:highlight w:val="white"/>')), "white"),
        (paragraph(run(UNSEEN, '<w:color w:val="222222" w:themeColor="background1"/>')), "white"),
        (
            paragraph(
                run(
                    UNSEEN,
                    '<w14:textFill xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
                    "<w14:noFill/></w14:textFill>",
                )
            ),
            "white",
        ),
        (paragraph(run(UNSEEN, _filled("<w14:srgbClr w14:val='FFFFFF'/>"))), "white"),
        (paragraph(run(UNSEEN, _filled("<w14:schemeClr w14:val='bg1'/>"))), "white"),
        (paragraph(f"<w:r><w:rPr><w:vanish/></w:rPr><w:pict>{_VML_BOX}</w:pict></w:r>"), "vanish"),
        (paragraph("<w:r><w:rPr><w:vanish/></w:rPr><mc:AlternateContent><mc:Choice Requires='w14'>"
         f"<w:t>{UNSEEN}</w:t></mc:Choice></mc:AlternateContent></w:r>"), "vanish"),
        (_table("plain", paragraph(run(UNSEEN, _WHITE))), "white"),
        (paragraph(run(UNSEEN), '<w:pStyle w:val="bar"/><w:shd w:val="clear" w:fill="auto"/>'), "white"),
        (paragraph(run(UNSEEN, '<w:shd w:fill="auto"/>'), '<w:pStyle w:val="inked"/>'), "white"),
        (paragraph(run(UNSEEN, '<w:w w:val="1"/>')), "tiny"),
        (paragraph(run(UNSEEN), '<w:spacing w:line="10" w:lineRule="exact"/>'), "tiny"),
        (paragraph(run(UNSEEN), '<w:pStyle w:val="low"/>'), "tiny"),
        (_table("plain", paragraph(run(UNSEEN)), '<w:trHeight w:val="2" w:hRule="exact"/>'), "tiny"),
        (paragraph(run(UNSEEN), '<w:framePr w:x="31000" w:y="1"/>'), "off-page"),
        (paragraph(run(UNSEEN), '<w:ind w:left="-30000"/>'), "off-page"),
        (paragraph(_anchor(_BOX, x=-20_000_000)), "off-page"),
        (paragraph(_anchor(_BOX, y=16_000_000)), "off-page"),
        (paragraph(_anchor(_BOX, x=-4_000_000)), "off-page"),
        (paragraph(_anchor(_BOX) + _anchor(_PICTURE, x=-5, y=-5, size=1_100_000, above=2)), "behind-image"),
        (paragraph(_anchor(_box(paragraph(run(UNSEEN, _WHITE)), "<a:solidFill xmlns:a='a'>"
         "<a:srgbClr val='FFFFFF'/></a:solidFill>"))), "white"),
        (
            paragraph(
                '<w:r><w:pict><v:shape style="position:absolute;margin-left:-900pt;width:90pt;height:9pt">'
                f"{_VML_BOX}</v:shape></w:pict></w:r>"
            ),
            "off-page",
        ),
    ],
)  # fmt: skip
def test_hidden_text_is_kept_apart_with_its_kind(body: str, kind: str) -> None:
    reading = _read(paragraph(run("前一段")) + body + paragraph(run("后一段")))
    assert reading.text.split() == ["前一段", "后一段"]
    assert [(one.text, one.kind) for one in reading.hidden] == [(UNSEEN, kind)]
    assert reading.text[reading.hidden[0].start :].strip() == "后一段"
    assert [(one.code, one.count) for one in reading.remarks] == [("hidden-text", len(UNSEEN))]


@pytest.mark.parametrize(
    "body",
    [
        paragraph(run(UNSEEN, '<w:color w:val="D9D9D9"/>')),  # light grey
        paragraph(run(UNSEEN, '<w:color w:val="FFFFFF" w:themeColor="text1"/>')),
        paragraph(run(UNSEEN, '<w:color w:val="D8D8D8" w:themeColor="background1" w:themeShade="D8"/>')),
        paragraph(run(UNSEEN, _WHITE + '<w:highlight w:val="darkBlue"/>')),
        _table("dark", paragraph(run(UNSEEN, _WHITE))),  # the style colours a row
        _table("plain", paragraph(run(UNSEEN, _WHITE))).replace(
            "</w:tblPr>", '<w:shd w:val="clear" w:fill="1F3864"/></w:tblPr>'
        ),
        _table("plain", paragraph(run(UNSEEN, _WHITE))).replace(
            "<w:tr>", '<w:tr><w:tblPrEx><w:shd w:val="clear" w:fill="1F3864"/></w:tblPrEx>'
        ),
        paragraph(run(UNSEEN, _WHITE + _filled("<w14:schemeClr w14:val='tx1'/>"))),
        paragraph(run(UNSEEN, _WHITE + _filled("<w14:srgbClr w14:val='FF0000'/>", "textOutline"))),
        paragraph(run(UNSEEN), '<w:pStyle w:val="bar"/>'),  # white letters on a bar of colour
        paragraph(run(UNSEEN, '<w:color w:val="auto"/>'), '<w:pStyle w:val="white"/>'),
        paragraph(run(UNSEEN, '<w:color w:val="0" w:themeColor="text1"/>'), '<w:pStyle w:val="white"/>'),
        paragraph(run(UNSEEN), '<w:spacing w:line="560" w:lineRule="exact"/>'),
        paragraph(run(UNSEEN), '<w:spacing w:line="20" w:lineRule="atLeast"/>'),
        paragraph(run(UNSEEN), '<w:ind w:left="-400" w:firstLine="640"/>'),
        _table("plain", paragraph(run(UNSEEN)), '<w:trHeight w:val="2" w:hRule="atLeast"/>'),
        paragraph(_anchor(_BOX, x=-900_000)),  # in the margin
        paragraph(
            _anchor(_BOX) + _anchor(_PICTURE, x=-5, y=-5, size=1_100_000, above=2, more='behindDoc="1"')
        ),
        paragraph(_anchor(_BOX, above=3) + _anchor(_PICTURE, x=-5, y=-5, size=1_100_000, above=2)),
        paragraph(_anchor(_BOX) + _anchor(_PICTURE, x=500_000, above=2)),  # beside it
        paragraph(_anchor(_box(paragraph(run(UNSEEN, _WHITE))))),  # a box may have any colour
    ],
)
def test_what_can_be_seen_is_text(body: str) -> None:
    reading = _read(paragraph(run("前一段")) + body)
    assert reading.text.split() == ["前一段", UNSEEN]
    assert reading.hidden == ()


@pytest.mark.parametrize(
    ("background", "seen"),
    [
        ("", False),
        ('<w:background w:color="1F3864"/>', True),
        ('<w:background w:color="FFFFFF"/>', False),
        ('<w:background w:color="FFFFFF" w:themeColor="accent1"/>', True),
    ],
)
def test_white_is_seen_where_pages_have_a_colour(background: str, seen: bool) -> None:
    body = f"<w:body>{paragraph(run(UNSEEN, _WHITE))}</w:body>"
    document = f'<w:document xmlns:w="{W}">{background}{body}</w:document>'
    reading = read_content(zipped({"word/document.xml": document}), "a.docx")
    assert (reading.text == UNSEEN + "\n") == seen
    assert len(reading.hidden) == (not seen)


@pytest.mark.parametrize("run_of_text", [run(UNSEEN), f"<w:r><w:t>{UNSEEN}</w:t></w:r>"])
def test_text_is_hidden_by_what_holds_for_the_whole_document(run_of_text: str) -> None:
    styles = (
        f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr><w:vanish/></w:rPr></w:rPrDefault>'
        "</w:docDefaults></w:styles>"
    )
    shown = run("前一段", '<w:vanish w:val="0"/>')
    reading = read_content(docx(paragraph(shown + run_of_text), {"word/styles.xml": styles}), "a.docx")
    assert reading.text == "前一段\n"
    assert [one.kind for one in reading.hidden] == ["vanish"]


def test_places_in_a_numbered_paragraph_count_the_number() -> None:
    numbering = (
        '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    inside = run("全县完成") + run("藏", "<w:vanish/>") + run("清淤任务")
    body = paragraph(inside, '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    reading = read_content(docx(body, {"word/numbering.xml": numbering}), "a.docx")
    assert reading.text == "一、全县完成清淤任务\n"
    assert reading.text[reading.hidden[0].start :] == "清淤任务\n"
