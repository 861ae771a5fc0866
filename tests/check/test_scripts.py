"""Text that is no Chinese prose: other scripts, references, addresses, tables; copied and independent."""

from __future__ import annotations

import pytest

from dedup.model import Report
from tests.corpora import checked
from tests.strategies import rare_text

FERRY = (
    "The ferry crosses at dawn and again after the market closes. Its pilot keeps a slate by the wheel "
    "on which "
    "every passenger writes the name of the house they are bound for, so that nobody who misses the last "
    "boat is "
    "looked for on the wrong bank."
)
ORCHARD = (
    "An orchard on the north slope was grafted by hand in the spring. The cooperative lends its ladders "
    "to anyone "
    "who returns them dry, and the pears that fall before the frost are pressed into vinegar, which the "
    "school "
    "kitchen buys at a price that was agreed upon in writing."
)
CLINIC = (
    "At the end of the year the clinic will move into the old post office. In accordance with the wishes "
    "of the "
    "residents, the counter where stamps were sold is to be kept, and the waiting room will have a "
    "stove, a shelf "
    "of books and a window to the street."
)
RUSSIAN = (
    "Паром ходит на рассвете и ещё раз после закрытия рынка. Лодочник держит у штурвала грифельную доску, на "
    "которой каждый пассажир пишет имя хозяина дома, куда он едет."
)
OTHER_RUSSIAN = (
    "Сад на северном склоне привили весной вручную. Кооператив даёт лестницы всем, кто возвращает их "
    "сухими, а "
    "груши, упавшие до мороза, идут на уксус для школьной столовой."
)
SHEET = "序号\t乡镇\t改厕（户）\t安装路灯（盏）\t修渠（米）\t培训（人次）\n"
ROWS = (
    "1\t青檀镇\t312\t458\t12640\t1187\n2\t石桥镇\t267\t390\t9875\t964\n3\t麦岭乡\t188\t215\t7730\t702\n4"
    "\t渡口乡\t143\t176\t5418\t655\n"
)
OTHER_ROWS = (
    "1\t青檀镇\t405\t521\t10318\t1340\n2\t石桥镇\t199\t347\t8806\t871\n3\t麦岭乡\t236\t304\t6952\t583\n4"
    "\t渡口乡\t171\t228\t4467\t719\n"
)


def draft(*bodies: str) -> str:
    return "\n".join(["渡口镇2024年工作汇报", rare_text(200, 120), *bodies, rare_text(260, 120), ""])


def corpus(*bodies: str, others: int = 0) -> dict[str, str]:
    """A document that holds the bodies, and some that are Chinese prose."""
    held = "\n".join(["青檀镇材料汇编", rare_text(1, 90), *bodies, ""])
    return {
        "held.txt": held,
        **{f"{n}.txt": f"{n}号材料\n{rare_text(n, 160)}\n" for n in range(2, 2 + others)},
    }


def reused(report: Report) -> str:
    return "".join(passage.text for passage in report.passages if passage.status == "reuse")


# ------------------------------------------------------------------------------- scripts of letters


@pytest.mark.parametrize("others", [0, 30])
@pytest.mark.parametrize(
    ("ours", "theirs"), [(FERRY, ORCHARD), (ORCHARD, CLINIC), (CLINIC, FERRY), (RUSSIAN, OTHER_RUSSIAN)]
)
def test_independent_text_in_letters_is_nobodys_copy(ours: str, theirs: str, others: int) -> None:
    report = checked(draft(ours), corpus(theirs, others=others))
    assert reused(report) == ""
    assert report.verdict.level == "pass"


@pytest.mark.parametrize("others", [0, 30])
@pytest.mark.parametrize("text", [FERRY, CLINIC, RUSSIAN])
def test_a_copied_paragraph_in_letters_is_found_to_its_borders(text: str, others: int) -> None:
    report = checked(draft(ORCHARD, text), corpus(text, others=others))
    assert reused(report) == text


def test_copied_english_is_found_with_a_word_changed_here_and_there() -> None:
    edited = FERRY.replace("dawn", "sunrise").replace("slate", "notebook").replace("bound", "heading")
    report = checked(draft(edited), corpus(FERRY))
    assert len(reused(report)) > 0.9 * len(edited)


def test_names_of_things_in_letters_do_not_hide_a_copied_chinese_sentence() -> None:
    sentence = (
        "值班室的旧电脑装的是OpenWrt系统，接口走MQTT，日志每晚存进PostgreSQL，断网三次就由守夜人打一通电话。"
    )
    assert sentence.rstrip("。") in reused(checked(draft(sentence), corpus(sentence)))


# ------------------------------------------------------------------------------- references, addresses


def test_references_to_like_works_are_no_reuse_and_neither_is_the_same_reference() -> None:
    ours = (
        "参考文献\n[1] Hart P, Lowe R. Ferry traffic on narrow rivers[J]. Journal of River Transport, "
        "2017, 41: 88-97.\n"
        "[2] Stone A. Village cooperatives and local markets[M]. London: Harbour Press, 2014: 21-40.\n"
    )
    theirs = (
        "参考文献\n[1] Webb J, Cole M. Orchard yields on north slopes[J]. Journal of Hill Farming, 2019, "
        "36: 102-117.\n"
        "[2] Stone A. Village cooperatives and local markets[M]. London: Harbour Press, 2014: 21-40.\n"
    )
    assert reused(checked(draft(ours), corpus(theirs))) == ""


