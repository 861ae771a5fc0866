"""A Word or PDF draft is marked in a copy of it; what cannot be gets the report document, or is named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import cast

import pypdf
import pytest
from pypdf.generic import ArrayObject

from dedup import __version__
from dedup.readers import read_content
from tests.cli.conftest import NOTICE, ORCHARD, OWN_WORDS
from tests.readers.made import docx, paragraph, pdf_of, run

Run = Callable[..., CompletedProcess[str]]
TEXT = f"我镇工作总结\n{OWN_WORDS}\n{ORCHARD}\n"
WORD_DRAFT = docx("".join(paragraph(run(line), "<w:keepNext/>") for line in TEXT.splitlines()))


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_word_draft_comes_back_marked_and_is_not_changed(dedup: Run, corpus: Path, tmp_path: Path) -> None:
    draft = written(tmp_path / "draft.docx", WORD_DRAFT)
    done = dedup("check", draft, "--format", "docx", "--output", "marked.docx")
    assert done.returncode == 1, done.stderr
    assert draft.read_bytes() == WORD_DRAFT
    package = zipfile.ZipFile(tmp_path / "marked.docx")
    body, comments = (package.read(f"word/{name}.xml").decode() for name in ("document", "comments"))
    assert body.count("<w:keepNext/>") == 3
    assert body.count("w:shd") >= 1
    assert "镇/果园.txt" in comments
    assert "须改写" in comments
    assert NOTICE in comments
    assert "内容摘要" in comments
    assert f"dedup {__version__}" in comments
    assert read_content((tmp_path / "marked.docx").read_bytes(), "marked.docx").text == TEXT


def test_a_draft_from_standard_input_is_marked_too(dedup: Run, corpus: Path, tmp_path: Path) -> None:
    dedup("check", "-", "--format", "docx", "--output", "marked.docx", stdin=WORD_DRAFT)
    assert "word/comments.xml" in zipfile.ZipFile(tmp_path / "marked.docx").namelist()


@pytest.mark.parametrize("name", ["draft.txt", "archive.zip", "mended.docx"])
def test_what_cannot_be_marked_gets_the_report_document(
    dedup: Run, corpus: Path, tmp_path: Path, name: str
) -> None:
    library = pytest.importorskip("docx", reason="python-docx is not installed: .[docx]")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("draft.docx", WORD_DRAFT)
    content = {
        "draft.txt": TEXT.encode(),
        "archive.zip": archive.getvalue(),
        "mended.docx": docx("".join(paragraph(run(line)) for line in TEXT.splitlines()) + "<w:p>"),
    }[name]
    written(tmp_path / name, content)
    done = dedup("check", tmp_path / name, "--format", "docx", "--output", "report.docx")
    assert done.returncode == 1, done.stderr
    words = "\n".join(one.text for one in library.Document(str(tmp_path / "report.docx")).paragraphs)
    assert "文字复用检测报告" in words
    told = "已改写成报告文档" in done.stderr and "所以另成一份报告" in words
    assert told == (name != "draft.txt")


def test_a_pdf_draft_comes_back_marked(dedup: Run, corpus: Path, tmp_path: Path) -> None:
    content = pdf_of(TEXT)
    draft = written(tmp_path / "draft.pdf", content)
    done = dedup("check", draft, "--format", "pdf", "--output", "marked.pdf")
    assert done.returncode == 1, done.stderr
    assert draft.read_bytes() == content
    assert (tmp_path / "marked.pdf").read_bytes().startswith(content)
    assert (tmp_path / "marked.pdf").read_bytes().count(b"/Highlight") >= 1
    pages = pypdf.PdfReader(tmp_path / "marked.pdf").pages
    notes = "\n".join(
        str(one.get_object().get("/Contents")) for one in cast(ArrayObject, pages[0]["/Annots"])
    )
    assert "内容摘要" in notes
    assert f"dedup {__version__}" in notes


def test_what_is_no_pdf_is_named_and_the_others_are_marked(dedup: Run, copied: Path, tmp_path: Path) -> None:
    draft = written(tmp_path / "draft.pdf", pdf_of(TEXT))
    done = dedup("check", copied, draft, "--format", "pdf", "--output", "out/")
    assert done.returncode == 2
    assert [line for line in done.stderr.splitlines() if "copied.txt" in line] == [
        f"dedup: {copied}: 不是 PDF，无法标注成 PDF（用 --format docx 或 html）"
    ]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["draft.pdf.pdf"]


@pytest.mark.parametrize("output", ["draft.docx", "link.docx"])
def test_the_draft_is_never_written_over(dedup: Run, corpus: Path, tmp_path: Path, output: str) -> None:
    draft = written(tmp_path / "draft.docx", WORD_DRAFT)
    (tmp_path / "link.docx").symlink_to(draft)
    done = dedup("check", draft, "--format", "docx", "--output", output)
    assert done.returncode == 2
    assert "就是文稿本身" in done.stderr
    assert draft.read_bytes() == WORD_DRAFT
