"""One draft in every format: the same passages, at the same places."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dedup.checking import check
from dedup.model import Report
from dedup.readers import read_content
from dedup.readers.documents import document_of, documents_of
from dedup.reports.check.json import as_dictionary
from dedup.settings import Settings
from tests.corpora import indexed
from tests.readers import made, made_binary
from tests.strategies import rare_text

COPIED = (
    "把三口百年老井逐一淘洗加盖，井台用旧石磨铺平，井绳磨出的沟槽原样留着，每口井旁立一块木牌，"
    "写明打井人的名字和出水的年份，清明前后请老人给孩子们讲一讲没有自来水的日子。"
)
EDITED = (
    "改灶的账要一户一户算给大家听：柴灶一年烧掉两亩山的枝条，电灶一个月多花三十来块，镇里补一半，"
    "剩下的一半用护林的工钱抵，算到第三遍，最犟的老石匠也点了头。"
)
OWN = (
    "山脚新修的两条水渠四月通水，渠边种了一排乌桕，守渠的老汉每天早晚各走一趟，把落叶和石子捡干净，"
    "用不着谁来催，他说水声断了人心里就不踏实。",
    "村口的旧粮站改成了活动室，墙上还留着当年的标语，上午给孩子们写作业，下午老人来下棋，管钥匙的是轮流的，"
    "一家一个月，谁家值月谁家烧水。",
    "进山的班车从三天一趟改成一天一趟，票价没有涨，司机把邮包和药一并捎上来，药店在车站边上开了一个窗口，"
    "头一个月就卖掉了过去半年的数目。",
)
DRAFT = "\n".join(
    [
        "霁山县2024年工作总结",
        OWN[0],
        COPIED,
        OWN[1],
        EDITED.replace("三十来块", "四十来块").replace("点了头", "不再摇头"),
        OWN[2],
    ]
)
CORPUS = {
    "甲.txt": f"某县材料\n{rare_text(40, 90)}\n{COPIED}\n{EDITED}\n",
    "乙.txt": f"乙县材料\n{rare_text(60, 90)}\n",
}

FORMATS: dict[str, tuple[Callable[[str], bytes], int]] = {
    "docx": (made.docx_of, 2),
    "odt": (made.odt_of, 2),
    "rtf": (made.rtf_of, 2),
    "html": (made.html_of, 2),
    "ofd": (made.ofd_of, 2),
    "pdf": (lambda text: made.pdf_of(text, lines_a_page=8, head="霁山县政府办公室"), 10),
    "doc": (made_binary.doc_of, 2),
}
"""How a draft is made, and how many characters its passages may be off."""


FORM = "霁山县先进工作者推荐表"
LABELS = (
    "姓名",
    "性别",
    "出生年月",
    "政治面貌",
    "工作单位",
    "职务",
    "联系电话",
    "主要事迹",
    "单位意见（盖章）",
)
_PICTURE = made.pdf_picture(0, 0, 0, 595, 842)


def _blank_form() -> bytes:
    cells = (f"<w:tc>{made.paragraph(made.run(label))}</w:tc><w:tc><w:p/></w:tc>" for label in LABELS)
    rows = "".join(f"<w:tr>{cell}</w:tr>" for cell in cells)
    return made.docx(made.paragraph(made.run(FORM)) + f"<w:tbl>{rows}</w:tbl>")


def _report(data: bytes, name: str) -> Report:
    document = document_of(name, read_content(data, name))
    with indexed(CORPUS) as index:
        return check(document, index, Settings())


@pytest.mark.parametrize("name", FORMATS)
def test_passages_are_those_of_the_text(name: str) -> None:
    if name == "doc" and not shutil.which("antiword"):
        pytest.skip("antiword is not installed")
    make, off = FORMATS[name]
    plain, other = _report(DRAFT.encode(), "a.txt"), _report(make(DRAFT), f"a.{name}")
    assert len(plain.passages) >= 2
    assert [(one.status, one.source) for one in other.passages] == [
        (one.status, one.source) for one in plain.passages
    ]
    for ours, theirs in zip(other.passages, plain.passages, strict=True):
        assert abs(ours.start - theirs.start) <= off
        assert abs(ours.end - theirs.end) <= off
    # How it was read is a remark, and all that may differ.
    assert replace(other.verdict, remarks=plain.verdict.remarks) == plain.verdict


@pytest.mark.slow
def test_a_document_of_the_corpus_may_be_of_any_format(tmp_path: Path, dedup: Callable[..., object]) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, (make, _) in FORMATS.items():
        (corpus / f"范文.{name}").write_bytes(make(CORPUS["甲.txt"]))
        (tmp_path / "稿.txt").write_text(DRAFT, encoding="utf-8")
        done = dedup("check", tmp_path / "稿.txt", "--corpus", corpus, "--format", "json")
        assert done.stdout, done.stderr  # type: ignore[attr-defined]
        report = json.loads(done.stdout)  # type: ignore[attr-defined]
        assert [one["source"] for one in report["passages"] if one["status"] == "reuse"] == [
            f"范文.{name}"
        ] * 2
        (corpus / f"范文.{name}").unlink()


def test_a_report_names_the_page_of_a_passage() -> None:
    pages = [
        "".join(made.pdf_line(line, 80, 740 - 19 * at) for at, line in enumerate(made.wrapped(text, 36)))
        for text in (f"霁山县2024年工作总结\n{OWN[0]}", f"{OWN[1]}\n{COPIED}")
    ]
    report = as_dictionary(_report(made.pdf(pages), "a.pdf"), "zh")
    places = [one["places"] for one in report["passages"] if one["status"] == "reuse"]
    assert places == [[{"kind": "page", "name": "2"}]]


def test_hidden_text_does_not_part_what_was_copied() -> None:
    cut = len(COPIED) // 2
    inside = made.run(COPIED[:cut]) + made.run(rare_text(9, 30), "<w:vanish/>") + made.run(COPIED[cut:])
    lines = DRAFT.split("\n")
    body = "".join(made.paragraph(inside if line == COPIED else made.run(line)) for line in lines)
    report = _report(made.docx(body), "a.docx")
    (passage,) = [one for one in report.passages if one.text == COPIED]
    assert passage.evasion == ("hidden-text",)
    assert [(one.code, one.facts["count"]) for one in report.verdict.remarks][:1] == [
        ("read_hidden_text", 30)
    ]


def test_members_of_an_archive_are_drafts_of_their_own() -> None:
    data = made.zipped(
        {"甲.docx": made.docx_of("甲稿"), "乙.txt": "乙稿", "锁.doc": b"\xd0\xcf\x11\xe0" * 200}
    )
    documents, skipped = documents_of("报送.zip", read_content(data, "报送.zip"))
    assert [(one.name, one.text) for one in documents] == [
        ("报送.zip/甲.docx", "甲稿\n"),
        ("报送.zip/乙.txt", "乙稿"),
    ]
    assert [one.path for one in skipped] == ["报送.zip/锁.doc"]


_word = pytest.mark.skipif(not shutil.which("antiword"), reason="antiword is not installed")


@_word
def test_one_report_in_four_formats_gets_one_verdict(tmp_path: Path, dedup: Callable[..., object]) -> None:
    (tmp_path / "corpus").mkdir()
    for name, text in CORPUS.items():
        (tmp_path / "corpus" / name).write_text(text, encoding="utf-8")
    (tmp_path / "稿.docx").write_bytes(made.docx_of(DRAFT))
    (tmp_path / "稿.wps").write_bytes(made_binary.doc_of(DRAFT))  # as WPS names what it saves for Word 97
    (tmp_path / "稿.pdf").write_bytes(made.pdf_of(DRAFT))
    (tmp_path / "稿.ofd").write_bytes(made.ofd_of(DRAFT))
    told = []
    for name in ("稿.docx", "稿.wps", "稿.pdf", "稿.ofd"):
        done = dedup("check", name, "--corpus", "corpus", "--format", "json")
        report = json.loads(done.stdout)  # type: ignore[attr-defined]
        verdict = report["verdict"]
        told.append((done.returncode, verdict["level"], verdict["reasons"], report["figures"]))  # type: ignore[attr-defined]
    assert told[1:] == told[:1] * 3
    assert told[0][:2] == (1, "block")


@pytest.mark.parametrize(
    ("name", "data", "codes"),
    [
        ("空表.docx", _blank_form(), ["empty_form"]),
        ("空表.pdf", made.pdf_of("\n".join([FORM, *LABELS]), columns=40), ["empty_form"]),
        ("扫描.pdf", made.pdf([made.pdf_picture(0, 0, 0, 595, 842)], pictures=[255]), ["too_little"]),
        ("曲线.pdf", made.pdf(["0 g 80 700 m 90 710 l 95 690 l f\n" * 400]), ["too_little"]),
        ("乱码.pdf", made.pdf([made.pdf_line("犐犆犛犌犅犜" * 8, 80, 700)] * 2), ["too_little"]),
        ("附图.pdf", made.pdf([made.pdf_line(OWN[0][:40], 80, 700), _PICTURE, _PICTURE], pictures=[255]),
         ["mostly_unread"]),
    ],
)  # fmt: skip
def test_no_text_is_not_no_reuse(
    tmp_path: Path, dedup: Callable[..., object], name: str, data: bytes, codes: list[str]
) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/甲.txt").write_text(CORPUS["甲.txt"], encoding="utf-8")
    (tmp_path / name).write_bytes(data)
    done = dedup("check", name, "--corpus", "corpus", "--format", "json")
    assert done.returncode == 2  # type: ignore[attr-defined]
    verdict = json.loads(done.stdout)["verdict"]  # type: ignore[attr-defined]
    assert (verdict["level"], verdict["codes"]) == ("unknown", codes)


def test_show_tells_how_a_file_was_read(tmp_path: Path, dedup: Callable[..., object]) -> None:
    body = made.paragraph(made.run("关于防汛工作的通知")) + made.paragraph(
        made.run("看得见的正文。") + made.run("藏", "<w:vanish/>")
    )
    (tmp_path / "a.docx").write_bytes(
        made.docx(body, {"docProps/app.xml": "<P><Application>WPS</Application></P>"})
    )
    shown = json.loads(dedup("show", "a.docx", "--format", "json").stdout)  # type: ignore[attr-defined]
    assert shown["remarks"] == [{"code": "hidden-text", "count": 1, "detail": ""}]
    assert shown["hidden"] == [{"start": 17, "text": "藏", "kind": "vanish"}]
    assert shown["properties"]["producer"] == "WPS"
    assert [(one["kind"], one["text"]) for one in shown["elements"]] == [("title", "关于防汛工作的通知")]
    formats = dedup("show", "--formats").stdout  # type: ignore[attr-defined]
    assert all(f"\n{name} " in formats for name in ("docx", "doc", "rar", "image"))
    assert ".wps" in formats
