"""Run programs for readers, with limits on time and output, and a folder of their own."""

from __future__ import annotations

import locale
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from dedup.readers.reading import Context, over_limit

_MOST_SAID = 500
_LARGEST_FILE = 1 << 30
_FILTERS = {"docx": "MS Word 2007 XML", "txt": "Text (encoded):UTF8"}
_LOCALES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "zh_CN.UTF-8")


class ProgramFailed(Exception):
    """A program ended with an error or without a usable result."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


def run(
    command: Sequence[str | bytes],
    context: Context,
    data: bytes = b"",
    *,
    folder: str | None = None,
    unbounded: bool = False,
) -> bytes:
    """Run a program and return what it writes to standard output.

    `unbounded` gives it memory beyond that of the reader, and files to write: LibreOffice needs both. Raises
    ProgramFailed, or UnsupportedInput when it takes too long.
    """
    seconds = context.limits.program_seconds
    context.allow_time(seconds + 1)
    environment = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    environment |= {"HOME": folder or "/", "LC_ALL": _locale()}
    try:
        done = subprocess.run(
            command,
            input=data,
            capture_output=True,
            timeout=seconds,
            cwd=folder,
            env=environment,
            preexec_fn=_give_back if unbounded else None,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise over_limit(context.name, "seconds", round(seconds)) from None
    except OSError as error:
        raise ProgramFailed(error.strerror or str(error)) from None
    if done.returncode != 0:
        raise ProgramFailed(done.stderr.decode("utf-8", "replace").strip()[-_MOST_SAID:])
    return done.stdout


@cache
def _locale() -> str:
    """A UTF-8 locale that the machine has, whatever its default is.

    bsdtar gives no entry names that the locale cannot encode: in the C locale of cron jobs and services, no
    Chinese ones. Error messages of programs are in English then, too.
    """
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in _LOCALES:
            with suppress(locale.Error):
                return locale.setlocale(locale.LC_CTYPE, name) and name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return _LOCALES[0]


def converted(data: bytes, kind: str, context: Context) -> bytes:
    """Return a document of Word 97 as LibreOffice converts it, in a profile and a folder of its own.

    `kind` is a suffix of `_FILTERS`. Raises ProgramFailed, or UnsupportedInput when it takes too long.
    """
    with put_down(data, ".doc") as source:
        folder = os.path.dirname(source)
        command = [
            "soffice",
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            f"{kind}:{_FILTERS[kind]}",
            "--outdir",
            folder,
            source,
        ]
        run(command, context, folder=folder, unbounded=True)
        result = Path(folder, f"document.{kind}")
        if not result.exists():
            raise ProgramFailed("no text")
        return result.read_bytes()


@contextmanager
def put_down(data: bytes, suffix: str) -> Iterator[str]:
    """A temporary file with this content in a folder of its own; removed at the end of the context."""
    before = _file_size_limit()
    _set_file_size_limit(_LARGEST_FILE)
    try:
        with tempfile.TemporaryDirectory(prefix="dedup-") as folder:
            path = Path(folder, f"document{suffix}")
            path.write_bytes(data)
            yield str(path)
    finally:
        if before is not None:
            _set_file_size_limit(before)


def _file_size_limit() -> int | None:
    with suppress(ImportError):
        import resource

        return resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    return None


def _set_file_size_limit(most: int) -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most if hard < 0 else min(most, hard), hard))


def _give_back() -> None:
    """Lift the reader's soft limits, in the process that becomes the program."""
    import resource

    for kind, most in (
        (resource.RLIMIT_AS, resource.RLIM_INFINITY),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_NOFILE, 1024),
    ):
        _, hard = resource.getrlimit(kind)
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (hard if most < 0 or 0 <= hard < most else most, hard))
