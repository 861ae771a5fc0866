"""What writing assistants get: findings, and source text only where that was allowed."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters, stdio_client

import dedup
from dedup.checking import check
from dedup.decisions.change import subject_of, with_added
from dedup.index import open_index
from dedup.mcp import Assistant, server
from dedup.passage import Decision
from dedup.settings import Settings
from dedup.text.structure import parse
from tests.serve.conftest import COPY, MODEL, OWN, make_service


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_service(tmp_path_factory.mktemp("assistant")).settings


def ask(assistant: Assistant, tool: str, **arguments: object) -> dict[str, Any]:
    """The answer as an assistant's program gets it."""

    async def asked() -> dict[str, Any]:
        async with Client(server(assistant)) as client:
            result = await client.call_tool(tool, arguments)
            [content] = result.content
            answer: dict[str, Any] = json.loads(getattr(content, "text", "null"))
            return answer

    return asyncio.run(asked())


def test_a_copy_is_found_and_its_source_not_repeated(settings: Settings) -> None:
    answer = ask(Assistant(settings), "check_text", text=COPY)
    assert answer["verdict"]["level"] == "block"
    assert {one["source"] for one in answer["passages"]} == {"供水.txt"}
    assert "三个自然村" not in json.dumps(answer, ensure_ascii=False)


def test_source_text_is_given_where_that_is_allowed(settings: Settings) -> None:
    answer = ask(Assistant(settings, show_sources=True), "check_text", text=COPY)
    given = [one["source_text"] for one in answer["passages"]]
    assert "三个自然村" in "".join(one["text"] for one in given)
    assert {(one["kind"], one["from"]) for one in given} == {("data", "供水.txt")}


def test_the_text_of_a_restricted_source_is_never_given(settings: Settings) -> None:
    place = settings.corpus / "corpus.toml"
    place.write_text('["供水.txt"]\nrestricted = true\n', encoding="utf-8")
    try:
        for tool, named in (("check_text", {}), ("explain_passage", {"start": 0, "end": 200})):
            answer = ask(Assistant(settings, show_sources=True), tool, text=COPY, **named)
            assert answer["passages"]
            assert "三个自然村" not in json.dumps(answer, ensure_ascii=False)
    finally:
        place.unlink()


def _decided(settings: Settings, place: Path, draft: str = "") -> None:
    """Write down that no passage of a copy counts."""
    with open_index(settings.corpus, None, settings) as index:
        report = check(parse("稿", COPY), index, settings)
    subjects = [replace(subject_of(one, report.sources, 1), draft=draft) for one in report.passages]
    decision = Decision("waived", "统一口径", "王芳", "2026-11-28")
    place.write_text(with_added("", decision, subjects, "zh"), encoding="utf-8")


def test_decisions_excuse_as_they_do_on_the_command_line(settings: Settings, tmp_path: Path) -> None:
    place, inside = tmp_path / "decisions.toml", tmp_path / "来稿"
    inside.mkdir()
    (inside / "稿.txt").write_text(COPY, encoding="utf-8")
    assistant = Assistant(settings, (inside,), decisions=place)

    def level(**named: str) -> object:
        return ask(assistant, "check_text", **named)["verdict"]["level"]

    text, file = {"text": COPY}, {"path": str(inside / "稿.txt")}
    assert (level(**text), level(**file)) == ("block", "block"), "there is no file of decisions yet"
    _decided(settings, place)
    answer = ask(assistant, "check_text", **text)
    assert answer["verdict"]["level"] == "pass"
    assert "decided" in answer["verdict"]["codes"]
    assert {one["decision"]["by"] for one in answer["passages"]} == {"王芳"}
    explained = ask(assistant, "explain_passage", text=COPY, start=0, end=200)["passages"]
    assert explained[0]["decision"]["reason"] == "统一口径"
    _decided(settings, place, draft="来稿/稿.txt")
    assert (level(**text), level(**file)) == ("block", "pass"), "they are about that file only"
    place.write_text("[[decision]\n", encoding="utf-8")
    assert "decisions.toml" in ask(assistant, "check_text", **text)["error"]


