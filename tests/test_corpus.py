"""The sample corpus is what corpus/README.md says, and the planted passages are where planted.json says.

Nothing of `dedup` is used here: the samples have to be right by themselves before they can judge the program.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
SAMPLES = ROOT / "tests" / "samples"
README = (CORPUS / "README.md").read_text(encoding="utf-8")
PLANTED = json.loads((SAMPLES / "planted.json").read_text(encoding="utf-8"))
FILES = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*.txt"))
TRADITIONAL = "讲话/在石渡市安全生产工作会议上的讲话.txt"
COLLECTION = "汇编/2020年专题工作总结汇编.txt"
REFILLED, ORIGINAL = "总结/柘川县农业农村局2023年工作总结.txt", "总结/澄溪县农业农村局2022年工作总结.txt"
PASSAGES: list[tuple[str, dict[str, Any]]] = [
    (sample, passage) for sample, facts in PLANTED["files"].items() for passage in facts["passages"]
]
CASES = [pytest.param(*case, id=f"{case[0]}-{case[1]['name']}") for case in PASSAGES]

# A run this long is what people who count 「连续13字」 call copied.
NOTABLE_RUN = 13


def plain(path: Path) -> str:
    """The plain text offsets count in: decoded, no byte order mark, LF."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def lines(name: str) -> list[str]:
    return [line for line in plain(CORPUS / name).split("\n") if line.strip()]


def bare(text: str) -> str:
    """Letters, figures and ideographs only."""
    return re.sub(r"[\W_]", "", text)


