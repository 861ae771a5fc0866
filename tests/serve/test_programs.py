"""What programs read: the same that the pages show, and to nobody else."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from sqlalchemy import update

from dedup.serve.accounts import now
from dedup.serve.tables import Draft, new_id
from tests.serve.conftest import COPY, MODEL, OWN, Office, Person

pytestmark = pytest.mark.slow  # many requests to a service of its own

SHARED = "各村要把巡河日志交到镇水务站，每月初八由站长逐本翻看，漏记三次以上的在镇村干部会上说明原因。\n"
OTHER = "镇里把闲置的旧粮站改成晾晒场，谁家要用提前一天到村委会登记，用完扫净，粮食丢了由看场人照价赔偿。\n"


def _post(person: Person, place: str, **named: Any) -> Any:
    return person.browser.post(place, headers={"x-form-token": person.form_token}, **named)


def _batch(person: Person, *files: tuple[str, bytes]) -> list[dict[str, Any]]:
    sent = [("file", one) for one in files]
    checks: list[dict[str, Any]] = _post(person, "/api/v1/checks?wait=60", files=sent).json()
    return checks


def test_the_table_of_a_batch_is_that_of_its_page(office: Office) -> None:
    writer = office.person("小李")
    files = {"甲.txt": OWN + SHARED, "乙.txt": OTHER + SHARED, "丙.txt": COPY + OTHER, "坏.pdf": "%PDF-1.4"}
    checks = _batch(writer, *((name, text.encode()) for name, text in files.items()))
    identifiers = {one["name"]: one["id"] for one in checks}
    place = f"/batches/{checks[0]['batch']}"
    table = writer.get(f"/api/v1{place}").json()
    assert {one["id"] for one in table["checks"]} == set(identifiers.values())
    assert table["waiting"] == 0
    assert table["rows"][0]["path"] == "丙.txt", "the worst first"
    assert {one["path"]: one["check"] for one in table["rows"]} == {
        name: identifiers[name] for name in ("甲.txt", "乙.txt", "丙.txt")
    }
    pairs = {(one["draft"], one["other"]): one["ratio"] for one in table["shared"]}
    page = writer.get(place).text
    matrix = page[page.index("本批文稿互相雷同") :]
    for (draft, _), ratio in pairs.items():
        assert f"{ratio:.0%}" in matrix, draft
    assert {frozenset(pair) for pair in pairs} == {
        frozenset(("甲.txt", "乙.txt")),
        frozenset(("乙.txt", "丙.txt")),
    }
    assert {one["source"] for one in table["sources"] if one["draft"] == "丙.txt"} == {"供水.txt"}
    assert [one["path"] for one in table["unread"]] == ["坏.pdf"]
    assert table["alone"] == []
    english = writer.get(f"/api/v1{place}?lang=en").json()
    assert english["unread"][0]["reason"] != table["unread"][0]["reason"]


def test_a_batch_that_waits_has_no_table_yet(office: Office) -> None:
    writer = office.person("小李")
    checks = _batch(writer, ("甲.txt", OWN.encode()), ("乙.txt", OWN.encode()))
    with office.database.writing() as session:
        session.execute(update(Draft).where(Draft.id == checks[0]["id"]).values(state="running", attempts=9))
    table = writer.get(f"/api/v1/batches/{checks[0]['batch']}").json()
    assert (table["waiting"], table["rows"], table["shared"]) == (1, [], [])
    with office.database.writing() as session:
        session.execute(update(Draft).where(Draft.id == checks[0]["id"]).values(state="done"))


def test_of_a_batch_everybody_gets_the_drafts_that_he_may_see(office: Office) -> None:
    writer, reviewer = office.person("小李"), office.person("老王")
    checks = _batch(writer, ("送.txt", (OWN + SHARED).encode()), ("机密.txt", (OTHER + SHARED).encode()))
    place = f"/api/v1/batches/{checks[0]['batch']}"
    never = f"/api/v1/batches/{new_id()}"
    for name in ("小张", "老王", "老赵"):
        person = office.person(name)
        answers = [(one.status_code, one.text) for one in (person.get(place), person.get(never))]
        assert answers[0] == answers[1], f"{name} is told that the batch is there"
        assert answers[0][0] == 404
    [handed_in] = [one["id"] for one in checks if one["name"] == "送.txt"]
    _post(writer, f"/api/v1/checks/{handed_in}/submission")
    table = reviewer.get(place).json()
    assert [one["name"] for one in table["checks"]] == ["送.txt"]
    assert "机密" not in json.dumps(table, ensure_ascii=False)
    assert (len(table["rows"]), table["shared"]) == (1, [])
    assert office.person("老赵").get(place).status_code == 404, "of another unit"
    assert reviewer.get("/api/v1/batches/").status_code == 404


def test_the_state_of_the_service_is_that_of_its_page(office: Office) -> None:
    admin, corpus = office.person("主任"), office.service.settings.corpus
    (corpus / "坏.pdf").write_bytes(b"%PDF-1.4 nothing")
    office.keep_up()
    state = admin.get("/api/v1/state").json()
    page = admin.get("/admin/state").text
    assert state["unread"] == 1
    assert "1 个文件读不了" in page
    assert [one["path"] for one in admin.get("/api/v1/documents/unread").json()] == ["坏.pdf"]
    assert admin.get("/api/v1/documents/unread?start=1").json() == []
    assert abs(state["index_changed"] - now()) < 600
    assert "索引最近一次有变动" in page
    assert (state["database"], state["retention_days"], state["problems"]) == ("sqlite", 90, [])
    assert state["database_bytes"] > 0
    assert set(state["drafts"]) == {"queued", "running", "done", "failed"}
    assert all(one["free"] > 0 for one in state["disks"])
    (corpus / "坏.pdf").unlink()
    office.keep_up()
    assert admin.get("/api/v1/state").json()["unread"] == 0


def test_who_asks_how_many_drafts_would_go_deletes_none(office: Office) -> None:
    admin, writer = office.person("主任"), office.person("小李")
    old = writer.hand_in(OWN)
    writer.wait_for(old)
    with office.database.writing() as session:
        session.execute(update(Draft).where(Draft.id == old).values(created=now() - 20 * 86_400))
    for days, count in ((7, 1), (30, 0), (0, 0)):
        answer = _post(admin, "/api/v1/retention/preview", json={"days": days})
        assert (answer.status_code, answer.json()) == (200, {"drafts": count})
    for wrong in (-1, 40_000, 10**400, 1.5, "很久"):
        assert _post(admin, "/api/v1/retention/preview", json={"days": wrong}).status_code == 422
    assert writer.get(f"/api/v1/checks/{old}").status_code == 200
    assert admin.get("/api/v1/retention").json() == {"days": 90}


def test_a_document_is_told_without_its_text_and_its_keeper_more(office: Office) -> None:
    admin, reader, corpus = office.person("主任"), office.person("读者"), office.service.settings.corpus
    other = "供水（2019年）.txt"
    (corpus / other).write_text(MODEL.replace("自然村", "村民组"), encoding="utf-8")
    office.keep_up()
    headers = {"x-form-token": admin.form_token}
    place = "/api/v1/documents/content?path=供水.txt"
    octets = {**headers, "content-type": "application/octet-stream"}
    assert admin.browser.put(place, content=MODEL.encode(), headers=octets).status_code == 200
    office.keep_up()
    job = _post(admin, "/api/v1/scans").json()
    admin.get(f"/api/v1/jobs/{job['id']}/events")
    place = "/api/v1/documents/particulars?path=供水.txt"
    told = admin.get(place).json()
    [part] = told["parts"]
    assert (part["title"], part["unit"], part["no_copying"]) == (
        "关于推进清溪镇集中供水改造的实施方案",
        "清溪镇",
        True,
    )
    assert [one["path"] for one in told["related"]] == [other]
    assert any(other in one["documents"] for one in told["shared"])
    assert [(one["path"], one["by"], one["move"]) for one in told["before"]] == [
        ("供水.txt", "主任", "replaced")
    ]
    page = admin.get("/collection/document?path=供水.txt").text
    assert "这里以前的文件" in page
    assert f"/collection/withdrawn/{told['before'][0]['id']}/back" in page
    listed = admin.get("/api/v1/documents?q=供水.txt").json()["documents"]
    assert listed == told["parts"]
    for name in ("读者", "小李", "老王"):
        answer = office.person(name).get(place)
        assert answer.json()["parts"][0]["path"] == "供水.txt"
        assert [answer.json()[one] for one in ("related", "shared", "before")] == [None] * 3
        assert "群众用水安全" not in answer.text, "its text is shown to nobody here"
    for wrong in ("没有.txt", "../供水.txt", "", "\0", "甲" * 5000):
        assert reader.browser.get(place.partition("?")[0], params={"path": wrong}).status_code == 404
    assert reader.get("/api/v1/documents?only=notice").json()["count"] == 2
    assert reader.get("/api/v1/documents?only=template").json()["count"] == 0
    assert reader.get("/api/v1/documents?only=all").status_code == 422
    (corpus / other).unlink()
    office.keep_up()


def test_what_was_decided_is_listed_with_who_did(office: Office) -> None:
    writer, reviewer = office.person("小李"), office.person("老王")
    draft = writer.hand_in(COPY, "稿子.txt")
    writer.wait_for(draft)
    _post(writer, f"/api/v1/checks/{draft}/submission")
    assert draft not in reviewer.get("/api/v1/reviews/decided").text
    outcome = {"decision": "returned", "comment": "补充本镇情况"}
    assert _post(reviewer, f"/api/v1/checks/{draft}/decision", json=outcome).json()["reviewer"] == "老王"
    [found] = reviewer.get("/api/v1/reviews/decided?limit=1").json()
    assert (found["check"]["id"], found["check"]["reviewer"], found["writer"]) == (draft, "老王", "小李")
    assert draft not in office.person("老赵").get("/api/v1/reviews/decided").text
    second = writer.hand_in(COPY.replace("每月", "每季度") + OTHER, "稿子.txt", thread=draft)
    writer.wait_for(second)
    [between] = writer.get(f"/api/v1/checks/{second}/since/{draft}").json()
    changes = [(one["change"], one["before"], one["after"]) for one in between["differing"]]
    assert [one for one, _, _ in changes] == ["changed", "added"]
    assert "每月" in changes[0][1]
    assert "每季度" in changes[0][2]
    assert changes[1][1:] == ("", OTHER.strip())
    assert not between["too_long"]


def test_the_log_is_taken_away_as_on_its_page(office: Office) -> None:
    admin = office.person("主任")
    answer = admin.get("/api/v1/log.jsonl")
    assert answer.headers["content-type"].startswith("application/jsonl")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.text == admin.get("/admin/log.jsonl").text
    log = admin.get("/api/v1/log?limit=1000").json()
    assert (log["count"], log["head"]) == (lines[-1]["number"], lines[-1]["digest"])
    assert log["first_altered"] is None
    assert log["lines"][0]["digest"] == log["head"]
    [writer] = [one["id"] for one in admin.get("/api/v1/accounts").json() if one["name"] == "小李"]
    office.person("小李")
    own = admin.get(f"/api/v1/log?account={writer}&verify=false").json()["lines"]
    assert {one["account"] for one in own} == {"小李"}


def test_the_description_has_all_operations_and_no_page(office: Office) -> None:
    described = office.person().get("/api/openapi.json").json()
    paths = set(described["paths"])
    assert {"/api/v1/batches/{batch}", "/api/v1/state", "/api/v1/log.jsonl"} <= paths
    assert all(path.startswith(("/api/v1/", "/health/", "/metrics")) for path in paths)
    names = [one["operationId"] for path in described["paths"].values() for one in path.values()]
    assert len(names) == len(set(names))
    assert not [one for one in described["components"]["schemas"] if "__" in one], "two records of one name"
    assert re.search("同网页上的一样", described["info"]["description"])
