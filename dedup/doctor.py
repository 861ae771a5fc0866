"""Examine an installation and its index; each finding comes with the command that mends it."""

from __future__ import annotations

import os
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, NamedTuple

from dedup import __version__
from dedup.errors import DedupError
from dedup.messages import Command, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.settings import Settings

State = Literal["good", "missing", "bad"]

_REQUIRED = ("click", "datasketch", "jieba", "numpy", "rapidfuzz", "tabulate")
_FEATURES = {
    "docx": ("docx",),
    "documents": ("lxml", "pypdf", "pypdfium2", "python_calamine", "oxmsg", "striprtf"),
    "ocr": ("rapidocr", "onnxruntime"),
    "serve": ("fastapi", "uvicorn", "sqlalchemy", "jinja2", "alembic", "argon2"),
    "watch": ("watchfiles",),
    "mcp": ("mcp",),
    "spark": ("pyspark",),
    "fast": ("numba",),
}
"""Modules of each extra."""
_LEAST_FREE = 1 << 30


class Finding(NamedTuple):
    """The result of one examination."""

    state: State
    """`missing`: an optional feature; `bad`: it prevents a check."""
    words: Words


def findings(settings: Settings) -> list[Finding]:
    """All findings, the most important first."""
    return [
        _versions(),
        *_required(),
        _configuration(settings),
        *_index(settings),
        _disk(settings),
        *_features(),
    ]


def _versions() -> Finding:
    facts = {"version": __version__, "python": platform.python_version(), "system": platform.platform()}
    return Finding("good", Words("doctor.versions", **facts))


def _required() -> Iterator[Finding]:
    lost = [name for name in _REQUIRED if find_spec(name) is None]
    if lost:
        yield Finding("bad", Words("doctor.required", names=" ".join(lost)))
        return
    installed = " ".join(f"{name} {_version(name)}" for name in _REQUIRED)
    yield Finding("good", Words("doctor.installed", names=installed))


def _configuration(settings: Settings) -> Finding:
    if settings.configuration:
        return Finding("good", Words("doctor.configuration", path=settings.configuration))
    return Finding("good", Words("doctor.no_configuration"))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"


def _index(settings: Settings) -> Iterator[Finding]:
    """Findings on whether the index exists, is sound and up to date."""
    from dedup.index import open_index
    from dedup.index.corpus import folder_digest
    from dedup.index.folder import index_folder
    from dedup.index.opening import verify_index

    corpus = str(settings.corpus)
    if not os.path.isdir(corpus):
        yield Finding("bad", Words("doctor.no_corpus", corpus=corpus))
        return
    folder = index_folder(corpus, settings.index)
    if not os.path.isfile(os.path.join(folder, "manifest.json")):
        yield Finding("missing", Words("doctor.no_index", corpus=corpus, command=Command("index")))
        return
    try:
        verify_index(settings.corpus, settings.index, settings)
        with open_index(settings.corpus, settings.index, settings, refresh=False) as index:
            documents, listing = index.parts, index.manifest.listing
    except DedupError as error:
        yield Finding(
            "bad", Words("doctor.index_bad", what=error.what, problem=error.problem, cure=error.cure)
        )
        return
    yield Finding("good", Words("doctor.index", folder=folder, documents=documents))
    if listing and listing != folder_digest(corpus, folder, settings.follow_links):
        yield Finding("missing", Words("doctor.stale", command=Command("index")))


def _disk(settings: Settings) -> Finding:
    place = str(settings.index or settings.corpus)
    while not os.path.exists(place):
        place = os.path.dirname(os.path.abspath(place))
    free = shutil.disk_usage(place).free
    words = Words("doctor.disk", free=f"{free / 1e9:.1f}")
    return Finding("good" if free >= _LEAST_FREE else "missing", words)


def _features() -> Iterator[Finding]:
    for extra, modules in _FEATURES.items():
        lost = [name for name in modules if find_spec(name) is None]
        feature = Words(f"doctor.feature.{extra}")
        if lost:
            yield Finding("missing", Words("doctor.no_feature", feature=feature, extra=extra))
        else:
            yield Finding("good", Words("doctor.feature", feature=feature))
