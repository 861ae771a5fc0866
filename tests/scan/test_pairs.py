"""Pairs are all there, exact, ordered; compared with brute force."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup.align.kinds import kind_of
from dedup.align.tiling import tile
from dedup.index import open_index
from dedup.readers import read_text
from dedup.scan.near_texts import KINDS, kinds_of, overlaps, shingle_sets
from dedup.scan.short_texts import differ_little
from dedup.settings import Settings
from dedup.text.normalize import normalize

IRRIGATION = (
    "灌区管理所今年清淤支渠二十七公里，更换闸门四十扇，把用水台账交给村民小组自己登记，争水纠纷少了一半。"
)
LIBRARY = (
    "县图书馆把闭馆时间推迟到晚上九点，在车站和菜市场各放了一只还书箱，半年收回图书一万三千册，没有丢失一本。"
)
FERRY = "渡口撤了，桥通了，老渡工的生计不能断。七个人进了护桥队，两个人开起农家乐，还有一位聘作河道讲解员。"


def shingles(text: str) -> set[str]:
    letters = "".join(map(chr, normalize(text).codes.tolist()))
    return {letters[place : place + 5] for place in range(len(letters) - 4)}


def jaccard(one: str, other: str) -> float:
    left, right = shingles(one), shingles(other)
    return len(left & right) / len(left | right) if left | right else 0.0


def place(document: str, text: str, paragraph: str) -> dict[str, Any]:
    start = text.index(paragraph)
    return {"document": document, "start": start, "end": start + len(paragraph)}


def test_a_pair_names_both_places_and_what_differs(collection: Any) -> None:
    masked = IRRIGATION.replace("二十七", "XX").replace("四十", "XX")
    one, other = f"灌区总结\n{FERRY}\n{IRRIGATION}\n", f"水利汇报\n{masked}\n"
    collection.write({"甲.txt": one, "乙.txt": other})
    collection.scan(threshold=0.5)
    (pair,) = collection.pairs
    assert pair["a"] == place("乙.txt", other, masked)
    assert pair["b"] == place("甲.txt", one, IRRIGATION)
    assert pair["jaccard"] == pytest.approx(jaccard(IRRIGATION, masked), abs=1e-6)
    assert pair["kind"] == "refilled"


def test_equal_paragraphs_are_verbatim_and_other_punctuation_is_reformatted(collection: Any) -> None:
    spaced = LIBRARY.replace("，", " , ")
    collection.write(
        {"a.txt": f"汇报\n{LIBRARY}\n", "b.txt": f"总结\n{LIBRARY}", "c.txt": f"要点\n{spaced}　\n"}
    )
    collection.scan()
    kinds = {(pair["a"]["document"], pair["b"]["document"]): pair["kind"] for pair in collection.pairs}
    assert kinds == {
        ("a.txt", "b.txt"): "verbatim",
        ("a.txt", "c.txt"): "reformatted",
        ("b.txt", "c.txt"): "reformatted",
    }
    assert {pair["jaccard"] for pair in collection.pairs} == {1.0}


def test_a_document_that_repeats_itself_is_no_pair(collection: Any) -> None:
    collection.write({"a.txt": f"汇报\n{LIBRARY}\n{FERRY}\n{LIBRARY}\n", "b.txt": f"总结\n{IRRIGATION}\n"})
    result = collection.scan()
    assert collection.pairs == collection.clusters == collection.documents == []
    assert result.counts.pairs == 0


def test_the_threshold_is_kept_exactly(collection: Any) -> None:
    edited = FERRY.replace("老渡工", "七名老船工")
    similarity = jaccard(FERRY, edited)
    collection.write({"a.txt": f"汇报\n{FERRY}\n", "b.txt": f"总结\n{edited}\n"})
    collection.scan(threshold=similarity)
    assert len(collection.pairs) == 1
    collection.scan(threshold=similarity + 1e-9)
    assert collection.pairs == []


def variants(numbers: random.Random, bases: list[str], count: int) -> list[str]:
    """Paragraphs at all distances from a few bases."""
    made = []
    for _ in range(count):
        letters = list(numbers.choice(bases))
        for _ in range(numbers.choice([0, 0, 1, 2, 3, 5, 8])):
            spot = numbers.randrange(len(letters))
            letters[spot : spot + numbers.choice([0, 1, 1, 2])] = numbers.choice(["桥", "村", "", "三", "，"])
        made.append("".join(letters))
    return made


def brute_force(files: dict[str, str], threshold: float) -> dict[tuple[Any, ...], float]:
    """Every pair of lines but titles, of different files."""
    places = [
        (place(name, text, line), shingles(line))
        for name, text in sorted(files.items())
        for line in text.split("\n")[1:]
        if shingles(line)
    ]
    found = {}
    for (one, left), (other, right) in combinations(places, 2):
        if one["document"] != other["document"] and len(left & right) / len(left | right) >= threshold:
            found[*one.values(), *other.values()] = len(left & right) / len(left | right)
    return found


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.9])
def test_as_brute_force_finds_them(collection: Any, threshold: float) -> None:
    numbers = random.Random(7)
    files = {
        f"{number:02d}.txt": "\n".join(
            ["工作总结", *dict.fromkeys(variants(numbers, [IRRIGATION, LIBRARY, FERRY], 3))]
        )
        for number in range(20)
    }
    collection.write(files)
    collection.scan(threshold=threshold)
    expected = brute_force(files, threshold)
    found = {(*pair["a"].values(), *pair["b"].values()): pair["jaccard"] for pair in collection.pairs}
    assert len(found) == len(collection.pairs)
    assert list(found) == sorted(found)
    assert found == pytest.approx({key: expected[key] for key in sorted(expected)}, abs=1e-6)


def test_on_the_sample_corpus_precision_is_one(collection: Any, repository: Path) -> None:
    files = {
        path.relative_to(repository / "corpus").as_posix(): read_text(path)
        for path in sorted((repository / "corpus").rglob("*.txt"))
    }
    collection.write(files)
    collection.scan()
    assert len(collection.pairs) >= 4
    texts = [
        [files[pair[side]["document"]][pair[side]["start"] : pair[side]["end"]] for side in "ab"]
        for pair in collection.pairs
    ]
    for pair, (one, other) in zip(collection.pairs, texts, strict=True):
        assert pair["jaccard"] == pytest.approx(jaccard(one, other), abs=1e-6)
        assert pair["jaccard"] >= 0.7
    found = {(*pair["a"].values(), *pair["b"].values()) for pair in collection.pairs}
    with open_index(collection.corpus, collection.index, Settings(), refresh=False) as index:
        paragraphs = list(_paragraphs(index))
    sets = [(where, shingles(files[where[0]][where[1] : where[2]])) for where in paragraphs]
    missing = [
        (one, other)
        for (one, left), (other, right) in combinations(sets, 2)
        if one[0] != other[0] and left & right and len(left & right) / len(left | right) >= 0.7
        if (*one, *other) not in found
    ]
    assert missing == []


def _paragraphs(index: Any) -> Any:
    places = []
    for segment in index.segments():
        for number in segment.signature_paragraphs.whole().tolist():
            file = int(np.searchsorted(segment.file_paragraphs, number, side="right")) - 1
            path = segment.file_path(file)
            places.append((path, int(segment.paragraph_starts[number]), int(segment.paragraph_ends[number])))
    return sorted(places)


words = st.lists(st.text("工作总结报告", max_size=30), min_size=2, max_size=8)


@given(words)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_overlaps_are_those_of_python_sets(texts: list[str]) -> None:
    codes = np.array([ord(letter) for text in texts for letter in text], dtype=np.uint32)
    starts = np.cumsum([0, *map(len, texts)])
    one, other = np.array(list(combinations(range(len(texts)), 2))).T
    common, union = overlaps(*shingle_sets(codes, starts, 5), one, other)
    sets = [{text[place : place + 5] for place in range(len(text) - 4)} for text in texts]
    assert common.tolist() == [len(sets[a] & sets[b]) for a, b in zip(one, other, strict=True)]
    assert union.tolist() == [len(sets[a] | sets[b]) for a, b in zip(one, other, strict=True)]


def edits(one: Sequence[str], other: Sequence[str]) -> int:
    """Levenshtein's distance, as it is defined."""
    row = list(range(len(other) + 1))
    for number, left in enumerate(one, 1):
        before, row[0] = row[0], number
        for place, right in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (left != right))
    return row[-1]


