"""What checks find, to the character, held in golden files: they show a reader what a change changes.

`python -m pytest tests/check/test_found.py --update-golden` writes them anew; read the difference then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from dedup.checking import check
from dedup.document import Span
from dedup.evaluation.calibration import plant_corpus, read_corpus
from dedup.model import Report
from dedup.passage import Passage
from dedup.settings import Settings
from dedup.text.structure import parse
from tests.corpora import checked, indexed
from tests.strategies import rare_text

GOLDEN = Path(__file__).parent / "golden"
Golden = Callable[[Path, str], None]


def lines_of(name: str, report: Report) -> Iterator[str]:
    """A report in short."""
    figures, verdict = report.figures, report.verdict
    yield f"== {name}: {verdict.level} ({', '.join(verdict.codes)})"
    yield (
        f"   {figures.total_characters} characters: {figures.copied_characters} copied, "
        f"{figures.formulaic_characters} formulaic, {figures.quoted_characters} quoted, "
        f"{figures.own_characters} own, {figures.minor_characters} minor, "
        f"{figures.suspected_characters} suspected; one source "
        f"{figures.largest_single_source_characters}; {figures.suspicious_paragraphs} of "
        f"{figures.paragraphs} paragraphs"
    )
    for passage in report.passages:
        yield from _of_passage(passage)
    yield f"   first {' '.join(f'{one.number}:{one.copied_characters}' for one in report.rewrite_first)}"


def _of_passage(passage: Passage) -> Iterator[str]:
    words = [passage.status, passage.kind, f"{passage.identity:.3f}", *passage.reason_codes]
    words += [word for word in (passage.severity, passage.figures, passage.relation) if word]
    yield (
        f"{passage.start}-{passage.end} {' '.join(words)} "
        f"{passage.source} {passage.part} {passage.source_start}-{passage.source_end}"
    ).rstrip()
    yield f"   copied {_spans(passage.copied)}"
    for other in passage.also_in:
        yield f"   also {other.source} {other.source_start}-{other.source_end} {other.identity:.3f}"


def _spans(spans: tuple[Span, ...]) -> str:
    return " ".join(f"{span.start}-{span.end}" for span in spans)


def text_of(reports: Mapping[str, Report]) -> str:
    return "\n".join(line for name, report in reports.items() for line in lines_of(name, report)) + "\n"


# ------------------------------------------------------------------ edits of documents of the corpus


def test_edits_of_every_kind_planted_in_reports(repository: Path, golden: Golden) -> None:
    documents, _ = read_corpus(repository / "corpus", "")
    planted = plant_corpus(repository / "corpus", documents, 56, 3)
    with indexed(planted.corpus) as index:
        reports = {
            name: check(parse(name, text), index, Settings()) for name, text in planted.submissions.items()
        }
    golden(GOLDEN / "planted.txt", text_of(reports))


def next_year(text: str) -> str:
    """Every other figure is another one."""
    numbers = iter(range(10**6))
    return re.sub(r"\d+", lambda found: str(int(found[0]) + 7 if next(numbers) % 2 else found[0]), text)


def backwards(text: str) -> str:
    """The paragraphs in threes, the last first."""
    title, *lines = text.splitlines()
    threes = [lines[first : first + 3] for first in range(0, len(lines), 3)]
    return "\n".join([title, *(line for three in reversed(threes) for line in three)])


def thinned(text: str) -> str:
    """Every third sentence is left out."""
    sentences = re.findall(r"[^。\n]*(?:。|\n)+", text)
    return "".join(sentence for number, sentence in enumerate(sentences) if number % 3)


def moved_elsewhere(text: str) -> str:
    """Another place's name stands in nearly every line."""
    numbers = iter(range(10**6))
    return re.sub("澄溪|霜桥|沅浦", lambda found: "柳屏" if next(numbers) % 5 else found[0], text)


REVISIONS = (next_year, backwards, thinned, moved_elsewhere)
REVISED = ("总结/澄溪县农业农村局2023年工作总结.txt", "汇报/霜桥街道2025年基层治理工作汇报.txt")