def test_lists_of_addresses_of_one_site_are_independent() -> None:
    ours = "\n".join(f"https://www.example.org/reports/2024/ferry-{n}.html" for n in range(101, 109))
    theirs = "\n".join(f"https://www.example.org/reports/2023/orchard-{n}.html" for n in range(301, 309))
    assert reused(checked(draft(ours), corpus(theirs))) == ""


# ------------------------------------------------------------------------------- tables


@pytest.mark.parametrize("others", [0, 30])
def test_the_same_table_with_other_figures_is_a_form(others: int) -> None:
    report = checked(draft(SHEET + ROWS), corpus(SHEET + OTHER_ROWS, others=others))
    assert reused(report) == ""


@pytest.mark.parametrize("others", [0, 30])
def test_a_table_with_the_same_figures_is_copied(others: int) -> None:
    report = checked(draft(SHEET + ROWS), corpus(SHEET + ROWS, others=others))
    assert ROWS.strip() in reused(report)


def test_a_table_copied_as_markdown_is_found() -> None:
    cells = [row.split("\t") for row in (SHEET + ROWS).strip().split("\n")]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    lines.insert(1, "|" + "---|" * len(cells[0]))
    found = reused(checked(draft("\n".join(lines)), corpus(SHEET + ROWS)))
    assert all(figure in found for figure in ("12640", "9875", "7730", "5418"))


def test_a_table_among_others_of_the_same_form_is_found_by_its_figures() -> None:
    form = corpus(SHEET + ROWS)
    for number in range(2, 14):
        rows = "\n".join(
            "\t".join([*row.split("\t")[:2], *(str(int(cell) + 37 * number) for cell in row.split("\t")[2:])])
            for row in OTHER_ROWS.strip().split("\n")
        )
        form[f"{number}.txt"] = f"{number}号材料\n{rare_text(number, 90)}\n{SHEET}{rows}\n"
    assert ROWS.split("\n", maxsplit=1)[0] in reused(checked(draft(SHEET + ROWS), form))
    assert reused(checked(draft(SHEET + OTHER_ROWS.replace("1", "8")), form)) == ""


@pytest.mark.parametrize("others", [0, 30])
def test_sentences_copied_in_the_cells_of_a_table_are_found(others: int) -> None:
    sentences = [
        "渡口的木牌换成铁的，字用铆钉钉出来，夜里摸也摸得着，盲人头一回自己找到了船。",
        "船上的救生圈挂得太高，孩子够不着，今年一律降到膝盖高，又在绳头系了铃铛。",
    ]
    table = "| 序号 | 措施 | 单位 |\n|---|---|---|\n" + "".join(
        f"| 1 | {one} | 航运站 |\n" for one in sentences
    )
    found = reused(checked(draft(table), corpus(*sentences, others=others)))
    assert all(one.strip("。") in found for one in sentences)


@pytest.mark.parametrize("others", [0, 30])
def test_lists_that_say_nothing_rare_are_no_reuse_however_long(others: int) -> None:
    bodies = "县人力资源和社会保障局、县住房和城乡建设局、县文化广电和旅游局、县市场监督管理局、县自然资源局"
    line = f"联席会议由{bodies}等部门组成。"
    assert reused(checked(draft(line), corpus(line, others=others))) == ""


LOADING = (
    "import os\nimport numpy as np\nfrom pathlib import Path\n\n"
    'rows = np.loadtxt("{}.txt", delimiter=";", skiprows=1)\nprint(rows.{}(axis=0))\n'
)
SORTING = (
    "def by_tide(boats, tide):\n    waiting = sorted(boats, key=lambda boat: boat.draught)\n"
    "    for hour in tide if tide else range(24):\n        for boat in waiting:\n"
    "            if boat.draught < tide[hour] and not boat.moored:\n                yield hour, boat.name\n"
)


def test_code_that_every_programme_begins_with_is_nobodys_and_a_function_is_somebodys() -> None:
    ours, theirs = LOADING.format("ferry", "mean"), LOADING.format("orchard", "max")
    assert reused(checked(draft(ours), corpus(theirs))) == ""
    assert "boat.draught" in reused(checked(draft(SORTING), corpus(SORTING)))


def test_works_without_number_below_their_heading_are_references() -> None:
    shared = "Hart, P. (2017). Ferry traffic on narrow rivers. Journal of River Transport, 41, 88-97."
    ours = f"参考资料：\n{shared}\nYoung, T. (2012). Salt marsh. London: Example House."
    theirs = f"参考资料：\n{shared}\nStone, A. (2009). Ladders and pears. York: Example House."
    assert reused(checked(draft(ours), corpus(theirs))) == ""


# ------------------------------------------------------------------------------- lists of names


def test_the_same_bodies_listed_in_the_same_order_are_no_reuse() -> None:
    bodies = "做好老龄、残联、科协、史志、气象、地震、档案、文史、侨务、对台、宗教、供销等工作"
    ours = f"围绕渡口改造这件大事，{bodies}，一件一件销号。"
    theirs = f"盯住苹果销路这个难点，{bodies}，谁也不许掉队。"
    assert reused(checked(draft(ours), corpus(theirs))) == ""
