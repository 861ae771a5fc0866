"""What nobody is to see: text of protected sources in any form, drafts of a batch that were not handed in."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from dedup.index import open_index
from dedup.model import Report
from dedup.serve.app import application
from dedup.serve.checkers import CheckOrder
from dedup.serve.disclosure import protection, without_sources
from dedup.serve.exports import MEDIA
from dedup.serve.kept import Kept, unpacked
from tests.readers.made import docx_of, pdf_of
from tests.serve.conftest import COPY, MODEL, OWN, Office, Person, make_service, staff
from tests.serve.routes import operations

SECRET = "三个自然村"
"""What the source says and the draft does not."""
FORMATS = ("json", "html", "docx", "markdown", "csv", "sarif", "terminal")
FOREIGN = MODEL.replace("供水", "供热").replace("水务站", "供热站")


def _texts(content: bytes) -> str:
    """All that a file holds, unpacked where it is packed."""
    if content[:2] != b"PK":
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return re.sub(r"<[^>]*>", "", found)


def _notes(content: bytes) -> str:
    """All that a file says, also in the notes of a PDF."""
    if not content.startswith(b"%PDF"):
        return re.sub("<[^>]*>", "", _texts(content))
    pypdf = pytest.importorskip("pypdf")
    told = []
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        told += [page.extract_text(), *(str(one.get_object().get("/Contents")) for one in page["/Annots"])]
    return normalize("NFKC", "".join(told))


def _shown(person: Person, draft: str) -> Iterator[tuple[str, str]]:
    """All that somebody can get that has to do with a draft: each place, and what it holds."""
    for one in operations(person.app):
        if one.changes or "{name}" in one.route.path or one.rule == "open":
            continue
        names = dict.fromkeys(("identifier", "batch", "earlier", "thread"), draft)
        for form in FORMATS if "{form}" in one.route.path or one.route.path.endswith("/report") else ("",):
            place = one.place(**names, form={"markdown": "md", "terminal": "txt"}.get(form, form))
            answer = person.browser.get(place, params={"format": form, "q": SECRET, "lang": "zh"})
            yield f"{place} {form}", _texts(answer.content)


@pytest.mark.slow
def test_a_writer_sees_nothing_of_a_protected_source_that_his_draft_does_not_hold(office: Office) -> None:
    writer, reviewer = office.person("小李"), office.person("老王")
    draft = writer.hand_in(COPY, "稿子.txt")
    assert writer.wait_for(draft)["level"] == "block"
    places = 0
    for place, text in _shown(writer, draft):
        unasked = text.replace(f"q={SECRET}", "").replace(f'value="{SECRET}"', "")
        assert "三个" not in unasked, place
        places += 1
    assert places > 30
    report = writer.get(f"/api/v1/checks/{draft}/report").json()
    assert "□个自然村" in "".join(one["source_text"] for one in report["passages"])
    assert {one["source_start"] >= 0 for one in report["passages"]} == {True}, "positions are told"
    writer.post(f"/drafts/{draft}/submit")
    shown = reviewer.get(f"/api/v1/checks/{draft}/report").json()
    assert SECRET in "".join(one["source_text"] for one in shown["passages"])


def _hand_in_file(person: Person, name: str, content: bytes) -> str:
    files = {"file": (name, content)}
    answer = person.browser.post("/drafts", data={"form_token": person.form_token}, files=files)
    return str(answer.headers["location"]).removeprefix("/drafts/")


def _only_of_the_source(draft: str) -> set[str]:
    """The runs of three characters in the model's text that a draft does not hold."""
    body = "".join(one for one in MODEL.split("\n", 2)[2] if one.isalnum())
    held = "".join(one for one in draft if one.isalnum())
    return {body[at : at + 3] for at in range(len(body) - 2)} - {
        held[at : at + 3] for at in range(len(held) - 2)
    }


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["docx", "pdf", "txt"])
def test_no_form_of_a_report_nor_the_marked_draft_tells_a_writer_more(office: Office, kind: str) -> None:
    changed = COPY.replace("两年时间", "一年多").replace("二级泵站", "加压设备").replace("高峰", "紧张")
    content = {"docx": docx_of(changed), "pdf": pdf_of(changed), "txt": changed.encode()}[kind]
    assert set(FORMATS) == set(MEDIA), "a format that is new is looked at too"
    writer, reviewer = office.person("小李"), office.person("老王")
    draft = _hand_in_file(writer, f"稿子.{kind}", content)
    assert writer.wait_for(draft)["level"] == "block"
    hidden = _only_of_the_source(changed)
    assert len(hidden) > 15
    addresses = [f"/drafts/{draft}/report.{form}" for form in ("json", "html", "docx", "md", "csv", "sarif")]
    addresses += [f"/drafts/{draft}/report.txt", f"/drafts/{draft}"]
    addresses += [f"/api/v1/checks/{draft}/report?format={form}" for form in FORMATS]
    if kind != "txt":
        addresses += [f"/drafts/{draft}/report.{kind}", f"/api/v1/checks/{draft}/marked"]
        marked = writer.get(addresses[-1])
        assert "-dedup" in marked.headers["content-disposition"], "it is the draft itself"
        assert "供水" in _notes(marked.content), "notes name the source"
    for place in addresses:
        answer = writer.get(place)
        assert answer.status_code == 200, place
        told = "".join(one for one in _notes(answer.content) if one.isalnum())
        assert [one for one in hidden if one in told] == [], place
    writer.post(f"/drafts/{draft}/submit")
    for place in (f"/drafts/{draft}/report.html", f"/api/v1/checks/{draft}/report"):
        assert SECRET in reviewer.get(place).text, "a reviewer may see it"


