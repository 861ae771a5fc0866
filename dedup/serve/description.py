"""The description of the interface, in the version of OpenAPI that the viewer of /api/docs reads."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from pydantic import ConfigDict

from dedup.serve.problems import DETAILS

DESCRIBED = ConfigDict(use_attribute_docstrings=True)
"""Of a record that programs get as it is: the texts below its fields stand in the description."""
_VERSION = "3.0.3"


def described_by(app: FastAPI) -> dict[str, Any]:
    """The description of an application, made once."""
    if app.openapi_schema is None:
        app.openapi_version = _VERSION
        made = FastAPI.openapi(app)
        made["components"]["schemas"]["ProblemDetails"] = DETAILS
        app.openapi_schema = _as_of_3_0(made)
    return app.openapi_schema


def _as_of_3_0(part: Any) -> Any:
    """Say in the words of version 3.0 what the framework says in those of 3.1: what may be null."""
    if isinstance(part, list):
        return [_as_of_3_0(one) for one in part]
    if not isinstance(part, dict):
        return part
    choices = part.get("anyOf", ())
    given = [one for one in choices if one != {"type": "null"}]
    if len(given) == len(choices):
        return {name: _as_of_3_0(value) for name, value in part.items()}
    rest = {name: value for name, value in part.items() if name != "anyOf"}
    chosen = given[0] if len(given) == 1 and "$ref" not in given[0] else {"anyOf": given}
    words = {"enum": [*chosen["enum"], None]} if "enum" in chosen else {}
    return {**_as_of_3_0(chosen), **words, **_as_of_3_0(rest), "nullable": True}
