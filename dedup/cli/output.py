"""Write reports to standard output, one file, or a folder of files; files appear whole or not at all."""

from __future__ import annotations

import errno
import os
import sys
from codecs import getincrementalencoder
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IRUSR, S_IRWXG, S_IRWXO, S_ISREG, S_IWUSR
from typing import IO

from dedup.cli.protected import Protected
from dedup.errors import UsageError
from dedup.files import replacing
from dedup.messages import Words, system

STANDARD_INPUT = "-"
ANYBODY = 0o666
"""Permissions of a file that only the umask restricts."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

_AT_ONCE = 1 << 20
"""Characters of a result that are encoded together."""
LEAST_COLUMNS, USUAL_COLUMNS, MOST_COLUMNS = 40, 80, 120
"""Width of a page: the least, the one without a terminal, and the most."""


def page_columns() -> int:
    """Width of a page on standard output."""
    if not sys.stdout.isatty():
        return USUAL_COLUMNS
    from shutil import get_terminal_size

    return min(MOST_COLUMNS, max(LEAST_COLUMNS, get_terminal_size((USUAL_COLUMNS, 24)).columns))


def print_result(result: str | bytes | Iterator[str]) -> None:
    """Write a text to standard output, in UTF-8 unless that is a terminal of another encoding.

    Bytes are written unchanged; UsageError is raised if standard output is a terminal.

    When the reader has gone (`| head`), the rest is dropped and the run continues, so that its exit status
    still gives the result.
    """
    stream = sys.stdout
    encoding = (stream.encoding if stream.isatty() else None) or "utf-8"
    if isinstance(result, bytes) and stream.isatty():
        raise UsageError("--format", Words("output.not_terminal"))
    # Joining a text character by character would take ten times its memory.
    content = result if isinstance(result, str | bytes) else "".join(result)
    try:
        stream.flush()
        for data in _encoded(content, encoding):
            stream.buffer.write(data)
        stream.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except OSError as error:
        raise UsageError(Words("output.what"), system(error), Words("output.what.cure")) from error


def _encoded(content: str | bytes, encoding: str) -> Iterator[bytes]:
    """The bytes of a result, some characters at a time."""
    if isinstance(content, bytes):
        yield content
        return
    encoder = getincrementalencoder(encoding)("backslashreplace")
    for first in range(0, len(content), _AT_ONCE):
        yield encoder.encode(content[first : first + _AT_ONCE])


def report_paths(
    inputs: Sequence[str],
    output: str,
    suffix: str,
    protected: Protected | None = None,
    places: Mapping[str, str] | None = None,
) -> dict[str, Path]:
    """The report's file for each input. Makes the last folder of `output`; the one above must exist.

    With `places`, each report is at the place below `output` given for its input. Without, the report of a
    single input is `output` itself, unless that is a folder or ends in a slash; otherwise reports are
    `output/<file name>.<suffix>`. Raises UsageError if `output` cannot be used, if two inputs would have the
    same report file, or if a report would overwrite an input or a `protected` file.
    """
    paths = _named_paths(inputs, output, suffix, places)
    (protected or Protected()).demand_free(paths)
    for folder in sorted({path.parent for path in paths.values()} if len(inputs) > 1 or places else ()):
        with _naming(folder):
            folder.mkdir(parents=True, exist_ok=True)  # below the output folder, which exists
    return paths


def _named_paths(
    inputs: Sequence[str], output: str, suffix: str, places: Mapping[str, str] | None
) -> dict[str, Path]:
    place = Path(output)
    if len(inputs) == 1 and not places and not place.is_dir() and not output.endswith(("/", os.sep)):
        make_folder(place.parent)
        return {inputs[0]: place}
    if place.is_file():
        raise UsageError(f"--output {output}", Words("output.several"), Words("usage.file_each.cure"))
    make_folder(place)
    owners: dict[Path, str] = {}
    places = places or _beside_namesakes(inputs)
    for name in inputs:
        path = place / f"{_place_of(name, places)}.{suffix}"
        if path in owners:
            problem = Words("output.same", first=owners[path], second=name, path=str(path))
            raise UsageError("--output", problem, Words("output.same.cure"))
        owners[path] = name
    return {name: path for path, name in owners.items()}


def _place_of(name: str, places: Mapping[str, str]) -> str:
    """Path of an input's report below the output folder, without suffix.

    Where folders are mirrored, a member of an archive is in a folder with the archive's name.
    """
    if name in places:
        return places[name]
    for above in Path(name).parents:
        if (archive := places.get(os.fspath(above))) is not None:
            return f"{archive}/{_inside(name, above)}"
    return _file_name(name)


def _inside(name: str, above: Path) -> str:
    """Path of a member inside its archive, without steps up: an archive may hold any name."""
    parts = (one for one in Path(name).relative_to(above).parts if one not in {"..", os.sep})
    return "/".join(parts) or "report"


def _beside_namesakes(inputs: Sequence[str]) -> dict[str, str]:
    """Places for members of archives whose file names others have too: in a folder of the archive's name."""
    counts = Counter(map(_file_name, inputs))
    found = {}
    for name in inputs:
        if counts[_file_name(name)] > 1 and not os.path.lexists(name):
            archive = next((above for above in Path(name).parents if above.is_file()), None)
            if archive is not None:
                found[name] = f"{archive.name}/{_inside(name, archive)}"
    return found


