"""What people do in the browser, from the first link to the decision."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dedup.serve.app import application
from dedup.serve.pages.page import POLICY
from dedup.serve.running import first_invitation
from tests.serve.conftest import COPY, MODEL, OWN, PASSWORD, Office, make_service

pytestmark = pytest.mark.slow  # many requests to a service of its own


def test_a_copy_is_found_and_its_report_read(office: Office) -> None:
    writer = office.person("小李")
    draft = writer.hand_in(COPY)
    assert writer.wait_for(draft)["level"] == "block"
    page = writer.get(f"/drafts/{draft}").text
    assert "须改写" in page
    assert "声明不得照搬" in page, "it says why"
    report = writer.get(f"/drafts/{draft}/report.html")
    assert "供水.txt" in report.text
    assert "script-src 'sha256-" in report.headers["content-security-policy"]
    assert "unsafe" not in report.headers["content-security-policy"]


def test_a_report_is_taken_away_as_a_file(office: Office) -> None:
    writer = office.person("小李")
    draft = writer.hand_in(COPY)
    writer.wait_for(draft)
    found = writer.get(f"/drafts/{draft}/report.json")
    assert found.json()["verdict"]["level"] == "block"
    assert found.headers["content-disposition"].startswith("attachment")
    assert writer.get(f"/drafts/{draft}/report.docx").content.startswith(b"PK")
    assert writer.get(f"/drafts/{draft}/report.exe").status_code == 404


def test_several_files_make_a_batch_with_the_worst_first(office: Office) -> None:
    writer = office.person("小李")
    files = [("file", ("甲.txt", OWN.encode())), ("file", ("乙.txt", COPY.encode()))]
    answer = writer.browser.post("/drafts", data={"form_token": writer.form_token}, files=files)
    place = answer.headers["location"]
    assert place.startswith("/batches/")
    for draft in re.findall(r'href="/drafts/([\w-]+)"', writer.get(place).text):
        writer.wait_for(draft)
    page = writer.get(place).text
    assert page.index("乙.txt") < page.index("甲.txt")
    assert office.person("小张").get(place).status_code == 404


def test_a_draft_goes_to_the_reviewer_and_back(office: Office) -> None:
    writer, reviewer = office.person("小李"), office.person("老王")
    draft = writer.hand_in(COPY, "送审稿.txt")
    writer.wait_for(draft)
    assert "送审稿" not in reviewer.get("/review").text
    assert writer.post(f"/drafts/{draft}/submit").status_code == 303
    assert "送审稿" in reviewer.get("/review").text
    assert "送审稿" not in office.person("老赵").get("/review").text
    place = f"/drafts/{draft}/decide"
    assert reviewer.post(place, decision="returned").status_code == 422, "without saying why"
    assert reviewer.post(place, decision="returned", comment="第二部分要重写").status_code == 303
    page = writer.get(f"/drafts/{draft}").text
    assert "退回修改" in page
    assert "第二部分要重写" in page
    waiting, decided = reviewer.get("/review").text.split("审过的")
    assert "送审稿" not in waiting
    assert "送审稿" in decided
    assert reviewer.post(place, decision="accepted").status_code == 409, "it was decided already"


def test_of_the_versions_of_a_draft_only_the_one_handed_in_last_waits(office: Office) -> None:
    writer, reviewer = office.person("小李"), office.person("老王")
    first = writer.hand_in(COPY, "头一稿.txt")
    writer.wait_for(first)
    writer.post(f"/drafts/{first}/submit")
    second = writer.hand_in(OWN, "下一稿.txt", thread=first)
    writer.wait_for(second)
    assert "头一稿.txt" in reviewer.get("/review").text, "the second was not handed in yet"
    writer.post(f"/drafts/{second}/submit")
    queue = reviewer.get("/review").text
    assert "下一稿.txt" in queue
    assert "头一稿.txt" not in queue, "it would wait for ever, and never be deleted"
    assert "改送另一稿" in office.person("主任").get("/admin/log").text
    assert reviewer.post(f"/drafts/{second}/decide", decision="returned", comment="补充").status_code == 303
    third = writer.hand_in(OWN, "第三稿.txt", thread=first)
    writer.wait_for(third)
    writer.post(f"/drafts/{third}/submit")
    assert "补充" in reviewer.get(f"/drafts/{third}").text, "what was decided stays"


def test_nobody_decides_on_a_draft_of_his_own(office: Office) -> None:
    reviewer = office.person("老王")
    draft = reviewer.hand_in(OWN)
    reviewer.wait_for(draft)
    reviewer.post(f"/drafts/{draft}/submit")
    assert reviewer.post(f"/drafts/{draft}/decide", decision="accepted").status_code == 403


def test_versions_of_a_draft_show_their_course(office: Office) -> None:
    writer = office.person("小李")
    first = writer.hand_in(COPY + OWN)
    writer.wait_for(first)
    second = writer.hand_in(OWN, thread=first)
    writer.wait_for(second)
    course = re.search(r'class="course">(.*?)</span>', writer.get(f"/drafts/{second}").text, re.S)
    assert course
    ratios = [float(one) for one in re.findall(r">([\d.]+)%<", course[1])]
    assert len(ratios) == 2
    assert ratios[0] > 50
    assert ratios[1] == 0


def test_a_version_cannot_be_hung_on_a_foreign_draft(office: Office) -> None:
    foreign = office.person("小李").hand_in(OWN)
    assert office.person("小张").post("/drafts", text=OWN, thread=foreign).status_code == 404


def test_a_file_that_cannot_be_read_says_why(office: Office) -> None:
    writer = office.person("小李")
    files = {"file": ("坏.pdf", b"%PDF-1.4 nothing")}
    answer = writer.browser.post("/drafts", data={"form_token": writer.form_token}, files=files)
    draft = answer.headers["location"].removeprefix("/drafts/")
    assert writer.wait_for(draft)["state"] == "failed"
    assert 'role="alert"' in writer.get(f"/drafts/{draft}").text
    assert writer.get("/drafts").text.count("没有查成") == 1


def test_what_of_an_archive_was_not_read_stands_on_its_page(office: Office) -> None:
    writer = office.person("小李")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("总结.txt", COPY)
        archive.writestr("照片.jpg", b"\xff\xd8\xff")
    files = {"file": ("材料.zip", packed.getvalue())}
    answer = writer.browser.post("/drafts", data={"form_token": writer.form_token}, files=files)
    draft = answer.headers["location"].removeprefix("/drafts/")
    writer.wait_for(draft)
    page = writer.get(f"/drafts/{draft}").text
    assert "未能检查" in page
    assert "材料.zip/照片.jpg" in page


def test_who_hands_in_what_nobody_may_review_is_told(office: Office) -> None:
    told = "还没有别的审核账号"
    draft = (alone := office.person("老赵")).hand_in(OWN)
    alone.wait_for(draft)
    assert f"石桥镇{told}" in alone.get(f"/drafts/{draft}").text, "he may not review his own"
    draft = (writer := office.person("小李")).hand_in(OWN)
    writer.wait_for(draft)
    assert told not in writer.get(f"/drafts/{draft}").text
    writer.post(f"/drafts/{draft}/submit")
    page = office.person("老王").get(f"/drafts/{draft}").text
    assert "小李 · 20" in page, "a reviewer reads whose it is"


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>.txt", "../../etc/passwd", "a\r\nSet-Cookie: x.txt", "\u202etxt.exe"]
)
def test_names_stay_inert(office: Office, name: str) -> None:
    writer = office.person("小李")
    draft = writer.hand_in(OWN, name)
    writer.wait_for(draft)
    page = writer.get(f"/drafts/{draft}").text
    assert "<script>alert" not in page
    assert "/etc/passwd" not in page
    answer = writer.get(f"/drafts/{draft}/report.json")
    assert "set-cookie" not in answer.headers
    assert "\u202e" not in page


def test_the_collection_is_searched(office: Office) -> None:
    reader = office.person("读者")
    assert "供水" in reader.get("/collection?q=供水").text
    assert "供水.txt" not in reader.get("/collection?q=河道").text


def test_every_answer_is_inert_and_kept_by_no_cache(office: Office) -> None:
    for place in ("/login", "/nothing", "/api/v1/checks", "/health/live"):
        answer = office.person().get(place)
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_pages_speak_one_language(office: Office) -> None:
    writer = office.person("小李")
    page = writer.get("/?lang=en").text
    assert "Check a draft" in page
    said = re.sub(r"<[^>]+>", "", page).replace("小李", "").replace("中文", "")
    assert not re.search("[一-鿿]", said)
    assert "Check a draft" in writer.get("/").text, "the choice is remembered"


def test_who_may_not_do_something_reads_whose_it_is_and_keeps_the_menu(office: Office) -> None:
    refused = office.person("主任").get("/drafts")
    assert refused.status_code == 403
    assert "文稿归写稿和审核账号" in refused.text
    assert 'href="/admin"' in refused.text
    assert "查稿要有写稿或审核账号" not in office.person("主任").get("/admin").text
    assert 'href="/admin"' not in office.person("小李").get("/admin/log").text


def test_a_form_that_is_refused_leads_back_to_its_page(office: Office) -> None:
    writer = office.person("小李")
    sent = {"form_token": writer.form_token}

    def refused(page: str) -> str:
        answer = writer.browser.post("/drafts", data=sent, headers={"referer": f"http://testserver{page}"})
        assert answer.status_code in (401, 422)
        return answer.text

    assert 'href="/collection?q=a&amp;start=50"' in refused("/collection?q=a&start=50")
    for page in ("/drafts/1/submit", "//elsewhere.example/drafts", "/nothing/here", "["):
        assert page not in refused(page), "it cannot be fetched"
    writer.browser.cookies.clear()
    assert 'href="/login?then=%2Fcollection%3Fq%3Da"' in refused("/collection?q=a"), "the login has ended"
    assert "重新登录" in refused("/")


def test_a_deleted_draft_is_gone(office: Office) -> None:
    writer = office.person("小李")
    draft = writer.hand_in(OWN)
    writer.wait_for(draft)
    assert writer.post(f"/drafts/{draft}/delete").status_code == 303
    assert writer.get(f"/drafts/{draft}").status_code == 404


def test_the_first_start_makes_one_administrator_with_a_link_for_once(tmp_path: Path) -> None:
    app = application(make_service(tmp_path))
    secret = first_invitation(app.state.database)
    browser = TestClient(app, follow_redirects=False)
    place = f"/invitation/{secret}"
    assert "admin" in browser.get(place).text
    assert browser.post(place, data={"password": "short", "again": "short"}).status_code == 422
    assert browser.post(place, data={"password": PASSWORD, "again": PASSWORD + "x"}).status_code == 422
    assert browser.post(place, data={"password": PASSWORD, "again": PASSWORD}).status_code == 303
    assert browser.get(place).status_code == 404
    assert browser.post("/login", data={"name": "admin", "password": PASSWORD}).status_code == 303
    assert "查稿要有写稿或审核账号" in browser.get("/admin").text
    assert first_invitation(app.state.database) is None
    app.state.database.close()


def test_an_account_that_is_shut_out_is_out_at_once(office: Office) -> None:
    admin = office.person("主任")
    page = admin.post("/admin/accounts", name="临时工", role="writer", unit="清溪镇").text
    found = re.search(r"(/invitation/[\w-]+)", page)
    assert found
    office.person().browser.post(found[1], data={"password": PASSWORD, "again": PASSWORD})
    guest = office.person("临时工")
    assert guest.get("/drafts").status_code == 200
    row = re.search(r'>临时工.*?action="(/admin/accounts/[\w-]+/disable)"', admin.get("/admin").text, re.S)
    assert row
    admin.post(row[1])
    assert guest.get("/drafts").status_code == 303
    assert (
        office.person().browser.post("/login", data={"name": "临时工", "password": PASSWORD}).status_code
        == 401
    )


def test_the_model_text_itself_is_checked_like_any_draft(office: Office) -> None:
    writer = office.person("小李")
    assert writer.wait_for(writer.hand_in(MODEL))["level"] == "block"
