"""Who may see what: by the table of routes, so that a new route without a rule fails."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from httpx2 import Response

from dedup.serve.access import COOKIE
from dedup.serve.app import application
from dedup.serve.keys import SCOPES
from dedup.serve.tables import new_id
from tests.serve.conftest import COPY, OWN, PASSWORD, PEOPLE, Office, Person, make_service
from tests.serve.routes import BODIES, FOR_PEOPLE, RULES, TWINS, Operation, operations

pytestmark = pytest.mark.slow  # many requests to a service of its own

IDS = ("identifier", "batch", "earlier")
"""Parameters of a path that name something of somebody's."""
OTHERS = ("form", "action", "decision")
OUTSIDERS = ("小张", "老王", "老赵", "主任", "读者", "")
"""Everybody but the writer of a draft that was not handed in."""


def _asked(person: Person, operation: Operation, **parameters: str) -> Response:
    """An operation called by a browser with a login, or by none, as its pages would."""
    sent: dict[str, Any] = {"headers": {"x-form-token": person.form_token}}
    if operation.changes and operation.route.path.startswith("/api/"):
        sent["json"] = BODIES.get(operation.name)
    elif operation.changes:
        sent["data"] = {"form_token": person.form_token, "decision": "accepted", **parameters}
    answer: Response = person.browser.request(operation.method, operation.place(**parameters), **sent)
    return answer


def test_every_route_has_the_rule_that_is_written_down(office: Office) -> None:
    assert {one.name: one.rule for one in operations(office.app)} == RULES


def test_programs_can_do_all_that_people_can(office: Office) -> None:
    """A page that has no twin below `/api/v1` fails, and so does one whose twin is for other people."""
    rules = {one.name: one for one in operations(office.app)}
    for_programs = ("/api/v1/", "/health/", "/metrics")
    pages = {name for name, one in rules.items() if not one.route.path.startswith(for_programs)}
    assert pages == {*TWINS, *FOR_PEOPLE}
    for name, twins in TWINS.items():
        programs = [rules[twin.replace(" ", " /api/v1", 1)] for twin in twins.split(", ")]
        assert programs[0].roles == rules[name].roles, name


@pytest.mark.parametrize("name", [*PEOPLE, ""])
def test_each_rule_holds(office: Office, name: str) -> None:
    person, role = office.person(name), PEOPLE[name][0] if name else ""
    for operation in operations(office.app):
        if operation.rule == "open" or operation.name == "POST /logout":
            continue
        answer = _asked(person, operation, **dict.fromkeys((*IDS, *OTHERS), new_id()))
        if not name:
            page = operation.method == "GET" and not operation.route.path.startswith("/api/")
            assert answer.status_code == (303 if page else 401), operation.name
        else:
            assert (answer.status_code == 403) != operation.lets_in(role), operation.name
            assert answer.status_code < 500, operation.name


def test_each_key_does_what_its_scope_allows_and_no_more(office: Office) -> None:
    for name in ("小李", "老王", "主任", "读者"):
        person, role = office.person(name), PEOPLE[name][0]
        for scope in SCOPES[role]:
            program = office.person().browser
            headers = {"authorization": f"Bearer {_key(person, scope)}"}
            for operation in operations(office.app):
                if operation.rule == "open":
                    continue
                place = operation.place(**dict.fromkeys((*IDS, *OTHERS), new_id()))
                body = BODIES.get(operation.name)
                answer = program.request(operation.method, place, headers=headers, json=body)
                allowed = operation.lets_in(role) and operation.scope == scope
                assert (answer.status_code == 403) != allowed, (name, scope, operation.name)


@pytest.mark.parametrize("name", OUTSIDERS)
def test_a_foreign_draft_does_not_exist(office: Office, name: str) -> None:
    writer = office.person("小李")
    draft = writer.hand_in(COPY, "机密稿.txt")
    writer.wait_for(draft)
    outsider = office.person(name)
    asked = 0
    for operation in operations(office.app):
        if not any("{" + one + "}" in operation.route.path for one in IDS):
            continue
        answers = []
        for identifier in (draft, new_id()):
            parameters = {**dict.fromkeys(IDS, identifier), **dict.fromkeys(OTHERS, new_id()), "form": "json"}
            answer = _asked(outsider, operation, **parameters)
            assert answer.status_code in (303, 401, 403, 404), operation.name
            assert "机密稿" not in answer.text
            assert "水务站" not in answer.text
            answers.append((answer.status_code, answer.text.replace(identifier, "")))
        assert answers[0] == answers[1], f"{operation.name} tells that the draft is there"
        asked += 1
    assert asked >= 20
    assert writer.get(f"/drafts/{draft}").status_code == 200


