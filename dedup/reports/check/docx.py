"""Write the report as a Word document: the figures first, then the submission with its passages marked.

Each passage is highlighted by its kind and carries a real Word comment that names kind, source and reason.
Needs python-docx (the extra `docx`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, get_args

from dedup.errors import UsageError
from dedup.messages import Words, label, say

try:
    import docx
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_UNDERLINE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor
except ImportError as error:
    raise UsageError(
        "--format docx",
        Words("output.extra_missing", package="python-docx"),
        Words("output.extra_missing.cure", extra="docx"),
    ) from error

from dedup.document import ParagraphKind
from dedup.passage import Status
from dedup.reports.check.advice import advice_note, advice_title, advised, share_of
from dedup.reports.check.describe import (
    about_source,
    by_relation,
    comment_on,
    figures_in_words,
    in_order,
    source_figures,
)
from dedup.reports.check.history import history_lines
from dedup.reports.check.reasons import basis_of, verdict_in_words
from dedup.reports.kit.colours import GROUNDS, LINES, NOT_REUSE
from dedup.reports.kit.columns import visible
from dedup.reports.kit.findings import around, gravest, kind_of, owner_in_words, problem_of
from dedup.reports.kit.places import Places
from dedup.reports.kit.ratios import percent

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

    from dedup.model import Report, ReportedParagraph
    from dedup.passage import Passage
    from dedup.reports import View
    from dedup.settings import Language

SUFFIX = "docx"
STANDS_ALONE = True

_UNDERLINES = {
    "verbatim": WD_UNDERLINE.SINGLE,
    "reformatted": WD_UNDERLINE.DOUBLE,
    "refilled": WD_UNDERLINE.DOTTED,
    "edited": WD_UNDERLINE.DASH,
    "reordered": WD_UNDERLINE.WAVY,
}
"""Underlines by kind, so that kinds differ without colour too."""
_RED = RGBColor(0xB3, 0x19, 0x1F)
_MOST_PARAGRAPHS = 20
_BEGINNING = 40
"""Characters shown of a paragraph."""
_TEXT_FONT, _TITLE_FONT, _PLAIN_FONT = "仿宋", "宋体", "黑体"
_ORDER = get_args(Status)


def render(report: Report, view: View) -> bytes:
    """The bytes of a .docx file."""
    document = docx.Document()
    _prepare(document, report, view.language)
    _first_page(document, report, view.language)
    _submission(document, report, view.language)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _prepare(document: Document, report: Report, language: Language) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)  # GB/T 9704-2012
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    normal: ParagraphStyle = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(12)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _TEXT_FONT)
    properties = document.core_properties
    properties.title = visible(report.submission.name)[:255]
    properties.author = "dedup"
    properties.comments = visible(basis_of(report.checked, language))[:255] if report.checked else ""
    properties.language = "zh-CN" if language == "zh" else "en"


def _write(paragraph: Paragraph, text: str, size: float = 0, font: str = "", bold: bool = False) -> Run:
    run = paragraph.add_run(visible(text))
    if size:
        run.font.size = Pt(size)
    if font:
        run.font.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    run.bold = bold or None
    return run


# ---- the first page


def _first_page(document: Document, report: Report, language: Language) -> None:
    submission = report.submission
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(head, say("page.title", language), 26, _TITLE_FONT, bold=True).font.color.rgb = _RED
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(title, submission.name, 16, _TITLE_FONT, bold=True)
    if report.checked is not None:
        dated = document.add_paragraph()
        dated.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _write(dated, report.checked.time[:10], 11)
    told = verdict_in_words(report, language)
    line = document.add_paragraph()
    _write(line, f"{say('head.verdict', language)}  ", 14, _PLAIN_FONT)
    _write(line, told.level, 16, _PLAIN_FONT, bold=True)
    _write(line, f"  {told.meaning}" if told.meaning else "", 14)
    for text in (*told.reasons, *told.remarks):
        _line(document, f"— {text}")
    if report.figures.total_characters:
        _figures(document, report, language)
    else:
        _write(document.add_paragraph(), say("head.empty", language))
    if report.history is not None:
        _title(document, say("history.title", language))
        for text in history_lines(report, language):
            _line(document, text)
    _advice(document, report, language)
    _sources(document, report, language)
    _among(document, report, language)
    _left_over(document, report, language)
    for skipped in report.skipped:
        _line(document, f"{label('skipped.title', language)}{skipped.path}: {skipped.why(language)}")
    if report.checked is not None:
        _line(document, f"{label('basis.title', language)}{basis_of(report.checked, language)}")


def _line(document: Document, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(2)
    _write(paragraph, text, 11)


def _title(document: Document, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(12), Pt(4)
    paragraph.paragraph_format.keep_with_next = True
    _write(paragraph, text, 14, _PLAIN_FONT)


def _table(document: Document, widths: Sequence[float], rows: Sequence[Sequence[str]]) -> None:
    """A table with a head that is repeated on every page; `widths` in centimetres."""
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for number, row in enumerate(rows):
        added = table.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for place, (cell, text) in enumerate(zip(added.cells, row, strict=True)):
            cell.width = Cm(widths[place])
            for line_number, line in enumerate(text.split("\n")):
                paragraph = cell.add_paragraph() if line_number else cell.paragraphs[0]
                layout = paragraph.paragraph_format
                layout.space_before = Pt(0 if line_number else 3)
                layout.space_after = Pt(3 if line_number == text.count("\n") else 0)
                layout.line_spacing = 1.15
                _write(paragraph, line, 10.5, bold=number == 0)
        if number == 0:
            table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _advice(document: Document, report: Report, language: Language) -> None:
    whole = advised(report)
    if not whole and report.plan is None:
        return
    _title(document, say(advice_title(report), language))
    rows = [[say(f"rewrite.{name}", language) for name in ("paragraph", "share", "after", "beginning")]]
    shown = whole[:_MOST_PARAGRAPHS]
    for advice, after in shown:
        beginning = visible(advice.text.strip())
        rows.append(
            [
                str(advice.number),
                share_of(advice, language),
                after,
                beginning[:_BEGINNING] + ("…" if len(beginning) > _BEGINNING else ""),
            ]
        )
    if shown:
        _table(document, (1.4, 2.6, 2.4, 9.2), rows)
    _line(document, advice_note(report, len(shown), language))


def _left_over(document: Document, report: Report, language: Language) -> None:
    if not report.left_over:
        return
    _title(document, say("lint.section", language))
    for line in owner_in_words(report.owner, language):
        _line(document, line)
    places = Places(report)
    rows = [[say(f"lint.{name}", language) for name in ("place", "found", "why")]]
    for one in gravest(report.left_over)[:_MOST_PARAGRAPHS]:
        line = say("passage.line", language, line=places.line_and_column(one.start)[0])
        rows.append(
            [f"{kind_of(one, language)}{line}", "".join(around(one, report.text)), problem_of(one, language)]
        )
    _table(document, (3.6, 5.0, 7.0), rows)


def _among(document: Document, report: Report, language: Language) -> None:
    among = report.among
    if among is None:
        return
    _title(document, say("among.title", language))
    if not among.drafts:
        _line(document, say("among.none", language, count=among.compared))
        return
    rows = [[say(f"among.{name}", language) for name in ("document", "shared", "ratio")]]
    for one in among.drafts:
        same = f"\n{say('among.identical', language)}" if one.identical else ""
        rows.append([visible(one.name) + same, str(one.shared_characters), percent(one.shared_ratio)])
    _table(document, (10.8, 2.4, 2.4), rows)


def _figures(document: Document, report: Report, language: Language) -> None:
    columns = 3
    document.add_paragraph().paragraph_format.space_after = Pt(0)
    figures = figures_in_words(report, language)
    table = document.add_table(rows=-(-len(figures) // columns), cols=columns, style="Table Grid")
    for number, (name, value) in enumerate(figures):
        paragraph = table.cell(number // columns, number % columns).paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(4)
        _write(paragraph, name, 10.5).add_break(WD_BREAK.LINE)
        _write(paragraph, value, 16, bold=True)
    document.add_paragraph()


def _sources(document: Document, report: Report, language: Language) -> None:
    if not report.sources:
        return
    _title(document, say("source.title", language))
    if shares := by_relation(report.figures, language):
        document.add_paragraph(shares)
    rows = [[say(f"source.{name}", language) for name in ("document", "copied", "ratio", "passages")]]
    for source in report.sources:
        rows.append(["\n".join(about_source(source, language)), *source_figures(source)])
    _table(document, (9.4, 2.4, 2.2, 1.6), rows)


# ---- the submission


def _styles(document: Document) -> dict[ParagraphKind, ParagraphStyle]:
    """Paragraph styles of an official document (GB/T 9704-2012: 三号仿宋, 28 points from line to line)."""
    made = {}
    for kind, name, size, font in (
        (ParagraphKind.BODY, "Submission Text", 16, _TEXT_FONT),
        (ParagraphKind.HEADING, "Submission Heading", 16, _PLAIN_FONT),
        (ParagraphKind.TITLE, "Submission Title", 22, _TITLE_FONT),
    ):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.font.size = Pt(size)
        style.font.bold = kind == ParagraphKind.TITLE
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        layout = style.paragraph_format
        layout.line_spacing, layout.space_after = Pt(28), Pt(0)
        if kind == ParagraphKind.TITLE:
            layout.alignment, layout.line_spacing, layout.space_after = WD_ALIGN_PARAGRAPH.CENTER, 1.2, Pt(14)
        else:
            layout.first_line_indent = Pt(2 * size)
        made[kind] = style
    return made


def _submission(document: Document, report: Report, language: Language) -> None:
    if not report.paragraphs:
        return
    passages = in_order(report)
    styles = _styles(document)
    runs: dict[int, list[Run]] = {}
    for place, paragraph in enumerate(report.paragraphs):
        written = document.add_paragraph(style=styles.get(paragraph.kind, styles[ParagraphKind.BODY]))
        written.paragraph_format.page_break_before = place == 0
        for start, end, number in _pieces(paragraph, passages):
            run = written.add_run(visible(report.text[start:end]))
            if number is not None:
                _mark(run, passages[number])
                runs.setdefault(number, []).append(run)
    places = Places(report)
    for number, held in sorted(runs.items()):
        comment = document.add_comment(runs=[held[0], held[-1]], text="", author="dedup", initials="D")
        # One run with line breaks: with a paragraph for each line python-docx takes four times as long.
        comment.paragraphs[0].add_run("\n".join(comment_on(number + 1, passages[number], places, language)))


def _pieces(paragraph: ReportedParagraph, passages: list[Passage]) -> Iterator[tuple[int, int, int | None]]:
    """The paragraph cut at the borders of passages: start, end and passage number of each piece."""
    start, end = paragraph.span.start, paragraph.span.end
    here = [
        number
        for number, one in enumerate(passages)
        if paragraph.kind.takes_part and one.start < end and one.end > start
    ]
    borders = {start, end}
    for number in here:
        borders |= {max(start, passages[number].start), min(end, passages[number].end)}
    for left, right in pairwise(sorted(borders)):
        covering = [
            number for number in here if passages[number].start <= left and right <= passages[number].end
        ]
        covering.sort(key=lambda number: _ORDER.index(passages[number].status))
        yield left, right, covering[0] if covering else None


def _mark(run: Run, passage: Passage) -> None:
    properties = run.element.get_or_add_rPr()
    reuse = passage.status == "reuse" and not passage.settled
    ground = GROUNDS[passage.kind] if reuse else NOT_REUSE
    if reuse:
        run.font.underline = _UNDERLINES[passage.kind]
        properties.find(qn("w:u")).set(qn("w:color"), LINES[passage.kind])
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", ground)):
        shading.set(qn(f"w:{name}"), value)
    properties.append(shading)
