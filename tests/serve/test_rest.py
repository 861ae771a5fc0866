"""What programs may count on: problems in both languages, submissions once, jobs that go on to their end."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from dedup.serve import jobs
from dedup.serve.accounts import now
from dedup.serve.app import application
from dedup.serve.database import open_database
from dedup.serve.tables import Job
from dedup.serve.words import catalogue
from tests.serve.conftest import COPY, OWN, Office, Person, listening, make_service, staff

pytestmark = pytest.mark.slow  # many requests to a service of its own


def _post(person: Person, place: str, **named: Any) -> Response:
    headers = {"x-form-token": person.form_token, **named.pop("headers", {})}
    answer: Response = person.browser.post(place, headers=headers, **named)
    return answer


def _problem(answer: Response) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == answer.status_code
    assert told["type"] == f"/api/v1/problems/{told['code']}"
    return told


def test_problems_are_told_in_the_language_that_was_asked_for(office: Office) -> None:
    browser = office.person().browser
    for headers, place, language in (
        ({}, "/api/v1/checks", "zh"),
        ({"accept-language": "en-GB,en;q=0.9"}, "/api/v1/checks", "en"),
        ({"accept-language": "zh-CN"}, "/api/v1/checks", "zh"),
        ({"accept-language": "fr"}, "/api/v1/checks", "zh"),
        ({"accept-language": "en"}, "/api/v1/checks?lang=zh", "zh"),
    ):
        answer = browser.get(place, headers=headers)
        told = _problem(answer)
        assert answer.headers["content-language"] == language
        assert told["title"] == catalogue(language)["problem.login"]
        meaning = browser.get(told["type"]).json()
        assert told["title"] == meaning[language]


def test_a_problem_names_the_fields_and_not_what_stood_in_them(office: Office) -> None:
    admin = office.person("主任")
    headers = {"x-form-token": admin.form_token}
    sent = {"warn_over": "机密", "block_over": 2, "notice_floor": 60}
    told = _problem(admin.browser.put("/api/v1/limits", json=sent, headers=headers))
    assert told["fields"] == ["body.warn_over", "body.block_over"]
    assert "机密" not in json.dumps(told, ensure_ascii=False)
    for broken in (b"{", b"\xff", b"[]"):
        answer = admin.browser.put("/api/v1/limits", content=broken, headers=headers)
        assert _problem(answer)["code"] == "invalid"


def test_too_much_is_a_problem_for_programs_and_a_page_for_people(office: Office) -> None:
    writer = office.person("小李")
    much = {"content-length": str(10**10)}
    answer = writer.browser.post("/api/v1/checks", content=b"x", headers=much)
    assert _problem(answer)["code"] == "too_large"
    page = writer.browser.post("/drafts", content=b"x", headers=much)
    assert (page.status_code, "text/html" in page.headers["content-type"]) == (413, True)


def test_the_same_submission_twice_is_one(office: Office) -> None:
    writer, key = office.person("小李"), {"idempotency-key": "k-1"}
    with ThreadPoolExecutor(4) as pool:
        sent = [
            pool.submit(_post, writer, "/api/v1/checks", json={"text": COPY}, headers=key) for _ in range(4)
        ]
    found = {answer.result().json()[0]["id"] for answer in sent}
    assert len(found) == 1
    other = _post(writer, "/api/v1/checks", json={"text": OWN}, headers=key)
    assert _problem(other)["code"] == "key_used"
    somebody_else = _post(office.person("小张"), "/api/v1/checks", json={"text": COPY}, headers=key)
    assert somebody_else.json()[0]["id"] not in found


def test_a_body_may_be_the_file_itself(office: Office) -> None:
    writer = office.person("小李")
    octets = {"content-type": "application/octet-stream"}
    answer = _post(writer, "/api/v1/checks?name=../稿.txt&wait=60", content=COPY.encode(), headers=octets)
    assert (answer.json()[0]["name"], answer.json()[0]["level"]) == ("稿.txt", "block")
    assert _problem(_post(writer, "/api/v1/checks", content=b"", headers=octets))["code"] == "no_file"


def test_a_template_of_the_collection_does_not_count(office: Office) -> None:
    writer, admin = office.person("小李"), office.person("主任")
    headers = {"x-form-token": admin.form_token}

    def flag(flagged: bool, path: str = "供水.txt") -> int:
        place = f"/api/v1/documents/template?path={path}"
        answer: Response = admin.browser.put(place, json={"template": flagged}, headers=headers)
        return answer.status_code

    assert flag(True) == 200
    text = {"text": COPY}
    assert _post(writer, "/api/v1/checks?wait=60", json=text).json()[0]["level"] == "pass"
    assert flag(False) == 200
    assert _post(writer, "/api/v1/checks?wait=60", json=text).json()[0]["level"] == "block"
    assert flag(True, "../供水.txt") == 404


def _events(person: Person, place: str) -> list[dict[str, Any]]:
    text = person.get(place).text
    return [
        json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")
    ]


def test_a_scan_is_a_job_that_ends_and_is_asked_for_once(office: Office) -> None:
    admin = office.person("主任")
    first, second = (_post(admin, "/api/v1/scans").json() for _ in range(2))
    events = _events(admin, f"/api/v1/jobs/{first['id']}/events")
    assert events[-1]["state"] == "done"
    assert events[-1]["percent"] == 100
    assert events[-1]["result"]["documents"] >= 1
    if second["id"] != first["id"]:  # the first one had ended already
        _events(admin, f"/api/v1/jobs/{second['id']}/events")
    assert admin.browser.get("/api/v1/scans/last").json()["summary"]["counts"]["documents"] >= 1


def test_a_job_that_was_cut_short_is_begun_anew(tmp_path: Path) -> None:
    service = make_service(tmp_path)
    database = open_database(service)
    staff(database)
    with database.writing() as session:
        job = jobs.ask(session, "scan", None)
        job.state = "running"  # the process was killed meanwhile
    database.close()
    app = application(service)
    with TestClient(app):
        admin = Office(service, app).person("主任")
        assert _events(admin, f"/api/v1/jobs/{job.id}/events")[-1]["state"] == "done"


def test_who_waits_for_events_keeps_nobody_waiting(office: Office) -> None:
    """More streams than the database has connections; who goes away ends nothing."""
    listeners, admin = 25, office.person("主任")
    with office.database.writing() as session:
        job = Job(kind="preview", state="running", created=now())  # which nobody is at
        session.add(job)
        session.flush()
    place = f"/api/v1/jobs/{job.id}/events"
    with ExitStack() as stack:
        address = stack.enter_context(listening(office.app))
        clients = [
            httpx2.Client(base_url=address, cookies=dict(admin.browser.cookies)) for _ in range(listeners)
        ]
        streams = [stack.enter_context(one.stream("GET", place)) for one in clients]
        lines = [stream.iter_lines() for stream in streams]
        assert {next(line) for line in lines} == {"event: running"}
        assert admin.get("/api/v1/documents").status_code == 200
        clients.pop().close()
        lines.pop()
        with office.database.writing() as session:
            session.get_one(Job, job.id).state = "done"
        office.app.state.desk.bell.ring(job.id)
        assert all("event: done" in list(line) for line in lines)
        for one in clients:
            one.close()


def test_too_many_requests_are_told_when_to_come_again(tmp_path: Path) -> None:
    service = replace(make_service(tmp_path), requests_a_minute=5)
    app = application(service)
    staff(app.state.database)
    with TestClient(app):
        person = Office(service, app).person("小李")
        answers = [person.get("/api/v1/checks") for _ in range(8)]
        refused = [one for one in answers if one.status_code == 429]
        assert refused
        assert _problem(refused[0])["code"] == "too_many"
        assert 1 <= int(refused[0].headers["retry-after"]) <= 61
