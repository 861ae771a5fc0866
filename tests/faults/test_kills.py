"""Killed at random moments, again and again: the index opens, is whole, and ends as one built in peace.

`python -m pytest -m faults -s` kills each of four operations 50 times (or DEDUP_FAULT_KILLS times) and lists
the moments that were hit; an ordinary run kills a few times only.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest

from tests.faults.answers import phase
from tests.faults.killing import Victim, duration
from tests.faults.operations import Trial

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")

FEW = 1
MANY = int(os.environ.get("DEDUP_FAULT_KILLS", "50"))
_ENDED = "(ended before)"


def kills(trial: Trial, chance: random.Random, count: int, seconds: float = 0.0) -> Counter[str]:
    """Kill `count` times, by the clock within so many `seconds` or at steps; in which moments that was.

    What was killed is finished in peace, or begun again and killed again.
    """
    operation, again = trial.operation, False
    moments: Counter[str] = Counter()
    corpus = trial.fresh("killed")
    while moments.total() - moments[_ENDED] < count:
        if seconds:
            moment, alone = chance.uniform(0, seconds), chance.random() < 1 / 2
            ended = Victim(operation, corpus, processes=2).kill_at(moment, alone=alone)
        else:
            ended = Victim(operation, corpus, step=chance.randint(1, trial.steps)).end()
        assert ended.said == ""
        assert ended.killed or ended.status in (0, 1)
        left = phase(corpus, corpus.parent / "results" if operation.scans else None)
        moments[left if ended.killed else _ENDED] += 1
        trial.whole(corpus)
        again = ended.killed and chance.random() < 1 / 3
        if not again:
            trial.finish(corpus)
            corpus = trial.fresh("killed")
    if again:
        trial.finish(corpus)
    return moments


def test_killed_at_a_step(trial: Trial) -> None:
    kills(trial, random.Random(trial.operation.name), FEW)


@pytest.mark.faults
def test_killed_at_random_moments(trial: Trial) -> None:
    operation = trial.operation
    seconds = duration(operation, trial.fresh("timed"), processes=2)
    moments = kills(trial, random.Random(f"{operation.name} by the clock"), MANY // 2, 1.05 * seconds)
    moments += kills(trial, random.Random(f"{operation.name} by steps"), MANY - MANY // 2)
    print(f"\n{operation.name}: {moments.total() - moments[_ENDED]} kills")
    for moment, count in moments.most_common():
        print(f"  {count:4d}  {moment}")
    assert len(moments) >= MANY // 10, "the kills have hit the same few moments"
