"""Every edit does what its name says, by degrees, and the same way again."""

from __future__ import annotations

import re
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from dedup.evaluation.edits import EDITS, Copier
from dedup.evaluation.edits.clauses import body_and_marks, clauses_of
from dedup.evaluation.edits.loosening import Breaking, loosen
from dedup.evaluation.edits.places import BY_FORM
from dedup.evaluation.edits.surface import traditional_forms
from dedup.evaluation.edits.words import synonyms
from dedup.text.normalize import normalize

PASSAGE = (
    "加强渠道管护，完善用水协会章程，全年为安吉县3.6万农户解决灌溉纠纷128起。"
    "推进水库除险、河道清淤、泵站改造等重点工程，同时规范水费收缴，新增旱涝保收农田2.4万亩。"
    "通过以奖代补，进一步调动了群众积极性，渠系水利用系数达到0.62。"
)
MASKED = "XX县新建渠道X公里，某镇完成投资XX万元，受益群众××户。"
FOREIGN = ("按期完成换届任务，", "图书馆延长开放时间，")


def copier(strength: float, seed: int = 0) -> Copier:
    return Copier(strength, Random(seed), FOREIGN)


def edited(kind: str, strength: float, seed: int = 0, text: str = PASSAGE) -> str:
    return EDITS[kind](text, copier(strength, seed))


def changed_share(kind: str, strength: float) -> float:
    """How far edits of this strength take the passage from itself, 0 to 1, over a number of seeds."""
    distances = [Indel.normalized_distance(PASSAGE, edited(kind, strength, seed)) for seed in range(30)]
    return sum(distances) / len(distances)


@pytest.mark.parametrize("kind", EDITS)
def test_the_same_seed_gives_the_same_text(kind: str) -> None:
    assert edited(kind, 0.7, seed=5) == edited(kind, 0.7, seed=5)


@pytest.mark.parametrize("kind", [kind for kind in EDITS if kind != "verbatim"])
def test_strength_grades_the_change_and_seeds_vary_it(kind: str) -> None:
    weak, strong = changed_share(kind, 0.2), changed_share(kind, 1.0)
    assert weak < strong
    assert strong > 0.02
    assert len({edited(kind, 0.8, seed) for seed in range(10)}) > 1


@pytest.mark.parametrize("kind", ["reformat", "traditional", "evasion"])
@given(seed=st.integers(0, 10_000), strength=st.floats(0, 1))
def test_surface_edits_leave_every_character_when_folded(kind: str, seed: int, strength: float) -> None:
    text = edited(kind, strength, seed)
    assert normalize(text).codes.tolist() == normalize(PASSAGE).codes.tolist()


def test_traditional_script_follows_the_usage_of_the_genre() -> None:
    assert edited("traditional", 1.0, text="干部发展云计算，规范征收后里面复查") == (
        "幹部發展雲計算，規範徵收後裏面復查"
    )
    assert not set(traditional_forms()) & set(traditional_forms().values())


def test_masking_hides_figures_and_names_at_full_strength() -> None:
    text = edited("mask", 1.0)
    assert not re.search("[0-9]", text)
    assert "安吉" not in text
    assert "推进水库除险、河道清淤" in text


def test_masks_are_filled_in_where_there_are_any() -> None:
    text = edited("mask", 1.0, text=MASKED)
    assert not re.search("[X×某]", text)
    assert re.search("[0-9]+公里", text)
    assert any(text.startswith(name) for name in BY_FORM["县"])


def test_words_with_x_are_no_masks() -> None:
    text = "引进XBRL软件和X光机，某些问题仍然存在。"
    assert "XBRL" in edited("mask", 1.0, text=text)
    assert "某些" in edited("mask", 1.0, text=text)


def test_figures_change_in_value_but_not_in_form() -> None:
    text = edited("figures", 1.0)
    before, after = (re.findall("[0-9]+(?:[.][0-9]+)?", t) for t in (PASSAGE, text))
    assert len(before) == len(after)
    assert before != after
    assert [len(figure) for figure in before] == [len(figure) for figure in after]
    assert "安吉县" not in text
    assert re.sub("[0-9.]+|.{2}县", "", text) == re.sub("[0-9.]+|.{2}县", "", PASSAGE)


def test_dates_stay_dates() -> None:
    for seed in range(20):
        text = edited("figures", 1.0, seed, "2019年12月31日起施行，到2021年6月9日为止。")
        for year, month, day in re.findall("([0-9]+)年([0-9]+)月([0-9]+)日", text):
            date(int(year), int(month), int(day))
        assert text.count("年") == text.count("日") == 2


