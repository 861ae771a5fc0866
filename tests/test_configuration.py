"""The configuration: where it is found, what it says, which drafts it is for, and what is wrong with it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.configuration import FILE, PROJECT, find, load_settings, settings_for
from dedup.configuration.file import checked, read
from dedup.configuration.keys import Key, lines_of
from dedup.configuration.rules import RULES
from dedup.errors import DedupError, UnreadableInput, UsageError
from dedup.settings import Settings

Run = Callable[..., CompletedProcess[str]]


def written(folder: Path, content: str, name: str = FILE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def problems(folder: Path, content: str, name: str = FILE) -> str:
    written(folder, content, name)
    with pytest.raises(UsageError) as caught:
        load_settings(folder)
    told = str(caught.value)
    assert "\n" not in told
    return told


# ------------------------------------------------------------------------------------- where it is found


def test_the_nearest_folder_above_that_has_one_counts_and_a_repository_does_not_stop(tmp_path: Path) -> None:
    written(tmp_path, 'author = "甲"\n')
    below = tmp_path / "来稿" / "乡镇"
    (below / ".git").mkdir(parents=True)
    assert load_settings(below).author == "甲"
    written(tmp_path / "来稿", 'author = "乙"\n')
    assert load_settings(below).author == "乙"
    written(below, "[tool.other]\nauthor = 1\n", PROJECT)
    assert load_settings(below).author == "乙"
    written(below, '[tool.dedup]\nauthor = "丙"\n', PROJECT)
    assert load_settings(below).author == "丙"
    written(below, 'author = "丁"\n')
    assert load_settings(below).author == "丁"


def test_the_working_folder_is_looked_up_from_as_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, 'corpus = "范文"\ntemplate = ["模板.txt", "/别处/表.txt"]\nindex = "/别处/索引"\n')
    (tmp_path / "来稿" / "乡镇").mkdir(parents=True)
    for folder, above in ((".", ""), ("来稿", "../"), ("来稿/乡镇", "../../")):
        monkeypatch.chdir(tmp_path / folder)
        assert find(Path()) == f"{above}dedup.toml"
        settings = load_settings(Path())
        assert settings.corpus == Path(f"{above}范文")
        assert settings.template == (f"{above}模板.txt", "/别处/表.txt")
        assert settings.index == Path("/别处/索引")


def test_paths_of_the_command_line_are_left_as_they_are(tmp_path: Path) -> None:
    written(tmp_path, 'corpus = "范文"\n')
    assert load_settings(tmp_path, {"corpus": Path("x")}).corpus == Path("x")


def test_a_file_that_is_named_goes_before_one_that_is_found(tmp_path: Path) -> None:
    written(tmp_path, 'author = "甲"\n')
    other = written(tmp_path / "别处", 'author = "乙"\ncorpus = "范文"\n', "office.toml")
    settings = load_settings(tmp_path, file=other)
    assert (settings.author, settings.corpus) == ("乙", tmp_path / "别处" / "范文")
    assert load_settings(tmp_path, file=Path("/dev/null")).author is None
    for bad in (tmp_path / "none.toml", tmp_path, Path("a\0b")):
        with pytest.raises(UsageError):
            load_settings(tmp_path, file=bad)


@pytest.mark.parametrize(
    "content",
    [
        "tool.dedup.language = 'en'",
        "[tool]\ndedup = { language = 'en' }",
        "[ tool . 'dedup' ]\nlanguage = 'en'",
        "tool = { dedup = { language = 'en' } }",
        "[tool.dedup.limits.warn]\nrun = 60\n[tool.dedup]\nlanguage = 'en'",
    ],
)
def test_the_table_of_a_project_may_be_written_in_any_way(tmp_path: Path, content: str) -> None:
    written(tmp_path, content, PROJECT)
    assert load_settings(tmp_path).language == "en"


# ------------------------------------------------------------------------------------------ what is wrong


def test_every_error_is_told_at_once_with_its_line_and_the_nearest_name(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        'warn_over = 5\nshingle = "byte"\nshingel_size = 5\nown = [1]\n[limits]\nwarn_over = 0.1\n'
        '[limits.warn]\nparagrph = 3\n[lint]\nmaks = "off"\n[[override]]\npath = "a"\nunti = "x"\n',
    )
    for line, words in (
        (1, "warn_over = 5"),
        (2, 'shingle = "byte"'),
        (3, "shingel_size; shingle_size perhaps"),
        (4, "own = [1]"),
        (6, "limits.warn_over; warn_over perhaps"),
        (8, "limits.warn.paragrph; limits.warn.paragraph perhaps"),
        (10, "lint.maks; lint.mask perhaps"),
        (13, "unti; unit perhaps"),
    ):
        assert f"{FILE}:{line}: " in told
        assert words in told.partition(f"{FILE}:{line}: ")[2].partition(f"{FILE}:")[0]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("author = 'a'\nlimits = 3\n", 2, "limits must be a table"),
        ("\n[limits]\nwarn = 0.2", 3, "limits.warn must be a table"),
        (
            "warn_over = 0.1\n[limits.warn]\ndocument = 0.2",
            3,
            "limits.warn.document is set twice (warn_over)",
        ),
        ("warn_over = 0.1\nwarn-over = 0.2", 2, "warn-over is set twice"),
        ("\n\nwarn_over = 0.3", 3, "warn_over (0.3) is above block_over (0.2)"),
        (
            "[limits.warn]\nrun = 9\n[limits.block]\nrun = 8",
            2,
            "limits.warn.run (9) is above limits.block.run (8)",
        ),
        ("[limits]\nignore = ['own', 'uncle']", 2, "own, earlier"),
        ("[limits.warn]\nelsewhere = 0.1", 2, "limits.warn.relation.elsewhere perhaps"),
        ("[limit.warn]\nrun = 90", 1, "limit; limits perhaps"),
        ("[lint]\nmask = 'fatal'", 2, "off, error, warning, note"),
        ("follow_links = 1", 1, "true or false"),
        ("[retention]\ndrafts = -1", 2, "from 0 to 36500"),
        ("[override]\npath = 'a'", 1, "[[override]]"),
        ("[[override]]\nunit = 'a'", 1, "a path is needed"),
        ("[[override]]\npath = 'a'\n[[override]]\npath = '../a'", 4, "a path is needed"),
        ("[[override]]\npath = []", 2, "a path is needed"),
        ("[[override]]\npath = 'a'\ncorpus = 'b'", 3, "corpus cannot differ by folder"),
        ("[[override]]\npath = 'a'\nwarn_over = 7", 3, "warn_over = 7"),
        ("[[override]]\npath = 'a'\nblock_over = '3%'", 1, "warn_over (0.05) is above block_over (0.03)"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, content: str, line: int, words: str) -> None:
    told = problems(tmp_path, content)
    assert f"{FILE}:{line}: " in told
    assert words in told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("tool = 3\n", ":1: tool is not a table"),
        ("\ntool.dedup = 3\n", ":2: tool.dedup is not a table"),
        ("[tool]\nx = 1\ndedup = []\n", ":3: tool.dedup is not a table"),
        ("[tool.x]\n[tool.dedup]\nwarn_over = 3\n", ":3: warn_over = 3"),
        ("[[tool.dedup.override]]\npath='a'\nindex='b'\n", ":3: index cannot differ"),
    ],
)
def test_what_is_wrong_in_the_file_of_a_project_is_told_too(tmp_path: Path, content: str, words: str) -> None:
    assert f"{PROJECT}{words}" in problems(tmp_path, content, PROJECT)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\ncorpus = texts\n", "line 2 is not valid TOML: corpus = texts .*quotation marks"),
        (b"corpus = 'a", "line 1 is not valid TOML: corpus = 'a|is not valid TOML"),
        (b"corpus = '\xff\xfe'\n", "is not UTF-8"),
        (b"x = " + b"[" * 5000 + b"]" * 5000, "it is nested too deeply"),
        (b"x = " + b"9" * 5000, "is not valid TOML"),
    ],
)
def test_a_file_that_is_no_toml_is_named_with_the_line(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(UsageError, match=rf"dedup\.toml: ({told})"):
        load_settings(tmp_path)


def test_a_file_too_large_to_be_a_configuration_is_not_parsed(tmp_path: Path) -> None:
    for name, content in ((FILE, "\n"), (PROJECT, "[tool.dedup]\n")):
        with written(tmp_path, content, name).open("ab") as file:
            file.truncate(1_000_001)
        with pytest.raises(UsageError, match=rf"{name}: is larger than 1000 KB"):
            load_settings(tmp_path)
        (tmp_path / name).unlink()


# --------------------------------------------------------------------- whatever is written, it is told

_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["20%", "nan%", "off", "a\0b", "own", "../x", "/"])
    | st.sampled_from([date(2024, 2, 29), time(1, 2), datetime(2024, 1, 2, 3)]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
_NAMES = st.sampled_from(
    sorted({*RULES, "limits", "limits.warn", "lint", "reading", "override", "retention"})
)


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name, value in pairs:
        inside = table
        *tables, last = name.split(".")
        for one in tables:
            inside = inside.setdefault(one, {}) if isinstance(inside.get(one, {}), dict) else {}
        inside[last] = value
    return table


@given(pairs=st.lists(st.tuples(_NAMES | st.text(max_size=6), _VALUES), max_size=4))
def test_any_value_under_any_name_gives_settings_or_an_error(pairs: list[tuple[str, Any]]) -> None:
    told = ""
    try:
        settings = checked("nowhere/dedup.toml", _table(pairs)).settings()
        assert settings_for(settings, "nowhere/乡镇/a.txt").warn_over <= 1
    except DedupError as error:
        told = error.line("zh") + error.line("en")
    assert "\n" not in told


# ----------------------------------------------------------------------------------- where each key stands


def test_the_line_of_every_key_is_known() -> None:
    document = '''# a comment with = and [brackets]
a = 1
"b c" = """
x = 2
[no]
"""
[t]   # [u]
d.e = [ # 1
  { f = "]", g = 2 },
  [3,
   4],
]
h = 1979-05-27T07:32:00Z
[[o]]
p = '#'
[[o]]
p = -1.5e3
[o.q]
r = {s = {t = 'x'}}
"""quoted" = 1
'''
    document = document.replace('"""quoted" = 1', "'quo\"ted' = '''\n'''")
    lines = lines_of(document)
    expected: dict[Key, int] = {
        ("a",): 2,
        ("b c",): 3,
        ("t",): 7,
        ("t", "d"): 8,
        ("t", "d", "e"): 8,
        ("t", "d", "e", 0): 9,
        ("t", "d", "e", 0, "f"): 9,
        ("t", "d", "e", 0, "g"): 9,
        ("t", "d", "e", 1): 10,
        ("t", "d", "e", 1, 0): 10,
        ("t", "d", "e", 1, 1): 11,
        ("t", "h"): 13,
        ("o",): 14,
        ("o", 0): 14,
        ("o", 0, "p"): 15,
        ("o", 1): 16,
        ("o", 1, "p"): 17,
        ("o", 1, "q"): 18,
        ("o", 1, "q", "r"): 19,
        ("o", 1, "q", "r", "s"): 19,
        ("o", 1, "q", "r", "s", "t"): 19,
        ("o", 1, "q", 'quo"ted'): 20,
    }
    assert lines == expected


def _keys(value: object, at: Key = ()) -> set[Key]:
    inside: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    return ({at} if at else set()).union(*(_keys(one, (*at, name)) for name, one in inside))


_WORDS = st.text("abcxyz#=[]{}'\",. 中\\", min_size=1, max_size=5)


def test_marks_that_belong_to_the_name_of_a_table_stay() -> None:
    assert lines_of("\n[\"'甲'\"]\nunit = 1\n['甲']\n") == {("'甲'",): 2, ("'甲'", "unit"): 3, ("甲",): 4}


@given(
    rows=st.lists(st.tuples(_WORDS, st.recursive(_WORDS, lambda one: st.lists(one, max_size=3))), max_size=5),
    seed=st.randoms(use_true_random=False),
)
def test_every_key_of_a_document_has_a_line(rows: list[tuple[str, Any]], seed: Any) -> None:
    lines = []
    for name, value in dict(rows).items():
        literal = json.dumps(value, ensure_ascii=False).replace(
            ", ", seed.choice([", ", ",\n  ", ", # [x\n"])
        )
        lines.append(f"{json.dumps(name, ensure_ascii=False)} = {literal}")
        lines.append(seed.choice(["", "# = [", "[x]"]) if "[x]" not in lines else "")
    document = "\n".join(lines)
    try:
        parsed = tomllib.loads(document)
    except tomllib.TOMLDecodeError:
        return
    assert set(lines_of(document)) == _keys(parsed)


# ------------------------------------------------------------------------------- which drafts they are for


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("乡镇/**", "乡镇/a.txt", True),
        ("乡镇/**", "乡镇/甲/乙/a.txt", True),
        ("乡镇/**", "乡镇", False),
        ("乡镇/**", "局里/a.txt", False),
        ("乡镇", "乡镇/甲/a.txt", True),
        ("乡镇/", "乡镇/a.txt", True),
        ("./乡镇", "乡镇/a.txt", True),
        ("乡镇", "乡镇二/a.txt", False),
        ("乡镇/*", "乡镇/甲/a.txt", True),
        ("乡镇/*.txt", "乡镇/a.txt", True),
        ("乡镇/*.txt", "乡镇/甲/a.txt", False),
        ("*.txt", "a.txt", True),
        ("*.txt", "乡镇/a.txt", False),
        ("**/*.txt", "a.txt", True),
        ("**/*.txt", "乡镇/甲/a.txt", True),
        ("**", "乡镇/a.txt", True),
        ("**", "../a.txt", False),
        ("*", "../a.txt", False),
        ("?镇/a.[tm]*", "乡镇/a.md", True),
        ("?镇/a.[!m]*", "乡镇/a.md", False),
        ("乡镇(1)/a+.txt", "乡镇(1)/a+.txt", True),
        ("[", "[/a.txt", True),
    ],
)
def test_a_pattern_is_for_what_is_below_the_folder_of_the_file(
    tmp_path: Path, pattern: str, name: str, fits: bool
) -> None:
    written(tmp_path / "office", f'[[override]]\npath = "{pattern}"\nauthor = "x"\n')
    settings = load_settings(tmp_path / "office")
    assert (settings_for(settings, str(tmp_path / "office" / name)).author == "x") is fits


def test_the_later_goes_over_the_earlier_and_the_command_line_over_both(tmp_path: Path) -> None:
    written(
        tmp_path,
        'author = "甲"\nfail_over = 0.1\n[limits.warn]\nsource = 0.1\n'
        '[[override]]\npath = ["乡镇", "局里"]\nauthor = "乙"\nfail_over = 0.2\nlimits.warn.run = 60\n'
        '[[override]]\npath = "乡镇/甲/**"\nauthor = "丙"\nlint.mask = "off"\n',
    )
    settings = load_settings(tmp_path)

    def of(name: str, one: Settings = settings) -> tuple[object, ...]:
        found = settings_for(one, str(tmp_path / name))
        return found.author, found.fail_over, dict(found.limits), dict(found.lint)

    assert of("a.txt") == ("甲", 0.1, {"warn.source": 0.1}, {})
    assert of("局里/a.txt") == ("乙", 0.2, {"warn.source": 0.1, "warn.run": 60}, {})
    assert of("乡镇/甲/a.txt") == ("丙", 0.2, {"warn.source": 0.1, "warn.run": 60}, {"mask": "off"})
    assert of("乡镇/甲/a.txt", load_settings(tmp_path, {"author": "丁", "fail_over": 0.3}))[:2] == ("丁", 0.3)
    assert settings_for(settings, "-") == settings


def test_drafts_are_known_through_links_and_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "office", '[[override]]\npath = "乡镇"\nauthor = "x"\n')
    (tmp_path / "office" / "乡镇").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "office" / "乡镇")
    monkeypatch.chdir(tmp_path / "office" / "乡镇")
    settings = load_settings(Path())
    for name in ("a.txt", "./a.txt", "../乡镇/a.txt", str(tmp_path / "link" / "a.txt"), "包.zip/内/a.txt"):
        assert settings_for(settings, name).author == "x"
    assert settings_for(settings, "../a.txt").author is None


def test_overrides_that_contradict_one_another_on_a_draft_are_told_with_a_line(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[[override]]\npath = "a"\nblock_over = 0.5\n\n[[override]]\npath = "**"\nwarn_over = 0.3\n',
    )
    settings = load_settings(tmp_path)  # after the first one the second is none
    assert settings_for(settings, str(tmp_path / "a/x.txt")).warn_over == 0.3
    told = rf"b/x.txt: .*\({path}:5\): warn_over \(0.3\) is above block_over \(0.2\)"
    with pytest.raises(UnreadableInput, match=told):
        settings_for(settings, str(tmp_path / "b/x.txt"))


def test_lines_of_values_are_known_by_their_names(tmp_path: Path) -> None:
    path = written(
        tmp_path, 'author = "x"\n[[override]]\npath = "a"\nunit = "y"\n[limits.block]\ndocument = 0.3\n'
    )
    assert read(str(path)).lines() == {"author": 1, "0:unit": 4, "block_over": 6}
