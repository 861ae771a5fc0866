"""The child process of `dedup.readers.sandbox`: reads one file after the other, under limits.

Its standard input and output are the pipes to the parent. It ends when its input does.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

from dedup.errors import UnreadableInput, UnsupportedInput
from dedup.messages import Words, packed
from dedup.readers.reading import Budget, Context, over_limit, to_record
from dedup.readers.sandbox import read_frame, write_frame
from dedup.settings import ReadingLimits

_FORBIDDEN = frozenset({"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "os.system"})
"""Audit events of Python that no reader needs to raise."""
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def main() -> None:
    """Serve until standard input ends."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # output of libraries must not mix with the answers
    header, _ = read_frame(requests)
    limits = ReadingLimits(**header)
    _restrict(limits)
    while True:
        try:
            request, data = read_frame(requests)
        except EOFError:
            return
        _answer(request, data, limits, answers)


def _answer(request: dict[str, Any], data: bytes, limits: ReadingLimits, answers: IO[bytes]) -> None:
    name = str(request["name"])

    def allow_time(seconds: float) -> None:
        write_frame(answers, {"more_seconds": seconds}, b"")
        _limit_time(name, seconds, limits)

    try:
        _limit_time(name, float(request["seconds"]), limits)
        done = _mark if "marks" in request else _read
        answer = done(request, data, _context(request, name, limits, allow_time))
    except MemoryError:
        answer = _error(over_limit(name, "memory", limits.memory_bytes // 1_000_000))
    except RecursionError:
        answer = _error(UnsupportedInput(name, Words("reading.nested"), Words("reading.save_again")))
    except UnreadableInput as error:
        answer = _error(error)
    except Exception as error:  # a defect, here or in a library, costs only this document
        problem = Words("reading.defect", error=type(error).__name__)
        answer = _error(UnsupportedInput(name, problem, Words("reading.save_again")))
    finally:
        _limit_time(name, 0, limits)
    write_frame(answers, *answer)


def _context(
    request: dict[str, Any], name: str, limits: ReadingLimits, allow_time: Callable[[float], None]
) -> Context:
    from dedup.readers import read_inside

    return Context(name, Budget(limits), read_inside, allow_time=allow_time, ocr=bool(request.get("ocr")))


def _read(request: dict[str, Any], data: bytes, context: Context) -> tuple[dict[str, Any], bytes]:
    record = to_record(context.read_inside(data, context))
    text = record.pop("text").encode("utf-8", "surrogatepass")
    return {"reading": record}, text


def _mark(request: dict[str, Any], data: bytes, context: Context) -> tuple[dict[str, Any], bytes]:
    from dedup.readers.marking import mark_inside
    from dedup.readers.marks import marks_of

    marked = mark_inside(data, str(request["format"]), marks_of(request["marks"]), context)
    return {"unplaced": marked.unplaced}, marked.content


def _error(error: UnreadableInput) -> tuple[dict[str, Any], bytes]:
    problem = error.problem if isinstance(error.problem, str) else packed(error.problem)
    cure = error.cure if isinstance(error.cure, str) else packed(error.cure)
    return {"error": type(error).__name__, "problem": problem, "cure": cure}, b""


# ------------------------------------------------------------------------------------------- limits


def _restrict(limits: ReadingLimits) -> None:
    """Set the limits for all files. On a system without them, only the parent's timer is left."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        # Soft limits: a program that is called to convert may be given back what it needs (`programs`).
        for kind, most in (
            (resource.RLIMIT_AS, limits.memory_bytes),
            (resource.RLIMIT_NOFILE, limits.open_files),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 0),
        ):
            _, hard = resource.getrlimit(kind)
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    _leave_network()
    sys.addaudithook(_refuse)
    sys.setrecursionlimit(3_000)


def _leave_network() -> None:
    """Give up access to the network, where the system allows a process to do that."""
    with suppress(Exception):
        import ctypes

        unshare = ctypes.CDLL(None, use_errno=True).unshare
        if unshare(_NEW_NETWORK) != 0:
            unshare(_NEW_USER | _NEW_NETWORK)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(f"{event} is not allowed to a reader")


def _limit_time(name: str, seconds: float, limits: ReadingLimits) -> None:
    """Interrupt the reader after so many seconds; 0 cancels that.

    If code does not return to the interpreter, the parent ends the process instead.
    """

    def interrupt(number: int, frame: object) -> None:
        raise over_limit(name, "seconds", round(seconds))

    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