def test_lists_show_nobody_elses_drafts(office: Office) -> None:
    writer = office.person("小李")
    draft = writer.hand_in(COPY, "机密稿.txt")
    writer.wait_for(draft)
    asked = {"q": "机密", "thread": draft, "batch": draft, "before": "1e12", "version_of": draft}
    for name in OUTSIDERS[:-1]:
        outsider = office.person(name)
        for operation in operations(office.app):
            if operation.changes or "{" in operation.route.path:
                continue
            answer = outsider.browser.get(operation.route.path, params=asked)
            said = re.sub(r'href="[^"]+" lang=', "", answer.text)  # the same address in the other language
            assert "机密稿" not in said, (name, operation.name)
            assert draft not in said or "admin" in operation.roles, (name, operation.name)
        again = outsider.browser.post(
            f"/api/v1/checks?version_of={draft}",
            json={"text": OWN},
            headers={"x-form-token": outsider.form_token},
        )
        assert again.status_code == (404 if PEOPLE[name][0] in ("writer", "reviewer") else 403)


@pytest.mark.parametrize(
    ("name", "closed"),
    [
        ("小李", ("/admin", "/review")),
        ("读者", ("/drafts", "/admin", "/review")),
        ("主任", ("/drafts", "/review")),
    ],
)
def test_pages_of_a_role_are_closed_to_the_others(office: Office, name: str, closed: tuple[str, ...]) -> None:
    person = office.person(name)
    assert [person.get(place).status_code for place in closed] == [403] * len(closed)


def test_what_another_site_sends_is_refused(office: Office) -> None:
    writer = office.person("小李")
    draft = writer.hand_in(COPY)
    writer.wait_for(draft)
    refused = 0
    for operation in operations(office.app):
        if operation.changes and operation.rule != "open":
            place = operation.place(**dict.fromkeys(IDS, draft), **dict.fromkeys(OTHERS, new_id()))
            for token in ("", "guessed"):
                body = BODIES.get(operation.name)
                answer = writer.browser.request(
                    operation.method, place, headers={"x-form-token": token}, json=body
                )
                assert answer.status_code == 403, place
                refused += 1
    assert refused >= 60
    assert writer.get(f"/drafts/{draft}").status_code == 200


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"origin": "https://elsewhere.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": "http://[broken"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "http://testserver"}, False),
        ({"origin": "http://testserver"}, False),
        ({}, False),
    ],
)
def test_nobody_is_logged_in_by_another_site(office: Office, headers: dict[str, str], refused: bool) -> None:
    browser = office.person().browser
    sent = {"name": "小李", "password": PASSWORD}
    for place, wanted in (("/login", 303), ("/invitation/none", 404)):
        answer = browser.post(place, data=sent, headers=headers)
        assert answer.status_code == (403 if refused else wanted)
    assert bool(browser.cookies) != refused


@pytest.mark.parametrize("asked", ["/drafts?lang=en", "/collection/document?path=%E4%BE%9B%E6%B0%B4.txt"])
def test_who_logs_in_comes_to_the_page_he_asked_for(office: Office, asked: str) -> None:
    browser = office.person().browser
    login = browser.get(asked).headers["location"]
    form = {"name": "小李", "then": _then(browser.get(login).text)}
    failed = browser.post("/login", data={**form, "password": "忘了"})
    other = unescape(re.findall(r'<a href="([^"]+)" lang="en"', failed.text)[0])
    in_english = browser.get(other)
    answer = browser.post("/login", data={**form, "then": _then(in_english.text), "password": PASSWORD})
    assert answer.headers["location"] == asked
    assert browser.get(asked).status_code == 200


def _then(page: str) -> str:
    return unescape(re.findall(r'name="then" value="([^"]+)"', page)[0])


