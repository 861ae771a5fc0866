"""管理: accounts with roles and units, the state of the service, its log."""

from __future__ import annotations

import json
import re
import time

import pytest
from sqlalchemy import select, update

from dedup.serve.accounts import now
from dedup.serve.choices import retention_days
from dedup.serve.drafts import forget_old
from dedup.serve.tables import Draft, Event, PassageDecision
from tests.serve.conftest import OWN, Office, Person

pytestmark = pytest.mark.slow  # a service of its own


def _account(admin: Person, name: str) -> str:
    found = re.search(rf">{name}.*?/admin/accounts/([\w-]+)/change", admin.get("/admin").text, re.S)
    assert found
    return found[1]


def test_a_role_and_a_unit_are_changed_and_hold_at_once(office: Office) -> None:
    admin, reviewer = office.person("主任"), office.person("老赵")
    place = f"/admin/accounts/{_account(admin, '老赵')}/change"
    assert reviewer.get("/review").status_code == 200
    assert admin.post(place, role="writer", unit="石桥镇").status_code == 303
    assert reviewer.get("/review").status_code == 403
    assert admin.post(place, role="director", unit="").status_code == 422
    assert admin.post(place, role="reviewer", unit="石桥镇").status_code == 303
    assert reviewer.get("/review").status_code == 200
    own = f"/admin/accounts/{_account(admin, '主任')}/change"
    assert admin.post(own, role="writer", unit="").status_code == 409, "nobody would be left"
    assert office.person("小李").post(place, role="admin", unit="").status_code == 403


def test_a_link_says_whose_it_is_and_how_long_it_holds(office: Office) -> None:
    admin = office.person("主任")
    for page in (
        admin.post("/admin/accounts", name="新来的", role="writer", unit="清溪镇").text,
        admin.post(f"/admin/accounts/{_account(admin, '新来的')}/invite").text,
    ):
        told = page[page.index('class="done"') : page.index("/invitation/")]
        assert "新来的" in told
        assert "三天" in told


def test_a_renamed_unit_keeps_its_people_and_what_waits_for_them(office: Office) -> None:
    admin, writer, reviewer = office.person("主任"), office.person("小李"), office.person("老王")
    draft = writer.hand_in(OWN, "改名前.txt")
    writer.wait_for(draft)
    writer.post(f"/drafts/{draft}/submit")
    assert admin.post("/admin/units", old="清溪镇", new="清溪街道").status_code == 303
    assert "改名前.txt" in reviewer.get("/review").text
    assert "清溪街道" in admin.get("/admin").text
    assert admin.post("/admin/units", old="没有的", new="清溪镇").status_code == 422
    assert admin.post("/admin/units", old="清溪街道", new="清溪镇").status_code == 303
    assert "清溪街道 → 清溪镇" in admin.get("/admin/log").text


def test_the_state_page_tells_what_an_administrator_wants_to_know(office: Office) -> None:
    page = office.person("主任").get("/admin/state").text
    assert "共 1 篇" in page
    assert "sqlite" in page
    assert "90 天" in page
    assert re.search(r"\d GB", page)


def test_the_log_is_read_taken_away_and_verified(office: Office) -> None:
    admin = office.person("主任")
    writer = _account(admin, "小李")
    office.person("小李")
    listed = admin.get(f"/admin/log?who={writer}").text
    table = listed[listed.index("<tbody>") :]
    assert "登录" in table
    assert "主任" not in table
    lines = [json.loads(line) for line in admin.get("/admin/log.jsonl").text.splitlines()]
    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert lines[-1]["digest"] in admin.get("/admin/log?verify=true").text
    further = admin.get(f"/admin/log?before={lines[-1]['number']}").text
    assert f">{lines[-1]['number']}</td>" not in further
    with office.database.writing() as session:
        session.execute(update(Event).where(Event.number == 1).values(subject="别人"))
    assert "从第 1 行起被改动过" in admin.get("/admin/log?verify=true").text
    with office.database.writing() as session:
        session.execute(update(Event).where(Event.number == 1).values(subject=lines[0]["subject"]))


def test_drafts_are_kept_as_long_as_was_chosen_and_their_decisions_go_with_them(office: Office) -> None:
    admin, writer = office.person("主任"), office.person("小李")
    old = writer.hand_in(OWN, "旧稿.txt")
    writer.wait_for(old)
    with office.database.writing() as session:
        session.execute(update(Draft).where(Draft.id == old).values(created=now() - 20 * 86_400))
        session.add(_decision(session.get_one(Draft, old)))
    assert "会删去 1 份" in admin.post("/admin/retention", days="7", do="preview").text
    assert writer.get(f"/drafts/{old}").status_code == 200, "nothing was set"
    assert "90 天" in admin.get("/admin/state").text
    for wrong in ("-1", "很久", "99999999"):
        assert admin.post("/admin/retention", days=wrong).status_code == 422
    assert admin.post("/admin/retention", days="7", do="set").status_code == 303
    assert "7 天" in admin.get("/admin/state").text
    with office.database.reading() as session:
        days = retention_days(session, office.service)
    assert forget_old(office.database, days) in (0, 1), "the keeper may have been there before"
    assert writer.get(f"/drafts/{old}").status_code == 404
    with office.database.reading() as session:
        assert list(session.scalars(select(PassageDecision))) == []
    assert admin.post("/admin/retention", days="90", do="set").status_code == 303


def _decision(draft: Draft) -> PassageDecision:
    return PassageDecision(
        thread=draft.thread,
        account=draft.account,
        ruling="waived",
        reason="统一口径",
        created=now(),
        source="供水.txt",
        excerpt=OWN[:20],
        fingerprint="",
    )


def test_times_are_those_of_the_place(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = office.app.state.scans.folder
    folder.mkdir(exist_ok=True)
    found = {
        "started": "2026-03-01T18:28:00+00:00",
        "counts": {"documents": 2, "pairs": 3, "clusters": 1},
        "since_last_scan": None,
    }
    (folder / "summary.json").write_text(json.dumps(found), encoding="ascii")
    admin = office.person("主任")
    try:
        monkeypatch.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        for place in ("/scan", "/admin/state"):
            assert "2026-03-02 02:28" in admin.get(place).text
    finally:
        (folder / "summary.json").unlink()
        monkeypatch.undo()
        time.tzset()


def test_the_size_of_the_database_is_all_of_it(office: Office) -> None:
    files = office.service.folder.glob("service.sqlite*")
    kilobytes = sum(one.stat().st_size for one in files if not one.name.endswith("-shm")) / 1e3
    shown = re.search(r"sqlite · ([\d.]+) (KB|MB)", office.person("主任").get("/admin/state").text)
    assert shown
    assert float(shown[1]) * (1000 if shown[2] == "MB" else 1) >= kilobytes * 0.9
