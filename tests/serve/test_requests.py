"""Requests that are too large, cut short or odd, and the way from a page to the same one in English."""

from __future__ import annotations

import logging
import re
import socket
from html import unescape

import pytest

from dedup.serve.access import COOKIE
from tests.serve.conftest import MODEL, OWN, Office, listening
from tests.serve.routes import RULES

pytestmark = pytest.mark.slow  # a service of its own
LARGE = b"x" * 2_000_000


def _in_english(page: str) -> str:
    return unescape(re.findall(r'<a href="([^"]+)" lang="en"', page)[0])


@pytest.mark.parametrize(
    "place",
    ["/collection/document?path=%E4%BE%9B%E6%B0%B4.txt", "/collection?q=供水&only=notice", "/nothing/here"],
)
def test_a_page_is_read_on_in_the_other_language(office: Office, place: str) -> None:
    admin = office.person("主任")
    before = admin.get(place)
    after = admin.get(_in_english(before.text))
    assert after.status_code == before.status_code
    assert 'lang="en"' in after.text
    assert ("供水.txt" in after.text) == ("供水.txt" in before.text)


def test_the_answer_to_a_form_leads_to_a_page_in_the_other_language(office: Office) -> None:
    admin = office.person("主任")
    answers = [
        admin.post("/admin/accounts", name="新来的", role="writer", unit=""),
        admin.post("/admin/accounts", name="新来的", role="writer", unit=""),  # which is refused
        admin.post("/tokens", name="备份", scope="read", days="30"),
        admin.post("/admin/limits", do="preview", warn_over="5", block_over="20", notice_floor="60"),
        office.person().browser.post("/login", data={"name": "主任", "password": "忘了"}),
    ]
    for answer in answers:
        if answer.status_code != 303:
            assert office.person("主任").get(_in_english(answer.text)).status_code in (200, 303)


def test_only_files_may_be_large_and_nobody_unknown_sends_any(office: Office) -> None:
    unknown = office.person()
    for route, rule in RULES.items():
        method, place = route.split()
        if method != "GET" and rule != "open":
            answer = unknown.browser.request(
                method, place, content=LARGE, headers={"content-type": "application/json"}
            )
            assert answer.status_code in (401, 413), route
    writer = office.person("小李")
    files = {"file": ("大.txt", ("大" * 500_000).encode())}
    data = {"form_token": writer.form_token}
    assert writer.browser.post("/drafts", data=data, files=files).status_code == 303


def test_too_many_files_are_told_as_that(office: Office) -> None:
    writer = office.person("小李")
    files = [("file", (f"{number}.txt", OWN.encode())) for number in range(201)]
    answer = writer.browser.post("/drafts", data={"form_token": writer.form_token}, files=files)
    assert answer.status_code == 413
    assert "最多送 200 份" in answer.text


def test_a_file_that_is_there_already_is_named(office: Office) -> None:
    admin = office.person("主任")
    for name, status in (("供水.txt", 409), ("供水.exe", 422)):
        files = {"file": (name, MODEL.encode())}
        answer = admin.browser.post("/collection", data={"form_token": admin.form_token}, files=files)
        assert answer.status_code == status
        assert f"「{name}」" in answer.text


@pytest.mark.parametrize("place", ["/collection", "/api/v1/documents"])
def test_of_several_files_those_that_were_added_are_told(office: Office, place: str) -> None:
    admin = office.person("主任")
    first, last = ("甲", "乙") if place == "/collection" else ("丙", "丁")
    names = [f"{first}.txt", "供水.txt", f"{last}.txt"]
    files = [("file", (name, f"{name}：{OWN}".encode())) for name in names]
    answer = admin.browser.post(place, data={"form_token": admin.form_token}, files=files)
    assert answer.status_code == 409
    if place == "/collection":
        assert "「供水.txt」" in answer.text
        before, after = answer.text.split("没有加入的")
        assert re.findall(r'class="path">([^<]+)', before) == names[:1]
        assert re.findall(r'class="path">([^<]+)', after) == names[1:]
    else:
        assert (answer.json()["added"], answer.json()["not_added"]) == (names[:1], names[1:])
    corpus = office.service.settings.corpus
    assert [(corpus / name).exists() for name in names] == [True, True, False]
    assert f"{first}.txt" in admin.get("/admin/log").text, "what was added is written down"


def test_a_single_file_that_is_refused_is_told_without_lists(office: Office) -> None:
    admin = office.person("主任")
    files, data = {"file": ("供水.txt", MODEL.encode())}, {"form_token": admin.form_token}
    told = admin.browser.post("/api/v1/documents", data=data, files=files).json()
    assert not {"added", "not_added"} & told.keys()
    assert "没有加入的" not in admin.browser.post("/collection", data=data, files=files).text


def test_a_number_beyond_all_numbers_is_refused(office: Office) -> None:
    admin = office.person("主任")
    assert admin.get(f"/admin/log?before={10**30}").status_code == 422


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/drafts", "multipart/form-data; boundary=x"),
        ("/tokens", "application/x-www-form-urlencoded"),
        ("/api/v1/checks", "application/json"),
    ],
)
def test_a_browser_that_goes_away_is_no_fault_of_ours(
    office: Office, caplog: pytest.LogCaptureFixture, place: str, kind: str
) -> None:
    writer = office.person("小李")
    head = (
        f"POST {place} HTTP/1.1\r\nHost: localhost\r\nCookie: {COOKIE}={writer.browser.cookies[COOKIE]}\r\n"
        f"X-Form-Token: {writer.form_token}\r\nContent-Type: {kind}\r\nContent-Length: 90000\r\n\r\n--x\r\n"
    )
    with listening(office.app) as address, caplog.at_level(logging.WARNING):
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as browser:
            browser.sendall(head.encode())
    # The server was ended, so the request has been too.
    assert [record.getMessage() for record in caplog.records] == []
