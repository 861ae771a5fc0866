"""What the pages and the interface say, by key, in both languages; the command line loads none of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from dedup.messages import Language

_FOLDER = Path(__file__).with_name("words")


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """The texts of a language by their keys."""
    texts: dict[str, str] = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return texts


def say(key: str, language: Language, /, **facts: object) -> str:
    """The text of a key, filled in. Raises KeyError for a key that is not there or a fact that is missing."""
    return catalogue(language)[key].format_map(facts)
