"""A report says the same whatever happened to the index before it held what it holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.checking import check
from dedup.index import open_index, update_index
from dedup.limits import Limits
from dedup.model import Report
from dedup.reports import View, format_named, whole_report
from dedup.settings import Settings
from dedup.text.normalize import fold_slots, normalize
from dedup.text.structure import parse
from tests.strategies import few_examples, rare_text

SHARED = f"{rare_text(3, 90)}。"


def write(corpus: Path, name: str) -> None:
    corpus.mkdir(exist_ok=True)
    (corpus / f"{name}.txt").write_text(f"{name}工作总结\n{SHARED}\n{rare_text(ord(name), 60)}。\n", "utf-8")


def report(corpus: Path) -> Report:
    with open_index(corpus, None, Settings()) as index:
        return check(parse("draft.txt", f"我的总结\n{SHARED}\n"), index, Settings())


def test_of_documents_that_hold_the_same_the_first_by_path_is_the_source(tmp_path: Path) -> None:
    for name in "ABCD":
        write(tmp_path / "at once", name)
    for name in "DBAC":
        write(tmp_path / "grown", name)
        update_index(tmp_path / "grown", None, Settings())
    reports = [report(tmp_path / "at once"), report(tmp_path / "grown")]
    for one in reports:
        (passage,) = one.passages
        assert passage.source == "A.txt"
        assert [other.source for other in passage.also_in] == ["B.txt", "C.txt", "D.txt"]
    assert reports[0] == reports[1]


NOTICE = "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！"
PIECES = [f"{rare_text(seed, 70)}。" for seed in range(20, 25)]
SET_PHRASES = "坚持党建引领，深化基层治理，推动各项工作落地见效，不断增强人民群众的获得感幸福感安全感。"
DRAFT = "\n".join(
    ["我县工作总结", *PIECES, SET_PHRASES, PIECES[0][:40] + rare_text(99, 9) + PIECES[0][40:], ""]
)
LIMITS = (
    Limits(),
    Limits(segment_positions=200, merged_positions=200, small_segment=0),
    Limits(segment_positions=150, shared_bytes=0, piece_bytes=900, processes=1, small_segment=0),
    Limits(segment_positions=300, merged_positions=900, small_segment=300, dead_grams=20),
)

names = st.integers(0, 13).map(lambda number: f"{'甲乙'[number % 2]}/{number:02}.txt")
texts = st.lists(st.sampled_from([*PIECES, SET_PHRASES, NOTICE]), min_size=1, max_size=4).map(
    lambda lines: "\n".join(["某县工作总结", *lines, ""])
)
steps = st.lists(
    st.tuples(st.dictionaries(names, st.none() | texts, max_size=9), st.sampled_from(LIMITS)),
    min_size=2,
    max_size=5,
)


def rendered(corpus: Path, place: Path | None, cap: int) -> dict[str, str | bytes]:
    """All forms of a report that a program or a person reads, and what stands for the corpus in them."""
    settings = Settings(corpus=corpus)
    with open_index(corpus, place, settings, refresh=False) as index:
        found = check(parse("draft.txt", DRAFT), index, settings)
        assert found.checked is not None
        found = replace(found, checked=replace(found.checked, time=""))  # which alone may differ
        hits = index.gram_hits(fold_slots(normalize(DRAFT).codes), cap)
        places = zip(hits.part.tolist(), hits.position.tolist(), hits.query.tolist(), strict=True)
        paths = {part.number: (part.path, part.span.start) for part in index.documents()}
        looked_up = [(*paths[part], *rest) for part, *rest in places]
        forms = {
            name: whole_report(format_named(name), found, View("zh")) for name in ("json", "terminal", "csv")
        }
        background = index.background.tobytes()
        return forms | {
            "snapshot": index.snapshot,
            "hits": str(looked_up),
            "frequency": hits.frequency.tobytes(),
            "background": background,
            "documents": str([paths[number] for number in sorted(paths)]),
        }


@settings(max_examples=few_examples())
@given(steps=steps, cap=st.sampled_from([1, 3, 200]))
def test_whatever_an_index_went_through_its_reports_are_those_of_a_fresh_one(
    steps: list[tuple[dict[str, str | None], Limits]], cap: int
) -> None:
    """Equal sources more than a report names, notices on some, files that come, go, change and are merged."""
    with TemporaryDirectory() as place:
        corpus = Path(place, "范文")
        for folder in "甲乙":
            (corpus / folder).mkdir(parents=True)
        for files, limits in steps:
            for name, text in files.items():
                if text is None:
                    (corpus / name).unlink(missing_ok=True)
                else:
                    (corpus / name).write_text(text, encoding="utf-8")
            update_index(corpus, None, Settings(), allow_empty=True, limits=limits)
        update_index(corpus, Path(place, "fresh"), Settings())
        assert rendered(corpus, None, cap) == rendered(corpus, Path(place, "fresh"), cap)