def differ(one: str, other: str) -> bool:
    most = 2 if min(len(one), len(other)) >= 25 else 1
    if max(len(one), len(other)) >= 40:
        return False
    if edits(one, other) <= most:
        return True
    besides = edits(re.sub(r"\d", "", one), re.sub(r"\d", "", other)) <= most
    units = edits(re.findall(r"\d+|\D", one), re.findall(r"\d+|\D", other)) <= most
    return besides and units and all(re.search(r"\d", text) for text in (one, other))


lines = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["全县新修渠道", "全县整修道路", "全县"]),
        st.sampled_from(["3", "12408", "7", "若干"]),
        st.sampled_from(["公里，受益农户", "公里，惠及农户", "里受益"]),
        st.sampled_from(["99", "100001", "许多", "5"]),
        st.sampled_from(["户，群众满意。", "户，群众都很满意，来信感谢。", "户。" * 14]),
    ),
)


@given(st.lists(lines, min_size=2, max_size=8))
@settings(deadline=None)
def test_short_texts_differ_in_a_character_or_in_a_figure(texts: list[str]) -> None:
    codes = np.array([ord(letter) for text in texts for letter in text], dtype=np.uint32)
    starts = np.cumsum([0, *map(len, texts)])
    one, other = np.array(list(combinations(range(len(texts)), 2))).T
    found = differ_little(codes, starts, one, other)
    assert found.tolist() == [differ(texts[a], texts[b]) for a, b in zip(one, other, strict=True)]


parts = ["全县新修渠道十二公里，", "群众来信感谢县里，", "受益农户一百余户。", "渠首装了闸门，"]
moved = st.permutations(parts).map("".join)


@given(st.lists(st.one_of(lines, moved), min_size=2, max_size=8, unique=True))
@settings(deadline=None)
def test_kinds_are_those_of_passages(texts: list[str]) -> None:
    codes = [np.array([*map(ord, text)], dtype=np.uint32) for text in texts]
    starts = np.cumsum([0, *map(len, texts)])
    one, other = np.array(list(combinations(range(len(texts)), 2))).T
    found = kinds_of(np.concatenate(codes), starts, one, other)
    for kind, a, b in zip(found.tolist(), one.tolist(), other.tolist(), strict=True):
        tiles = tile([codes[a]], [codes[b]])
        runs = list(zip(tiles.draft.tolist(), tiles.source.tolist(), tiles.length.tolist(), strict=True))
        assert KINDS[kind] == kind_of(texts[a], texts[b], codes[a], codes[b], runs)
