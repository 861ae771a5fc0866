"""Files that come with a request: those of a form, a body that is one file, a pasted text."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import UploadFile

from dedup.serve.access import FORMS, kind_of, service_of
from dedup.serve.problems import Problem

_LONGEST_NAME = 120


async def uploaded(request: Request) -> list[tuple[str, bytes]]:
    """The files of a form, those without a name or content left out. Raises Problem where there is none."""
    form = await request.form()  # it was parsed for its token
    files = [
        (safe_name(one.filename), await one.read())
        for one in form.getlist("file")
        if isinstance(one, UploadFile) and one.filename
    ]
    if not files:
        raise Problem(422, "no_file")
    return files


async def body_of(request: Request) -> bytes:
    """The body of a request as it is. Raises Problem 415 for a form, which was read for its token."""
    if kind_of(request) in FORMS:
        raise Problem(415, "form")
    return await request.body()


async def sent_as_body(request: Request, name: str) -> tuple[str, bytes]:
    """A body that is a file itself. Raises Problem for an empty one, and for a form."""
    content = await body_of(request)
    if not content:
        raise Problem(422, "no_file")
    return safe_name(name), content


def pasted(request: Request, written: str, name: str) -> tuple[str, bytes]:
    """A pasted text as a file. Raises Problem for an empty or endless one."""
    if not written.strip():
        raise Problem(422, "empty")
    if len(written) > service_of(request).text_characters:
        raise Problem(413, "too_large")
    name = safe_name(name)
    name = name if name.endswith(".txt") else f"{name}.txt"
    return name, written.encode("utf-8", "replace")


def safe_name(name: str) -> str:
    """The last part of a name, without what steers a line or leaves a folder."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(one for one in last if one.isprintable())[-_LONGEST_NAME:] or "draft.txt"
