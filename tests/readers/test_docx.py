from __future__ import annotations

import pytest

from dedup.document import Place
from dedup.readers import Reading
from dedup.readers.numerals import chinese, written
from tests.readers.here import read_content
from tests.readers.made import W, docx, paragraph, run, zipped

NUMBERING = f"""<w:numbering xmlns:w="{W}">
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>
<w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>"""

STYLES = f"""<w:styles xmlns:w="{W}">
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/>
<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="2"><w:name w:val="own heading"/><w:basedOn w:val="1"/></w:style>
<w:style w:type="paragraph" w:styleId="10"><w:name w:val="toc 1"/></w:style>
<w:style w:type="character" w:styleId="h"><w:name w:val="hid"/><w:rPr><w:vanish/></w:rPr></w:style>
</w:styles>"""


def _numbered(text: str, level: int, number: int = 1) -> str:
    return paragraph(run(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def _read(body: str, **parts: str) -> Reading:
    named = {f"word/{name}.xml": content for name, content in parts.items()}
    return read_content(docx(body, named), "a.docx")


def _lines(body: str, **parts: str) -> list[str]:
    return [line for line in _read(body, **parts).text.splitlines() if line]


def test_automatic_numbers_are_printed_and_bullets_are_not() -> None:
    body = "".join(
        (
            _numbered("总体要求", 0),
            _numbered("指导思想", 1),
            _numbered("基本原则", 1),
            _numbered("坚持统筹", 2),
            _numbered("要点", 3),
            _numbered("主要任务", 0),
            _numbered("修渠", 1),
            _numbered("从头数", 0, number=2),
        )
    )
    assert _lines(body, numbering=NUMBERING) == [
        "一、总体要求",
        "（一）指导思想",
        "（二）基本原则",
        "1. 坚持统筹",
        "要点",
        "二、主要任务",
        "（一）修渠",
        "一、从头数",
    ]


def test_numbers_come_from_styles_and_their_bases_and_can_be_taken_away() -> None:
    body = (
        paragraph(run("甲"), '<w:pStyle w:val="1"/>')
        + paragraph(run("乙"), '<w:pStyle w:val="2"/>')
        + paragraph(run("丙"), '<w:pStyle w:val="1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    )
    assert _lines(body, numbering=NUMBERING, styles=STYLES) == ["一、甲", "二、乙", "丙"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1005, "一千零五"),
    ],
)
def test_numbers_are_written_as_people_write_them(number: int, words: str) -> None:
    assert chinese(number) == words


def test_other_kinds_of_numbers() -> None:
    kinds = [
        "upperRoman",
        "lowerLetter",
        "decimalEnclosedCircle",
        "ideographTraditional",
        "chineseLegalSimplified",
    ]
    assert [written(12, kind) for kind in kinds] == ["XII", "l", "⑫", "乙", "壹拾贰"]


def test_revisions_are_accepted_and_counted() -> None:
    inside = (
        run("修前")
        + f'<w:ins w:id="1">{run("插入")}</w:ins>'
        + '<w:del w:id="2"><w:r><w:delText>删去</w:delText></w:r></w:del>'
        + f'<w:moveFrom w:id="3">{run("移走")}</w:moveFrom><w:moveTo w:id="4">{run("移来")}</w:moveTo>'
        + run("修后")
    )
    reading = _read(paragraph(inside))
    assert reading.text == "修前插入移来修后\n"
    assert [(one.code, one.count) for one in reading.remarks] == [("revisions", 4)]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    assert _lines(paragraph(run("上半句，"), "<w:rPr><w:del/></w:rPr>") + paragraph(run("下半句。"))) == [
        "上半句，下半句。"
    ]


def test_a_paragraph_that_a_revision_took_away_is_not_counted() -> None:
    mark = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr>'
    gone = paragraph('<w:del w:id="2"><w:r><w:delText>删去</w:delText></w:r></w:del>', mark)
    body = (
        _numbered("甲", 0) + gone + _numbered("乙", 0) + _numbered("丙", 0) + gone + paragraph(run("无编号"))
    )
    assert _lines(body, numbering=NUMBERING) == ["一、甲", "二、乙", "三、丙", "无编号"]


def test_cells_and_notes_that_a_revision_took_away_are_no_text() -> None:
    gone = f'<w:tc><w:tcPr><w:cellDel w:id="1"/></w:tcPr>{paragraph(run("删去的格"))}</w:tc>'
    kept = f"<w:tc>{paragraph(run('留下的格'))}</w:tc>"
    mark = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = f"<w:tbl><w:tr>{gone}{kept}</w:tr></w:tbl>" + paragraph(
        f'<w:del w:id="2">{mark.format(2)}</w:del>' + run("正文") + mark.format(3)
    )
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{paragraph(run("删去的注"))}</w:footnote>'
        f'<w:footnote w:id="3">{paragraph(run("留下的注"))}</w:footnote></w:footnotes>'
    )
    assert _lines(body, footnotes=notes) == ["留下的格", "正文", "留下的注"]


def test_characters_inserted_as_symbols_are_text_and_signs_are_not() -> None:
    symbols = "".join(
        f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>'
        for font, char in (("仿宋_GB2312", "2103"), ("宋体", "F041"), ("Wingdings", "F0FE"))
    )
    assert _lines(paragraph(run("气温") + symbols)) == ["气温℃A"]


def test_a_field_that_nothing_ends_keeps_no_text_back() -> None:
    code = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
    body = _numbered("甲", 0) + paragraph(run("前") + code + run("后")) + _numbered("乙", 0)
    assert _lines(body, numbering=NUMBERING) == ["一、甲", "前后", "二、乙"]


@pytest.mark.parametrize("code", [" toc \\o ", 'TOC\\o "1-3"'])
def test_the_code_of_a_contents_list_may_be_written_in_other_ways(code: str) -> None:
    begin = f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
    result = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("一、概况1")
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert _lines(paragraph(begin + result + end) + paragraph(run("正文"))) == ["正文"]


@pytest.mark.parametrize(
    ("code", "drawn"),
    [
        ("EQ \\o\\ac(○,一)", "一"),
        (' eq \\* jc0 \\* "Font:宋体" \\* hps12 \\o \\ad(\\s \\up 11(yi),一)', "一"),
        ("EQ \\o(\\s\\up 5(一),\\s\\do 2(下))", "一下"),
        (" PAGE ", ""),
    ],
)
def test_what_a_field_draws_is_text(code: str, drawn: str) -> None:
    field = (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert _lines(paragraph(run("前") + field + run("后"))) == [f"前{drawn}后"]


def test_a_page_that_an_editor_put_in_whole_is_read() -> None:
    data = docx(
        '<w:altChunk r:id="x"/>',
        {
            "word/chunk.htm": "<html><body><p>整篇正文</p></body></html>",
            "word/_rels/document.xml.rels": '<Relationships><Relationship Id="x" Type="a/aFChunk" '
            'Target="/word/chunk.htm"/></Relationships>',
        },
    )
    assert read_content(data, "a.docx").text == "整篇正文\n"


@pytest.mark.parametrize(
    ("properties", "kind"),
    [
        ("<w:vanish/>", "vanish"),
        ('<w:rStyle w:val="h"/>', "vanish"),
        ('<w:color w:val="FFFFFF"/>', "white"),
        ('<w:color w:val="FF0000"/><w:shd w:val="clear" w:fill="FF0000"/>', "white"),
        ('<w:sz w:val="2"/>', "tiny"),
    ],
)
def test_hidden_text_is_kept_apart_with_its_place(properties: str, kind: str) -> None:
    reading = _read(paragraph(run("看得见") + run("看不见", properties) + run("又看见")), styles=STYLES)
    assert reading.text == "看得见又看见\n"
    assert [(one.start, one.text, one.kind) for one in reading.hidden] == [(3, "看不见", kind)]
    assert reading.remarks[0].code == "hidden-text"
    assert reading.remarks[0].count == 3


def test_white_on_a_dark_ground_is_seen() -> None:
    white = '<w:color w:val="FFFFFF"/>'
    body = paragraph(run("标题", white + '<w:shd w:val="clear" w:fill="1F3864"/>')) + (
        '<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val="clear" w:fill="0000FF"/></w:tcPr>'
        f"{paragraph(run('表头', white))}</w:tc></w:tr></w:tbl>"
    )
    assert _lines(body) == ["标题", "表头"]
    assert _read(body).hidden == ()


def test_tables_come_cell_by_cell_and_merged_cells_once() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(run(text))}</w:tc>"

    spanning, first = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>'
    inner = f"<w:tbl><w:tr>{cell('里')}</w:tr></w:tbl>"
    body = (
        f"<w:tbl><w:tr>{cell('甲')}{cell('乙', spanning)}</w:tr>"
        f"<w:tr>{cell('竖', first)}{cell('丙')}</w:tr>"
        f"<w:tr>{cell('竖', '<w:vMerge/>')}<w:tc>{paragraph(run('外'))}{inner}</w:tc></w:tr></w:tbl>"
    )
    assert _lines(body) == ["甲", "乙", "竖", "丙", "外", "里"]


def test_a_text_box_follows_its_paragraph_and_counts_once() -> None:
    box = f"<w:txbxContent>{paragraph(run('框中字'))}</w:txbxContent>"
    drawn = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>'
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert _lines(paragraph(run("锚段前半") + drawn + run("后半")) + paragraph(run("下段"))) == [
        "锚段前半后半",
        "框中字",
        "下段",
    ]


def test_fields_give_their_result_and_contents_lists_nothing() -> None:
    def field(code: str, result: str) -> str:
        return (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            f"<w:r><w:instrText>{code}</w:instrText></w:r>"
            f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    contents = paragraph(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("一、概况1")
    ) + paragraph(run("二、做法2") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    body = (
        contents
        + paragraph(run("条目"), '<w:pStyle w:val="10"/>')
        + '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
        + "</w:docPartObj></w:sdtPr>"
        + f"<w:sdtContent>{paragraph(run('目录条目'))}</w:sdtContent></w:sdt>"
        + paragraph(run("到") + field(" DATE ", run("2024年")) + run("止"))
        + paragraph(
            f'<w:fldSimple w:instr=" REF x ">{run("见上")}</w:fldSimple>'
            f"<w:hyperlink>{run('链接')}</w:hyperlink>"
        )
    )
    assert _lines(body, styles=STYLES) == ["到2024年止", "见上链接"]


def test_notes_ruby_soft_hyphens_breaks_and_controls() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{run('zhu')}</w:rt><w:rubyBase>{run('注')}</w:rubyBase></w:ruby></w:r>"
    prompt = (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击输入')}</w:sdtContent></w:sdt>"
    )
    control = f"<w:sdt><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>"
    body = (
        paragraph(
            ruby + run("音") + "<w:r><w:t>软连</w:t><w:softHyphen/><w:t>字符</w:t></w:r>" + control + prompt
        )
        + paragraph(
            "<w:r><w:t>上</w:t><w:br/><w:t>下</w:t><w:tab/><w:t>右</w:t><w:noBreakHyphen/><w:t>末</w:t></w:r>"
        )
        + paragraph("<m:oMath><m:r><m:t>甲=乙</m:t></m:r></m:oMath>")
    )
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator" w:id="0"/>'
        f'<w:footnote w:id="2">{paragraph(run("脚注字"))}</w:footnote></w:footnotes>'
    )
    comments = f'<w:comments xmlns:w="{W}"><w:comment>{paragraph(run("批注字"))}</w:comment></w:comments>'
    assert _lines(body, footnotes=notes, comments=comments) == [
        "注音软连字符控件",
        "上",
        "下\t右-末",
        "甲=乙",
        "脚注字",
    ]


def test_strict_ooxml_is_read() -> None:
    strict = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    assert read_content(docx(paragraph(run("严格")), namespaces=strict), "a.docx").text == "严格\n"


def test_pages_are_those_that_word_last_laid_out() -> None:
    mark = "<w:r><w:lastRenderedPageBreak/><w:t>第二页</w:t></w:r>"
    reading = _read(paragraph(run("第一页")) + paragraph(run("前半") + mark))
    assert reading.places == (Place(0, "page", "1"), Place(6, "page", "2"))


def test_nothing_outside_is_fetched_and_no_entity_opened() -> None:
    data = docx(paragraph(run("正文")))
    entries = {"[Content_Types].xml": "", "word/document.xml": ""}
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "泄泄">]>'
        f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>前&a;&b;后</w:t></w:r></w:p></w:body></w:document>'
    )
    reading = read_content(zipped({**entries, "word/document.xml": bomb}), "a.docx")
    assert "root" not in reading.text
    assert read_content(data, "a.docx").text == "正文\n"


