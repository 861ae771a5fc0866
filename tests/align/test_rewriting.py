"""Rewritten content is suspected, with its source; what is nobody's is not, in collections of any size."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import cycle, islice

import pytest

from dedup.align.describe import draft_of
from dedup.align.matching import find_matches
from dedup.align.rewriting import find_likenesses
from dedup.align.source_blocks import BLOCK
from dedup.model import Report
from dedup.passage import Passage
from dedup.settings import Settings
from dedup.text.structure import parse
from tests.bench.fitting_suspicion import read_pairs
from tests.corpora import checked, indexed
from tests.strategies import rare_text

PAIRS = [pair for pair in read_pairs() if pair.kind == "ai"]
OTHERS = [pair.original for pair in read_pairs() if pair.kind != "ai"]
REWRITTEN = range(0, 60, 10)


def collection(documents: int, originals: tuple[int, ...] = ()) -> dict[str, str]:
    """So many documents of three or four passages, some of which hold an original besides."""
    passages = islice(cycle(OTHERS), documents * 3) if documents * 3 > len(OTHERS) else iter(OTHERS)
    texts = {f"{number:02d}.txt": "\n".join(islice(passages, 3)) for number in range(documents)}
    for place, number in enumerate(originals):
        name = f"{place % documents:02d}.txt"
        texts[name] += f"\n{PAIRS[number].original}\n"
    return texts


def suspected(report: Report) -> list[Passage]:
    return [one for one in report.passages if one.status == "suspected"]


def share(report: Report) -> float:
    return report.figures.suspected_characters / max(1, report.figures.total_characters)


@pytest.fixture(scope="module")
def found() -> tuple[Report, Mapping[str, str]]:
    """A draft of six passages that were reworded, and the collection that holds their originals."""
    corpus = collection(20, tuple(REWRITTEN))
    draft = "\n".join(PAIRS[number].rewritten for number in REWRITTEN)
    return checked(draft, corpus), corpus


def test_most_of_what_was_reworded_is_reuse_or_suspected_with_its_source(
    found: tuple[Report, Mapping[str, str]],
) -> None:
    report, corpus = found
    right = 0
    for number in REWRITTEN:
        start = report.text.index(PAIRS[number].rewritten)
        end = start + len(PAIRS[number].rewritten)
        right += any(
            PAIRS[number].original in corpus[one.source] and min(one.end, end) - max(one.start, start) > 0
            for one in report.passages
            if one.status in ("reuse", "suspected")
        )
    assert right >= len(REWRITTEN) - 1
    assert suspected(report)


def test_a_suspicion_says_how_probable_it_is_and_what_answers_what(
    found: tuple[Report, Mapping[str, str]],
) -> None:
    report, corpus = found
    for one in suspected(report):
        assert one.probability is not None
        assert 0 < one.probability <= 1
        assert any(line.kind == "sentence" for line in one.counterparts)
        for pair in one.counterparts:
            assert one.start <= pair.start < pair.end <= one.end
            assert one.source_start <= pair.source_start < pair.source_end <= one.source_end
        for pair in one.counterparts:
            if pair.kind == "figures":
                theirs = corpus[one.source][pair.source_start : pair.source_end]
                assert report.text[pair.start : pair.end].strip(".") == theirs.strip(".")


def test_what_is_suspected_is_never_counted_as_copied(found: tuple[Report, Mapping[str, str]]) -> None:
    report, _ = found
    copied = [span for one in suspected(report) for span in one.copied]
    assert copied == []
    reused = sum(one.end - one.start for one in report.passages if one.status == "reuse")
    assert report.figures.copied_characters <= reused
    assert report.figures.suspected_characters > 0


def test_other_passages_have_no_probability(found: tuple[Report, Mapping[str, str]]) -> None:
    report, _ = found
    others = [one for one in report.passages if one.status != "suspected"]
    assert all(one.probability is None and one.counterparts == () for one in others)


@pytest.mark.parametrize("documents", [1, 2, 20])
def test_what_nobody_wrote_before_is_not_suspected(documents: int) -> None:
    draft = "\n".join(pair.rewritten for pair in PAIRS[:20])
    assert share(checked(draft, collection(documents))) < 0.02


def test_a_collection_of_one_very_long_document_suspects_nobody() -> None:
    corpus = {"all.txt": "\n".join(OTHERS)}
    draft = "\n".join(pair.rewritten for pair in PAIRS[:20])
    assert share(checked(draft, corpus)) < 0.02


def test_a_submission_of_one_sentence_is_checked() -> None:
    corpus = collection(20)
    assert suspected(checked("会议要求各单位抓好落实。", corpus)) == []
    assert suspected(checked("好。", corpus)) == []


def test_copied_text_is_reuse_and_its_neighbours_are_not_suspected_for_it() -> None:
    corpus = collection(20, (0,))
    own = PAIRS[30].rewritten
    report = checked(f"{own}\n{PAIRS[0].original}\n{own}", corpus)
    assert any(one.status == "reuse" for one in report.passages)
    assert suspected(report) == []


def test_runs_that_reach_out_of_what_was_rewritten_do_no_harm() -> None:
    """A long equal run may cross from a sentence that was rewritten into the one behind it."""
    behind = "县级以上地方人民政府应当将水库移民后期扶持所需经费列入预算并向社会公布使用情况" * 4
    source = f"移民安置达到阶段性目标后，由省人民政府组织验收，验收合格的方可蓄水。{behind}。"
    ours = f"阶段性目标实现之后移民安置工作由省政府统一组织开展验收，没有通过的不得蓄水{behind}。"
    report = checked(f"移民办法\n{ours}\n", {"条例.txt": f"移民条例\n{source}\n"})
    assert report.figures.copied_characters > 100


FISHERY = (
    "全县建成村级快递服务点一百二十处，开通三条往返渡口的冷链班车，鲜鱼当天能到省城批发市场；组织船工转岗培训，"
    "把旧码头改成候船厅和晾网场，渔家乐由村社统一接待分配客源。"
)
FISHERY_REWORDED = (
    "冷链专车在渡口间往来，一共三条线，捕的鲜鱼当天便到省城批发市场，快递服务点村村都有；"
    "旧码头变成了候船厅和晾网场，船工学了新手艺转岗，渔家乐客源交村社统一接待。"
)
PARTS = (
    "开通冷链班车，鲜鱼当天能到省城批发市场，建成村级快递服务点",
    "旧码头有候船厅和晾网场，船工转岗培训",
)


@pytest.mark.parametrize(
    ("parts", "status"),
    [((), "reuse"), (("鲜鱼当天能到省城批发市场，冷链班车",), "suspected"), (PARTS, "formulaic")],
)
def test_what_is_doubtful_and_no_other_document_holds_whole_is_suspected(
    parts: tuple[str, ...], status: str
) -> None:
    chance = random.Random(3)

    def prose(sentences: int) -> str:
        return "".join(
            "".join(chr(chance.randrange(0x4E00, 0x9000)) for _ in range(22)) + "。" for _ in range(sentences)
        )

    corpus = {"甲.txt": f"{prose(6)}\n{FISHERY}\n{prose(6)}"}
    corpus |= {f"丙{number}.txt": f"{prose(5)}\n{part}。\n{prose(5)}" for number, part in enumerate(parts)}
    corpus |= {f"乙{number}.txt": prose(10) for number in range(6)}
    report = checked(f"{prose(3)}\n{FISHERY_REWORDED}\n{prose(3)}", corpus)
    (passage,) = (one for one in report.passages if one.status != "minor")
    assert (passage.source, passage.status) == ("甲.txt", status)
    assert (passage.probability is not None) == (status == "suspected")
    assert bool(passage.counterparts) == (status == "suspected")


MARKET = (
    "冬储大白菜由供销社统一定价，每斤不高于四角五分；城里设六十个便民摊点，清晨六点开秤，入冬前供应三十万斤。"
    "外地菜贩须在入市登记簿上留名，检测合格后方可卸车。"
)
MARKET_CONDENSED = (
    "外地菜贩登记留名、检测合格才卸车；白菜由供销社定价，斤价四角五分以内；摊点六十个，晨六点开秤。"
)


def test_what_others_hold_parts_of_counts_as_copied_where_it_is_likely_and_mostly_equal() -> None:
    corpus = collection(30)
    corpus["05.txt"] += f"\n{MARKET}\n"
    corpus["07.txt"] += "\n外地菜贩检测合格后方可卸车。\n"
    corpus["08.txt"] += "\n大白菜由供销社统一定价。\n"
    report = checked(f"{PAIRS[40].rewritten}\n{MARKET_CONDENSED}\n{PAIRS[50].rewritten}", corpus)
    (passage,) = (one for one in report.passages if one.status != "minor")
    assert (passage.status, passage.source) == ("reuse", "05.txt")
    assert passage.probability is None
    assert passage.copied


def rival_of(*between: str) -> float | None:
    """How much a second place in the same document, behind some text, holds of what a window shares there."""
    original, rewritten = PAIRS[2].original, PAIRS[2].rewritten
    source = "\n".join([rare_text(1, 400), original, *between, original[: len(original) // 2], "完"])
    draft = draft_of(parse("draft.txt", rewritten), Settings())
    with indexed(collection(12) | {"long.txt": source}) as index:
        part = next(number for number in range(index.parts) if index.part(number).path == "long.txt")
        hits = find_matches(draft, index).hits
        found = [one for one in find_likenesses(draft, index, hits) if one.part == part]
    return max((one.rival for one in found), default=None)


def test_what_another_chapter_of_the_source_says_too_is_the_topic_and_not_its_wording() -> None:
    near, far = rival_of(rare_text(2, 500)), rival_of(rare_text(2, 6 * BLOCK))
    assert near is not None
    assert far is not None
    assert near < 0.3, "what stands beside the source belongs to it"
    assert far > 0.5