@pytest.mark.parametrize(
    "then",
    [
        "//evil.example/x",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/drafts",
        "javascript:alert(1)",
        "evil.example",
        "/\t/evil.example",
        "/drafts\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_a_login_leads_to_no_other_site(office: Office, then: str) -> None:
    sent = {"name": "小李", "password": PASSWORD, "then": then}
    assert office.person().browser.post("/login", data=sent).headers["location"] == "/"


@pytest.mark.parametrize(
    ("method", "place", "allowed"),
    [
        ("PATCH", "/drafts", "GET, POST"),
        ("PATCH", "/api/v1/documents", "DELETE, GET, POST"),
        ("PUT", "/api/v1/checks/x", "DELETE, GET"),
        ("DELETE", "/api/v1/scans/schedule", "GET, PUT"),
        ("POST", "/admin", "GET"),
    ],
)
def test_a_wrong_method_is_told_all_right_ones(office: Office, method: str, place: str, allowed: str) -> None:
    answer = office.person("主任").browser.request(method, place)
    assert answer.status_code == 405
    assert ", ".join(sorted(answer.headers["allow"].split(", "))) == allowed


def test_a_login_ends_the_one_that_the_browser_had(office: Office) -> None:
    person = office.person("小李")
    before = dict(person.browser.cookies)
    person.log_in("小张")
    assert dict(person.browser.cookies) != before
    old = office.person().browser
    old.cookies.update(before)
    assert old.get("/drafts").status_code == 303, "it leads to the login"


def test_a_cookie_that_somebody_planted_is_not_taken_over(office: Office) -> None:
    person = office.person()
    person.browser.cookies.set(COOKIE, "planted")
    answer = person.browser.post("/login", data={"name": "小李", "password": PASSWORD})
    assert "planted" not in answer.headers["set-cookie"]
    for sign in ("HttpOnly", "SameSite=lax"):
        assert sign in answer.headers["set-cookie"]


@pytest.mark.parametrize("name", ["稿\r\nSet-Cookie: x=1.txt", '稿".txt', "../../稿.txt", "稿\u202e.txt"])
def test_no_file_name_steers_a_header(office: Office, name: str) -> None:
    writer = office.person("小李")
    draft = writer.hand_in(OWN, name)
    writer.wait_for(draft)
    answer = writer.get(f"/drafts/{draft}/report.json")
    told = answer.headers["content-disposition"]
    assert "set-cookie" not in answer.headers
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w.%~-]+", told), told
    assert "/" not in answer.json()["submission"]["path"]


def test_a_search_takes_signs_as_they_are(office: Office) -> None:
    reader = office.person("读者")
    counts = {q: reader.browser.get("/api/v1/documents", params={"q": q}).json()["count"] for q in "%_水'"}
    assert (counts["%"], counts["_"], counts["'"]) == (0, 0, 0)
    assert counts["水"] >= 1


def test_guessing_passwords_is_made_slow(tmp_path_factory: pytest.TempPathFactory) -> None:
    app = application(make_service(tmp_path_factory.mktemp("guessing")))
    from starlette.testclient import TestClient

    browser = TestClient(app, follow_redirects=False)
    answers = [browser.post("/login", data={"name": "admin", "password": "x"}) for _ in range(7)]
    assert [one.status_code for one in answers[:5]] == [401] * 5
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    app.state.database.close()


def _key(person: Person, *scopes: str) -> str:
    data = {"form_token": person.form_token, "name": "脚本", "days": "30", "scope": list(scopes)}
    page = person.browser.post("/tokens", data=data).text
    found = re.search(r"<code>(dedup_[\w-]+)</code>", page)
    assert found
    return found[1]


def test_a_program_does_what_its_key_allows_and_no_more(office: Office) -> None:
    writer, program = office.person("小李"), office.person().browser
    both = {"authorization": f"Bearer {_key(writer, 'check', 'read')}"}
    reading = {"authorization": f"Bearer {_key(writer, 'read')}"}
    sent = program.post("/api/v1/checks", json={"text": COPY}, headers=both)
    assert sent.status_code == 202
    draft = sent.json()[0]["id"]
    writer.wait_for(draft)
    place = f"/api/v1/checks/{draft}"
    assert program.get(f"{place}/report", headers=reading).json()["verdict"]["level"] == "block"
    for answer in (
        program.post("/api/v1/checks", json={"text": COPY}, headers=reading),
        program.delete(place, headers=reading),
        program.get("/drafts", headers=both),
        program.get("/tokens", headers=both),
    ):
        assert answer.status_code == 403
    assert program.delete(place, headers=both).status_code == 204
    assert program.get(place, headers=reading).status_code == 404


def test_a_key_that_was_ended_opens_nothing(office: Office) -> None:
    writer, program = office.person("小李"), office.person().browser
    headers = {"authorization": f"Bearer {_key(writer, 'read')}"}
    assert program.get("/api/v1/checks", headers=headers).status_code == 200
    for place in re.findall(r'action="(/tokens/[\w-]+/end)"', writer.get("/tokens").text):
        assert office.person("小张").post(place).status_code == 404, "it is not his"
        writer.post(place)
    answer = program.get("/api/v1/checks", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "login"


def test_the_description_of_the_interface_is_served_from_here(office: Office) -> None:
    browser = office.person()
    page = browser.get("/api/docs").text
    assert "http" not in page.replace("http-equiv", "")
    for place in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        assert browser.get(place).status_code == 200
    assert browser.get("/api/openapi.json").json()["openapi"].startswith("3.0."), "the viewer reads no other"
    described = browser.get("/api/openapi.json").json()["paths"]
    assert "/api/v1/checks/{identifier}/report" in described
    assert not any(path.startswith(("/drafts", "/admin")) for path in described)
