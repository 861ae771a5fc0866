"""An interrupted scan goes on where it was, as long as it is to find out the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dedup.limits import LIMITS
from dedup.scan import near_texts
from dedup.scan.results import CLUSTERS, DOCUMENTS, PAIRS

BASE = "镇里给每条机耕路立了路长，谁家门前塌了方，先垫石子再报修，雨季之前把三十六处险段全部砌了挡墙。"


ALL_THE_TIME = replace(LIMITS, checkpoint_seconds=0.0, pairs_at_once=2)
"""Limits that make as many checkpoints as possible."""


def variants(count: int) -> dict[str, str]:
    """Files that are near one another, each with a paragraph of its own wording."""
    letters = "甲乙丙丁戊己庚辛壬癸"
    return {
        f"{place:02d}.txt": f"总结\n{BASE[:place]}{letters[place % 10]}{BASE[place + 1 :]}\n"
        for place in range(count)
    }


class Counted:
    """A function that says how often it was called, and interrupts at one of the calls."""

    def __init__(self, inner: Callable[..., Any], interrupting: int = 0) -> None:
        self.inner, self.calls, self.interrupting = inner, 0, interrupting

    def __call__(self, *arguments: Any) -> Any:
        self.calls += 1
        if self.calls == self.interrupting:
            raise KeyboardInterrupt
        return self.inner(*arguments)


@pytest.mark.parametrize("step", ["overlaps", "kinds_of"])
def test_what_was_found_out_is_not_found_out_again(
    step: str, make_collection: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted, peaceful = make_collection(), make_collection()
    for one in (interrupted, peaceful):
        one.write(variants(9))
    inner = getattr(near_texts, step)
    whole = Counted(inner)
    monkeypatch.setattr(near_texts, step, whole)
    peaceful.scan(limits=ALL_THE_TIME)
    assert whole.calls > 6
    monkeypatch.setattr(near_texts, step, Counted(inner, interrupting=5))
    with pytest.raises(KeyboardInterrupt):
        interrupted.scan(limits=ALL_THE_TIME)
    assert not interrupted.output.exists()
    rest = Counted(inner)
    monkeypatch.setattr(near_texts, step, rest)
    interrupted.scan(limits=ALL_THE_TIME)
    assert rest.calls == whole.calls - 4
    for name in (PAIRS, CLUSTERS, DOCUMENTS):
        assert (interrupted.output / name).read_bytes() == (peaceful.output / name).read_bytes()
    assert not list((interrupted.index / "scan").glob("unfinished*"))


def test_it_begins_anew_when_files_have_changed(collection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    collection.write(variants(6))
    with monkeypatch.context() as patched:
        patched.setattr(near_texts, "kinds_of", Counted(near_texts.kinds_of, interrupting=3))
        with pytest.raises(KeyboardInterrupt):
            collection.scan(limits=ALL_THE_TIME)
    assert list((collection.index / "scan").glob("unfinished*"))
    collection.write({"01.txt": "", "新.txt": f"汇报\n{BASE}\n"})
    collection.scan()
    lines = collection.pairs
    collection.scan(full=True)
    assert collection.pairs == lines
    assert any(pair["b"]["document"] == "新.txt" for pair in lines)


def test_a_damaged_checkpoint_is_none(collection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    collection.write(variants(6))
    with monkeypatch.context() as patched:
        patched.setattr(near_texts, "kinds_of", Counted(near_texts.kinds_of, interrupting=3))
        with pytest.raises(KeyboardInterrupt):
            collection.scan(limits=ALL_THE_TIME)
    (checkpoint,) = (collection.index / "scan").glob("unfinished*")
    data = bytearray(checkpoint.read_bytes())
    data[-300] ^= 1
    checkpoint.write_bytes(data)
    pairs = collection.scan().counts.pairs
    assert pairs == collection.scan(full=True).counts.pairs > 0