def test_a_place_gets_one_new_name_throughout() -> None:
    for seed in range(10):
        text = edited("figures", 1.0, seed, "青岛市牵头，青岛市验收。")
        name = text[: text.index("牵头")]
        assert name != "青岛市"
        assert text == f"{name}牵头，{name}验收。"


def test_synonyms_come_from_the_file_and_leave_the_frame() -> None:
    text = edited("synonym", 1.0, text="加强管理，完善制度。")
    assert text[-1] == "。"
    assert text[:2] in synonyms()["加强"]


def test_reordering_keeps_every_clause_and_the_last_mark() -> None:
    for seed in range(20):
        text = edited("reorder", 0.6, seed)
        bodies = [body_and_marks(clause)[0] for clause in clauses_of(text)]
        assert sorted(bodies) == sorted(body_and_marks(clause)[0] for clause in clauses_of(PASSAGE))
        assert text != PASSAGE
        assert text.endswith("。")


def test_thinning_keeps_half_of_the_clauses_in_their_order() -> None:
    original = clauses_of(PASSAGE)
    for seed in range(20):
        clauses = clauses_of(edited("thin", 1.0, seed))
        kept = [clause for clause in clauses if clause not in FOREIGN]
        assert len(kept) * 2 >= len(original)
        assert kept == [clause for clause in original if clause in kept]
        assert clauses[0] not in FOREIGN
        assert clauses[-1] not in FOREIGN
        assert set(clauses) & set(FOREIGN)


def test_condensing_shortens_and_still_ends() -> None:
    for seed in range(20):
        text = edited("rewrite-condense", 0.8, seed)
        assert len(text) < 0.85 * len(PASSAGE)
        assert text.endswith("。")


def test_rewriting_carries_the_figures_over() -> None:
    figures = set(re.findall("[0-9.]+", PASSAGE))
    for kind in ("rewrite-light", "synonym"):
        assert set(re.findall("[0-9.]+", edited(kind, 1.0))) == figures
    # Heavy rewriting may drop a clause, never alter a figure.
    assert set(re.findall("[0-9.]+", edited("rewrite-heavy", 1.0))) <= figures


def test_heavy_rewriting_goes_further_than_light() -> None:
    assert changed_share("rewrite-heavy", 0.6) > 1.3 * changed_share("rewrite-light", 0.6)


def test_localising_goes_one_level_down() -> None:
    text = edited("rewrite-localise", 1.0, text="全省新增就业12万人，省委作出部署，郑州市率先完成。")
    assert "全市" in text
    assert "市委" in text
    assert "郑州" not in text
    assert "12万" not in text


@pytest.mark.parametrize("kind", EDITS)
@given(text=st.text(max_size=60), strength=st.floats(0, 1), seed=st.integers(0, 1000))
def test_no_text_breaks_an_edit(kind: str, text: str, strength: float, seed: int) -> None:
    assert isinstance(edited(kind, strength, seed, text), str)


@given(st.text(alphabet="水利管护，。；！？,1”、 \n", max_size=40))
def test_clauses_joined_are_the_text(text: str) -> None:
    clauses = clauses_of(text)
    assert "".join(clauses) == text
    assert all("".join(body_and_marks(clause)) == clause for clause in clauses)


def test_a_thousand_separator_ends_no_clause() -> None:
    assert clauses_of("投资1,200万元,按期完成。") == ["投资1,200万元,", "按期完成。"]


def test_the_synonym_file_is_rich_and_clean() -> None:
    known = synonyms()
    assert len(known) > 1000
    for word, others in known.items():
        assert re.fullmatch("[一-鿿]{2,7}", word), word
        assert others
        assert word not in others


@pytest.mark.parametrize(
    ("kind", "most"), [("rewrite-heavy", 0.3), ("rewrite-ai", 0.45), ("rewrite-condense", 0.42)]
)
def test_deep_rewriting_leaves_little_of_the_wording(kind: str, most: float) -> None:
    text = edited(kind, 1.0, seed=3)
    grams = [text[at : at + 4] for at in range(len(text) - 3)]
    assert sum(gram in PASSAGE for gram in grams) <= most * len(grams)


def test_figures_outlast_loosening() -> None:
    text = "新修渠道四十二公里，投入1286万元，惠及37个村。"
    loosened = loosen(text, text, 0.0, Breaking(fill=1, drop=1, swap=1, replace=1), Copier(1.0, Random(5)))
    assert loosened != text
    assert "1286" in loosened
    assert "37" in loosened
