"""Fitting the judge: what is learnt from a set with known answers is what stands in the module."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest

from dedup.align.judge import WEIGHTS
from tests.bench.fitting import fit, main


def test_a_kept_set_gives_a_weight_to_every_term_of_the_judge(
    dedup: Callable[..., CompletedProcess[str]],
    repository: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = tmp_path / "set"
    given = ("--passages", "28", "--seed", "4", "--keep", kept, "--quiet")
    assert dedup("calibrate", repository / "corpus", *given).returncode == 0
    main([str(kept)])
    head, printed = capsys.readouterr().out.split(" = ", 1)
    assert head == "WEIGHTS: dict[Term, float]"
    weights, _, bias = printed.partition("\nBIAS = ")
    assert set(eval(weights)) == set(WEIGHTS)
    assert np.isfinite(float(bias))


def test_what_tells_yes_from_no_gets_the_weight() -> None:
    chance = np.random.default_rng(3)
    values = chance.normal(size=(400, 3))
    labels = values[:, 0] - 2 * values[:, 1] + 0.5 + chance.normal(scale=0.2, size=400) > 0
    bias, slopes = fit(values, labels, np.ones(400))
    assert bias > 0
    assert slopes[0] > 0 > slopes[1]
    assert slopes[1] / slopes[0] == pytest.approx(-2, rel=0.2)
    assert abs(slopes[2]) < 0.2 * slopes[0]
