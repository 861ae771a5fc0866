"""The drafts of one call compared with one another, and documents compared without a corpus."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dedup.among import Drafts, gather
from dedup.checking import check, compare
from dedup.document import Document
from dedup.index import Index
from dedup.model import Among, Report
from dedup.settings import Settings
from dedup.text.structure import parse
from tests.corpora import indexed

LAMPS = (
    "石桥镇今年把村口到渡口的四公里路灯全部换成了低压钠灯，电工老何带着两个徒弟一根一根地查线，"
    "查出漏电十七处，当天修好当天送电，没有让一户人家摸黑吃过晚饭。"
)
FILMS = (
    "文化站把露天电影搬进了祠堂，每月放两场，老人坐前排，孩子坐地上，散场以后由值班的干部打着手电"
    "把人一个一个送过桥，三年没有出过一回事。"
)
WELLS = "山上的三口井都装了水位尺，谁家挑水谁记一笔，旱季到来以前大家心里就有了数，用不着等干部来催。"
PHRASE = "深刻领悟“两个确立”的决定性意义，用习近平新时代中国特色社会主义思想武装头脑"


def documents(*texts: str) -> list[Document]:
    return [parse(f"来稿/{number}.txt", text) for number, text in enumerate(texts)]


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with indexed({"a.txt": "渡口汇报\n渡口的灯一直亮到末班船靠岸，风大的夜里也没有灭过。\n"}) as opened:
        yield opened


def among(drafts: Drafts, document: Document, index: Index) -> Among:
    found = check(document, index, Settings(), drafts).among
    assert found is not None
    return found


def test_a_shared_paragraph_names_both_drafts_and_its_places(index: Index) -> None:
    first, second, third = documents(
        f"甲镇汇报\n{WELLS}\n{LAMPS}\n", f"乙镇汇报\n{LAMPS}\n", f"丙\n{FILMS}\n"
    )
    with gather([first, second, third], Settings()) as drafts:
        one, other, none = (among(drafts, draft, index) for draft in (first, second, third))
    (passage,) = one.passages
    assert passage.other == second.name
    assert first.text[passage.start : passage.end] == passage.text == LAMPS
    assert second.text[passage.other_start : passage.other_end] == passage.other_text == LAMPS
    assert [draft.name for draft in other.drafts] == [first.name]
    assert other.shared_ratio == 1
    assert (none.compared, none.drafts, none.passages) == (2, (), ())


def test_drafts_that_differ_in_layout_and_title_alone_are_the_same(index: Index) -> None:
    first, second = documents(f"甲镇汇报\n{LAMPS}\n{WELLS}\n", f"乙镇汇报\n\n　　{LAMPS}\n　　{WELLS}\n")
    with gather([first, second], Settings()) as drafts:
        report = check(first, index, Settings(), drafts)
    assert report.verdict.level == "block"
    assert report.passages == ()
    assert report.among is not None
    assert report.among.drafts[0].identical


def test_what_several_drafts_hold_is_shared_however_many_they_are(index: Index) -> None:
    drafts_of_five = documents(
        *(f"{place}镇汇报\n{LAMPS}\n" + FILMS[::step] for step, place in enumerate("甲乙丙丁戊", 2))
    )
    with gather(drafts_of_five, Settings()) as drafts:
        found = among(drafts, drafts_of_five[0], index)
    assert {passage.other for passage in found.passages} == {draft.name for draft in drafts_of_five[1:]}


def test_a_paragraph_in_a_dozen_drafts_names_every_one_of_them(index: Index) -> None:
    of_a_dozen = documents(*(f"{number}号汇报\n{own_words(number)}。\n{LAMPS}\n" for number in range(12)))
    with gather(of_a_dozen, Settings()) as drafts:
        found = among(drafts, of_a_dozen[0], index)
    assert {draft.name for draft in found.drafts} == {draft.name for draft in of_a_dozen[1:]}


def test_each_draft_is_told_with_all_that_it_shares_whatever_others_hold(index: Index) -> None:
    whole, two, one = documents(
        f"甲\n{LAMPS}\n{FILMS}\n{WELLS}\n", f"乙\n{LAMPS}\n{FILMS}\n", f"丙\n{WELLS}\n{LAMPS}\n"
    )
    with gather([whole, two, one], Settings()) as drafts:
        together = [among(drafts, draft, index) for draft in (whole, two, one)]
    for draft, found in zip((whole, two, one), together, strict=True):
        alone = {}
        for other in {whole.name: whole, two.name: two, one.name: one}.values():
            if other is not draft:
                with gather([draft, other], Settings()) as pair:
                    alone[other.name] = among(pair, draft, index).shared_characters
        assert {other.name: other.shared_characters for other in found.drafts} == alone
        assert max(alone.values()) <= found.shared_characters


def own_words(number: int) -> str:
    """A hundred characters that no other number has in this order."""
    return "".join(chr(0x4E00 + number * 97 + step * 13) for step in range(100))


def test_set_phrases_are_no_sharing(index: Index) -> None:
    first, second = documents(f"甲镇汇报\n{PHRASE}，{LAMPS}\n", f"乙镇汇报\n{PHRASE}，{FILMS}\n")
    with gather([first, second], Settings()) as drafts:
        assert among(drafts, first, index).passages == ()


def test_what_the_corpus_shows_to_be_custom_is_no_sharing() -> None:
    custom = "会议听取了各村一年来修路架桥的情况，对推诿扯皮的三个村点名批评，对主动揽活的两个村通报表扬。"
    corpus = {
        f"{number}.txt": f"{number}号会议纪要\n{custom}\n"
        + "".join(chr(0x4E00 + number * 97 + step * 13) for step in range(90))
        for number in range(12)
    }
    first, second = documents(f"甲镇汇报\n{custom}\n{LAMPS}\n", f"乙镇汇报\n{custom}\n{FILMS}\n")
    with indexed(corpus) as index, gather([first, second], Settings()) as drafts:
        assert among(drafts, first, index).passages == ()


# ---------------------------------------------------------------------------------------- compare


def compared(*texts: str) -> list[Report]:
    drafts_of_call = documents(*texts)
    with gather(drafts_of_call, Settings()) as drafts:
        return [compare(document, drafts, Settings()) for document in drafts_of_call]


def test_compared_documents_are_one_anothers_sources_as_they_were_named() -> None:
    first, second, third = compared(f"甲\n{LAMPS}\n", f"乙\n{WELLS}\n{LAMPS}\n", f"丙\n{FILMS}\n")
    assert [source.document for source in first.sources] == ["来稿/1.txt"]
    assert {passage.source for passage in second.passages if passage.status == "reuse"} == {"来稿/0.txt"}
    assert third.sources == ()
    assert (first.verdict.level, third.verdict.level) == ("block", "pass")
    assert [remark.code for remark in first.verdict.remarks] == ["no_collection"]
    assert first.checked is not None
    assert (first.checked.corpus, first.checked.documents) == ("", 2)


def test_set_phrases_are_told_from_copying_without_a_corpus() -> None:
    first, _ = compared(f"甲\n{PHRASE}，{LAMPS}\n", f"乙\n{PHRASE}，{FILMS}\n")
    assert first.figures.copied_characters == 0
    assert {passage.status for passage in first.passages} <= {"formulaic", "minor"}


def test_a_document_and_its_copy_are_wholly_copied() -> None:
    for report in compared(f"甲\n{LAMPS}\n{FILMS}\n", f"甲\n{LAMPS}\n{FILMS}\n"):
        assert report.figures.copied_ratio == 1
