"""The command line: arguments → settings → one call → one report → exit status.

`program` holds the group and the only error boundary, `options` what several commands share, `console` and
`output` everything that is written; each command has its module. Bodies import what they need when they
run: `dedup --help` loads no NumPy.
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
    # NumPy would start threads for linear algebra that nothing here uses, at the cost of 50 ms of processor
    # time a start; the variable is read when NumPy is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Looking for cycles after every 700 objects, of which importing alone makes 50,000, finds none.
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    from dedup.cli.program import run

    status = _FAILED  # of what is caught nowhere: Python's own, 1, would say "reuse found"
    try:
        status = run(sys.argv[1:])
    except SystemExit as ended:  # completion, for a shell
        status = ended.code if isinstance(ended.code, int) else _FAILED
    except BaseException:
        sys.excepthook(*sys.exc_info())
    _end(status)


def _end(status: int) -> NoReturn:
    """End the process at once: taking the interpreter apart would be a tenth of a check.

    Files are closed and helpers gone by now; only what was printed may still be on its way.
    """
    for stream in filter(None, (sys.stdout, sys.stderr)):  # either may have been closed by who started us
        try:
            stream.flush()
        except OSError:  # who read it has left, and knows the status
            continue
    os._exit(status)