def readme_rows(header: str) -> list[list[str]]:
    """The cells of the README table whose first column is called `header`."""
    table = README.split(f"| {header} |", 1)[1].split("\n\n", 1)[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    return [[cell.strip("` ") for cell in row] for row in rows]


def without_set_phrases(text: str) -> str:
    text = bare(text)
    for phrase in PLANTED["set_phrases"]:
        text = text.replace(bare(phrase), "|")
    return text


def notable_runs(text: str) -> set[str]:
    """All runs of NOTABLE_RUN characters, leaving out what the set phrases cover."""
    pieces = without_set_phrases(text).split("|")
    return {piece[i : i + NOTABLE_RUN] for piece in pieces for i in range(len(piece) - NOTABLE_RUN + 1)}


def is_notice(line: str) -> bool:
    return any(word in line for word in ("投稿", "网络整理", "网络收集整理", "会员原创"))


# ------------------------------------------------------------------------------------- the corpus


def test_readme_lists_every_document_and_its_length() -> None:
    rows = readme_rows("文件")
    assert sorted(row[0] for row in rows) == FILES
    assert len(FILES) >= 16
    for name, characters, *_ in rows:
        assert len(plain(CORPUS / name)) == int(characters), name
        assert 800 <= int(characters) <= 4000, name


def test_encodings_are_as_promised() -> None:
    found = {row[0]: row[2] for row in readme_rows("文件")}
    for name in FILES:
        data = (CORPUS / name).read_bytes()
        if found[name] == "GB18030":
            with pytest.raises(UnicodeDecodeError):
                data.decode("utf-8")
            assert "三声锣响" in data.decode("gb18030")
        elif found[name] == "UTF-8，带 BOM，CRLF":
            assert data.startswith(b"\xef\xbb\xbf")
            assert data.count(b"\r\n") == data.count(b"\n") > 5
        else:
            assert found[name] == "UTF-8"
            assert not data.startswith(b"\xef\xbb\xbf")
            assert b"\r" not in data
            data.decode("utf-8")
    assert sorted(found.values()).count("GB18030") == 1
    assert sorted(found.values()).count("UTF-8，带 BOM，CRLF") == 1


def test_notices_stand_where_promised() -> None:
    promised = {row[0]: row[3] for row in readme_rows("文件")}
    for name in FILES:
        places = [number for number, line in enumerate(lines(name), 1) if is_notice(line)]
        place = promised[name]
        if place == "无":
            assert places == [], name
        elif place.startswith("末行"):
            assert places == [len(lines(name))], name
        else:
            expected = [1, *map(int, re.findall(r"第 (\d+) 段", place))]
            assert places == expected, name
    assert {"无", "首行", "末行"} == {place.split("，")[0] for place in promised.values()}


def test_one_document_is_in_traditional_script() -> None:
    text = plain(CORPUS / TRADITIONAL)
    assert "安全生產工作會議" in text
    assert not re.search(r"[产会议]", text)


def test_masks_of_all_sorts_occur() -> None:
    text = "".join(plain(CORPUS / name) for name in FILES)
    for mask in ("XX镇", "X.X万", "XX%", "XXX名", "某县", "××件", "××.×%"):
        assert mask in text


def test_the_collection_lacks_exactly_one_part_of_its_contents_list() -> None:
    text = plain(CORPUS / COLLECTION)
    listed = re.findall(r"^(.+)\t\d+$", text, re.MULTILINE)
    body = text[text.rindex("\t") :]
    # Titles agree but for spaces and the width of the brackets.
    titles = {bare(unicodedata.normalize("NFKC", line)) for line in body.splitlines()}
    missing = [title for title in listed if bare(unicodedata.normalize("NFKC", title)) not in titles]
    assert len(listed) == 5
    assert missing == ["2020年工作总结（档案管理）"]


def test_set_phrases_are_spread_over_many_documents() -> None:
    opencc = pytest.importorskip("opencc", reason="counts take the traditional document as simplified")
    simplify = opencc.OpenCC("t2s").convert
    texts = [bare(simplify(plain(CORPUS / name))) for name in FILES]
    counts = {phrase: int(count) for phrase, count in readme_rows("固定提法")}
    assert list(counts) == PLANTED["set_phrases"]
    for phrase, count in counts.items():
        assert sum(bare(phrase) in text for text in texts) == count >= 6, phrase


def test_planted_relations_share_the_longest_run_the_readme_gives() -> None:
    for copy, i, source, j, _, run in readme_rows("稿件"):
        a, b = bare(lines(copy)[int(i) - 1]), bare(lines(source)[int(j) - 1])
        assert SequenceMatcher(None, a, b, autojunk=False).find_longest_match().size == int(run)
        assert notable_runs(a) & notable_runs(b)


def test_no_two_documents_share_more_than_the_readme_tells() -> None:
    told = defaultdict(set)
    for copy, _, source, *_ in readme_rows("稿件"):
        told[copy].add(source)
        told[source].add(copy)
    told[REFILLED].add("总结/澄溪县农业农村局2023年工作总结.txt")  # which holds the same text as its source
    told["总结/澄溪县农业农村局2023年工作总结.txt"].add(REFILLED)
    holders = defaultdict(set)
    for name in FILES:
        for line in lines(name):
            if not is_notice(line):
                for run in notable_runs(line):
                    holders[run].add(name)
    for run, names in holders.items():
        for name in names:
            assert names - {name} <= told[name], run


def test_the_refilled_copy_keeps_a_foreign_name_and_foreign_figures() -> None:
    copy, source = lines(REFILLED), lines(ORIGINAL)
    assert "澄溪" in copy[5]
    assert "澄溪" not in "".join(copy[:5] + copy[6:])
    for figure in ("十二年", "9轮", "1.8万元", "4.5万元", "217宗", "3860万元"):
        assert figure in copy[4]
        assert figure in source[5]
    for figure in ("38.6亿元", "18742元", "2316亩", "1240户"):  # these were changed
        assert figure in "".join(source)
        assert figure not in "".join(copy)


# ----------------------------------------------------------------------------------- the samples


def skeleton(text: str) -> str:
    """What is left when figures, masks and the one changed name are taken out."""
    return re.sub(r"[\dX.]+|云垭(?=镇)|XX(?=镇)", "#", text)


def sentences(text: str) -> list[str]:
    return [sentence for sentence in text.split("。") if sentence]


@pytest.mark.parametrize(("sample", "passage"), CASES)
def test_a_planted_passage_is_where_and_what_it_claims(sample: str, passage: dict[str, Any]) -> None:
    submission = plain(SAMPLES / sample)
    mine = submission[passage["start"] : passage["end"]]
    theirs = plain(CORPUS / passage["source"])[passage["source_start"] : passage["source_end"]]
    assert mine == mine.strip() != ""
    assert theirs == theirs.strip() != ""
    match passage["kind"], passage["evasion"]:
        case "verbatim", []:
            assert mine == theirs
        case "refilled", []:
            assert mine != theirs
            assert skeleton(mine) == skeleton(theirs)
        case "edited", []:
            assert 0.7 < SequenceMatcher(None, mine, theirs, autojunk=False).ratio() < 0.97
        case "reordered", []:
            assert sorted(sentences(mine)) == sorted(sentences(theirs))
            assert sentences(mine) != sentences(theirs)
        case "reformatted", ["script"]:
            opencc = pytest.importorskip("opencc", reason="compares the traditional passage")
            assert mine != theirs == opencc.OpenCC("t2s").convert(mine)
        case "reformatted", ["look-alike", "spacing", "zero-width"]:
            assert bare(unicodedata.normalize("NFKC", mine)) == bare(theirs)
            assert "\u200b" in mine
            assert re.search(r"[\u4e00-\u9fff] [\u4e00-\u9fff]", mine)
            assert re.search(r"[\u2f00-\u2fdf]", mine)
        case unknown:
            pytest.fail(f"no such kind of passage: {unknown}")
    if passage["status"] == "quoted":
        assert submission[passage["start"] - 1] in "“《"
        assert submission[passage["end"]] in "”》"


@pytest.mark.parametrize("sample", sorted(PLANTED["files"]))
def test_outside_the_planted_passages_a_sample_shares_only_set_phrases(sample: str) -> None:
    text = plain(SAMPLES / sample)
    for passage in reversed(PLANTED["files"][sample]["passages"]):
        text = text[: passage["start"]] + "\n" + text[passage["end"] :]
    mine = set().union(*(notable_runs(line) for line in text.splitlines()))
    for name in FILES:
        assert not mine & set().union(*(notable_runs(line) for line in lines(name))), name


@pytest.mark.parametrize("sample", sorted(PLANTED["files"]))
def test_set_phrases_are_where_they_are_said_to_be(sample: str) -> None:
    text = plain(SAMPLES / sample)
    spans = PLANTED["files"][sample]["set_phrases"]
    assert len(spans) >= 6
    assert {text[span["start"] : span["end"]] for span in spans} <= set(PLANTED["set_phrases"])


def test_other_holders_of_a_passage_hold_it() -> None:
    for _, passage in PASSAGES:
        theirs = plain(CORPUS / passage["source"])[passage["source_start"] : passage["source_end"]]
        for other in passage["also_in"]:
            assert skeleton(theirs) in skeleton(plain(CORPUS / other))


def test_the_submission_mixes_all_kinds_and_both_statuses() -> None:
    passages = PLANTED["files"]["submission.txt"]["passages"]
    assert 2500 <= len(plain(SAMPLES / "submission.txt")) <= 3500
    assert {p["kind"] for p in passages} == {"verbatim", "refilled", "edited", "reordered", "reformatted"}
    assert {p["status"] for p in passages} == {"reuse", "quoted"}
    assert PLANTED["files"]["original.txt"]["passages"] == []
    ends = [p["end"] for p in passages]
    assert all(end <= later["start"] for end, later in zip(ends, passages[1:], strict=False))
