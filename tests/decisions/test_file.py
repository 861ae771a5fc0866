"""`decisions.toml`: what is written is read again, and what others wrote in it stays."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.decisions.change import Change, Subject, change_decisions, with_added
from dedup.decisions.drafts import same_file
from dedup.decisions.file import parsed, read_decisions
from dedup.decisions.standing import Entry
from dedup.errors import UsageError
from dedup.fingerprint import in_order_as_text, winnow
from dedup.passage import Decision
from tests.strategies import rare_text
from tests.texts import codes

texts = st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip()))
PRINTS = in_order_as_text(winnow(codes(rare_text(1, 400))))
ONE = Decision("waived", "上级统一口径", "王芳", "2026-11-28")


def subject(source: str = "甲.txt", excerpt: str = "一段话") -> Subject:
    return Subject(source=source, fingerprint=PRINTS, excerpt=excerpt, characters=400)


def storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


@given(texts, texts, texts, texts, st.booleans())
def test_what_is_written_is_read_again(reason: str, by: str, source: str, title: str, expires: bool) -> None:
    decision = Decision("accepted", reason.strip(), by.strip(), "2026-11-28", "2027-01-01" if expires else "")
    written = with_added("", decision, [replace(subject(source.strip()), title=title.strip())], "zh")
    [entry] = parsed("decisions.toml", written)
    assert entry.decision == replace(decision, reason=storable(reason.strip()), by=storable(by.strip()))
    assert entry.text.source == storable(source.strip())
    assert entry.title == storable(title.strip())
    assert in_order_as_text(winnow(codes(rare_text(1, 400)))) == PRINTS
    assert entry.text.prints == winnow(codes(rare_text(1, 400))).values
    assert written.split("\n")[entry.line - 1] == "[[decision]]"


def added(path: Path, sources: Sequence[str]) -> tuple[Entry, ...]:
    change = Change((), ONE, [subject(one) for one in sources])
    return change_decisions(path, change, "zh", patience=10)


@given(st.lists(st.integers(0, 5), max_size=4, unique=True))
def test_what_is_not_removed_stays_to_the_letter(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[int]
) -> None:
    path = tmp_path_factory.mktemp("file") / "decisions.toml"
    blocks = [
        with_added("x", ONE, [subject(f"{number}.txt")], "zh").partition("\n\n")[2].rstrip("\n")
        + f"  # 行末 {number}"
        for number in range(6)
    ]
    comments = [f"# 第 {number} 处，[请看]\n" for number in range(6)]
    head = "# 我们的说明\n# 又一行\n\n"
    path.write_text(head + "\n\n".join(map("".join, zip(comments, blocks, strict=True))) + "\n", "utf-8")
    found = read_decisions(path)
    change_decisions(path, Change([found.entries[number] for number in numbers]), "zh", patience=10)
    after = path.read_text(encoding="utf-8")
    assert after.startswith("# 我们的说明\n# 又一行\n")
    for number in range(6):
        kept = number not in numbers
        assert (comments[number] in after) == kept
        assert (blocks[number] in after) == kept
    assert [one.text.source for one in read_decisions(path).entries] == [
        f"{number}.txt" for number in range(6) if number not in numbers
    ]


def test_several_people_may_decide_at_once(tmp_path: Path) -> None:
    path = tmp_path / "decisions.toml"
    with ThreadPoolExecutor(6) as people:
        list(people.map(lambda number: added(path, [f"{number}.txt"]), range(12)))
    assert {one.text.source for one in read_decisions(path).entries} == {
        f"{number}.txt" for number in range(12)
    }
    assert [one.name for one in tmp_path.iterdir()] == ["decisions.toml"]


def test_what_is_no_toml_is_told_with_its_line_in_the_language_of_the_run() -> None:
    for written in ("[[decision]]\nexpires = 2026-13\n", "[[decision]]\nexpires = " + "9" * 5000 + "\n"):
        with pytest.raises(UsageError) as caught:
            parsed("decisions.toml", written)
        line = caught.value.line("zh")
        assert "不合 TOML 的写法" in line
        assert "Expected" not in line


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="missing"):
        added(tmp_path / "missing" / "decisions.toml", ["a.txt"])


def test_a_linked_file_stays_a_link_and_keeps_its_permissions(tmp_path: Path) -> None:
    added(tmp_path / "real.toml", ["a.txt"])
    (tmp_path / "real.toml").chmod(0o640)
    (tmp_path / "decisions.toml").symlink_to("real.toml")
    added(tmp_path / "decisions.toml", ["b.txt"])
    assert (tmp_path / "decisions.toml").is_symlink()
    assert (tmp_path / "real.toml").stat().st_mode & 0o777 == 0o640
    assert len(read_decisions(tmp_path / "real.toml").entries) == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("来稿/一.txt", "来稿/一.txt", True),
        ("一.txt", "来稿/一.txt", True),
        ("/home/来稿/一.txt", "来稿/一.txt", True),
        ("./一.txt", "一.txt", True),
        ("甲/一.txt", "乙/一.txt", False),
        ("十一.txt", "一.txt", False),
        ("", "一.txt", False),
    ],
)
def test_a_draft_is_known_by_the_end_of_its_path(one: str, other: str, same: bool) -> None:
    assert same_file(one, other) == same_file(other, one) == same


def test_an_error_is_told_with_its_line_whatever_a_reason_holds() -> None:
    written = with_added("", ONE, [subject(), subject("乙.txt")], "zh")
    written = written.replace(
        f'reason = "{ONE.reason}"', f'reason = """\n[[decision]]\nby = "{ONE.reason}"\n"""'
    )
    written = written.replace('source = "乙.txt"', "source = 1")
    with pytest.raises(UsageError) as caught:
        parsed("decisions.toml", written)
    line = written.split("\n").index("source = 1") + 1
    assert f"第 {line} 行" in caught.value.line("zh")
