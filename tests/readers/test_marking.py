"""Marks in a copy: exactly the characters asked for, and nothing else of the document changed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from dedup.errors import UnsupportedInput
from dedup.readers import read_content, read_inside
from dedup.readers.docx_marking import mark as mark_docx
from dedup.readers.marking import mark
from dedup.readers.marks import Marks, Note, Shade, digest_of
from dedup.readers.pdf_marking import mark as mark_pdf
from dedup.readers.reading import Budget, Context
from dedup.settings import ReadingLimits
from tests.readers.made import W, docx, paragraph, pdf, pdf_line, pdf_of, run

RED = "FBE6E3"
WORD = {"w": W}


def context(name: str = "draft.docx") -> Context:
    return Context(name, Budget(ReadingLimits()), read_inside)


def marks(text: str, *spans: tuple[int, int], colour: str = RED) -> Marks:
    return Marks(
        digest_of(text),
        tuple(Shade(start, end, colour) for start, end in spans),
        tuple(Note(start, end, f"{start}–{end}\n来源: 甲.txt", colour) for start, end in spans),
        date="2026-03-01T09:00:00+08:00",
    )


def part(data: bytes, name: str = "word/document.xml") -> etree._Element:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read(name))


def shaded(data: bytes, name: str = "word/document.xml") -> list[str]:
    """The marked text of a part; runs that follow one another are one."""
    found: list[str] = []
    before = False
    for one in part(data, name).iter(f"{{{W}}}r"):
        here = bool(one.xpath(f"w:rPr/w:shd[@w:fill='{RED}']", namespaces=WORD))
        words = "".join(one.xpath("w:t/text()", namespaces=WORD))
        if here and before:
            found[-1] += words
        elif here:
            found.append(words)
        before = here
    return found


def comments(data: bytes) -> dict[str, str]:
    root = part(data, "word/comments.xml")
    return {
        one.get(f"{{{W}}}id"): "\n".join("".join(line.itertext()) for line in one)
        for one in root.findall(f"{{{W}}}comment")
    }


def commented(data: bytes, number: str) -> str:
    """The text between the anchors of a comment."""
    inside, words = False, ""
    for one in part(data).iter():
        name = etree.QName(one).localname
        if name.startswith("commentRange") and one.get(f"{{{W}}}id") == number:
            inside = name == "commentRangeStart"
        elif name == "t" and inside:
            words += one.text or ""
    return words


def marked(body: str, *wanted: str, **parts: str | bytes) -> bytes:
    """The marked copy of a Word document in which some stretches of its text are wanted."""
    data = docx(body, {name.replace("_", "/", 1) + ".xml": content for name, content in parts.items()})
    text = read_content(data, "draft.docx").text
    spans = sorted((text.index(one), text.index(one) + len(one)) for one in wanted)
    return mark_docx(data, marks(text, *spans), context()).content


def test_a_run_is_cut_exactly_where_a_passage_begins_and_ends() -> None:
    result = marked(paragraph(run("头尾相连的一句话", "<w:b/>")), "相连的")
    assert shaded(result) == ["相连的"]
    assert commented(result, "0") == "相连的"
    assert comments(result) == {"0": "2–5\n来源: 甲.txt"}
    with_text = part(result).xpath("//w:r[w:t]", namespaces=WORD)
    assert [len(one.xpath("w:rPr/w:b", namespaces=WORD)) for one in with_text] == [1, 1, 1]
    assert "".join(part(result).itertext()) == "头尾相连的一句话"


def test_a_passage_runs_over_runs_paragraphs_and_revisions() -> None:
    body = paragraph(
        run("开头在") + f'<w:ins w:id="5" w:author="a">{run("插入之中")}</w:ins>' + run("，")
    ) + paragraph('<w:del w:id="6" w:author="a"><w:r><w:delText>删去</w:delText></w:r></w:del>' + run("后文"))
    result = marked(body, "在插入之中，\n后")
    assert shaded(result) == ["在插入之中，", "后"] or shaded(result) == ["在插入之中，后"]
    root = part(result)
    assert [one.get(f"{{{W}}}id") for one in root.iter(f"{{{W}}}ins")] == ["5"]
    assert "".join(root.xpath("//w:del//w:delText/text()", namespaces=WORD)) == "删去"


def test_cells_boxes_and_notes_are_marked_where_they_stand() -> None:
    box = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>"
        f"{paragraph(run('框中的文字'))}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
        "<mc:Fallback/></mc:AlternateContent></w:r>"
    )
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    cell = f"<w:tbl><w:tr><w:tc>{paragraph(run('单元格里的文字'))}</w:tc></w:tr></w:tbl>"
    inside = f'<w:footnote w:id="2">{paragraph(run("脚注里的文字"))}</w:footnote>'
    note = f'<w:footnotes xmlns:w="{W}">{inside}</w:footnotes>'
    body = cell + paragraph(run("正文") + box) + paragraph(run("带注的") + reference)
    result = marked(body, "元格里", "框中的", "脚注里", word_footnotes=note)
    assert shaded(result) == ["元格里", "框中的"]
    assert shaded(result, "word/footnotes.xml") == ["脚注里"]
    assert len(comments(result)) == 3
    # No part but the main one may hold comments: they stand where box and note hang on the text.
    assert b"commentRange" not in zipfile.ZipFile(io.BytesIO(result)).read("word/footnotes.xml")
    box_content = next(part(result).iter(f"{{{W}}}txbxContent"))
    assert not list(box_content.iter(f"{{{W}}}commentRangeStart"))


def test_numbers_tabulators_fields_and_soft_hyphens_keep_their_places() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("五月六日")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    mixed = "<w:r><w:t>甲乙</w:t><w:tab/><w:t>丙丁</w:t><w:br/><w:t>戊己</w:t></w:r>"
    body = paragraph(field) + paragraph(mixed) + paragraph(run("软\u00ad连\u00ad字符的词"))
    result = marked(body, "月六", "乙\t丙丁\n戊", "连字符的")
    assert shaded(result) == ["月六", "乙丙丁戊", "连\u00ad字符的"]
    assert "".join(part(result).xpath("//w:instrText/text()", namespaces=WORD)) == "DATE"


def test_comments_that_are_there_stay_and_new_ones_have_numbers_of_their_own() -> None:
    asked = f'<w:comment w:id="7" w:author="处长">{paragraph(run("请核"))}</w:comment>'
    old = f'<w:comments xmlns:w="{W}">{asked}</w:comments>'
    result = marked(paragraph(run("一二三四五")), "二三", word_comments=old)
    assert comments(result) == {"7": "请核", "8": "1–3\n来源: 甲.txt"}


def test_all_other_parts_are_as_they_were() -> None:
    parts = {"word/media/image1.png": b"\x89PNG", "docProps/x.bin": b"\0\1"}
    data = docx(paragraph(run("一二三四五")), parts)
    result = mark_docx(data, marks("一二三四五\n", (1, 3)), context()).content
    before, after = (zipfile.ZipFile(io.BytesIO(one)) for one in (data, result))
    changed = {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
    assert set(after.namelist()) == {*before.namelist(), "word/comments.xml"}
    assert all(before.read(name) == after.read(name) for name in set(before.namelist()) - changed)


def test_python_docx_reads_the_copy() -> None:
    library = pytest.importorskip("docx", reason="python-docx is not installed: .[docx]")
    buffer = io.BytesIO()
    document = library.Document()
    document.add_heading("年度总结", 1)
    document.add_paragraph("一句抄来的话，和一句自己的话。")
    document.save(buffer)
    text = read_content(buffer.getvalue(), "a.docx").text
    start = text.index("抄来的话")
    copy = library.Document(
        io.BytesIO(mark_docx(buffer.getvalue(), marks(text, (start, start + 4)), context()).content)
    )
    assert [comment.text for comment in copy.comments] == [f"{start}–{start + 4}\n来源: 甲.txt"]
    assert copy.paragraphs[1].style.name == document.paragraphs[1].style.name


def test_a_document_that_reads_otherwise_is_not_marked() -> None:
    with pytest.raises(UnsupportedInput, match="cannot be marked"):
        mark(docx(paragraph(run("一二三"))), "a.docx", marks("一二四\n", (0, 2)))


def test_marking_is_done_in_the_child_process() -> None:
    data = docx(paragraph(run("一二三四")))
    assert shaded(mark(data, "a.docx", marks("一二三四\n", (1, 3))).content) == ["二三"]


PIECES = st.lists(st.text("甲乙丙丁戊\u00ad ", max_size=6), min_size=1, max_size=5)
DOCUMENTS = st.lists(PIECES, min_size=1, max_size=4)


@given(paragraphs=DOCUMENTS, data=st.data())
def test_what_is_coloured_is_what_was_asked_for(paragraphs: list[list[str]], data: st.DataObject) -> None:
    body = "".join(paragraph("".join(run(one) for one in pieces)) for pieces in paragraphs)
    content = docx(body)
    text = read_content(content, "a.docx").text
    places = data.draw(st.lists(st.integers(0, len(text)), unique=True, max_size=8))
    borders = sorted(places[: len(places) // 2 * 2])
    spans = list(zip(borders[::2], borders[1::2], strict=True))
    result = mark_docx(content, marks(text, *spans), context())
    wanted = "".join(text[start:end] for start, end in spans).replace("\n", "")
    assert "".join(shaded(result.content)).replace("\u00ad", "") == wanted
    assert read_content(result.content, "a.docx").text == text
    empty = sum(not text[start:end].replace("\n", "") for start, end in spans)
    assert len(comments(result.content)) == len(spans) - result.unplaced
    assert result.unplaced <= empty


# ----------------------------------------------------------------------------------------------- pdf


def highlighted(data: bytes) -> Iterator[tuple[str, str]]:
    """Comment and text of each highlight, as pdfium finds it below the annotation."""
    import pypdf
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    for number, page in enumerate(pypdf.PdfReader(io.BytesIO(data)).pages):
        opened = document[number]
        opened.set_rotation(0)
        textpage = opened.get_textpage()
        for one in page.get("/Annots") or ():
            annotation = one.get_object()
            if annotation["/Subtype"] != "/Highlight":
                continue
            quads = [float(edge) for edge in annotation["/QuadPoints"]]
            words = ""
            for at in range(0, len(quads), 8):
                across, up = quads[at : at + 8 : 2], quads[at + 1 : at + 8 : 2]
                words += textpage.get_text_bounded(min(across), min(up), max(across), max(up))
            yield str(annotation["/Contents"]), words
        textpage.close()
        opened.close()
    document.close()


TEXT = (
    "鹿溪县2024年水利工作总结\n"
    + "今年以来，鹿溪县完成河道清淤三十二公里，新修渠道十一条，受益群众四万余人，各项指标均好于上年。" * 3
    + "\n下一步，将继续加固病险水库，推进农村供水一体化，让群众喝上放心水。\n"
)


def marked_pdf(data: bytes, *wanted: str) -> bytes:
    text = read_content(data, "a.pdf").text
    spans = sorted((text.index(one), text.index(one) + len(one)) for one in wanted)
    return mark_pdf(data, marks(text, *spans), context("a.pdf")).content


def test_a_pdf_is_highlighted_over_lines_and_what_it_holds_stays() -> None:
    data = pdf_of(TEXT, columns=20)
    wanted = ("2024年水利", "新修渠道十一条，受益群众四万余人，各项指标", "病险水库，推进农村")
    result = marked_pdf(data, *wanted)
    assert result.startswith(data)
    assert [words for _, words in highlighted(result)] == list(wanted)
    assert [note.endswith("\r来源: 甲.txt") for note, _ in highlighted(result)] == [True] * 3
    assert read_content(result, "a.pdf").text == read_content(data, "a.pdf").text


def test_a_passage_over_a_page_border_is_highlighted_on_both_pages() -> None:
    data = pdf_of("甲乙丙丁戊己庚辛壬癸" * 8 + "。\n", columns=19, lines_a_page=3)
    text = read_content(data, "a.pdf").text
    assert text == "甲乙丙丁戊己庚辛壬癸" * 8 + "。\n"
    result = mark_pdf(data, marks(text, (50, 70)), context("a.pdf")).content
    found = list(highlighted(result))
    assert len(found) == 2
    assert "".join(words for _, words in found) == text[50:70]


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_turned_page_is_highlighted_on_its_characters(rotate: int) -> None:
    result = marked_pdf(pdf([pdf_line("转了方向的一页上也要标得准", 80, 700)], rotate=rotate), "一页上也要")
    assert [words for _, words in highlighted(result)] == ["一页上也要"]


def test_a_note_without_colour_is_a_sign_on_the_first_page() -> None:
    import pypdf

    data = pdf_of(TEXT)
    text = read_content(data, "a.pdf").text
    told = Marks(digest_of(text), (), (Note(0, 5, "结论: 须改写"),))
    page = pypdf.PdfReader(io.BytesIO(mark_pdf(data, told, context("a.pdf")).content)).pages[0]
    annotations: Any = page["/Annots"]
    (one,) = [annotation.get_object() for annotation in annotations]
    assert (one["/Subtype"], one["/Contents"]) == ("/Text", "结论: 须改写")


def test_a_pdf_that_only_pypdf_opens_is_not_marked() -> None:
    data = pdf_of(TEXT, numbers=False)
    broken = data.replace(b"/Type /Pages /Kids", b"/Type /Pages /Kidz")
    with pytest.raises(UnsupportedInput):
        mark_pdf(broken, marks("x"), context("a.pdf"))
