"""The words of the pages and the interface, by key and language; the command line loads none of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi import Request

from dedup.messages import Language
from dedup.serve.service import Service

LANGUAGE = "dedup_language"
"""Cookie of the language that somebody chose."""
_FOLDER = Path(__file__).with_name("words")


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """The texts of a language by their keys."""
    texts: dict[str, str] = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return texts


def say(key: str, language: Language, /, **facts: object) -> str:
    """The text of a key, filled in. Raises KeyError for a key that is not there or a fact that is missing."""
    return catalogue(language)[key].format_map(facts)


def language_of(request: Request) -> Language:
    """The language somebody chose, or the service's; programs choose by `Accept-Language` too."""
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE)
    if not chosen and request.url.path.startswith("/api/"):
        chosen = request.headers.get("accept-language", "").strip()[:2].lower()
    service: Service = request.app.state.service
    return "en" if chosen == "en" else "zh" if chosen == "zh" else service.settings.language
