"""Status: what excuses a passage, and what does not."""

from __future__ import annotations

import numpy as np
import pytest

from dedup.align.quotation import Quotations
from dedup.align.status import Excuse, excuse_of
from dedup.index import Index, PartInfo, open_index
from dedup.passage import Reason
from dedup.settings import Settings
from dedup.text.normalize import normalize

PATH = "汇报/青檀镇林业站2023年工作汇报.txt"
TITLE = "青檀镇林业站2023年工作汇报"
BODY = "护林员换成了本村的年轻人，巡山一趟要走十九公里，手机上的轨迹说明谁也没有偷懒。"
LONG = (
    "把护林员的工资同巡山里程挂起钩来，走得多的拿得多，谎报里程的当月不发，三个月下来没有一处山火烧过隔离带"
)
SHORT = "人不下鞍、马不停蹄"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> tuple[Index, PartInfo]:
    """One document of a named station."""
    corpus = tmp_path_factory.mktemp("corpus")
    path = corpus / PATH
    path.parent.mkdir()
    path.write_text(f"{TITLE}\n（林业站站长 何见山）\n{BODY}{LONG}。\n", encoding="utf-8")
    index = open_index(corpus, None, Settings())
    return index, index.part(0)


def excuse(source: tuple[Index, PartInfo], draft: str, passage: str, **settings: object) -> Excuse | None:
    """What excuses `passage`, all of whose characters match, in a draft."""
    index, part = source
    start = draft.index(passage)
    offsets = normalize(draft).offsets
    inside = offsets[(offsets >= start) & (offsets < start + len(passage))]
    how = Settings(**settings)  # type: ignore[arg-type]
    return excuse_of(inside, Quotations.find(draft), [(part, part.span.start)], index, how)


def status(source: tuple[Index, PartInfo], draft: str, passage: str, **settings: object) -> str:
    found = excuse(source, draft, passage, **settings)
    return found.status if found else "reuse"


@pytest.mark.parametrize(
    "draft",
    [
        "青檀镇林业站在汇报中提出：“{}。”这个办法值得学。",
        "县长在现场会上强调，“{}”，要求各乡镇照着办。",
        "正如他们汇报中写到的「{}」，办法总比困难多。",
        "《青檀镇林业站2023年工作汇报》里的一段话，“{}”，我们读了几遍。",
    ],
)
def test_a_quotation_whose_author_is_named_is_quoted(source: tuple[Index, PartInfo], draft: str) -> None:
    assert status(source, draft.format(LONG), LONG) == "quoted"


def test_a_long_quotation_of_nobody_stays_reuse(source: tuple[Index, PartInfo]) -> None:
    assert status(source, f"今年的做法是“{LONG}”，效果不错。", LONG) == "reuse"


def test_a_short_phrase_in_marks_needs_no_name(source: tuple[Index, PartInfo]) -> None:
    assert status(source, f"干部们“{SHORT}”，一个月跑遍全县。", SHORT) == "quoted"


def test_the_same_words_without_marks_are_reuse(source: tuple[Index, PartInfo]) -> None:
    assert status(source, f"镇里提出，{LONG}。", LONG) == "reuse"
    assert status(source, f"干部们{SHORT}，一个月跑遍全县。", SHORT) == "reuse"


def test_a_title_in_title_marks_is_quoted(source: tuple[Index, PartInfo]) -> None:
    found = excuse(source, f"我们学习了《{TITLE}》。", TITLE)
    assert found is not None
    assert found.status == "quoted"
    assert found.reason.code == "quoted_title"


def test_marks_around_a_few_words_of_a_copied_paragraph_excuse_nothing(
    source: tuple[Index, PartInfo],
) -> None:
    copied = LONG.replace("没有一处", "“没有一处”")
    assert status(source, f"县长强调，{copied}。", copied) == "reuse"


def test_a_name_after_the_quotation_or_far_before_it_does_not_count(source: tuple[Index, PartInfo]) -> None:
    assert status(source, f"“{LONG}”。县长后来也这样讲话。", LONG) == "reuse"
    far = "县长去年强调过防火。" + "今年雨水少，山上的草枯得早，村里的老人几十年没有见过。" * 3
    assert status(source, f"{far}“{LONG}”。", LONG) == "reuse"


def test_marks_that_do_not_pair_are_no_quotation(source: tuple[Index, PartInfo]) -> None:
    assert status(source, f"县长强调：“{LONG}。", LONG) == "reuse"
    assert Quotations.find("“一“二").spans == ()


def test_quotations_are_found_in_order_with_their_marks() -> None:
    text = "先读《渡口》，再看“桥通了”，末了说「好」。"
    found = Quotations.find(text)
    assert [text[span.start : span.end] for span in found.spans] == ["《渡口》", "“桥通了”", "「好」"]
    assert int(np.count_nonzero(found.inside)) == sum(len(span) for span in found.spans)


# ----------------------------------------------------------------------------------------------- own


@pytest.mark.parametrize("pattern", [PATH, "汇报", "汇报/", "汇报/*", "*2023年*", "汇报/青檀镇*"])
def test_own_by_path_folder_or_pattern(source: tuple[Index, PartInfo], pattern: str) -> None:
    assert status(source, BODY, BODY, own=(pattern,)) == "own"


@pytest.mark.parametrize("pattern", ["汇", "报", "方案/*", "青檀镇林业站2023年工作汇报.txt", "汇报/青檀镇"])
def test_other_documents_are_not_own(source: tuple[Index, PartInfo], pattern: str) -> None:
    assert status(source, BODY, BODY, own=(pattern,)) == "reuse"


@pytest.mark.parametrize(
    ("author", "expected"), [("何见山", "own"), ("青檀镇林业站", "own"), ("石桥镇", "reuse")]
)
def test_own_by_author_or_unit_named_at_the_head(
    source: tuple[Index, PartInfo], author: str, expected: str
) -> None:
    assert status(source, BODY, BODY, author=author) == expected


def test_own_goes_before_quoted_and_says_whose_it_is(
    source: tuple[Index, PartInfo],
) -> None:
    draft = f"他说：“{LONG}”。"
    found = excuse(source, draft, LONG, author="何见山")
    assert found is not None
    assert found.status == "own"
    assert found.reason == Reason("own_author", {"author": "何见山"})