def test_revisions_of_whole_documents(repository: Path, golden: Golden) -> None:
    documents = {one.name: one.text for one in read_corpus(repository / "corpus", "")[0]}
    reports = {}
    with indexed(documents) as index:
        for name in REVISED:
            for revise in REVISIONS:
                draft = parse("draft.txt", revise(documents[name]))
                reports[f"{name} {revise.__name__}"] = check(draft, index, Settings())
    golden(GOLDEN / "revised.txt", text_of(reports))


# --------------------------------------------------------------------------------- a made collection


def sentence(number: int, length: int = 30) -> str:
    return f"{rare_text(number, length)}。"


def article(number: int, changed: bool = False) -> str:
    numerals = "一二三四五六七八九十"
    body = sentence(200 + number, 44) + sentence(240 + number, 36)
    if changed:
        body = sentence(280 + number, 25) + body[26:60] + sentence(320 + number, 18)
    return f"第{numerals[number]}条　{body}"


def market_law(*changed: int) -> str:
    """A law with figures, one article of which is a few words."""
    articles = [f"{1731 + 37 * number}个摊位{sentence(340 + number, 50)}" for number in range(7)]
    articles[3] = "摆摊先扫地。"
    for number in changed:
        articles[number] = f"{sentence(380 + number, 30)}{articles[number][9:30]}{sentence(400 + number, 30)}"
    numbered = zip("一二三四五六七", articles, strict=True)
    return "\n".join(["柳屏市集市管理规定", *(f"第{number}条　{text}" for number, text in numbered), ""])


def diluted(text: str, kept: int, changed: int, number: int) -> str:
    """A text of which so many characters are kept, so many changed, and so on."""
    others = iter(rare_text(number, len(text)))
    turn = kept + changed
    return "".join(one if place % turn < kept else next(others) for place, one in enumerate(text))


