"""Equal runs too short to be called reuse: each is shown, so that a reader can trust what is not.

Whoever knows the folk rule of 13 equal characters looks for such runs. They are kept apart from reuse:
one sentence has them by chance, by custom or by memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index.index import Index
from dedup.index.search import GramHits
from dedup.sketch.arrays import run_begins
from dedup.sketch.scheme import GUARANTEED_RUN, Scheme