@pytest.mark.slow
def test_errors_events_and_caches_hold_nothing_of_a_source(office: Office) -> None:
    writer = office.person("小李")
    draft = writer.hand_in(COPY, "稿子.txt")
    events = writer.get(f"/api/v1/checks/{draft}/events")
    assert events.headers["content-type"].startswith("text/event-stream")
    for answer in (
        events,
        writer.get(f"/api/v1/checks/{draft}/report?part=7"),
        writer.get(f"/api/v1/checks/{draft}/report?format=none"),
        writer.get(f"/drafts/{draft}/report.none"),
        writer.get(f"/drafts/{draft}/report.html"),
    ):
        assert SECRET not in answer.text
        assert answer.headers["cache-control"] == "no-store"
    assert writer.get("/static/serve.css").headers["cache-control"].startswith("public")


QUOTED = "省水利厅《关于管好农村饮水的若干措施》{}“让管水的人有奔头，让用水的人有盼头，让护水的人不吃亏”{}\n"


def test_what_is_only_quoted_from_a_protected_source_is_hidden_too(tmp_path: Path) -> None:
    service = make_service(tmp_path)
    source = MODEL.split("\n", 2)
    kept = "\n".join((*source[:2], QUOTED.format("在第三条明确要求，", "，逐级压实。"), source[2]))
    (service.settings.corpus / "供水.txt").write_text(kept, encoding="utf-8")
    open_index(service.settings.corpus, None, service.settings).close()
    app = application(service)
    staff(app.state.database)
    with TestClient(app):
        office = Office(service, app)
        writer, reviewer = office.person("小李"), office.person("老王")
        draft = writer.hand_in(OWN + QUOTED.format("提出的", "的要求，我们都记在心里。"))
        writer.wait_for(draft)
        place = f"/api/v1/checks/{draft}/report"
        report = writer.get(place).json()
        assert [(one["source"], one["status"]) for one in report["passages"]] == [("供水.txt", "quoted")]
        assert report["sources"] == [], "it names what was copied"
        assert "明确" not in report["passages"][0]["source_text"]
        assert "管水的人有奔头" in report["passages"][0]["source_text"]
        writer.post(f"/drafts/{draft}/submit")
        assert "明确" in reviewer.get(place).json()["passages"][0]["source_text"]
        service.settings.corpus.joinpath("供水.txt").rename(service.settings.corpus / "改名.txt")
        office.keep_up()
        assert "明确" not in writer.get(place).text, "nobody knows any more that it may be shown"


