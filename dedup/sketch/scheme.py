"""The scheme: everything that signatures and grams depend on. An index records it; two do not mix."""

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
    """How an index was made."""

    shingle: str
    shingle_size: int
    lsh_threshold: float
    permutations: int
    bands: int
    rows: int
    gram_size: int
    gram_step: int
    folding: str
    """Which folding table the text went through."""
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
        """One line, keys sorted."""
        return json.dumps(asdict(self), sort_keys=True)

    def differences(self, settings: Settings) -> tuple[Words, ...]:
        """Differences that the settings in force would make; empty when the scheme serves."""
        return self._differences(
            {name: getattr(settings, name, value) for name, value in asdict(self).items()}
        )

    def outdated(self, folding: str) -> tuple[Words, ...]:
        """Differences that this program, with the folding table of that name, makes whatever the settings."""
        return self._differences(asdict(self) | {"folding": folding, "hashes": HASHES})

    def _differences(self, today: Mapping[str, object]) -> tuple[Words, ...]:
        return tuple(
            Words("index.differs", name=name, made=str(recorded), now=str(today[name]))
            for name, recorded in asdict(self).items()
            if recorded != today[name]
        )

    @property
    def run_size(self) -> int:
        """Characters of a run gram: sampled like grams, every common run of GUARANTEED_RUN holds one."""
        return GUARANTEED_RUN - self.gram_step + 1

    @property
    def grams_of_run(self) -> int:
        """How many sampled grams lie in a run gram."""
        return (self.run_size - self.gram_size) // self.gram_step + 1


def check_grams(settings: Settings) -> None:
    """Raise UsageError unless the sampled grams reach every run of GUARANTEED_RUN characters."""
    reach = settings.gram_size + settings.gram_step - 1
    if reach > GUARANTEED_RUN:
        raise UsageError(
            "gram_size, gram_step", Words("settings.reach", reach=reach, promised=GUARANTEED_RUN)
        )
