"""Write the report as a list for GitLab's Code Quality, which a merge request shows beside the lines.

The fields are those of "Code Quality report format": nothing else is shown, and several documents of one call
make one list, since a job uploads one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from dedup.reports.check.sarif import counts, results

if TYPE_CHECKING:
    from dedup.model import Report
    from dedup.reports import View

SUFFIX = "json"
STANDS_ALONE = False

_SEVERITIES = {"error": "critical", "warning": "major", "note": "minor"}


def render(report: Report, view: View) -> str:
    """The findings that count, in the order of the text."""
    path = report.submission.path
    found = [one for one in results(report, view.language) if counts(one)]
    seen: dict[str, int] = {}
    return _list([_issue(one, path, seen) for one in found])


def joined(reports: Sequence[str]) -> str:
    """The lists of several documents as one."""
    return _list([issue for report in reports for issue in json.loads(report)])


def _issue(result: dict[str, Any], path: str, seen: dict[str, int]) -> dict[str, Any]:
    """A finding; `seen` counts equal ones, since no two issues may have one fingerprint."""
    region = result["locations"][0]["physicalLocation"]["region"]
    (print_of,) = result["partialFingerprints"].values()
    times = seen[print_of] = seen.get(print_of, 0) + 1
    return {
        "description": " · ".join(result["message"]["text"].splitlines()),
        "check_name": f"dedup/{result['ruleId']}",
        "fingerprint": sha256(f"{path}\0{print_of}\0{times}".encode("utf-8", "replace")).hexdigest(),
        "severity": _SEVERITIES[result["level"]],
        "location": {
            "path": path.removeprefix("./"),
            "lines": {"begin": region["startLine"], "end": region["endLine"]},
        },
    }


def _list(issues: Sequence[dict[str, Any]]) -> str:
    return json.dumps(issues, ensure_ascii=False, indent=2) + "\n"
