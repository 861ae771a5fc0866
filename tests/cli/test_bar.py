"""The progress bar, drawn on something that is no terminal."""

import io
import os
from contextlib import closing

import pytest

from dedup.cli.bar import Bar
from dedup.cli.console import Console
from dedup.reports.kit.columns import width
from dedup.settings import Language


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def set_columns(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setattr("shutil.get_terminal_size", lambda fallback=(80, 24): os.terminal_size((columns, 24)))


def lines(file: io.StringIO) -> list[str]:
    return [line.rstrip() for line in file.getvalue().replace("\n", "\r").split("\r") if line.strip()]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 40, 20])
def test_every_line_fits_the_terminal(
    clock: list[float], monkeypatch: pytest.MonkeyPatch, language: Language, columns: int
) -> None:
    set_columns(monkeypatch, columns)
    file = io.StringIO()
    bar = Bar("读入", file, language, in_bytes=True)
    for step in range(11):
        bar.update(step * 123_456_789, 1_234_567_890)
        clock[0] += 400
    drawn = lines(file)
    assert all(width(line) < columns for line in drawn)
    assert drawn[-1].startswith("读入 ")
    assert "100%" in drawn[-1]


def test_it_tells_rate_and_time_left_and_ends_its_line_once(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_columns(monkeypatch, 80)
    file = io.StringIO()
    bar = Bar("read", file, "en", in_bytes=True)
    bar.update(0, 500_000_000)
    clock[0] += 10
    bar.update(100_000_000, 500_000_000)
    assert lines(file)[-1].endswith("20%  100/500 MB  10.0 MB/s  0:40 left")
    clock[0] += 0.01
    bar.update(100_000_001, 500_000_000)
    assert len(lines(file)) == 2, "not drawn more often than can be read"
    clock[0] += 40
    bar.update(500_000_000, 500_000_000)
    bar.update(500_000_000, 500_000_000)
    bar.close()
    assert lines(file)[-1].endswith("100%  500/500 MB  10.0 MB/s  took 0:50")
    assert file.getvalue().count("\n") == 1
    assert file.getvalue().endswith("\n")


def test_brief_work_has_no_rate_and_one_of_many_leaves_no_line(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_columns(monkeypatch, 80)
    file = io.StringIO()
    with closing(Bar("归组", file, "zh", passing=True)) as bar:
        bar.update(0, 4)
        clock[0] += 0.1
        bar.update(3, 4)
        assert "/s" not in file.getvalue()
        bar.update(4, 4)
    assert file.getvalue().endswith(f"\r{' ' * 79}\r")
    assert "\n" not in file.getvalue()
    whole = io.StringIO()
    with closing(Bar("归组", whole, "zh")) as bar:
        bar.update(92_534_171, 92_534_171)
    assert "/s" not in whole.getvalue(), "all done at once has no rate"


def test_counts_are_told_as_they_are_and_nothing_when_nothing_was_done(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_columns(monkeypatch, 80)
    file = io.StringIO()
    Bar("检查", file, "zh").close()
    assert file.getvalue() == ""
    bar = Bar("检查", file, "zh")
    bar.update(1, 40)
    clock[0] += 3
    bar.update(3, 40)
    bar.close()
    assert lines(file)[-1].endswith("3/40  1/s  剩 0:37")


@pytest.mark.parametrize("passing", [False, True])
def test_where_there_is_nothing_to_do_nothing_is_drawn(passing: bool) -> None:
    """A link to nowhere is looked at by every check, and has no bytes."""
    stream = io.StringIO()
    bar = Bar("读入", stream, "zh", in_bytes=True, passing=passing)
    bar.update(0, 0)
    bar.close()
    assert stream.getvalue() == ""


def test_bringing_an_index_up_to_date_leaves_no_line_when_it_was_brief(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After one document was edited, a check is to show its report and nothing else."""
    set_columns(monkeypatch, 80)
    for seconds, left in ((0.05, 0), (3, 1)):
        file = io.StringIO()
        monkeypatch.setattr(file, "isatty", lambda: True)
        monkeypatch.setattr("sys.stderr", file)
        with Console().observer().stage("index") as reading:
            reading(0, 4_000)
            clock[0] += seconds
            reading(4_000, 4_000)
        assert file.getvalue().count("\n") == left


def test_of_a_few_megabytes_tenths_are_told(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    set_columns(monkeypatch, 80)
    file = io.StringIO()
    bar = Bar("读入", file, "zh", in_bytes=True)
    bar.update(0, 400_000)
    clock[0] += 1
    bar.update(130_000, 400_000)
    assert "0.1/0.4 MB" in lines(file)[-1]
