"""The log of checks: a line altered, removed, moved or put in is found; nothing that was written is lost."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.audit.line import MOST_BYTES, written
from dedup.audit.log import append, demand_log
from dedup.audit.verification import Verification, verify, whole_lines
from dedup.errors import UsageError

LENGTH = 6


def log_of(folder: Path, length: int = LENGTH) -> Path:
    """A log of so many lines."""
    path = folder / "log.jsonl"
    demand_log(path)
    for number in range(1, length + 1):
        append(path, {"time": f"2026-03-0{number}T09:00:00+08:00", "draft": {"name": f"稿子{number}.txt"}})
    return path


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def changed(change: Callable[[list[bytes]], None], head: bool = True) -> Verification:
    """What is found of a log whose lines were changed."""
    with TemporaryDirectory() as folder:
        path = log_of(Path(folder))
        known = verify(path).digest
        lines = lines_of(path)
        change(lines)
        path.write_bytes(b"".join(lines))
        return verify(path, known if head else "")


def test_a_log_as_it_was_written_is_sound(tmp_path: Path) -> None:
    found = verify(log_of(tmp_path))
    assert (found.lines, found.fault_count, found.interrupted) == (LENGTH, 0, ())
    assert (found.first_time[:10], found.last_time[:10]) == ("2026-03-01", f"2026-03-0{LENGTH}")
    assert found.digest == json.loads(lines_of(tmp_path / "log.jsonl")[-1])["hash"]


PLACE = st.integers(0, LENGTH - 1)


@given(PLACE, st.integers(0, 10**6), st.integers(1, 255))
def test_a_byte_altered_is_found_and_its_line_said(place: int, at: int, flip: int) -> None:
    def change(lines: list[bytes]) -> None:
        line = bytearray(lines[place])
        line[at % (len(line) - 1)] ^= flip
        lines[place] = bytes(line)

    found = changed(change, head=False)
    assert place + 1 in [fault.line for fault in found.faults]


@given(PLACE)
def test_a_line_removed_is_found(place: int) -> None:
    found = changed(lambda lines: lines.__delitem__(place))
    kinds = [(fault.line, fault.kind) for fault in found.faults]
    assert kinds == ([(place + 1, "missing")] if place < LENGTH - 1 else [(0, "head")])


@given(PLACE, PLACE)
def test_a_line_moved_is_found(place: int, to: int) -> None:
    found = changed(lambda lines: lines.insert(to, lines.pop(place)), head=False)
    assert bool(found.fault_count) == (place != to)
    assert all(min(place, to) < fault.line <= max(place, to) + 1 for fault in found.faults)


@given(PLACE, st.integers(0, LENGTH))
def test_a_line_written_twice_is_found(place: int, to: int) -> None:
    found = changed(lambda lines: lines.insert(to, lines[place]), head=False)
    assert found.fault_count
    assert found.faults[0].line in (to + 1, to + 2)


@given(st.integers(0, LENGTH), st.sampled_from([b"\n", b"{}\n", b'{"log":"dedup-log/1"}\n', b"\xff\x00\n"]))
def test_what_is_no_line_is_found_where_it_was_put(to: int, put: bytes) -> None:
    found = changed(lambda lines: lines.insert(to, put), head=False)
    assert [(fault.line, fault.kind) for fault in found.faults] == [(to + 1, "altered")]


@given(st.integers(1, LENGTH))
def test_a_line_made_by_the_same_rule_does_not_fit_in(place: int) -> None:
    """Somebody who knows the format writes a line of his own, with right hashes, in the place of another."""

    def change(lines: list[bytes]) -> None:
        before = json.loads(lines[place - 2])["hash"] if place > 1 else ""
        lines[place - 1] = (
            written(place, before, {"time": "2026-03-01", "draft": {"name": "别的.txt"}}) + b"\n"
        )

    found = changed(change)
    told = [(fault.line, fault.kind) for fault in found.faults]
    assert told == [(place + 1, "unchained")] if place < LENGTH else [(0, "head")]


def test_a_line_with_a_space_or_another_order_of_names_is_altered() -> None:
    def spaced(lines: list[bytes]) -> None:
        lines[2] = lines[2].replace(b'":', b'": ', 1)

    def turned(lines: list[bytes]) -> None:
        record = json.loads(lines[2])
        first = {"log": record.pop("log"), "time": record.pop("time")}
        lines[2] = json.dumps({**first, **record}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    for change in (spaced, turned):
        assert [(fault.line, fault.kind) for fault in changed(change).faults] == [(3, "altered")]


def test_a_hash_noted_earlier_shows_that_the_end_was_cut_off(tmp_path: Path) -> None:
    path = log_of(tmp_path)
    third, last = (json.loads(lines_of(path)[at])["hash"] for at in (2, -1))
    append(path, {"time": "2026-03-09"})
    assert verify(path, third[:12]).head_at == 3
    assert verify(path, last).head_at == LENGTH
    path.write_bytes(b"".join(lines_of(path)[:3]))
    assert verify(path).fault_count == 0, "nothing in the log tells it"
    assert [fault.kind for fault in verify(path, last).faults] == ["head"]


@given(st.data())
def test_half_a_line_is_told_by_the_next_and_no_whole_line_is_lost(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        path = log_of(Path(folder), 3)
        whole = path.read_bytes()
        next_line = written(4, verify(path).digest, {"time": "2026-03-04", "list": [{"a": "b"}]})
        for _ in range(data.draw(st.integers(1, 3))):
            cut = data.draw(st.integers(1, len(next_line) - 1))
            with path.open("ab") as file:
                file.write(data.draw(st.sampled_from([b"", b"\n"])) + next_line[:cut])
        before = path.read_bytes()
        assert "unfinished" in [fault.kind for fault in verify(path).faults]
        append(path, {"time": "2026-03-05"})
        append(path, {"time": "2026-03-06"})
        assert path.read_bytes().startswith(before), "nothing is cut off"
        assert before.startswith(whole)
        found = verify(path)
        assert (found.lines, found.faults) == (5, ())
        assert found.interrupted[0] == 4


def test_half_a_line_that_was_told_of_cannot_be_taken_away(tmp_path: Path) -> None:
    path = log_of(tmp_path, 2)
    with path.open("ab") as file:
        file.write(b'{"log":"dedup-log/1","number":3')
    append(path, {"time": "2026-03-05"})
    lines = lines_of(path)
    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    assert [(fault.line, fault.kind) for fault in verify(path).faults] == [(3, "lost")]
    path.write_bytes(b"".join([*lines[:2], lines[2].replace(b"3", b"4"), *lines[3:]]))
    assert [(fault.line, fault.kind) for fault in verify(path).faults] == [(3, "altered")]


def test_a_last_line_without_its_end_of_line_is_whole(tmp_path: Path) -> None:
    path = log_of(tmp_path, 2)
    path.write_bytes(path.read_bytes()[:-1])
    assert verify(path).fault_count == 0
    append(path, {"time": "2026-03-05"})
    assert (verify(path).lines, verify(path).fault_count) == (3, 0)


def test_half_of_the_first_line_is_no_reason_to_stop(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"log":"ded')
    append(path, {"time": "2026-03-05"})
    assert (verify(path).lines, verify(path).interrupted) == (1, (1,))


@pytest.mark.parametrize(
    "content", [b"a draft\n", b"{}\n", b"x" * 100_000, b"\0" * 50, "稿子".encode() * 9999]
)
def test_a_file_that_is_no_log_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "draft.txt"
    path.write_bytes(content)
    for refused in (lambda: demand_log(path), lambda: append(path, {}), lambda: verify(path)):
        with pytest.raises(UsageError, match="no log of dedup"):
            refused()
    assert path.read_bytes() == content


def test_nothing_is_added_behind_a_last_line_that_was_altered(tmp_path: Path) -> None:
    path = log_of(tmp_path)
    altered = path.read_bytes().replace("稿子6".encode(), "稿子7".encode())
    path.write_bytes(altered)
    with pytest.raises(UsageError, match="last line was altered"):
        append(path, {})
    assert path.read_bytes() == altered


def test_a_pipe_and_a_folder_are_no_logs(tmp_path: Path) -> None:
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(UsageError, match="no regular file"):
            demand_log(tmp_path / "pipe")
    with pytest.raises(UsageError, match="cannot be written"):
        demand_log(tmp_path)


def test_writers_wait_for_one_another(tmp_path: Path) -> None:
    """Locks bind open files, not processes: threads that each open the log are writers of their own."""
    path = tmp_path / "log.jsonl"
    with ThreadPoolExecutor(8) as threads:
        for _ in threads.map(lambda number: append(path, {"writer": number}), range(60)):
            pass
    found = verify(path)
    assert (found.lines, found.fault_count) == (60, 0)
    assert {line.record["writer"] for line in whole_lines(path)} == set(range(60))


def test_a_new_log_is_for_its_maker_alone_and_keeps_other_permissions(tmp_path: Path) -> None:
    path = log_of(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o660)
    append(path, {})
    assert path.stat().st_mode & 0o777 == 0o660


def test_a_long_line_is_refused_and_one_put_in_is_found(tmp_path: Path) -> None:
    path = log_of(tmp_path)
    with pytest.raises(UsageError, match="too long"):
        append(path, {"list": "甲" * MOST_BYTES})
    lines = lines_of(path)
    path.write_bytes(b"".join([*lines[:2], b"x" * (2 * MOST_BYTES) + lines[2], *lines[2:]]))
    assert [(fault.line, fault.kind) for fault in verify(path).faults] == [(3, "altered")]


def test_names_that_are_no_text_are_logged(tmp_path: Path) -> None:
    path = log_of(tmp_path, 1)
    append(path, {"draft": {"name": "坏\udcff.txt"}})
    assert verify(path).fault_count == 0
    path.read_bytes().decode("utf-8")


def test_faults_beyond_the_first_hundred_are_counted() -> None:
    found = changed(lambda lines: lines.insert(2, b"x\n" * 250))
    assert (len(found.faults), found.fault_count) == (100, 250)
