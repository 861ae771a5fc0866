"""Limits of the verdict, on the page and for programs: tried before they are set, then held by all checks."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.serve.limits import FURTHER, WHOLE, demand_sound, limits_in, limits_of, under
from dedup.serve.problems import Problem
from dedup.settings import Settings
from tests.serve.conftest import COPY, OWN, Office, Person

USUAL = {"warn_over": "5", "block_over": "20％", "notice_floor": "60"}
OFF = {"warn_over": "100", "block_over": "100", "notice_floor": "100000"}
NONE = dict.fromkeys(FURTHER, "")


def _wrong(form: dict[str, str]) -> tuple[str, ...]:
    """The fields of a form that hold no limit."""
    try:
        demand_sound(limits_in(form), Settings())
    except Problem as problem:
        return problem.fields
    return ()


@pytest.mark.parametrize(
    ("written", "wanted"),
    [("10%", 0.1), ("10 ％", 0.1), ("0%", 0.0), ("100%", 1.0), ("300", 300), (" 2 ", 2), ("", None)],
)
def test_a_further_limit_is_a_share_or_so_many_characters(written: str, wanted: float | None) -> None:
    found = demand_sound(limits_in({**USUAL, "block.source": written}), Settings())
    assert found["block.source"] == wanted
    assert type(found["block.source"]) is type(wanted)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        *(("warn_over", one) for one in ("nan", "inf", "-1", "101", "很多", "", "9" * 400)),
        *(("notice_floor", one) for one in ("0", "6.5", "1e3", "", "9" * 5000)),
        *(("block.source", one) for one in ("101%", "-5", "0.1", "nan%", "1%0", "%", "9" * 400)),
        *(("block.run", one) for one in ("10%", "0", "九十")),
    ],
)
def test_what_is_no_limit_is_named(name: str, written: str) -> None:
    assert _wrong({**USUAL, name: written}) == (name,)


def test_limits_of_a_warning_are_not_above_those_of_a_block() -> None:
    assert _wrong({**USUAL, "warn_over": "30"}) == ("warn_over",)
    assert _wrong({**USUAL, "warn.source": "30%", "block.source": "20%"}) == ("warn.source",)
    assert _wrong({**USUAL, "warn.source": "30%", "block.source": "20"}) == (), "these cannot be compared"


@given(
    shares=st.tuples(st.floats(0, 0.5), st.floats(0.5, 1)),
    further=st.dictionaries(st.sampled_from([one for one in FURTHER if "block" in one]), st.integers(2, 999)),
)
def test_limits_that_are_set_are_those_that_hold(
    shares: tuple[float, float], further: dict[str, float | None]
) -> None:
    settings = replace(Settings(), limits=(("warn.source", 0.07), ("warn.relation.own", 0.5)))
    limits = {"warn_over": shares[0], "block_over": shares[1], "notice_floor": 9, **further}
    found = limits_of(under(settings, demand_sound(limits, settings)))
    assert set(found) == {*WHOLE, *FURTHER}
    assert {name: found[name] for name in limits} == limits
    assert found["warn.source"] == 0.07, "what is left out stays"
    assert ("warn.relation.own", 0.5) in under(settings, {**limits, "warn.source": None}).limits


def _previewed(admin: Person, **fields: str) -> str:
    """The page of a preview once it is made, as a browser sees it that reloads the page."""
    answer = admin.post("/admin/limits", do="preview", **fields)
    assert answer.status_code == 303
    place = answer.headers["location"]
    admin.get(f"/api/v1/jobs/{place.partition('=')[2]}/events")  # ends when it does
    page = admin.get(place).text
    assert "data-reload" not in page
    return page


@pytest.mark.slow
def test_limits_are_tried_before_they_are_set(office: Office) -> None:
    admin, writer = office.person("主任"), office.person("小李")
    writer.wait_for(writer.hand_in(COPY))
    page = _previewed(admin, **OFF)
    assert re.search(r"最近 \d+ 份文稿里有 0 份须改写", page)
    assert 'value="100"' in page, "the fields hold what was tried"
    assert writer.wait_for(writer.hand_in(COPY))["level"] == "block", "nothing was set"
    assert admin.post("/admin/limits", do="set", **OFF).status_code == 303
    assert writer.wait_for(writer.hand_in(COPY))["level"] != "block"
    assert admin.post("/admin/limits", do="set", **USUAL).status_code == 303
    assert writer.wait_for(writer.hand_in(COPY))["level"] == "block"
    refused = admin.post("/admin/limits", do="set", **{**USUAL, "warn_over": "30", "block.run": "<i>"})
    assert refused.status_code == 422
    for name, written in (("warn_over", "30"), ("block_over", "20％"), ("block.run", "&lt;i&gt;")):
        assert re.search(f'name="{name}"[^>]* value="{written}"', refused.text), "what was filled in stays"
    assert "请填数字" in refused.text
    assert re.search('name="warn_over"[^>]* value="5"', admin.get("/admin/limits").text), "and does not hold"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "written"), [("source", "30%"), ("paragraph", "40"), ("run", "20")])
def test_a_source_a_paragraph_and_a_run_are_limited_on_the_page(
    office: Office, name: str, written: str
) -> None:
    admin, writer = office.person("主任"), office.person("小李")

    def level() -> object:
        return writer.wait_for(writer.hand_in(COPY))["level"]

    for of_level in ("block", "warn"):
        admin.post("/admin/limits", do="set", **OFF, **NONE)
        loose = level()
        sent = {**OFF, **NONE, f"{of_level}.{name}": written}
        count = re.search(r"里有 (\d+) 份须改写", _previewed(admin, **sent))
        assert count
        assert (int(count[1]) > 0) == (of_level == "block")
        assert admin.post("/admin/limits", do="set", **sent).status_code == 303
        assert f'value="{written}"' in admin.get("/admin/limits").text
        assert f"{of_level}.{name}=" in admin.get("/admin/log").text
        assert (loose, level()) == ("warn", of_level), "its notice is worth a warning anyway"
    admin.post("/admin/limits", do="set", **USUAL, **NONE)


def _put(admin: Person, sent: dict[str, Any], place: str = "") -> Any:
    method = "POST" if place else "PUT"
    headers = {"x-form-token": admin.form_token}
    return admin.browser.request(method, f"/api/v1/limits{place}", json=sent, headers=headers)


@pytest.mark.slow
def test_programs_set_and_try_the_same_limits(office: Office) -> None:
    admin, writer = office.person("主任"), office.person("小李")
    writer.wait_for(writer.hand_in(COPY))
    before = admin.get("/api/v1/limits").json()
    assert before["block"] == {"source": None, "paragraph": None, "run": None}
    whole = {"warn_over": 1.0, "block_over": 1.0, "notice_floor": 999_999}
    wanted = {**whole, "block": {"run": 20, "source": 0.3}, "warn": {"paragraph": 40}}
    job = _put(admin, wanted, "/preview").json()
    admin.get(f"/api/v1/jobs/{job['id']}/events")
    ended = admin.get(f"/api/v1/jobs/{job['id']}").json()
    assert ended["state"] == "done"
    assert ended["result"]["block"][1] >= 1
    assert admin.get("/api/v1/limits").json() == before, "nothing was set"
    assert ended["id"] in [one["id"] for one in admin.get("/api/v1/jobs?kind=preview").json()]
    assert ended["id"] not in [one["id"] for one in admin.get("/api/v1/jobs?kind=scan").json()]
    held = _put(admin, wanted).json()
    assert held["block"] == {"source": 0.3, "paragraph": None, "run": 20}
    assert _put(admin, {**whole, "block": {"run": None}}).json() == {
        **held,
        "block": {"source": 0.3, "paragraph": None, "run": None},
    }, "what is left out stays as it is"
    for wrong, field in (({"run": 0.5}, "run"), ({"source": 1.5}, "source"), ({"source": "10%"}, "source")):
        told = _put(admin, {**whole, "block": wrong})
        assert told.status_code == 422
        assert all(f"block.{field}" in one for one in told.json()["fields"])
    crossed = _put(admin, {**whole, "warn": {"source": 0.5}}, "/preview")
    assert (crossed.status_code, crossed.json()["fields"]) == (422, ["warn.source"])
    assert _put(admin, before).json() == before


@pytest.mark.slow
def test_a_preview_that_goes_on_is_shown_and_one_that_never_was_is_not(office: Office) -> None:
    from dedup.serve import jobs

    admin = office.person("主任")
    with office.database.writing() as session:
        job = jobs.ask(session, "preview", None, {"warn_over": 0.44, "block_over": 0.5, "notice_floor": 60})
        job.state = "running"  # which nobody is at
    page = admin.get(f"/admin/limits?preview={job.id}").text
    assert "data-reload" in page
    assert "<progress" in page
    assert 'value="44"' in page
    with office.database.writing() as session:
        session.get_one(type(job), job.id).ended = 1.0
    for other in ("nothing", "\0", "稿"):
        answer = admin.browser.get("/admin/limits", params={"preview": other})
        assert answer.status_code == 200
        assert "data-reload" not in answer.text
    assert OWN[:8] not in page
