"""Write the overview of a batch as JSON, the content of `summary.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dedup import __version__
from dedup.reports.check.json import checked_record

if TYPE_CHECKING:
    from pathlib import Path

    from dedup.reports.batch.overview import Overview, Row
    from dedup.settings import Language

FILE_NAME = "summary.json"


def render(overview: Overview, language: Language) -> str:
    """The overview with an entry for each draft, the worst first."""
    content = {
        "format_version": 1,
        "kind": "batch",
        "tool": {"name": "dedup", "version": __version__},
        "counts": overview.counts,
        "drafts": [_draft(row) for row in overview.rows],
        "among": [
            {
                "draft": one.draft,
                "with": one.other,
                "shared_characters": one.characters,
                "shared_ratio": round(one.ratio, 4),
                "identical": one.identical,
            }
            for one in overview.shared
        ],
        "skipped": [{"path": one.path, "reason": one.why(language)} for one in overview.skipped],
        "checked": overview.checked and checked_record(overview.checked),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _draft(row: Row) -> dict[str, Any]:
    verdict = {"level": row.level, "codes": list(row.codes), "reasons": list(row.reasons)}
    verdict["remarks"] = list(row.remarks)
    names = (
        *("path", "title", "report", "total_characters", "copied_characters", "copied_ratio"),
        *("largest_single_source_ratio", "source", "shared_ratio", "exceeded"),
        *("decided_characters", "counted_ratio"),
    )
    values = {name: getattr(row, name) for name in names}
    rounded = {name: round(one, 4) if isinstance(one, float) else one for name, one in values.items()}
    return {**rounded, "verdict": verdict, "checked": row.checked and checked_record(row.checked)}


def is_ours(path: Path) -> bool:
    """Tell whether this module wrote a file. Raises OSError."""
    try:
        content = json.loads(path.read_text(encoding="utf-8", errors="replace"))
    except (ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.get("kind") == "batch" and "drafts" in content
