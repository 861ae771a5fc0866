"""What programs send that cannot be right: a problem in either language each time, never a fault of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from dedup.serve.app import application
from dedup.serve.tables import Account, Draft, Job
from dedup.serve.words import catalogue
from tests.serve.conftest import COPY, OWN, Office, Person

pytestmark = pytest.mark.slow  # many requests to a service of its own

MANY = "9" * 5000
DIGITS = MANY.encode()
SHARES = {"warn_over": 0, "block_over": 1}
HALF = {"content": b'{"name":"\\ud800","role":"writer"}', "headers": {"content-type": "application/json"}}
JSON = {"content-type": "application/json"}
OCTETS = {"content-type": "application/octet-stream"}
CHECKS, LIMITS, ACCOUNTS = "/api/v1/checks", "/api/v1/limits", "/api/v1/accounts"
FORM = {"content-type": "multipart/form-data"}
CONTENT = "/api/v1/documents/content?path=供水.txt"


@pytest.fixture(scope="module")
def people(office: Office) -> dict[str, Person]:
    """Those who ask most, logged in once."""
    return {name: office.person(name) for name in ("小李", "主任")}


def _send(person: Person, method: str, place: str, **named: Any) -> Response:
    headers = {"x-form-token": person.form_token, **named.pop("headers", {})}
    answer: Response = person.browser.request(method, place, headers=headers, **named)
    return answer


def _told(answer: Response) -> tuple[int, str]:
    """Status and code of a problem, told as RFC 9457 has it."""
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["type"] == f"/api/v1/problems/{told['code']}"
    language = answer.headers["content-language"]
    assert told["title"].partition("{")[0] in {catalogue(language)[f"problem.{told['code']}"], told["title"]}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, told["code"]


@pytest.mark.parametrize(
    ("name", "method", "place", "sent", "wanted"),
    [
        ("小李", "POST", CHECKS, {"data": {"text": OWN}}, (415, "form")),
        ("主任", "PUT", CONTENT, {"files": {"file": ("a.txt", b"x")}}, (415, "form")),
        ("主任", "PUT", CONTENT, {"data": {"a": "x"}}, (415, "form")),
        ("主任", "POST", "/api/v1/documents", {"json": {"a": "x"}}, (422, "no_file")),
        ("小李", "POST", CHECKS, {"content": b"x", "headers": FORM}, (400, "")),
        ("小李", "POST", CHECKS, {"files": [("file", (f"{n}.txt", b"x")) for n in range(201)]}, (413, "")),
        ("小李", "POST", CHECKS, {"content": b'{"text":' + b"[" * 200_000, "headers": JSON}, (422, "")),
        ("小李", "POST", CHECKS, {"content": b'{"text": "\\ud800"}', "headers": JSON}, (422, "")),
        ("小李", "POST", CHECKS, {"content": b'{"text": "\xff"}', "headers": JSON}, (422, "")),
        ("小李", "POST", CHECKS, {"json": {"text": OWN, "nmae": "稿.txt"}}, (422, "")),
        ("小李", "POST", CHECKS + "?wait=nan", {"json": {"text": OWN}}, (422, "")),
        ("小李", "POST", CHECKS + "?version_of=%00", {"json": {"text": OWN}}, (404, "no_draft")),
        ("主任", "PUT", LIMITS, {"content": b"[" * 200_000, "headers": JSON}, (400, "")),
        ("主任", "PUT", LIMITS, {"content": b'{"warn_over":' + DIGITS + b"}", "headers": JSON}, (400, "")),
        ("主任", "PUT", LIMITS, {"content": b'{"warn_over": NaN}', "headers": JSON}, (422, "")),
        ("主任", "PUT", LIMITS, {"json": {**SHARES, "notice_floor": 10**400}}, (422, "")),
        ("主任", "POST", ACCOUNTS, HALF, (422, "")),
        ("主任", "POST", ACCOUNTS, {"json": {"name": "甲\0", "role": "writer"}}, (422, "")),
        ("主任", "POST", ACCOUNTS, {"json": {"name": "甲", "role": "writer", "unit": "乙\n丙"}}, (422, "")),
        ("主任", "POST", ACCOUNTS, {"json": {"name": " ", "role": "writer"}}, (422, "")),
        ("主任", "POST", ACCOUNTS, {"json": {"name": "甲", "role": "writer", "admin": True}}, (422, "")),
        ("主任", "POST", "/api/v1/keys", {"json": {"name": "\0", "scopes": ["read"], "days": 1}}, (422, "")),
        ("主任", "PUT", "/api/v1/scans/schedule", {"json": {"hour": 24}}, (422, "")),
        ("主任", "DELETE", "/api/v1/documents?path=" + "甲" * 300 + ".txt", {}, (404, "no_file_there")),
        ("主任", "PUT", CONTENT + "a/" * 3000, {"content": b"x", "headers": OCTETS}, (404, "")),
        ("主任", "DELETE", "/api/v1/documents?path=%00", {}, (404, "no_file_there")),
        ("主任", "DELETE", "/api/v1/documents?path=.dedup/manifest.json", {}, (404, "no_file_there")),
        ("主任", "POST", "/api/v1/withdrawn/%00/restoration", {}, (404, "nothing_here")),
        ("小李", "PUT", CHECKS, {}, (405, "method")),
        ("小李", "GET", "/api/v2/checks", {}, (404, "nothing_here")),
        ("小李", "GET", "/api", {}, (404, "nothing_here")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_cannot_be_right_is_a_problem_in_either_language(
    people: dict[str, Person],
    name: str,
    method: str,
    place: str,
    sent: dict[str, Any],
    wanted: tuple[int, str],
    language: str,
) -> None:
    person = people[name]
    headers = {**sent.get("headers", {}), "accept-language": language}
    answer = _send(person, method, place, **{**sent, "headers": headers})
    status, code = _told(answer)
    assert (status, code if wanted[1] else "") == wanted
    assert answer.headers["content-language"] == language


@pytest.mark.parametrize(
    ("place", "cursors"),
    [
        ("/api/v1/checks", ("before=nan", "before=inf", "before=-1", "before=1e400", f"before={MANY}")),
        ("/drafts", ("before=nan", "before=-inf")),
        (
            "/api/v1/log",
            ("before=0", f"before={2**63}", f"before={MANY}", "limit=0", "limit=1001", "verify=2"),
        ),
        ("/admin/log", ("before=0", f"before={2**63}", f"before={MANY}")),
        ("/api/v1/documents", ("start=-1", f"start={2**63}", "limit=0", "limit=501")),
        ("/api/v1/documents/unread", ("start=-1", "limit=0")),
        ("/api/v1/withdrawn", (f"start={MANY}", "limit=x")),
        ("/api/v1/jobs", ("limit=0", "kind=other")),
    ],
)
def test_a_cursor_that_is_none_is_refused(
    people: dict[str, Person], place: str, cursors: tuple[str, ...]
) -> None:
    person = people["主任" if place not in (CHECKS, "/drafts") else "小李"]
    assert person.get(place).status_code == 200
    for one in cursors:
        assert person.get(f"{place}?{one}").status_code == 422, one


def test_pages_of_a_list_have_each_draft_once(office: Office) -> None:
    writer = office.person("小张")
    files = [("file", (f"{number}.txt", OWN.encode())) for number in range(130)]
    sent = _send(writer, "POST", CHECKS, files=files).json()
    first = writer.get(f"{CHECKS}?batch={sent[0]['batch']}").json()
    second = writer.get(f"{CHECKS}?batch={sent[0]['batch']}&before={first[-1]['created']!r}").json()
    assert [one["name"] for one in first + second] == [f"{number}.txt" for number in reversed(range(130))]
    with office.database.writing() as session:
        for one in sent:
            session.delete(session.get_one(Draft, one["id"]))


def test_the_same_key_with_anything_else_is_another_submission(office: Office) -> None:
    writer = office.person("小李")
    first = writer.hand_in(OWN)

    def send(text: str = OWN, name: str = "稿.txt", place: str = CHECKS, key: str = "甲") -> Response:
        headers = {"idempotency-key": key.encode("utf-8").hex()}
        return _send(writer, "POST", place, json={"text": text, "name": name}, headers=headers)

    kept = send().json()
    assert send().json()[0]["id"] == kept[0]["id"]
    for other in (send(OWN + "又"), send(name="另.txt"), send(place=f"{CHECKS}?version_of={first}")):
        assert _told(other) == (409, "key_used")
    long = "k" * 81
    headers = {"idempotency-key": long}
    answer = _send(writer, "POST", CHECKS, json={"text": OWN}, headers=headers)
    assert _told(answer) == (422, "invalid"), "two keys that begin alike are two"
    assert answer.json()["fields"] == ["header.idempotency-key"]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("en", "en"),
        ("de, en;q=0.8, zh;q=0.5", "en"),
        ("zh;q=0.4,en-GB;q=0.9", "en"),
        ("en;q=0, zh", "zh"),
        ("EN-us", "en"),
        ("zh-Hant-TW", "zh"),
        ("*", "zh"),
        ("en;q=often", "zh"),
        (";;,=;q=", "zh"),
    ],
)
def test_the_language_that_is_weighed_most_is_spoken(office: Office, accepted: str, language: str) -> None:
    for place in (CHECKS, "/health/nothing", "/api/v1/nothing"):
        answer = office.person().browser.get(place, headers={"accept-language": accepted})
        assert answer.headers["content-language"] == language, place
    assert office.person().browser.get(CHECKS).headers["www-authenticate"] == "Bearer"


def test_a_fault_of_ours_is_a_problem_with_the_headers_of_all_answers(office: Office) -> None:
    app = application(office.service, office.database)

    @app.get("/api/v1/fault")
    def fault() -> None:
        raise RuntimeError("机密")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("logging.Logger.error", lambda *told, **named: None)
        answer = TestClient(app).get("/api/v1/fault", headers={"accept-language": "en"})
    assert _told(answer) == (500, "crash")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "机密" not in answer.text


def test_a_stream_ends_when_its_listener_may_hear_no_more(office: Office) -> None:
    """His account is shut out, his role another one, his key ended: he hears nothing of what comes after."""
    from dedup.serve.access import Caller, still_admitted
    from dedup.serve.keys import make
    from dedup.serve.problems import Problem
    from dedup.serve.tables import Token

    def heard(caller: Caller) -> bool:
        with office.database.reading() as session:
            try:
                still_admitted(session, caller)
            except Problem as problem:
                return problem.status != 401
        return True

    with office.database.writing() as session:
        account = Account(name="暂时", role="writer", unit="", created=0.0)
        session.add(account)
        session.flush()
        make(session, account, "脚本", ["read"], 1)
        [token] = [one for one in session.query(Token) if one.account == account.id]
    caller = Caller(account, token=token)
    assert heard(caller)
    for table, identifier, field, wrong in (
        (Account, account.id, "active", False),
        (Account, account.id, "role", "reader"),
        (Token, token.id, "expires", 0.0),
    ):
        with office.database.writing() as session:
            one = session.get_one(table, identifier)
            before = getattr(one, field)
            setattr(one, field, wrong)
        assert not heard(caller), field
        with office.database.writing() as session:
            setattr(session.get_one(table, identifier), field, before)
    assert heard(caller)


def test_events_of_what_is_over_end_at_once(office: Office) -> None:
    admin, writer = office.person("主任"), office.person("小李")
    draft = writer.hand_in(COPY)
    writer.wait_for(draft)
    with office.database.writing() as session:
        job = Job(kind="preview", state="failed", created=1.0, ended=2.0, problem="")
        session.add(job)
    for person, place, state in (
        (writer, f"{CHECKS}/{draft}/events", "done"),
        (admin, f"/api/v1/jobs/{job.id}/events", "failed"),
    ):
        text = person.get(place).text
        assert text.startswith(f"event: {state}\ndata: ")
        assert text.count("event: ") == 1
        assert json.loads(text.partition("data: ")[2])["state"] == state
    assert _send(writer, "DELETE", f"{CHECKS}/{draft}").status_code == 204
    assert _told(writer.get(f"{CHECKS}/{draft}/events")) == (404, "no_draft")


def test_a_comment_too_long_is_refused_and_not_cut(office: Office) -> None:
    reviewer = office.person("老王")
    outcome = {"decision": "returned", "comment": "长" * 4001}
    answer = _send(reviewer, "POST", f"{CHECKS}/none/decision", json=outcome)
    assert _told(answer) == (422, "invalid")
    assert answer.json()["fields"] == ["body.comment"]
    assert (
        _told(_send(reviewer, "POST", f"{CHECKS}/none/decision", json={**outcome, "comment": "长"}))[0] == 404
    )
