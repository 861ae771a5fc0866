"""The Word report, opened again: figures first, passages marked, comments where they belong."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dedup.model import Report
from dedup.reports import View, format_named

docx = pytest.importorskip("docx", reason="python-docx is not installed: .[docx]")


def _bytes(report: Report) -> bytes:
    result = format_named("docx").render(report, View())
    assert isinstance(result, bytes)
    return result


def _open(report: Report) -> Any:
    return docx.Document(io.BytesIO(_bytes(report)))


def _marked(paragraph: Any) -> list[Any]:
    return [run for run in paragraph.runs if run._r.xpath("./w:rPr/w:shd")]


def test_the_figures_stand_before_the_text(everything: Report) -> None:
    document = _open(everything)
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert "去套话复制比\n18.0%" in cells
    first = next(one for one in document.paragraphs if one.paragraph_format.page_break_before)
    assert first.text.startswith(everything.text[:20])


def test_every_passage_is_marked_and_nothing_else(everything: Report) -> None:
    marked = "".join(run.text for one in _open(everything).paragraphs for run in _marked(one))
    expected = "".join(one.text for one in everything.passages).replace("\n", "").replace("\u200b", "\ufffd")
    assert marked == expected


def test_kinds_are_told_apart_without_colour(everything: Report) -> None:
    document = _open(everything)
    lines = {}
    for passage in everything.passages:
        beginning = passage.text.replace("\u200b", "\ufffd")[:10]
        runs = [run for one in document.paragraphs for run in _marked(one) if run.text.startswith(beginning)]
        lines[passage.kind if passage.status == "reuse" else passage.status] = runs[0].font.underline
    reuse = {
        kind: line for kind, line in lines.items() if kind not in {"formulaic", "own", "minor", "suspected"}
    }
    assert len(set(reuse.values())) == len(reuse) == 4
    assert lines["formulaic"] is lines["own"] is None


def test_comments_name_kind_and_source_and_hold_on_to_their_passage(everything: Report) -> None:
    document = _open(everything)
    comments = list(document.comments)
    assert len(comments) == len(everything.passages)
    assert "换填数字地名" in comments[2].text
    assert "范文/农业县年度总结.txt" in comments[2].text
    body = document.element.body
    starts = body.xpath(".//w:commentRangeStart/@w:id")
    assert (
        sorted(starts)
        == sorted(body.xpath(".//w:commentRangeEnd/@w:id"))
        == sorted(str(one.comment_id) for one in comments)
    )
    anchored = body.xpath('.//w:commentRangeStart[@w:id="2"]/following-sibling::w:r[1]/w:t/text()')
    assert "".join(anchored) == everything.passages[2].text


@pytest.mark.slow
def test_libreoffice_reads_it(everything: Report, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if not office:
        pytest.skip("no LibreOffice: apt-get install libreoffice-writer-nogui")
    (tmp_path / "report.docx").write_bytes(_bytes(everything))
    subprocess.run(
        [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "txt:Text (encoded):UTF8", "--outdir", tmp_path, tmp_path / "report.docx"],
        check=True, capture_output=True, timeout=100,
    )  # fmt: skip
    text = (tmp_path / "report.txt").read_text(encoding="utf-8-sig")
    assert "文字复用检测报告" in text
    assert everything.passages[1].text in text
