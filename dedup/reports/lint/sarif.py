"""Write findings as SARIF 2.1.0 (OASIS, 2020), with a rule for each kind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dedup import __version__
from dedup.reports.kit.places import Places
from dedup.reports.kit.sarif import SCHEMA, finding_result, finding_rules, uri

if TYPE_CHECKING:
    from dedup.model import LintReport
    from dedup.reports import View

SUFFIX = "sarif"
STANDS_ALONE = True


def render(report: LintReport, view: View) -> str:
    """One run with a result for each finding."""
    language, path, places = view.language, report.submission.path, Places(report)
    skipped = [
        {"level": "warning", "message": {"text": f"{one.path}: {one.why(language)}"}}
        for one in report.skipped
    ]
    driver = {
        "name": "dedup",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": finding_rules(language),
    }
    run = {
        "tool": {"driver": driver},
        "language": "zh-CN" if language == "zh" else "en-US",
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not skipped, "toolExecutionNotifications": skipped}],
        "artifacts": [{"location": {"uri": uri(path)}}],
        "results": [finding_result(one, path, places, language, 0) for one in report.findings],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=None if view.one_line else 2) + "\n"
