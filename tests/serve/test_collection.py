"""The collection as its keeper changes it on the pages: nothing is written over, nothing is lost."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

from dedup.serve import collection
from dedup.serve.problems import Problem
from dedup.serve.service import Service
from dedup.settings import Settings
from tests.serve.conftest import COPY, MODEL, OWN, Office

BEFORE, AFTER = "第一稿：先修渠后蓄水。\n".encode(), "第二稿：边修渠边蓄水。\n".encode()

_COLLECTED = f"""目录
养蟹调研报告\t1
供水改造方案\t2

养蟹调研报告

{OWN}
供水改造方案

{MODEL.splitlines()[1]}
{COPY}
"""


@pytest.fixture
def service(tmp_path: Path) -> Service:
    corpus = tmp_path / "范文"
    (corpus / "旧稿").mkdir(parents=True)
    (corpus / "旧稿" / "水.txt").write_bytes(BEFORE)
    (tmp_path / "secret.txt").write_text("不在库里", encoding="utf-8")
    return Service(Settings(corpus=corpus), tmp_path / "serve")


def _files(service: Service) -> dict[str, bytes]:
    corpus = service.settings.corpus
    return {str(one.relative_to(corpus)): one.read_bytes() for one in corpus.rglob("*") if one.is_file()}


def test_what_is_withdrawn_comes_back_as_it_was(service: Service) -> None:
    collection.withdraw(service, "旧稿/水.txt", "a")
    assert _files(service) == {}
    [kept] = collection.withdrawn(service)
    assert (kept.path, kept.by, kept.move) == ("旧稿/水.txt", "a", "withdrawn")
    assert collection.bring_back(service, kept.id, "b") == "旧稿/水.txt"
    assert _files(service) == {"旧稿/水.txt": BEFORE}
    assert collection.withdrawn(service) == []


def test_what_is_replaced_comes_back_and_the_newer_one_is_kept(service: Service) -> None:
    collection.replace(service, "旧稿/水.txt", AFTER, "a")
    assert _files(service) == {"旧稿/水.txt": AFTER}
    [kept] = collection.withdrawn(service)
    collection.bring_back(service, kept.id, "a")
    assert _files(service) == {"旧稿/水.txt": BEFORE}
    [newer] = collection.withdrawn(service)
    collection.bring_back(service, newer.id, "a")
    assert _files(service) == {"旧稿/水.txt": AFTER}


def test_nothing_is_added_over_a_file(service: Service) -> None:
    assert collection.add(service, "新.txt", AFTER) == "新.txt"
    with pytest.raises(Problem) as refused:
        collection.add(service, "新.txt", BEFORE)
    assert refused.value.key == "file_there"
    assert _files(service)["新.txt"] == AFTER
    assert not [name for name in _files(service) if name.endswith(".tmp")]


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "旧稿/../../secret.txt",
        "/etc/hostname",
        "旧稿",
        "没有.txt",
        "",
        "链接.txt",
        "旧稿//水.txt",
        "水\0.txt",
    ],
)
def test_no_path_leads_out_of_the_collection(service: Service, path: str) -> None:
    (service.settings.corpus / "链接.txt").symlink_to(service.settings.corpus.parent / "secret.txt")
    for change in (
        lambda: collection.withdraw(service, path, "a"),
        lambda: collection.replace(service, path, AFTER, "a"),
    ):
        with pytest.raises(Problem) as refused:
            change()
        assert refused.value.status == 404
    assert (service.settings.corpus.parent / "secret.txt").read_text(encoding="utf-8") == "不在库里"


@pytest.mark.parametrize("name", ["照片.png", "corpus.toml", ".txt", "程序.exe", "README"])
def test_only_documents_are_added(service: Service, name: str) -> None:
    with pytest.raises(Problem) as refused:
        collection.add(service, name, AFTER)
    assert refused.value.key == "no_document"


def test_a_long_name_is_cut_to_what_systems_take(service: Service) -> None:
    name = collection.add(service, "县" * 110 + ".txt", AFTER)
    assert name.endswith("县.txt")
    assert _files(service)[name] == AFTER


@pytest.mark.parametrize(("code", "key"), [(errno.ENOSPC, "full"), (errno.EACCES, "read_only")])
def test_what_the_system_refuses_leaves_all_as_it_was(
    service: Service, monkeypatch: pytest.MonkeyPatch, code: int, key: str
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    for change in (
        lambda: collection.add(service, "新.txt", AFTER),
        lambda: collection.replace(service, "旧稿/水.txt", AFTER, "a"),
        lambda: collection.withdraw(service, "旧稿/水.txt", "a"),
    ):
        with pytest.raises(Problem) as refused:
            change()
        assert refused.value.key == key
    assert _files(service) == {"旧稿/水.txt": BEFORE}


def test_a_system_without_second_names_of_files_is_served_too(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*names: object, **options: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    collection.add(service, "新.txt", AFTER)
    collection.replace(service, "旧稿/水.txt", AFTER, "a")
    collection.bring_back(service, collection.withdrawn(service)[0].id, "a")
    assert _files(service) == {"新.txt": AFTER, "旧稿/水.txt": BEFORE}


@pytest.mark.slow  # a service of its own
def test_the_keeper_changes_the_collection_and_checks_follow(office: Office) -> None:
    admin, writer = office.person("主任"), office.person("小李")
    files = {"file": ("养蟹.txt", OWN * 3)}
    data = {"form_token": admin.form_token}
    assert admin.browser.post("/collection", data=data, files=files).status_code == 303
    assert admin.browser.post("/collection", data=data, files=files).status_code == 409
    office.keep_up()
    assert writer.wait_for(writer.hand_in(OWN * 3))["level"] == "block"
    assert (
        admin.post("/collection/withdraw", path="养蟹.txt", back="https://example.org")
        .headers["location"]
        .startswith("/collection?")
    )
    office.keep_up()
    assert "养蟹.txt" not in office.person("读者").get("/collection?q=养蟹").text
    assert writer.wait_for(writer.hand_in(OWN * 3))["level"] == "pass"
    events = admin.get("/admin/log").text
    assert "加入范文" in events
    assert "撤下范文" in events


@pytest.mark.slow
def test_a_file_that_cannot_be_read_is_withdrawn_too(office: Office) -> None:
    corpus = office.service.settings.corpus
    (corpus / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    office.keep_up()
    admin = office.person("主任")
    _, unread = admin.get("/collection").text.split('id="unread"')
    assert re.findall('name="path" value="([^"]*)"', unread) == ["坏.docx"]
    assert "<form" not in office.person("读者").get("/collection").text.split('id="unread"')[1]
    assert admin.post("/collection/withdraw", path="坏.docx").status_code == 303
    assert not (corpus / "坏.docx").exists()
    (corpus / "汇编.txt").write_text(_COLLECTED, encoding="utf-8")
    office.keep_up()
    page = admin.get("/collection").text
    assert page.count(">撤下整份汇编<") == 2, "each of its parts says so"
    assert page.count(">撤下<") == 1
    page = office.person("读者").get("/collection/document?path=汇编.txt").text
    assert '<h1 lang="zh-CN">汇编.txt</h1>' in page, "no part of it stands for all"
    assert "没有声明" not in page
    rows = dict(re.findall(r'<tr><td lang="zh-CN">(\S+)</td>(.*?)</tr>', page, re.S))
    assert list(rows) == ["养蟹调研报告", "供水改造方案"]
    assert ["请勿照搬" in row for row in rows.values()] == [False, True]
    (corpus / "汇编.txt").unlink()
    office.keep_up()


@pytest.mark.slow
def test_only_the_keeper_changes_the_collection(office: Office) -> None:
    for name in ("小李", "老王", "读者"):
        person = office.person(name)
        for place in ("/collection/withdraw", "/collection/replace", "/collection", "/scan", "/scan/hour"):
            assert person.post(place, path="供水.txt", hour="2").status_code == 403
        assert person.get("/scan").status_code == 403
        assert "/collection/withdraw" not in person.get("/collection").text
    assert (office.service.settings.corpus / "供水.txt").read_text(encoding="utf-8") == MODEL


@pytest.mark.slow
def test_a_decision_on_a_passage_holds_for_the_next_version(office: Office) -> None:
    writer, reviewer = office.person("小李"), office.person("老王")
    draft = writer.hand_in(COPY)
    writer.wait_for(draft)
    assert reviewer.post(f"/drafts/{draft}/passages", passage="0.0.1").status_code == 404
    writer.post(f"/drafts/{draft}/submit")
    place = f"/drafts/{draft}/passages"
    for _ in range(5):
        page = reviewer.get(f"/drafts/{draft}").text
        if not (keys := re.findall(r'name="passage" value="([\d.]+)"', page)):
            break
        assert reviewer.post(place, passage=keys[0], ruling="waived").status_code == 422, "without a reason"
        sent = {"passage": keys[0], "ruling": "waived", "reason": "统一口径"}
        assert reviewer.post(place, **sent).status_code == 303
        assert reviewer.wait_for(draft)["state"] == "done"
    assert reviewer.wait_for(draft)["level"] != "block"
    assert office.person("老赵").post(place, passage="x", ruling="waived", reason="y").status_code == 404
    assert writer.post(place, passage="x", ruling="waived", reason="y").status_code == 403
    reviewer.post(f"/drafts/{draft}/decide", decision="returned", comment="补充本镇情况")
    second = writer.hand_in(COPY + OWN, thread=draft)
    assert writer.wait_for(second)["level"] != "block"
    assert "统一口径" in writer.get(f"/drafts/{second}").text
    writer.post(f"/drafts/{second}/submit")
    for undo in re.findall(
        r'action="(/drafts/[\w-]+/passages/[\w-]+/undo)"', reviewer.get(f"/drafts/{second}").text
    ):
        assert reviewer.post(undo).status_code == 303
        reviewer.wait_for(second)
    assert writer.wait_for(second)["level"] == "block"


@pytest.mark.slow
def test_a_scan_that_is_wanted_is_made(office: Office) -> None:
    admin = office.person("主任")
    (office.service.settings.corpus / "供水二.txt").write_text(MODEL, encoding="utf-8")
    assert admin.post("/scan").status_code == 303
    office.scanned()
    page = admin.get("/scan").text
    assert "供水二.txt" in page
    report = admin.get("/scan/report")
    assert "供水二.txt" in report.text
    assert "script-src 'sha256-" in report.headers["content-security-policy"]
    (office.service.settings.corpus / "供水二.txt").unlink()
    for wrong in ("24", "-1", "两点", "１"):
        assert admin.post("/scan/hour", hour=wrong).status_code == 422
    assert admin.post("/scan/hour", hour="2").status_code == 303
    assert admin.post("/scan/hour", hour="").status_code == 303


@pytest.mark.slow
def test_what_was_withdrawn_by_mistake_is_undone_at_once(office: Office) -> None:
    admin, place = office.person("主任"), office.service.settings.corpus / "供水.txt"
    answer = admin.post("/collection/withdraw", path="供水.txt", back="/scan")
    assert not place.exists()
    page = admin.get(answer.headers["location"]).text
    undo = re.search(r'action="(/collection/withdrawn/[\w-]+/back)"', page)
    assert undo
    forged = admin.get("/scan?moved=withdrawn&undo=../../admin/accounts/x/disable?").text
    assert "disable" not in "".join(re.findall('action="([^"]+)"', forged)), (
        "an address makes no form of its own"
    )
    assert admin.post(undo[1], back="/scan").headers["location"].startswith("/scan?")
    assert place.read_text(encoding="utf-8") == MODEL


@pytest.mark.slow
def test_a_document_has_a_page_with_its_terms_and_whose_it_is(office: Office) -> None:
    office.keep_up()
    reader = office.person("读者")
    listed = reader.get("/collection").text
    place = re.search(r'href="(/collection/document\?path=[^"]+)"', listed)
    assert place
    page = reader.get(place[1]).text
    assert "请勿照搬照抄" in page
    assert "清溪镇" in page
    assert "群众用水安全" not in page, "its text is shown to nobody here"
    assert "/collection/replace" not in page
    assert reader.get("/collection/document?path=../../etc/passwd").status_code == 404
    assert "供水.txt" in reader.get("/collection?only=notice").text
    assert "供水.txt" not in reader.get("/collection?only=template").text


@pytest.mark.slow
def test_a_template_that_is_flagged_here_counts_no_longer(office: Office) -> None:
    admin, writer = office.person("主任"), office.person("小李")
    office.keep_up()
    sent = {"path": "供水.txt", "flagged": "true"}
    assert writer.post("/collection/template", **sent).status_code == 403
    assert admin.post("/collection/template", **sent).status_code == 303
    assert "供水.txt" in admin.get("/collection?only=template").text
    assert writer.wait_for(writer.hand_in(COPY))["level"] != "block"
    assert admin.post("/collection/template", path="供水.txt").status_code == 303
    assert writer.wait_for(writer.hand_in(COPY))["level"] == "block"
    assert admin.post("/collection/template", path="没有.txt", flagged="true").status_code == 404


@pytest.mark.slow
def test_the_keeper_sees_who_else_has_the_paragraphs_of_a_document(office: Office) -> None:
    admin, corpus = office.person("主任"), office.service.settings.corpus
    (corpus / "供水（2019年）.txt").write_text(MODEL.replace("自然村", "村民组"), encoding="utf-8")
    office.keep_up()
    admin.post("/scan")
    office.scanned()
    page = admin.get("/collection/document?path=供水.txt").text
    assert "/collection/document?path=%E4%BE%9B%E6%B0%B4%EF%BC%882019%E5%B9%B4%EF%BC%89.txt" in page
    assert "由镇水务站牵头逐村摸清管线走向" in page
    assert "内容相近的范文" not in office.person("读者").get("/collection/document?path=供水.txt").text
    (corpus / "供水（2019年）.txt").unlink()
    office.keep_up()