@pytest.mark.slow
def test_the_keeper_says_which_sources_are_protected(office: Office) -> None:
    writer, place = office.person("小李"), office.service.settings.corpus / "corpus.toml"
    draft = writer.hand_in(COPY)
    writer.wait_for(draft)

    def shown() -> bool:
        report = writer.get(f"/api/v1/checks/{draft}/report").json()
        return SECRET in "".join(one["source_text"] for one in report["passages"])

    try:
        for written, wanted in (
            ('["供水.txt"]\nrestricted = false\n', True),
            ('["供水.txt"]\nnotice = false\n', True),
            ('["*"]\nrestricted = true\n', False),
            ('["*"]\nrestricted = 1\n', False),
            ('["供水.*"]\nrestricted = false\n["*水.txt"]\nrestricted = true\n', False),
        ):
            place.write_text(written, encoding="utf-8")
            assert shown() == wanted, written
    finally:
        place.unlink()
    assert not shown(), "its notice forbids copying"


@pytest.mark.slow
def test_a_reviewer_sees_of_a_batch_what_was_handed_in(tmp_path: Path) -> None:
    service = make_service(tmp_path)
    app = application(service)
    staff(app.state.database)
    shared = "各村把巡河日志交到站里，每月初八由站长逐本翻看，漏记三次以上的在会上说明原因，并补巡一次。\n"
    with TestClient(app):
        office = Office(service, app)
        writer, reviewer = office.person("小李"), office.person("老王")
        files = [("file", ("甲.txt", (OWN + shared).encode())), ("file", ("乙机密.txt", shared.encode()))]
        headers = {"x-form-token": writer.form_token}
        sent = writer.browser.post("/api/v1/checks?wait=60", files=files, headers=headers).json()
        first = next(one for one in sent if one["name"] == "甲.txt")
        own = writer.get(f"/api/v1/checks/{first['id']}/report").json()
        assert own["among"]["drafts"]
        writer.post(f"/drafts/{first['id']}/submit")
        for place in (f"/drafts/{first['id']}", f"/batches/{first['batch']}", "/api/v1/checks", "/review"):
            assert "乙机密" not in reviewer.get(place).text, place
        for form in FORMATS:
            answer = reviewer.get(f"/api/v1/checks/{first['id']}/report?format={form}")
            assert answer.status_code == 200
            assert "乙机密" not in _texts(answer.content), form
            assert "乙机密" not in _texts(reviewer.get(f"/drafts/{first['id']}/report.{form}").content), form
        second = next(one for one in sent if one["name"] == "乙机密.txt")
        writer.post(f"/drafts/{second['id']}/submit")
        seen = reviewer.get(f"/api/v1/checks/{first['id']}/report").json()
        assert [one["document"] for one in seen["among"]["drafts"]] == ["乙机密.txt"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    settings = make_service(tmp_path_factory.mktemp("masking")).settings
    order = CheckOrder(settings, {"a": ("稿子.txt", COPY.encode())}, {"a": None})
    [(_, found)] = order.perform(lambda count: None)
    assert isinstance(found, Kept)
    return unpacked(found.line)


@given(cut=st.integers(0, 40), put=st.text("甲乙丙丁，。三五", max_size=9))
def test_no_letter_is_shown_that_the_draft_does_not_hold(report: Report, cut: int, put: str) -> None:
    from dataclasses import replace

    passages = tuple(replace(one, text=one.text[:cut] + put + one.text[cut + 3 :]) for one in report.passages)
    masked = without_sources(replace(report, passages=passages), lambda path, forbidding: True, {})
    for before, after in zip(passages, masked.passages, strict=True):
        assert len(after.source_text) == len(before.source_text), "offsets stay"
        letters = {one for one in after.source_text if one.isalnum()}
        assert letters <= set(before.text)


def test_a_source_without_notice_is_open_unless_the_keeper_says_otherwise(tmp_path: Path) -> None:
    service = make_service(tmp_path)
    protected = protection(service)
    assert (protected("供水.txt", True), protected("供水.txt", False)) == (True, False)
    (service.settings.corpus / "corpus.toml").write_text('["内部/*"]\nrestricted = true\n', encoding="utf-8")
    protected = protection(service)
    assert (protected("内部/甲.txt", False), protected("供水.txt", False)) == (True, False)
