"""`dedup log`: verify the log of checks, or show its last lines."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedup.cli.language import Command
from dedup.cli.options import LISTING_FORMATS, Place, Session, format_option, with_session
from dedup.cli.output import page_columns, print_result
from dedup.errors import UsageError
from dedup.messages import Words, catalogue, say
from dedup.reports.kit.columns import clip, clip_middle, visible, wrap
from dedup.reports.kit.page import table
from dedup.reports.kit.ratios import percent

if TYPE_CHECKING:
    from dedup.audit.verification import Fault, Verification
    from dedup.settings import Language

SOUND, ALTERED = 0, 1
_LEAST_DIGITS = 12
"""Least digits of an abbreviated digest."""
_SHOWN = 20


@click.command(cls=Command)
@click.argument("action", type=click.Choice(["verify", "show"]), metavar="ACTION")
@click.argument("file", type=Place(path_type=Path), metavar="FILE")
@click.option("--head", default="", metavar="HASH")
@format_option(LISTING_FORMATS)
@with_session("language")
def log(session: Session, action: str, file: Path, head: str, format_name: str) -> int:
    """Verify the log of checks, or show its last lines."""
    head = head.strip().lower()
    if head and not re.fullmatch(rf"[0-9a-f]{{{_LEAST_DIGITS},64}}", head):
        raise UsageError("--head", Words("log.head"), Words("log.head.cure", least=_LEAST_DIGITS))
    if action == "show":
        if head:
            raise UsageError("--head", Words("usage.unexpected"), Words("usage.more", command="dedup log"))
        return _show(session, file, format_name)
    from dedup.audit.verification import verify

    found = verify(file, head)
    if format_name == "json":
        print_result(json.dumps({"format_version": 1, **asdict(found)}, ensure_ascii=False, indent=2) + "\n")
    elif not session.console.quiet or found.fault_count:
        told = _verified(found, file, session.settings.language)
        print_result("".join(f"{line}\n" for one in told for line in wrap(one, page_columns())))
    return ALTERED if found.fault_count else SOUND


def _verified(found: Verification, file: Path, language: Language) -> list[str]:
    name = visible(str(file))
    told = [_in_words(fault, language) for fault in found.faults]
    if found.fault_count:
        told.insert(0, say("log.faults", language, file=name, count=found.fault_count))
        if found.fault_count > len(found.faults):
            told.append(say("log.more_faults", language, count=found.fault_count - len(found.faults)))
    else:
        times = f"{visible(found.first_time)} – {visible(found.last_time)}" if found.lines else "–"
        told.append(say("log.sound", language, file=name, count=found.lines, times=times))
    told += [say("log.interrupted", language, line=line) for line in found.interrupted]
    if found.head_at and not found.fault_count:
        told.append(say("log.head_at", language, number=found.head_at, later=found.lines - found.head_at))
    if found.digest:
        told.append(say("log.digest", language, digest=found.digest))
    if not found.head_at:
        told.append(say("log.digest.why", language))
    return told


def _in_words(fault: Fault, language: Language) -> str:
    key = f"log.fault.{fault.kind}"
    return say(key, language, line=fault.line, number=fault.number, expected=fault.expected)


def _show(session: Session, file: Path, format_name: str) -> int:
    """Show the last whole lines, or all of them if verbose."""
    from dedup.audit.verification import whole_lines

    most = 0 if session.console.verbose else _SHOWN
    records = [one.record for one in whole_lines(file, most and most + 1)]
    earlier, records = bool(most and len(records) > most), records[-most:]
    if format_name == "json":
        print_result("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))
    elif records:
        print_result(_table(records, session.settings.language) + "\n")
    if earlier:
        session.console.note(say("log.only_last", session.settings.language, count=most))
    return SOUND


def _table(records: Sequence[Mapping[str, Any]], language: Language) -> str:
    rows = []
    for record in records:
        ratio, level = _at(record, "figures", "copied_ratio"), _at(record, "verdict", "level")
        shown = percent(ratio) if isinstance(ratio, float | int) else ""
        known = f"level.{level}" in catalogue(language)
        rows.append(
            (
                str(record["number"]),
                visible(str(record.get("time", ""))[:16].replace("T", " ")),
                clip(visible(str(record.get("user", ""))), 10),
                shown,
                say(f"level.{level}" if known else "batch.unread", language),
                clip_middle(visible(str(_at(record, "draft", "name"))), 24),
            )
        )
    headers = [say(f"log.{name}", language) for name in ("number", "time", "user")]
    headers += [say(name, language) for name in ("overview.ratio", "head.verdict", "overview.document")]
    return table(rows, headers, right=(0, 3))


def _at(record: Mapping[str, Any], outer: str, inner: str) -> object:
    found = record.get(outer)
    return found.get(inner) if isinstance(found, dict) else None