def test_what_copying_left_behind_is_told(settings: Settings) -> None:
    text = "关于做好防汛值班的通知\n请于XX月XX日前把值班表报送到镇应急办，逾期不报的在全镇通报。\n"
    answer = ask(Assistant(settings), "lint", text=text, unit="清溪镇", year=2026)
    assert "mask" in [one["kind"] for one in answer["findings"]]


@pytest.mark.slow  # a process of its own
def test_assistants_are_answered_on_standard_input_and_output(settings: Settings, tmp_path: Path) -> None:
    inside = tmp_path / "稿"
    inside.mkdir()
    (inside / "稿.txt").write_text(COPY, encoding="utf-8")
    arguments = ["-m", "dedup", "mcp", str(settings.corpus), "--root", str(inside)]
    environment = {**os.environ, "PYTHONPATH": str(Path(dedup.__file__).parents[1])}
    program = StdioServerParameters(command=sys.executable, args=arguments, env=environment, cwd=tmp_path)

    async def asked() -> tuple[list[str], list[dict[str, Any]]]:
        async with Client(stdio_client(program)) as client:
            tools = (await client.list_tools()).tools
            assert all(one.annotations and one.annotations.read_only_hint for one in tools)
            answers = []
            for path in (inside / "稿.txt", settings.corpus / "供水.txt", inside / "稿.txt"):
                result = await client.call_tool("check_text", {"path": str(path)})
                answers.append(json.loads(getattr(result.content[0], "text", "null")))
                _decided(settings, tmp_path / "decisions.toml")
            return sorted(one.name for one in tools), answers

    names, (inner, outer, decided) = asyncio.run(asked())
    assert names == ["check_text", "compare", "explain_passage", "lint"]
    assert inner["verdict"]["level"] == "block"
    assert "error" in outer
    assert decided["verdict"]["level"] == "pass", "the decisions of the folder it was started in"
    files = {one.name for one in inside.iterdir()}
    assert files == {"稿.txt"}, "nothing was written"


def test_a_passage_is_explained(settings: Settings) -> None:
    start = len(OWN)
    assistant = Assistant(settings)
    answer = ask(assistant, "explain_passage", text=OWN + COPY, start=start + 20, end=start + 30)
    assert answer["passages"]
    assert all(one["reason"] and one["status"] for one in answer["passages"])
    assert ask(assistant, "explain_passage", text=OWN + COPY, start=0, end=10)["passages"] == []


def test_two_texts_are_compared_without_the_collection(settings: Settings) -> None:
    answer = ask(Assistant(settings), "compare", text=OWN * 2, other=OWN)
    assert answer["figures"]["copied_ratio"] > 0.9


def test_files_outside_the_roots_are_not_opened(settings: Settings, tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "稿.txt").write_text(MODEL, encoding="utf-8")
    (inside / "link.txt").symlink_to(outside / "稿.txt")
    assistant = Assistant(settings, (inside,))
    assert ask(assistant, "check_text", path=str(inside / "稿.txt"))["verdict"]["level"] == "block"
    for path in (outside / "稿.txt", inside / "link.txt", inside / ".." / "outside" / "稿.txt"):
        assert "不在允许" in ask(assistant, "check_text", path=str(path))["error"]
    english = replace(assistant, settings=replace(settings, language="en"))
    assert "none of the folders" in ask(english, "check_text", path=str(outside / "稿.txt"))["error"]
    assert "error" in ask(Assistant(settings), "check_text", path=str(inside / "稿.txt"))


@pytest.mark.parametrize("text", ["", " \n ", "字" * 200_001])
def test_nothing_and_too_much_are_told(settings: Settings, text: str) -> None:
    assert "text" in ask(Assistant(settings), "check_text", text=text)["error"]
