"""The command line: arguments → settings → one call → one report → exit status.

`program` has the group and the only error boundary, `options` what several commands share, `console` and
`output` all writing; each command has its module. Bodies import what they need when they run: `dedup --help`
loads no NumPy.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

_OBJECTS_BETWEEN_LOOKS = 100_000
_FAILED = 2


def main() -> NoReturn:
    """Run the command line and end the process with its exit status."""
    # NumPy would start threads for linear algebra, which is not used here and takes 50 ms of processor time
    # at each start; the variable is read when NumPy is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Importing alone makes 50,000 objects; looking for cycles after every 700 of them would find none.
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    from dedup.cli.program import run

    status = _FAILED  # for uncaught errors: Python's own status, 1, would mean "reuse found"
    try:
        status = run(sys.argv[1:])
    except SystemExit as ended:  # completion, for a shell
        status = ended.code if isinstance(ended.code, int) else _FAILED
    except BaseException:
        sys.excepthook(*sys.exc_info())
    _end(status)


def _end(status: int) -> NoReturn:
    """End the process at once: an orderly shutdown of the interpreter would take a tenth of a check.

    Files are closed and helpers have ended by now; only the standard streams must still be flushed.
    """
    for stream in filter(None, (sys.stdout, sys.stderr)):  # the parent process may have closed either
        try:
            stream.flush()
        except OSError:  # the reader has gone
            continue
    os._exit(status)
