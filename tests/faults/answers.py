"""What an index says, in a form that does not depend on how its segments came about."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from dedup.checking import check
from dedup.index import open_index
from dedup.index.manifest import read_manifest
from dedup.reports import View, format_named
from dedup.settings import Settings
from dedup.text.normalize import fold_slots, normalize
from dedup.text.structure import parse
from tests.corpora import timeless
from tests.faults.documents import a_document

_DRAFTS = tuple(a_document(*one) for one in ((0, 0), (7, 1), (13, 1), (40, 0)))


def answers(corpus: Path) -> dict[str, Any]:
    """Documents with their texts, hits of grams, and reports of checks."""
    settings = Settings(corpus=corpus)
    report = format_named("json")
    with open_index(corpus, None, settings, refresh=False) as index:
        parts = {part.number: part for part in index.documents()}
        texts = {part.path: index.text(part.number, 0, 10**6) for part in parts.values()}
        facts = sorted((part.path, part.title, part.characters, part.paragraphs) for part in parts.values())
        hits = []
        for draft in _DRAFTS:
            found = index.gram_hits(fold_slots(normalize(draft).codes))
            places = zip(found.query.tolist(), found.part.tolist(), found.position.tolist(), strict=True)
            hits.append(
                (
                    sorted((query, parts[part].path, position) for query, part, position in places),
                    found.frequency.tolist(),
                )
            )
        judged = [check(parse("draft.txt", draft), index, settings) for draft in _DRAFTS]
        reports = [timeless(str(report.render(one, View("en")))) for one in judged]
    return {"facts": facts, "texts": texts, "hits": hits, "reports": reports}


def orphans(corpus: Path) -> set[str]:
    """Files in the folder of the index that nothing names."""
    folder = corpus / ".dedup"
    manifest = read_manifest(str(folder))
    assert manifest is not None
    named = {"manifest.json", "CACHEDIR.TAG", ".gitignore", "lock", "scan/lock"}
    named |= {f"segments/{name}" for name in manifest.named()}
    there = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() or path.is_symlink()
    }
    kept_by_scans = re.compile(r"scan/(last-.*\.scan|.*\.texts)")
    return {name for name in there - named if not kept_by_scans.fullmatch(name)}


def phase(corpus: Path, output: Path | None = None) -> str:
    """How far a writer had come that left the folder like this."""
    folder = corpus / ".dedup"
    manifest = read_manifest(str(folder))
    if manifest is None:
        return "before the manifest"
    left = orphans(corpus)
    segments = [name for name in left if name.startswith("segments/")]
    results = os.listdir(output) if output is not None and output.exists() else []
    moments = {
        "writing results": any(name.endswith(".tmp") for name in results),
        "between results": 0 < len(results) < 4,
        "writing texts, a checkpoint or a state": any(
            name.startswith("scan/") and ".tmp" in name for name in left
        ),
        "after a checkpoint": any(name.startswith("scan/unfinished") for name in left),
        "writing the manifest": any(name.startswith("manifest.json.") for name in left),
        "writing the first segments": not manifest.staged and any(name.endswith(".tmp") for name in segments),
        "writing more segments, or merging": any(name.endswith(".tmp") for name in segments),
        "tidying, or before a segment is named": bool(segments),
        "between segments": bool(manifest.staged),
        "comparing": (folder / "scan").exists() and not list((folder / "scan").glob("last-*")),
    }
    return next((name for name, it_is in moments.items() if it_is), "before or after all")