CUSTOM = "进一步压实各级防火责任，严格落实领导带班和二十四小时值守制度，发现火情第一时间报告处置。"
REPORTS = {
    f"汇报/{number:02}.txt": "\n".join(
        (f"{number}号村工作汇报", sentence(number, 60), CUSTOM, sentence(40 + number, 70), "")
    )
    for number in range(14)
}
TABLE = "\n".join(
    f"{name}\t{3141 + 271 * number}\t{45.67 + number:.2f}\t{9871 - 13 * number}"
    for number, name in enumerate(("石桥镇", "麦岭乡", "柳屏镇", "渡头村", "青杨乡", "竹溪镇"))
)
YEARS = "\n".join(f"{{}}桥村\t{1987 + 3 * number}\t{2001 + 2 * number}\t{{}}岸" for number in range(6))
OLD = {
    "条例/集市.txt": market_law(),
    "报告/年.txt": f"竹溪镇建桥年表\n{sentence(103, 60)}\n{YEARS.format(*'石南木南藤北铁北索东浮东')}\n",
    "条例/渡口.txt": "柳屏市渡口管理条例\n" + "\n".join(article(number) for number in range(10)) + "\n",
    "报告/表.txt": f"柳屏市2023年收成统计\n{sentence(101, 80)}\n{TABLE}\n{sentence(102, 80)}\n",
    "报告/船.txt": (
        "本文系邮箱投稿，请勿照搬照抄！\n柳屏市2023年渡口工作总结\n"
        + "\n".join(sentence(110 + number, 50) + sentence(130 + number, 45) for number in range(6))
        + "\n全年修船1268艘，发放补贴43.75万元，处理来信316件，老船工何见山说不要怕水深。\n"
    ),
    "转发/船.txt": (
        "麦岭县2022年渡口工作总结\n"
        + "\n".join(sentence(110 + number, 50) + sentence(170 + number, 45) for number in range(4))
        + "\n"
    ),
    "报告/英.txt": (
        "Ferry report 2023\nThe ferry at the north bank was repaired twice in spring and the old ropes were "
        "replaced by steel cables that the smith of the village had made in winter.\n"
    ),
}
REPORT, FERRY = "霁山县2024年工作总结\n", "霁山县2024年渡口工作总结\n"
LAST_YEAR = "全年修船1268艘，发放补贴43.75万元，处理来信316件，"
THIS_YEAR = "全年修船1301艘，发放补贴50.12万元，处理来信420件，"
DRAFTS = {
    "an amended law": "\n".join(
        ["柳屏市渡口管理条例", *(article(number, changed=number in (2, 3, 6)) for number in range(10))]
    ),
    "a law with a short article between amended ones": market_law(2, 4),
    "a law with a short article among its own": market_law(5),
    "a law of another place": market_law(1).replace("柳屏市", "霁山县"),
    "a table in other words": f"霁山县2024年收成统计\n{sentence(150, 60)}\n{TABLE}\n{sentence(151, 60)}",
    "a table of half the rows": "霁山县2024年收成统计\n"
    + sentence(150, 60)
    + "\n"
    + "\n".join(TABLE.splitlines()[::2]),
    "a table of other bridges in the same years": (
        f"霁山县建桥年表\n{sentence(90, 60)}\n{YEARS.format(*'东上西上南上北上上下下下')}\n"
    ),
    "one sentence in a long paragraph": (
        f"{REPORT}{sentence(152, 120)}{sentence(112, 50)}{sentence(153, 120)}"
    ),
    "paragraphs in another order": FERRY
    + "\n".join(sentence(110 + number, 50) + sentence(130 + number, 45) for number in (4, 1, 5, 0)),
    "sentences shuffled in a paragraph": FERRY
    + "".join(sentence(number, 45 if number > 125 else 50) for number in (130, 111, 110, 131, 113, 133)),
    "a short run": f"{REPORT}{sentence(154, 40)}{rare_text(111, 16)}，{sentence(155, 40)}",
    "a word changed in every clause": REPORT
    + "".join(
        f"{rare_text(110 + number, 50)[:22]}甲乙{rare_text(110 + number, 50)[24:48]}丙丁。"
        for number in range(5)
    ),
    "hardly anything kept": f"{REPORT}{sentence(93, 60)}\n{diluted(rare_text(112, 50), 4, 5, 190)}。",
    "half of each sentence kept": f"{REPORT}{sentence(93, 60)}\n"
    + "".join(f"{diluted(rare_text(112 + number, 50), 4, 4, 190 + number)}。" for number in range(3)),
    "less than half of each sentence kept": f"{REPORT}{sentence(93, 60)}\n"
    + "".join(f"{diluted(rare_text(112 + number, 50), 5, 8, 190 + number)}。" for number in range(3)),
    "a quotation, changed": (
        f"{REPORT}{sentence(93, 60)}\n县长指出：“{diluted(rare_text(112, 50), 4, 5, 190)}。”散会。"
    ),
    "figures that were kept": f"{FERRY}{LAST_YEAR}人手还是不够用。",
    "figures that were changed": f"{FERRY}{THIS_YEAR}老船工何见山说不要怕水深。",
    "a quotation": (
        f"{REPORT}县长指出：“{rare_text(110, 50)}。”{sentence(156, 50)}\n“{rare_text(111, 50)}”。"
    ),
    "custom": f"{REPORT}{sentence(157, 80)}\n{CUSTOM}\n{sentence(158, 80)}",
    "custom within what one village says": f"{REPORT}{sentence(3, 60)}\n{CUSTOM}\n{sentence(43, 70)}",
    "one sentence over and over": REPORT + sentence(110, 50) * 6 + sentence(159, 50) * 2,
    "strewn with blanks": REPORT + " ".join(sentence(112, 50)) + "\n" + sentence(160, 50),
    "English": (
        "Report\nIn spring the ferry at the north bank was repaired twice and the old ropes were replaced by "
        "cables that the smith of the next village had made in summer for us.\n"
    ),
    "its own words": f"{REPORT}{sentence(161, 90)}\n{sentence(162, 90)}",
    "no text": "",
}


def test_what_is_found_of_a_made_collection(golden: Golden) -> None:
    with indexed({**REPORTS, **OLD}) as index:
        reports = {name: check(parse("稿.txt", draft), index, Settings()) for name, draft in DRAFTS.items()}
    golden(GOLDEN / "made.txt", text_of(reports))


@pytest.mark.parametrize("options", [{"own": ("报告/*",)}, {"author": "柳屏市"}], ids=["own", "author"])
def test_what_is_the_authors_own(golden: Golden, options: dict[str, object]) -> None:
    draft = "柳屏市2024年渡口工作总结\n" + DRAFTS["paragraphs in another order"].partition("\n")[2]
    report = checked(draft, {**REPORTS, **OLD}, **options)
    golden(GOLDEN / f"own-{next(iter(options))}.txt", text_of({"own": report}))
