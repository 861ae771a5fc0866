"""What a long scan says of how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from dedup.progress import Observer
from dedup.scan import lines, results
from dedup.scan.results import CLUSTERS, PAIRS

BASE = "镇里给每条机耕路立了路长，谁家门前塌了方，先垫石子再报修，雨季之前把三十六处险段全部砌了挡墙。"


def variants(count: int) -> dict[str, str]:
    """Files of which every two share one wording and are near in another."""
    return {
        f"{place:02d}.txt": f"{BASE}\n{BASE[:place]}甲乙{BASE[place + 1 :]}\n"
        for place in range(5, 5 + count)
    }


class Heard(Observer):
    """Notes what it is told, by stage."""

    def __init__(self) -> None:
        self.told: dict[str, list[tuple[int, int]]] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[Callable[[int, int], None]]:
        told = self.told.setdefault(name, [])
        yield lambda done, total: told.append((done, total))


@pytest.mark.parametrize("stage", ["sketch", "compare", "verify", "group", "kinds", "originals", "write"])
def test_every_stage_tells_its_beginning_and_its_end(collection: Any, stage: str) -> None:
    collection.write(variants(8))
    heard = Heard()
    collection.scan(observer=heard)
    told = heard.told[stage]
    total = told[0][1]
    assert total > 0
    assert told[0] == (0, total), "who hears of the end only cannot tell how fast it went"
    assert told[-1] == (total, total)
    assert told == sorted(told)


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_lines_are_the_same_however_many_are_written_at_once(
    make_collection: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    nightly, fresh = make_collection(), make_collection()
    nightly.write(variants(7))
    nightly.scan()
    fresh.write(variants(9))
    fresh.scan()
    monkeypatch.setattr(lines, "_LINES_AT_ONCE", at_once)
    monkeypatch.setattr(results, "_MEMBERS_AT_ONCE", at_once)
    nightly.write(variants(9))
    heard = Heard()
    nightly.scan(observer=heard)
    done = [done for done, _ in heard.told["write"]]
    assert max(np.diff(done)) > at_once, "copied lines are done at once"
    for name in (PAIRS, CLUSTERS):
        assert (nightly.output / name).read_bytes() == (fresh.output / name).read_bytes()
