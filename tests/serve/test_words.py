"""What the pages say: complete in both languages, and used."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import dedup.serve
from dedup.serve.words import catalogue

ROOM = Path(dedup.serve.__file__).parent


def _facts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_and_facts() -> None:
    chinese, english = catalogue("zh"), catalogue("en")
    assert list(chinese) == list(english)
    assert [key for key in chinese if _facts(chinese[key]) != _facts(english[key])] == []


def test_each_text_is_said_somewhere() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.html"))
    written += "".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
    patterns = [re.escape(one) + r"[\w-]+" for one in re.findall(r"'([\w.]+\.)' ~", written)]
    patterns += [rf"(event\.)?{re.escape(one)}[\w.-]+" for one in re.findall(r'f"([\w.]+\.){', written)]
    pieces = set(re.findall(r"""['"]([\w.]+)['"]""", written))
    unsaid = [
        key
        for key in catalogue("zh")
        if key not in pieces
        and not any(re.fullmatch(one, key) for one in patterns)
        and key.removeprefix("problem.") not in pieces
        and key.removeprefix("event.") not in pieces
    ]
    assert unsaid == []