def _file_name(name: str) -> str:
    return "stdin" if name == STANDARD_INPUT else Path(name).name or "report"


def make_folder(folder: Path, *, parents: bool = False) -> None:
    """Make the last folder of a path; the one above must exist, unless `parents`. Raises UsageError."""
    with _naming(folder):
        folder.mkdir(parents=parents, exist_ok=True)


@contextmanager
def _naming(folder: Path) -> Iterator[None]:
    """Turn errors of the system into a UsageError that names the folder to be made."""
    try:
        yield
    except OSError as error:
        problem = Words("output.no_folder", why=system(error))
        raise UsageError(f"--output {folder}", problem, Words("output.other.cure")) from error


def permissions_of(names: Iterable[str]) -> int:
    """The permissions common to all inputs, since a report that quotes them must not be more readable.

    A member of an archive has those of the archive, standard input those of the file it comes from. The
    permissions of a group other than this process's are dropped.
    """
    mode = ANYBODY
    for name in names:
        status = _status_of(name)
        if status is None or not S_ISREG(status.st_mode):
            continue
        mode &= status.st_mode
        if hasattr(os, "getegid") and status.st_gid != os.getegid():
            mode &= ~S_IRWXG | (mode & S_IRWXO) << 3
    return mode | S_IRUSR | S_IWUSR


def _status_of(name: str) -> os.stat_result | None:
    """The status of the file an input comes from; None if there is none."""
    if name == STANDARD_INPUT:
        with suppress(OSError, ValueError):
            return os.fstat(sys.stdin.fileno())
        return None
    for path in (Path(name), *Path(name).parents):
        with suppress(OSError, ValueError):
            return path.stat()
    return None


def joins_corpus(path: Path, corpus: Path) -> bool:
    """Tell whether the index would take a report at a path for a document of the corpus."""
    try:
        below = path.resolve().relative_to(corpus.resolve())
    except ValueError:
        return False
    from dedup.index.corpus import ABOUT_THE_CORPUS
    from dedup.readers import is_document

    left_out = path.name.lower() in ABOUT_THE_CORPUS or any(part.startswith(".") for part in below.parts)
    return is_document(path) and not left_out


def write_whole(path: Path, result: str | bytes | Iterator[str], mode: int = ANYBODY) -> None:
    """Write a report to `path`: to a file beside it, then renamed, so that no reader sees half of it.

    A long report may come in pieces, of which only one is in memory. It gets the permissions `mode` less the
    umask. Raises UsageError if the path cannot be written; then, and whenever making the pieces fails, the
    file at `path` is unchanged.
    """
    pieces: Iterable[str | bytes] = (result,) if isinstance(result, str | bytes) else result
    try:
        _write(path, pieces, mode)
    except OSError as error:
        cure = Words("output.full.cure" if error.errno in FULL else "output.other.cure")
        raise UsageError(f"--output {path}", system(error), cure) from error


def _write(path: Path, pieces: Iterable[str | bytes], mode: int) -> None:
    if path.exists() and not path.is_file():  # a device or a pipe is written to, never replaced
        with path.open("wb") as file:
            _fill(file, pieces)
        return
    with replacing(path, mode, durable=False) as file:
        _fill(file, pieces)


def _fill(file: IO[bytes], pieces: Iterable[str | bytes]) -> None:
    for piece in pieces:
        file.write(piece if isinstance(piece, bytes) else piece.encode("utf-8", errors="backslashreplace"))
