"""Read earlier reports, whose passages are not new: a JSON report of `dedup check`, or a folder of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from dedup.decisions.drafts import EarlierReport
from dedup.decisions.file import content_of
from dedup.decisions.known import KnownText
from dedup.errors import UsageError
from dedup.fingerprint import winnow
from dedup.messages import Words, system
from dedup.text.normalize import normalize

_SUMMARY = "batch"
"""Value of `kind` in the overview among the reports of a batch."""


def read_reports(place: Path) -> tuple[EarlierReport, ...]:
    """Read a JSON report, a file with one in each line, or all reports of a folder.

    Raises UsageError if there is none, or a named file is no report.
    """
    if place.is_dir():
        found = [one for path in sorted(place.rglob("*.json")) for one in _in_folder(path)]
    else:
        found = [*_reports(place)]
        if not found:  # the summary of a batch: its reports are in the same folder
            found = [one for path in sorted(place.parent.rglob("*.json")) for one in _in_folder(path)]
    if not found:
        raise UsageError(str(place), Words("baseline.none"), Words("baseline.none.cure"))
    return tuple(found)


def _in_folder(path: Path) -> list[EarlierReport]:
    """The reports in a file of a folder; none for any other file."""
    with suppress(UsageError):
        return [*_reports(path)]
    return []


def _reports(path: Path) -> Iterator[EarlierReport]:
    try:
        written = content_of(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(str(path), Words("settings.not_utf8"), Words("baseline.none.cure")) from error
    except (OSError, ValueError) as error:
        problem = system(error) if isinstance(error, OSError) else Words("system.ENOENT")
        raise UsageError(str(path), problem) from error
    for content in _objects(written, path):
        if content.get("kind") != _SUMMARY:
            yield _report(content, path)


def _objects(written: str, path: Path) -> Iterator[dict[str, Any]]:
    """The JSON object in a text, or the objects in its lines."""
    try:
        values = [json.loads(written)]
    except (ValueError, RecursionError):
        try:
            # Lines end in line feeds only; `splitlines` would also split at U+2028 in a text.
            values = [json.loads(line) for line in written.split("\n") if line.strip()]
        except (ValueError, RecursionError) as error:
            raise _not_ours(path) from error
    for value in values:
        if not isinstance(value, dict):
            raise _not_ours(path)
        yield value


def _report(content: Mapping[str, Any], path: Path) -> EarlierReport:
    try:
        submission = content["submission"]
        forbidding = {
            (one["document"], one["part"])
            for one in content["sources"]
            if one["notice"] and one["notice"]["no_copying"]
        }
        texts = tuple(
            _text(one, forbidding)
            for one in content["passages"]
            if (one.get("decision") or {}).get("verdict") != "sent-back"
        )
        return EarlierReport(str(submission["path"]), str(submission["title"]), texts)
    except (KeyError, TypeError, AttributeError) as error:
        raise _not_ours(path) from error


def _text(passage: Mapping[str, Any], forbidding: set[tuple[str, str]]) -> KnownText:
    source, part = str(passage["source"]), str(passage["part"] or "")
    others = [one["notice"] for one in passage["also_in"]]
    forbidden = (source, part) in forbidding or any(one and one["no_copying"] for one in others)
    return KnownText(source, part, winnow(normalize(str(passage["text"])).codes).values, forbidden)


def _not_ours(path: Path) -> UsageError:
    return UsageError(str(path), Words("baseline.not_ours"), Words("baseline.none.cure"))
