"""What a long scan says of how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from dedup.limits import LIMITS
from dedup.progress import Observer
from dedup.scan.results import CLUSTERS, PAIRS

BASE = "镇里给每条机耕路立了路长，谁家门前塌了方，先垫石子再报修，雨季之前把三十六处险段全部砌了挡墙。"


def variants(count: int) -> dict[str, str]:
    """Files of which every two share one wording and are near in another."""
    return {
        f"{place:02d}.txt": f"{BASE}\n{BASE[:place]}甲乙{BASE[place + 1 :]}\n"
        for place in range(5, 5 + count)
    }


class Heard(Observer):
    """Stages that note what they are told."""

    def __init__(self) -> None:
        self.told: dict[str, list[tuple[int, int]]] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[Callable[[int, int], None]]:
        told = self.told.setdefault(name, [])
        yield lambda done, total: told.append((done, total))


@pytest.mark.parametrize("stage", ["sketch", "compare", "verify", "group", "kinds", "write"])
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
def test_lines_are_the_same_however_many_are_made_at_once(
    make_collection: Callable[[], Any], at_once: int
) -> None:
    one, other = make_collection(), make_collection()
    for collection in (one, other):
        collection.write(variants(9))
    one.scan(limits=replace(LIMITS, lines_at_once=at_once))
    other.scan()
    for name in (PAIRS, CLUSTERS):
        assert (one.output / name).read_bytes() == (other.output / name).read_bytes()


class Weary(Observer):
    """Stops a scan at a stage."""

    def __init__(self, stage: str) -> None:
        self.weary_of = stage

    @contextmanager
    def stage(self, name: str) -> Iterator[Callable[[int, int], None]]:
        yield self._stop if name == self.weary_of else lambda done, total: None

    def _stop(self, done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt


@pytest.mark.parametrize("stage", ["sketch", "compare", "verify", "group", "kinds", "write"])
def test_a_scan_that_is_stopped_has_not_happened(
    collection: Any, make_collection: Callable[[], Any], stage: str
) -> None:
    collection.write(variants(4))
    collection.scan()
    before = {path.name: path.read_bytes() for path in collection.output.iterdir()}
    collection.write(variants(9))
    with pytest.raises(KeyboardInterrupt):
        collection.scan(observer=Weary(stage))
    assert before == {path.name: path.read_bytes() for path in collection.output.iterdir()}
    since = collection.scan().since
    assert since is not None
    assert len(since.new_documents) == 5
    fresh = make_collection()
    fresh.write(variants(9))
    fresh.scan()
    assert (collection.output / PAIRS).read_bytes() == (fresh.output / PAIRS).read_bytes()
