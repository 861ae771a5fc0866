"""The command line: arguments → settings → one call → one report → exit status.

`program` holds the group and the only error boundary, `options` what several commands share, `console` and
`output` everything that is written; each command has its module. Bodies import what they need when they
run: `dedup --help` loads no NumPy.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and end the process with its exit status."""
    # NumPy would start threads for linear algebra that nothing here uses, at the cost of 50 ms of processor
    # time a start; the variable is read when NumPy is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from dedup.cli.program import run

    sys.exit(run(sys.argv[1:]))
