"""The words of the pages and the interface, by key and language; the command line loads none of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi import Request

from dedup.messages import Language, text, unpacked
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


def why(packed: str, request: Request) -> str:
    """The reason that `dedup.messages.packed` wrote, in the language of who asks; empty for none."""
    return text(unpacked(packed), language_of(request)) if packed else ""


def is_for_programs(path: str) -> bool:
    """Whether programs ask for a path, not people."""
    return path.startswith(("/api/", "/health/")) or path in ("/api", "/metrics")


def language_of(request: Request) -> Language:
    """The language somebody chose, or the service's; programs choose by `Accept-Language` too."""
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE)
    if not chosen and is_for_programs(request.url.path):
        chosen = _preferred(request.headers.get("accept-language", ""))
    service: Service = request.app.state.service
    return "en" if chosen == "en" else "zh" if chosen == "zh" else service.settings.language


def _preferred(accepted: str) -> str:
    """The one of our languages that an `Accept-Language` weighs most, the first of equals; empty for none."""
    best, most = "", 0.0
    for one in accepted.split(","):
        tag, _, parameter = one.partition(";")
        name, _, written = parameter.strip().partition("=")
        try:
            weight = float(written) if name.strip() == "q" else 1.0
        except ValueError:
            continue
        language = tag.strip().lower().partition("-")[0]
        if language in ("zh", "en") and weight > most:
            best, most = language, weight
    return best
