"""What every format must do, those to come included: this file goes through `FORMATS`.

After a change that is meant to be seen, `pytest tests/reports --update-golden` writes the golden files anew;
the difference then belongs in the commit.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest

from dedup.errors import UsageError
from dedup.messages import catalogue
from dedup.model import Checked, Report
from dedup.passage import Fact
from dedup.reports import FORMATS, View, format_named, whole_report
from dedup.settings import DECIDING, Language

Golden = Callable[[Path, str], None]
UNSEEN = re.compile("[\u202e\u202c\u2066\u200b\ufeff\x00\x07\x1b\x85\u2028\U000e0001]")


def rendered(name: str, report: Report, language: Language = "zh") -> bytes:
    """What is written to a file."""
    if name == "docx":
        pytest.importorskip("docx", reason="python-docx is not installed: .[docx]")
    result = whole_report(format_named(name), report, View(language))
    return result if isinstance(result, bytes) else result.encode("utf-8", "backslashreplace")


def readable(name: str, report: Report, language: Language = "zh") -> str:
    """What of a format's output belongs in a golden file: the report, not the assets around it."""
    data = rendered(name, report, language)
    if name == "docx":
        return "\n".join(_word_lines(data)) + "\n"
    text = data.decode()
    if name == "html":
        text = re.sub(r"(<style>|<script>).*?(</style>|</script>)", r"\1…\2", text, flags=re.DOTALL)
        text = re.sub(r"'sha256-[^']+'", "'sha256-…'", text)
        text = text.replace('],"', '],\n"').replace('},{"', '},\n{"')  # a difference that can be read
    return text.replace("\r\n", "\n")


def _word_lines(data: bytes) -> Iterator[str]:
    """The paragraphs, tables and comments of a Word file; marked runs stand in ⟦⟧."""
    import docx

    document = docx.Document(io.BytesIO(data))
    for block in document.iter_inner_content():
        if isinstance(block, docx.table.Table):
            for row in block.rows:
                yield "| " + " | ".join(cell.text.replace("\n", " / ") for cell in row.cells)
        else:
            yield "".join(
                f"⟦{run.text}⟧" if run._r.xpath("./w:rPr/w:shd") else run.text for run in block.runs
            )
    for comment in document.comments:
        yield f"comment {comment.comment_id}: {comment.text}"


def golden_name(name: str, report: str, language: str) -> str:
    suffix = format_named(name).SUFFIX
    return f"{report}.{language}.{suffix}" + (".lines" if name == "docx" else "")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", FORMATS)
def test_everything_looks_as_agreed(
    name: str, language: Language, everything: Report, golden: Golden, golden_folder: Path
) -> None:
    golden(golden_folder / golden_name(name, "everything", language), readable(name, everything, language))


@pytest.mark.parametrize("name", FORMATS)
def test_a_document_without_text_gives_a_report_too(
    name: str, nothing: Report, golden: Golden, golden_folder: Path
) -> None:
    golden(golden_folder / golden_name(name, "nothing", "zh"), readable(name, nothing))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", [name for name in FORMATS if name not in {"json", "csv"}])
def test_no_language_is_left_out(name: str, language: Language, everything: Report) -> None:
    words = readable(name, everything, language)
    assert ("refilled" in words) == (language == "en" or name in {"html", "sarif"})
    assert ("换填" in words) == (language == "zh")


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "docx"])
def test_text_formats_end_their_last_line(name: str, everything: Report, nothing: Report) -> None:
    assert rendered(name, everything).endswith(b"\n")
    assert rendered(name, nothing).endswith(b"\n")


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_report_gives_the_same_text(name: str, everything: Report) -> None:
    assert readable(name, everything) == readable(name, everything)


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_without_the_text_of_its_submission_can_be_shown(name: str, everything: Report) -> None:
    assert rendered(name, replace(everything, text="", paragraphs=()))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("found", [True, False], ids=["something", "nothing"])
def test_every_format_says_what_was_checked_against(
    name: str, found: bool, everything: Report, nothing: Report
) -> None:
    settings: dict[str, Fact] = {"warn_over": 0.07, "author": "柳溪县", "template": ("模板/甲.txt",)}
    checked = Checked("范文库", 4321, "fedcba98", settings, "2026-03-02T10:00:00+08:00", "7.8.9")
    words = readable(name, replace(everything if found else nothing, checked=checked))
    words = re.sub(r"\n +", "", words)  # a terminal's lines are broken
    for told in ("范文库", "4321", "fedcba98", "2026-03-02T10:00:00+08:00", "7.8.9", "柳溪县", "模板/甲.txt"):
        assert told in words
    assert "0.07" in words or "7%" in words


def test_every_setting_that_decides_has_its_words() -> None:
    for language in get_args(Language):
        assert {f"basis.{name}" for name in DECIDING} <= catalogue(language).keys()


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_text_is_text(name: str, hostile: Report) -> None:
    data = rendered(name, hostile)
    CHECKS[name](data, hostile)


def _terminal(data: bytes, _: Report) -> None:
    assert not UNSEEN.search(data.decode())


def _json(data: bytes, report: Report) -> None:
    assert json.loads(data)["passages"][0]["text"] == report.passages[0].text


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def _html(data: bytes, report: Report) -> None:
    page = _Tags()
    page.feed(data.decode())
    assert page.tags.count("script") == 2
    assert not {"b", "img", "a"} & set(page.tags)
    found = re.search(r'id="report-data">(.*?)</script>', data.decode(), re.DOTALL)
    assert found
    assert json.loads(found[1])["text"] == report.text
    assert not UNSEEN.search(data.decode().replace(found[1], ""))


def _docx(data: bytes, report: Report) -> None:
    lines = list(_word_lines(data))
    assert not UNSEEN.search("".join(lines))
    assert sum(line.startswith("comment") for line in lines) == len(report.passages)


def _markdown(data: bytes, _: Report) -> None:
    text = data.decode().replace("<br>", "")
    assert not UNSEEN.search(text)
    assert not re.search(r"(?<!\\)[<`\[]", text)
    table = [line for line in text.splitlines() if line.startswith("|")]
    cells = {len(re.findall(r"(?<!\\)\|", line)) for line in table}
    assert cells <= {4, 5, 12}  # 3 and 4 columns, 11 figures
    assert all(
        line.startswith(("|", "#", "-", ">", "文稿", "结论", "比对依据", "\\["))
        for line in text.splitlines()
        if line
    )


def _csv(data: bytes, report: Report) -> None:
    assert data.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert report.among
    findings = len(report.among.passages) + len(report.left_over)
    assert len(rows) == len(report.passages) + findings + 1  # and what was undone
    assert all(len(row) == len(header) for row in rows)
    texts = [row[header.index("text")] for row in rows]
    assert texts[0].startswith("'=HYPERLINK")
    assert texts[2] == "'+1"


def _sarif(data: bytes, report: Report) -> None:
    (run,) = json.loads(data)["runs"]
    assert report.among
    findings = len(report.among.passages) + len(report.left_over)
    assert len(run["results"]) == len(report.passages) + findings
    uri = run["artifacts"][0]["location"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9%/._~-]+", uri)


CHECKS: dict[str, Callable[[bytes, Report], None]] = {
    "terminal": _terminal, "json": _json, "html": _html, "docx": _docx, "markdown": _markdown, "csv": _csv,
    "sarif": _sarif,
}  # fmt: skip


def test_an_unknown_format_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"xml.*terminal, json"):
        format_named("xml")
