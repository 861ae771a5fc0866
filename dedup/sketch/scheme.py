"""The scheme: everything that signatures and grams depend on. An index has exactly one, and records it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from dedup.errors import UsageError
from dedup.messages import Words
from dedup.records import dataclass
from dedup.settings import Settings
from dedup.sketch.bands import choose_bands

GUARANTEED_RUN = 13
"""Every common run of this many normalised characters is found, however frequent its parts are."""


HASHES = "multilinear-1"
"""Name of the hash functions of `dedup.sketch.hashing`; it changes when they do."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """The parameters with which an index was made."""

    shingle: str
    shingle_size: int
    lsh_threshold: float
    permutations: int
    bands: int
    rows: int
    gram_size: int
    gram_step: int
    folding: str
    """Checksum of the folding table with which the text was normalised."""
    hashes: str = HASHES

    @classmethod
    def from_settings(cls, settings: Settings, folding: str) -> Scheme:
        """The scheme for a new index. Imports datasketch. Raises UsageError for grams that miss runs."""
        check_grams(settings)
        bands, rows = choose_bands(settings.lsh_threshold, settings.permutations)
        names = ("shingle", "shingle_size", "lsh_threshold", "permutations", "gram_size", "gram_step")
        same = {name: getattr(settings, name) for name in names}
        return cls(**same, bands=bands, rows=rows, folding=folding)

    def to_json(self) -> str:
        """The scheme as JSON in one line, keys sorted."""
        return json.dumps(asdict(self), sort_keys=True)

    def differences(self, settings: Settings) -> tuple[Words, ...]:
        """Differences from a scheme of the settings in force; empty if the scheme fits."""
        return self._differences(
            {name: getattr(settings, name, value) for name, value in asdict(self).items()}
        )

    def outdated(self, folding: str) -> tuple[Words, ...]:
        """Differences from this program's own scheme, with a folding table of that name, settings apart."""
        return self._differences(asdict(self) | {"folding": folding, "hashes": HASHES})

    def _differences(self, today: Mapping[str, object]) -> tuple[Words, ...]:
        return tuple(
            Words("index.differs", name=name, made=str(recorded), now=str(today[name]))
            for name, recorded in asdict(self).items()
            if recorded != today[name]
        )

    @property
    def run_size(self) -> int:
        """Characters of a run gram, such that every common run of GUARANTEED_RUN holds a sampled one."""
        return GUARANTEED_RUN - self.gram_step + 1

    @property
    def grams_of_run(self) -> int:
        """Number of sampled grams in a run gram."""
        return (self.run_size - self.gram_size) // self.gram_step + 1


def check_grams(settings: Settings) -> None:
    """Raise UsageError unless the sampled grams reach every run of GUARANTEED_RUN characters."""
    reach = settings.gram_size + settings.gram_step - 1
    if reach > GUARANTEED_RUN:
        raise UsageError(
            "gram_size, gram_step", Words("settings.reach", reach=reach, promised=GUARANTEED_RUN)
        )
