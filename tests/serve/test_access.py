"""Who may see what: by the table of routes, so that a new route without a rule fails."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from dedup.serve.app import application
from dedup.serve.tables import new_id
from tests.serve.conftest import COPY, Office, Person, make_service

pytestmark = pytest.mark.slow  # many requests to a service of its own

IDS = ("identifier", "batch", "earlier")
"""Parameters of a path that name something of somebody's."""
OUTSIDERS = ("小张", "老王", "老赵", "主任", "读者", "")
"""Everybody but the writer of a draft that was not handed in."""


def _routes(app: FastAPI) -> Iterator[APIRoute]:
    def below(routes: object) -> Iterator[APIRoute]:
        for one in routes:  # type: ignore[attr-defined]
            if isinstance(one, APIRoute):
                yield one
            elif hasattr(one, "original_router"):
                yield from below(one.original_router.routes)

    yield from below(app.routes)


def _rules(dependant: Dependant) -> bool:
    own = getattr(dependant.call, "is_rule", False)
    return own or any(_rules(one) for one in dependant.dependencies)


def test_every_route_has_a_rule(office: Office) -> None:
    routes = list(_routes(office.app))
    assert len(routes) > 25
    assert [route.path for route in routes if not _rules(route.dependant)] == []


@pytest.mark.parametrize("name", OUTSIDERS)
def test_a_foreign_draft_does_not_exist(office: Office, name: str) -> None:
    writer = office.person("小李")
    draft = writer.hand_in(COPY, "机密稿.txt")
    writer.wait_for(draft)
    outsider = office.person(name)
    asked = 0
    for route in _routes(office.app):
        if not any("{" + one + "}" in route.path for one in IDS) or route.path.startswith("/admin"):
            continue
        for method in sorted((route.methods or set()) - {"HEAD"}):
            answers = []
            for identifier in (draft, new_id()):
                place = route.path
                for one in (*IDS, "form"):
                    place = place.replace("{" + one + "}", "json" if one == "form" else identifier)
                sent = {"form_token": outsider.form_token, "decision": "accepted"}
                data = sent if method == "POST" else None
                headers = {"x-form-token": outsider.form_token}
                answer = outsider.browser.request(method, place, data=data, headers=headers)
                assert answer.status_code in (303, 401, 403, 404), (method, place)
                assert "机密稿" not in answer.text
                assert "水务站" not in answer.text
                answers.append((answer.status_code, answer.text.replace(identifier, "")))
            assert answers[0] == answers[1], f"{method} {route.path} tells that the draft is there"
            asked += 1
    assert asked >= 9
    assert writer.get(f"/drafts/{draft}").status_code == 200


def test_lists_show_nobody_elses_drafts(office: Office) -> None:
    writer = office.person("小李")
    writer.wait_for(writer.hand_in(COPY, "机密稿.txt"))
    for name in OUTSIDERS[:-1]:
        outsider = office.person(name)
        for place in ("/drafts", "/review", "/api/v1/checks", "/collection", "/admin"):
            assert "机密稿" not in outsider.get(place).text, (name, place)


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
    for route in _routes(office.app):
        methods = (route.methods or set()) & {"POST", "DELETE"}
        if not route.path.startswith(("/login", "/invitation")):
            place = route.path.replace("{identifier}", draft).replace("{action}", "disable")
            for method in methods:
                for token in ("", "guessed"):
                    answer = writer.browser.request(method, place, headers={"x-form-token": token})
                    assert answer.status_code == 403, place
                    refused += 1
    assert refused >= 14
    assert writer.get(f"/drafts/{draft}").status_code == 200


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
