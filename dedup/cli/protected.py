"""Find files that no report may overwrite: inputs, documents of the corpus, the index, the configuration."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.configuration import FILE, PROJECT
from dedup.errors import UsageError
from dedup.messages import Words
from dedup.records import dataclass

if TYPE_CHECKING:
    from dedup.settings import Settings


@dataclass(frozen=True, slots=True)
class Protected:
    """Paths of files that must not be overwritten."""

    corpus: str = ""
    index: str = ""
    files: tuple[str, ...] = ()
    """Templates, which may be folders, configurations, the log and the history."""
    linked: bool = False
    """True if links in the corpus that lead out of it are followed."""

    @classmethod
    def of(cls, settings: Settings, used: tuple[str, ...] = ()) -> Protected:
        """Protect the files that the settings of a run name, and the other files that it `used`."""
        from dedup.index.folder import index_folder

        kept = (settings.log, settings.history, settings.configuration or None, *used)
        corpus = os.fspath(settings.corpus)
        return cls(
            corpus,
            index_folder(corpus, settings.index),
            (*settings.template, FILE, PROJECT, *(os.fspath(one) for one in kept if one is not None)),
            settings.follow_links,
        )

    def demand_free(self, paths: Mapping[str, Path]) -> None:
        """Raise UsageError if a report would overwrite a protected file; `paths` are by input."""
        for path in paths.values():
            self.demand_outside_index(path)
        existing = {_identity(path): path for path in paths.values()}
        existing.pop(None, None)
        if not existing:
            return
        for path in existing.values():
            if self.corpus and _is_below(path, self.corpus):
                problem = Words("output.corpus", path=str(path))
                raise UsageError("--output", problem, Words("output.input.cure"))
        # Only if a file may have another name in the corpus are all files of the corpus compared.
        aliased = self.linked or any(os.stat(path).st_nlink > 1 for path in existing.values())
        for key, place in self._places(paths, in_corpus=aliased):
            if (found := existing.get(_identity(place))) is not None:
                raise UsageError("--output", Words(key, path=str(found)), Words("output.input.cure"))

    def demand_outside_index(self, path: Path, option: str = "--output") -> None:
        """Raise UsageError, naming the option, for a path in the folder of the index."""
        if self.index and _is_below(path, self.index):
            problem = Words("output.index", path=str(path))
            raise UsageError(option, problem, Words("output.other.cure"))

    def _places(self, inputs: Iterable[str], *, in_corpus: bool) -> Iterator[tuple[str, str]]:
        """The protected files, each after the key of the message about it."""
        for name in inputs:
            yield "output.input", name
            for above in Path(name).parents:  # a member of an archive is below its file
                yield "output.input", os.fspath(above)
        for place in self.files:
            for file in _files_below(place):
                yield "output.used", file
        for file in _files_below(self.corpus) if self.corpus and in_corpus else ():
            yield "output.corpus", file


def _files_below(place: str) -> Iterator[str]:
    """The file itself, or the files of a folder without hidden ones."""
    if not os.path.isdir(place):
        yield place
    for folder, folders, names in os.walk(place):
        folders[:] = [one for one in folders if not one.startswith(".")]
        yield from (os.path.join(folder, name) for name in names if _stays(name))


def _stays(name: str) -> bool:
    """Tell whether a file of the corpus with this name is a document or describes documents."""
    from dedup.index.corpus import ABOUT_THE_CORPUS
    from dedup.readers import is_document

    return not name.startswith(".") and (is_document(name) or name.lower() in ABOUT_THE_CORPUS)


def _identity(place: str | Path) -> tuple[int, int] | None:
    """Device and inode of a regular file, links followed; None if there is none."""
    with suppress(OSError, ValueError):
        if os.path.isfile(place):
            facts = os.stat(place)
            return facts.st_dev, facts.st_ino
    return None


def _is_below(path: Path, folder: str) -> bool:
    """Tell whether a path lies in a folder, by device and inode, as names may differ by case or links."""
    with suppress(OSError, ValueError):
        resolved = path.resolve()
        for one in (resolved, *resolved.parents):
            if one == Path(folder).resolve() or (
                one.exists() and os.path.exists(folder) and one.samefile(folder)
            ):
                return True
    return False
