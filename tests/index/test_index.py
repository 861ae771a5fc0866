"""What an open index answers, on a small corpus written to disk."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from dedup.index import Index, PartInfo, open_index
from dedup.limits import Limits
from dedup.settings import Settings
from dedup.sketch.background import bigram_buckets
from dedup.sketch.minhash import sign
from dedup.sketch.shingles import character_shingles
from dedup.text.normalize import fold_slots, normalize
from dedup.text.stream import stream_document
from dedup.text.structure import parse

Corpus = Callable[[Mapping[str, str]], Path]

REPORT = """青山县2023年农业农村工作总结
本文系邮箱投稿，仅供学习参考，请勿照搬照抄！

一年来，全县上下紧盯粮食安全这一头等大事，新建高标准农田𠮷３.２万亩，播种面积稳定在４６万亩以上。

\u200b我们坚持把产业发展摆在首位，培育龙头企业１２家，带动农户八千余户增收，特色茶园面积突破五万亩。
"""
COLLECTION = """目录
产业振兴经验做法\t1
人才振兴经验做法\t3
产业振兴经验做法
白水镇立足山区实际，把小水果做成大产业，全镇猕猴桃种植面积达到一万二千亩。
人才振兴经验做法
白水镇推行乡村工匠认定制度，累计评定木匠石匠篾匠二百余名，人人都有用武之地。
"""


@pytest.fixture
def index(corpus: Corpus) -> Index:
    folder = corpus({"报告/青山.txt": REPORT, "汇编.txt": COLLECTION, "空.txt": " \n"})
    return open_index(folder, None, Settings())


def named(index: Index, title: str) -> PartInfo:
    (found,) = [part for part in index.documents() if part.title == title]
    return found


def test_documents_are_listed_with_their_facts(index: Index) -> None:
    report = named(index, "青山县2023年农业农村工作总结")
    assert report.path == "报告/青山.txt"
    assert report.part_title == ""
    assert report.notice is not None
    assert report.notice.no_copying
    assert REPORT[report.notice.span.start : report.notice.span.end] == report.notice.text
    assert report.paragraphs == 2
    assert report.characters == len(stream_document(parse(report.path, REPORT)).text)
    assert index.part(report.number) == report
    assert index.parts == len(list(index.documents()))


def test_the_parts_of_a_collection_are_documents_of_their_own(index: Index) -> None:
    first, second = named(index, "产业振兴经验做法"), named(index, "人才振兴经验做法")
    assert first.path == second.path == "汇编.txt"
    assert first.part_title == "产业振兴经验做法"
    assert "猕猴桃" in COLLECTION[first.span.start : first.span.end]
    assert "篾匠" in COLLECTION[second.span.start : second.span.end]


@pytest.mark.parametrize(("path", "text"), [("报告/青山.txt", REPORT), ("汇编.txt", COLLECTION)])
def test_regions_are_the_match_text_and_lead_back_to_the_original(index: Index, path: str, text: str) -> None:
    document = stream_document(parse(path, text))
    parts = [part for part in index.documents() if part.path == path]
    for number, part in enumerate(parts):
        begin, end = document.part_starts[number : number + 2].tolist()
        codes, offsets = document.text.codes[begin:end], document.text.offsets[begin:end]
        for start in range(0, len(codes), 7):
            for stop in (start + 1, start + 20, start + 200):
                region = index.region(part.number, start, stop)
                assert region.start == start
                np.testing.assert_array_equal(region.codes, codes[start:stop])
                np.testing.assert_array_equal(region.offsets, offsets[start:stop])


def test_a_region_is_cut_to_what_the_part_holds(index: Index) -> None:
    part = named(index, "产业振兴经验做法")
    assert len(index.region(part.number, -5, 10**6)) == part.characters
    beyond = index.region(part.number, part.characters + 3, part.characters + 9)
    assert (len(beyond), len(beyond.offsets)) == (0, 0)


def test_stretches_of_many_parts_are_those_of_each_alone(corpus: Corpus) -> None:
    limits = Limits(segment_positions=50, merged_positions=50)
    folder = corpus({"丙.txt": REPORT})
    open_index(folder, None, Settings(), limits=limits).close()
    corpus({"甲.txt": COLLECTION})  # a later segment, whose documents come first
    index = open_index(folder, None, Settings(), limits=limits)
    assert len(index.segments()) == 2
    parts, starts, ends = np.array([2, 0, 1, 2, 0, 1]), np.array([3, -4, 9, 30, 5, 7]), np.array([12, 8, 6])
    ends = np.concatenate([ends, [10**6, 5, 99]])
    codes, bounds = index.codes(parts, starts, ends)
    regions = [
        index.region(part, start, end)
        for part, start, end in zip(parts.tolist(), starts.tolist(), ends.tolist(), strict=True)
    ]
    alone = [region.codes for region in regions]
    assert [len(one) for one in alone] == np.diff(bounds).tolist()
    assert [len(one) > 0 for one in alone] == [True, True, False, True, False, True]
    np.testing.assert_array_equal(codes, np.concatenate(alone))
    buckets, digits, same_bounds = index.bigrams(parts, starts, ends)
    np.testing.assert_array_equal(same_bounds, bounds)
    for one, first, last in zip(alone, bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        inner = buckets[first : max(last - 1, first)]
        np.testing.assert_array_equal(inner, bigram_buckets(fold_slots(one))[: len(inner)])
        told = digits[first:last]
        assert [chr(code) for code in told if code] == [
            chr(code) for code in one if chr(code) in "0123456789"
        ]
        assert (told[told > 0] == one[told > 0]).all()
    for region, together in zip(regions, index.regions(parts, starts, ends), strict=True):
        assert (together.start, together.text) == (region.start, region.text)
        np.testing.assert_array_equal(together.codes, region.codes)
        np.testing.assert_array_equal(together.offsets, region.offsets)
    none, border = index.codes(*(np.zeros(0, np.int64) for _ in range(3)))
    assert (len(none), border.tolist()) == (0, [0])


def test_text_is_any_stretch_of_the_file(index: Index) -> None:
    number = named(index, "青山县2023年农业农村工作总结").number
    for start in range(0, len(REPORT), 5):
        for end in (start, start + 1, start + 13, len(REPORT)):
            assert index.text(number, start, end) == REPORT[start:end]


def test_hits_say_where_in_which_document(index: Index) -> None:
    copied = "培育龙头企业９９家，带动农户八千余户增收"
    part = named(index, "青山县2023年农业农村工作总结")
    from dedup.text.normalize import fold_slots

    hits = index.gram_hits(fold_slots(normalize(copied).codes))
    assert set(hits.part.tolist()) == {part.number}
    (distance,) = set((hits.position - hits.query).tolist())
    region = index.region(part.number, distance, distance + 19)
    begin, end = int(region.offsets[0]), int(region.offsets[-1]) + 1
    assert index.text(part.number, begin, end) == "培育龙头企业１２家，带动农户八千余户增收"


def test_near_paragraphs_are_those_that_resemble(index: Index) -> None:
    changed = "白水镇立足山区实际，把小水果做成大产业，全镇猕猴桃种植面积达到一万五千亩。"
    other = "会议研究了春季森林防火和安全生产工作，要求各村压实责任，落实值班值守制度。"
    codes = normalize(other + changed).codes
    starts = np.array([0, len(normalize(other)), len(codes)], dtype=np.int64)
    shingles = character_shingles(codes, starts, 5)
    near = index.near_paragraphs(sign(shingles.hashes, shingles.starts))
    part = named(index, "产业振兴经验做法")
    assert near.query_paragraph.tolist() == [1]
    assert near.part.tolist() == [part.number]
    found = index.region(part.number, int(near.start[0]), int(near.end[0]))
    np.testing.assert_array_equal(found.codes[:8], normalize("白水镇立足山区实").codes)
    assert near.resemblance[0] == pytest.approx(0.72, abs=0.15)


def test_no_signatures_have_no_neighbours(index: Index) -> None:
    near = index.near_paragraphs(np.empty((0, 128), dtype=np.uint32))
    assert len(near.part) == len(near.resemblance) == 0


def test_a_part_that_does_not_exist_is_an_error(index: Index) -> None:
    with pytest.raises(IndexError):
        index.part(index.part_numbers)


def test_a_file_can_be_left_out_of_a_snapshot(index: Index) -> None:
    wanted = fold_slots(normalize("猕猴桃种植面积达到一万二千亩，播种面积稳定在46万亩以上").codes)
    rest = index.without("汇编.txt")
    assert {part.path for part in rest.documents()} == {"报告/青山.txt", "空.txt"}
    assert rest.parts == index.parts - 2
    found = {rest.part(int(part)).path for part in rest.gram_hits(wanted).part}
    assert found == {"报告/青山.txt"}
    assert {index.part(int(part)).path for part in index.gram_hits(wanted).part} == found | {"汇编.txt"}
    assert rest.without("汇编.txt").parts == rest.parts
    assert index.without("没有这个文件.txt") is index


def test_a_file_is_left_out_of_a_snapshot_by_its_path_alone(tmp_path: Path) -> None:
    corpus, place = tmp_path / "c", tmp_path / "i"
    corpus.mkdir()
    for name in ("甲.txt", "甲.txt.txt", '乙"丙.txt'):
        (corpus / name).write_text(
            f"关于{name}的报告\n今年以来各项工作取得新的进展，成效明显。", encoding="utf-8"
        )
    with open_index(corpus, place, Settings()) as index:
        for name in ("甲.txt", '乙"丙.txt'):
            left = {part.path for part in index.without(name).documents()}
            assert left == {part.path for part in index.documents()} - {name}
        assert index.without(".txt") is index
