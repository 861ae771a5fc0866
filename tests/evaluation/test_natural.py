"""Natural overlaps are all runs of 13 that the corpus holds, and nothing else."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dedup.evaluation.natural import LEAST_RUN, VerbatimRuns
from dedup.text.normalize import normalize

LETTERS = "水田路桥"
TEXTS = st.text(alphabet=LETTERS + "，\u200b", max_size=60)


def runs(text: str) -> list[str]:
    plain = "".join(map(chr, normalize(text).codes))
    return [plain[start : start + LEAST_RUN] for start in range(len(plain) - LEAST_RUN + 1)]


@given(host=TEXTS, corpus=st.lists(TEXTS, max_size=3), shared=st.text(alphabet=LETTERS, max_size=20))
def test_spans_cover_exactly_the_runs_that_the_corpus_holds(
    host: str, corpus: list[str], shared: str
) -> None:
    host, corpus = host + shared, [*corpus, "桥" + shared + "，路"]
    held = {run for text in corpus for run in runs(text)}
    expected = {
        place
        for start, run in enumerate(runs(host))
        if run in held
        for place in range(start, start + LEAST_RUN)
    }
    offsets = normalize(host).offsets.tolist()
    spans = VerbatimRuns(corpus).spans(host)
    covered = {place for place, offset in enumerate(offsets) if any(s.start <= offset < s.end for s in spans)}
    assert covered == expected
    assert all(a.end <= b.start for a, b in pairwise(spans))


def test_punctuation_and_width_do_not_hide_an_overlap() -> None:
    source = "农村公路管护实行一路一档，县乡村三级分担。"
    host = "今年农村公路管护实行一路一档、县乡村三级分担了。"
    (span,) = VerbatimRuns([source]).spans(host)
    assert host[span.start : span.end] == "农村公路管护实行一路一档、县乡村三级分担"


def test_common_share_counts_texts_not_occurrences() -> None:
    phrase = "深入开展形式多样的群众性文化活动"
    other = "柘川县把闲置校舍改成了养老服务站点"
    found = VerbatimRuns([phrase * 5, phrase + "。", f"要{phrase}", other])
    assert found.common_share(phrase, 3) == 1
    assert found.common_share(phrase, 4) == 0
    assert found.common_share(other, 2) == 0
    assert found.common_share("短句", 1) == 0
