"""Several drafts at once: what each has of the collection, and what they have of one another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import event, update
from starlette.testclient import TestClient

from dedup.serve.app import application
from dedup.serve.batches import apart
from dedup.serve.tables import Draft
from tests.serve.conftest import COPY, OWN, Office, Person, make_service, staff

SHARED = "各村要把巡河日志交到镇水务站，每月初八由站长逐本翻看，漏记三次以上的在镇村干部会上说明原因。\n"
OTHER = "镇里把闲置的旧粮站改成晾晒场，谁家要用提前一天到村委会登记，用完扫净，粮食丢了由看场人照价赔偿。\n"


def test_no_two_drafts_of_a_batch_have_one_name() -> None:
    files = [("稿.txt", b"1"), ("稿.txt", b"2"), ("稿 (2).txt", b"3"), ("稿", b"4"), ("稿", b"5")]
    names = [name for name, _ in apart(files)]
    assert names == ["稿.txt", "稿 (2).txt", "稿 (2) (2).txt", "稿", "稿 (2)"]


def _hand_in(person: Person, *files: tuple[str, bytes]) -> str:
    sent = [("file", one) for one in files]
    data = {"form_token": person.form_token}
    answer = person.browser.post("/drafts", data=data, files=sent)
    assert answer.status_code == 303
    place: str = answer.headers["location"]
    for draft in dict.fromkeys(re.findall(r'href="/drafts/([\w-]+)"', person.get(place).text)):
        person.wait_for(draft)
    return place


@pytest.mark.slow
def test_drafts_handed_in_together_are_compared_with_one_another(office: Office) -> None:
    writer = office.person("小李")
    place = _hand_in(
        writer,
        ("甲.txt", (OWN + SHARED).encode()),
        ("乙.txt", (OTHER + SHARED).encode()),
        ("丙.txt", COPY.encode()),
        ("坏.pdf", b"%PDF-1.4 nothing"),
    )
    page = writer.get(place).text
    matrix = page[page.index('class="matrix"') :]
    assert "甲.txt" in matrix
    assert "乙.txt" in matrix
    assert "丙.txt" not in matrix, "it shares nothing with the others"
    shares = [int(one) for one in re.findall(r'<td class="s\d">(\d+)%</td>', matrix)]
    assert len(shares) == 2
    assert all(30 < one < 70 for one in shares)
    assert page.index("坏.pdf") < page.index("丙.txt") < page.index("甲.txt"), "unread, then the worst first"
    links = re.findall(r'href="([^"]*drafts/[\w-]+)"', page)
    assert {writer.get(f"/batches/{one}".replace("/batches/./../", "/")).status_code for one in links} == {
        200
    }
    draft = links[-1].rsplit("/", 1)[-1]
    assert "乙.txt" in writer.get(f"/drafts/{draft}/report.html").text


@pytest.mark.slow
def test_a_source_that_several_drafts_used_is_told_with_each_share(office: Office) -> None:
    writer = office.person("小李")
    half, whole = ("甲.txt", (COPY + OTHER * 2).encode()), ("乙.txt", COPY.encode())
    page = writer.get(_hand_in(writer, half, whole, ("丙.txt", OWN.encode()))).text
    table = page[page.index("不止一份稿子用到的来源") : page.index("本批文稿互相雷同")]
    assert re.findall(r'<th scope="row"[^>]*>([^<]+)</th>', table) == ["供水.txt"]
    shares = [int(one) for one in re.findall(r'<td class="s\d">(\d+)%</td>', table)]
    assert shares[0] > 90
    assert 30 < shares[1] < 90
    alone = writer.get(_hand_in(writer, whole, ("丙.txt", OWN.encode()))).text
    assert "不止一份稿子用到的来源" not in alone


@pytest.mark.slow
def test_the_page_of_a_batch_reads_summaries_and_of_older_drafts_the_reports(office: Office) -> None:
    writer = office.person("小李")
    files = (("甲.txt", (COPY + SHARED).encode()), ("乙.txt", (OTHER + SHARED).encode()))
    place = _hand_in(writer, *files)
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(office.database.engine, "before_cursor_execute", note)
    page = writer.get(place).text
    event.remove(office.database.engine, "before_cursor_execute", note)
    assert statements
    assert not [one for one in statements if "drafts.report" in one or "drafts.content" in one]
    with office.database.writing() as session:  # as an earlier version left them
        session.execute(update(Draft).where(Draft.batch == place.rsplit("/", 1)[-1]).values(summary=""))
    assert writer.get(place).text == page


@pytest.mark.slow
def test_equal_drafts_of_a_batch_are_both_to_be_changed(office: Office) -> None:
    writer = office.person("小李")
    page = writer.get(_hand_in(writer, ("一.txt", OWN.encode()), ("一.txt", OWN.encode()))).text
    assert "一 (2).txt" in page
    assert len(re.findall('<tr class="block">', page)) == 2


@pytest.mark.slow
def test_a_reviewer_sees_of_a_batch_what_was_handed_in(office: Office) -> None:
    writer, reviewer = office.person("小李"), office.person("老王")
    place = _hand_in(writer, ("送.txt", (OWN + SHARED).encode()), ("不送.txt", (OTHER + SHARED).encode()))
    assert reviewer.get(place).status_code == 404
    [draft] = re.findall(r'drafts/([\w-]+)">[^<]*</a><span class="path">送.txt', writer.get(place).text)
    writer.post(f"/drafts/{draft}/submit")
    page = reviewer.get(place).text
    assert "送.txt" in page
    assert "不送.txt</a>" not in page, "only the report on what was handed in names it"
    assert len(set(re.findall(r"drafts/[\w-]+", page))) == 1
    assert "同一批另有 1 份没有送审" in page
    assert "没有发现互相雷同" not in page, "he was not told of the others"
    assert f'href="{place}"' in reviewer.get(f"/drafts/{draft}").text
    assert "没有送审，这里看不到" not in writer.get(place).text


@pytest.mark.slow
def test_drafts_that_take_too_long_together_fail_one_by_one(tmp_path: Path) -> None:
    app = application(make_service(tmp_path, check_seconds=0.0))
    staff(app.state.database)
    with TestClient(app):
        writer = Office(app.state.service, app).person("小李")
        place = _hand_in(writer, ("一.txt", OWN.encode()), ("二.txt", OTHER.encode()))
        page = writer.get(place).text
    assert "还有" not in page
    alert = page[page.index('role="alert"') :]
    assert "一.txt" in alert
    assert "二.txt" in alert


def _marked(folder: Path) -> bytes:
    document = pytest.importorskip("docx").Document()
    for line in COPY.splitlines():
        document.add_paragraph(line)
    document.save(folder / "稿.docx")
    return (folder / "稿.docx").read_bytes()


@pytest.mark.slow
def test_a_word_document_is_given_back_with_its_passages_marked(office: Office, tmp_path: Path) -> None:
    writer = office.person("小李")
    files = {"file": ("稿.docx", _marked(tmp_path))}
    answer = writer.browser.post("/drafts", data={"form_token": writer.form_token}, files=files)
    draft = answer.headers["location"].removeprefix("/drafts/")
    assert writer.wait_for(draft)["level"] == "block"
    assert "标红的原稿" in writer.get(f"/drafts/{draft}").text
    marked = writer.get(f"/drafts/{draft}/report.docx")
    (tmp_path / "标红.docx").write_bytes(marked.content)
    document = pytest.importorskip("docx").Document(str(tmp_path / "标红.docx"))
    assert [one.text for one in document.paragraphs] == COPY.splitlines(), "it is the draft itself"
    assert len(list(document.comments)) > 1
    assert "-dedup.docx" in marked.headers["content-disposition"]
    assert writer.get(f"/drafts/{draft}/report.pdf").status_code == 409
