"""Read in a child process, so that a hostile file costs one document at most.

A child is an interpreter of its own (`dedup.readers.child`) under limits on memory, time and open files,
without network. It reads one file after the other, so that it is started once for each batch. Requests and
answers are frames: a length, a JSON header, and bytes. Nothing from a child is unpickled.
"""

from __future__ import annotations

import atexit
import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from threading import Timer
from typing import IO, Any, TypeVar

from dedup.errors import UnsupportedInput
from dedup.messages import Words, unpacked
from dedup.readers.marks import Marked, Marks
from dedup.readers.reading import ERRORS, Reading, from_record
from dedup.settings import ReadingLimits

Result = TypeVar("Result")
Answered = Callable[[dict[str, Any], bytes], Result]
"""Makes a result of the header and the content of an answer."""
_LENGTHS = struct.Struct(">II")
_MEGABYTE = 1_000_000
_GRACE = 2.0
"""Seconds over the limit before a child is ended, so that it can report the timeout itself."""


class _ChildEnded(Exception):
    """The child ended before it answered."""


class Sandbox:
    """One child process, started for the first file, and again after a file that ended it."""

    def __init__(self, limits: ReadingLimits, share: int = 1) -> None:
        self.limits = limits
        self._share = max(1, share)
        self._process: subprocess.Popen[bytes] | None = None
        self._files_read = 0
        self._out_of_time = False
        self.started = 0
        """How many children there were."""

    @property
    def child(self) -> int:
        """Process id of the child; 0 if there is none."""
        return self._process.pid if self._process else 0

    def kill(self) -> None:
        """End the child at once, with the programs it has called."""
        if self._process:
            _kill(self._process)

    def read(self, data: bytes, name: str, format_name: str, *, ocr: bool = False) -> Reading:
        """Read one file's content. Raises UnsupportedInput or UndecodableInput."""

        def as_reading(answer: dict[str, Any], content: bytes) -> Reading:
            return from_record({**answer["reading"], "text": content.decode("utf-8", "surrogatepass")})

        return self._asked(data, name, {"format": format_name, "ocr": ocr}, as_reading)

    def mark(self, data: bytes, name: str, format_name: str, marks: Marks) -> Marked:
        """Mark a copy of one file's content. Raises UnsupportedInput."""

        def as_marked(answer: dict[str, Any], content: bytes) -> Marked:
            return Marked(content, int(answer["unplaced"]))

        return self._asked(data, name, {"format": format_name, "marks": asdict(marks)}, as_marked)

    def _asked(
        self,
        data: bytes,
        name: str,
        request: dict[str, Any],
        result: Answered[Result],
    ) -> Result:
        """The result of one request; if the child ends during it, it is repeated once with a new child."""
        fresh = self._files_read == 0 or self._process is None
        try:
            return self._ask(data, name, request, result)
        except _ChildEnded:
            status = self._end()
            if not (fresh or self._out_of_time):  # earlier files may have filled its memory
                return self._asked(data, name, request, result)
            raise self._reason(name, status, len(data)) from None

    def close(self) -> None:
        """End the child, if there is one."""
        self._end()

    def _ask(
        self,
        data: bytes,
        name: str,
        request: dict[str, Any],
        result: Answered[Result],
    ) -> Result:
        process = self._running()
        into, out = process.stdin, process.stdout
        if into is None or out is None:
            raise _ChildEnded
        self._out_of_time = False
        self._files_read += 1
        watch = _Watch(self._expire, self._seconds(len(data)) + _GRACE)
        try:
            write_frame(into, {"name": name, "seconds": self._seconds(len(data)), **request}, data)
            while True:
                answer, content = read_frame(out)
                if "more_seconds" not in answer:
                    break
                watch.restart(float(answer["more_seconds"]) + _GRACE)
        except (OSError, EOFError, ValueError):
            raise _ChildEnded from None
        finally:
            watch.stop()
        if "error" in answer:
            kind = ERRORS.get(str(answer["error"]), UnsupportedInput)
            raise kind(name, unpacked(str(answer["problem"])), unpacked(str(answer["cure"])))
        try:
            return result(answer, content)
        except (TypeError, KeyError, ValueError):
            raise _ChildEnded from None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "dedup.readers.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is left to the parent; its programs end with the child
            )
            self._files_read = 0
            self.started += 1
            limits = {**asdict(self.limits), "memory_bytes": self.limits.memory_bytes // self._share}
            if self._process.stdin:
                with suppress(OSError):
                    write_frame(self._process.stdin, limits, b"")
        return self._process

    def _seconds(self, size: int) -> float:
        return self.limits.seconds + self.limits.seconds_per_megabyte * size / _MEGABYTE

    def _expire(self) -> None:
        self._out_of_time = True
        self.kill()

    def _end(self) -> int:
        """End the child; returns its exit status, negative when a signal ended it."""
        process, self._process = self._process, None
        if process is None:
            return 0
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        try:
            return process.wait(timeout=_GRACE)
        except subprocess.TimeoutExpired:
            _kill(process)
            return process.wait()

    def _reason(self, name: str, status: int, size: int) -> UnsupportedInput:
        cure = Words("reading.save_again")
        if self._out_of_time:
            return UnsupportedInput(
                name, Words("reading.limit.seconds", most=round(self._seconds(size))), cure
            )
        return UnsupportedInput(name, Words("reading.died", status=status), cure)


class _Watch:
    """A timer that can be set again."""

    def __init__(self, expire: Any, seconds: float) -> None:
        self._expire = expire
        self._timer = self._start(seconds)

    def _start(self, seconds: float) -> Timer:
        timer = Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        return timer

    def restart(self, seconds: float) -> None:
        self._timer.cancel()
        self._timer = self._start(seconds)

    def stop(self) -> None:
        self._timer.cancel()


_SANDBOXES: dict[tuple[ReadingLimits, int, int], Sandbox] = {}


def sandbox_for(limits: ReadingLimits, share: int = 1) -> Sandbox:
    """The sandbox of this process with these limits; `share` processes share the memory limit."""
    key = (limits, share, os.getpid())  # a forked process must not use its parent's
    if key not in _SANDBOXES:
        _SANDBOXES[key] = Sandbox(limits, share)
    return _SANDBOXES[key]


@atexit.register
def close_sandboxes() -> None:
    """End this process's children."""
    for (_, _, owner), sandbox in _SANDBOXES.items():
        if owner == os.getpid():
            sandbox.close()
    _SANDBOXES.clear()


def write_frame(stream: IO[bytes], header: object, content: bytes) -> None:
    """Write one request or answer."""
    head = json.dumps(header).encode()
    stream.write(_LENGTHS.pack(len(head), len(content)))
    stream.write(head)
    stream.write(content)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Read a frame of `write_frame`. Raises EOFError if the other side has ended, ValueError for bad data."""
    lengths = _exactly(stream, _LENGTHS.size)
    head_length, content_length = _LENGTHS.unpack(lengths)
    header = json.loads(_exactly(stream, head_length))
    if not isinstance(header, dict):
        raise ValueError("a header is expected")
    return header, _exactly(stream, content_length)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, 9)  # it leads its session, so its programs end too
        else:
            process.kill()


def _environment() -> dict[str, str]:
    """Environment of the child: it can import what this process can, and nothing from its working folder."""
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    path = [package, *(one for one in sys.path if one and one != package)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path), "OPENBLAS_NUM_THREADS": "1"}
