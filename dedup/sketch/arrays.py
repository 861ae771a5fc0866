"""A corner of NumPy that costs more than it does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The distinct values, ascending.

    `np.unique` without further outputs imports `numpy.ma`, a tenth of what importing NumPy takes.
    """
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]