def test_what_comes_before_the_damage_is_read_and_said_to_be_a_part() -> None:
    whole = f'<w:document xmlns:w="{W}"><w:body>{paragraph(run("好的一段"))}{paragraph(run("坏的一段"))}'
    reading = read_content(zipped({"word/document.xml": whole[:-12]}), "a.docx")
    assert reading.text.startswith("好的一段\n")
    assert [one.code for one in reading.remarks] == ["damaged"]


def test_properties_tell_when_and_by_what_but_not_who() -> None:
    core = (
        '<cp:coreProperties xmlns:cp="a" xmlns:d="b"><d:created>2024-05-06T07:08:09Z</d:created>'
        "<d:creator>某人</d:creator></cp:coreProperties>"
    )
    app = "<Properties><Application>WPS Office</Application><Pages>7</Pages></Properties>"
    data = docx(paragraph(run("字")), {"docProps/core.xml": core, "docProps/app.xml": app})
    properties = read_content(data, "a.docx").properties
    assert (properties.created, properties.producer, properties.pages) == (
        "2024-05-06T07:08:09Z",
        "WPS Office",
        7,
    )


def test_an_embedded_document_is_a_member() -> None:
    inner = docx(paragraph(run("嵌入的正文")))
    data = docx(
        paragraph(run("外面")),
        {
            "word/embeddings/in.docx": inner,
            "word/_rels/document.xml.rels": '<Relationships><Relationship Id="x" Type="a/package" '
            'Target="embeddings/in.docx"/></Relationships>',
        },
    )
    reading = read_content(data, "a.docx")
    assert [member.name for member in reading.members] == ["word/embeddings/in.docx"]
    assert "嵌入的正文" in reading.text
