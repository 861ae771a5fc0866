"""Settings: defaults, the configuration file, the command line, and what is said about bad ones."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from dedup.errors import UsageError
from dedup.configuration import load_settings
from dedup.settings import RULES, Settings


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()


def test_dedup_toml_goes_over_defaults_and_the_command_line_over_both(tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_text(
        'corpus = "范文"\nfail-over = 0.2\nown = ["旧稿/*"]\n', encoding="utf-8"
    )
    settings = load_settings(tmp_path, {"fail_over": 0.0, "corpus": None})
    assert settings.corpus == Path("范文")
    assert settings.fail_over == 0.0
    assert settings.own == ("旧稿/*",)


def test_pyproject_is_read_where_it_has_our_table(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text("[tool.other]\nx = 1\n", encoding="utf-8")
    assert load_settings(tmp_path) == Settings()
    project.write_text('[tool.dedup]\nlanguage = "en"\n', encoding="utf-8")
    assert load_settings(tmp_path).language == "en"
    (tmp_path / "dedup.toml").write_text("", encoding="utf-8")
    assert load_settings(tmp_path).language == "zh"


def test_every_bad_option_is_reported_at_once_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_text(
        'warn_over = 5\nshingle = "byte"\nshingel_size = 5\nown = [1]\ngram_step = true\n', encoding="utf-8"
    )
    with pytest.raises(UsageError) as caught:
        load_settings(tmp_path)
    told = str(caught.value)
    assert "dedup.toml" in told
    for word in ("warn_over", "shingle = 'byte'", "shingle_size perhaps", "own", "gram_step"):
        assert word in told
    assert "\n" not in told


def test_a_warning_line_above_the_blocking_line_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_text("warn_over = 0.5\nblock_over = 0.1\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"warn_over.*block_over"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\ncorpus = texts\n", "line 2 is not valid TOML: corpus = texts .*quotation marks"),
        (b"corpus = 'a", "line 1 is not valid TOML: corpus = 'a|is not valid TOML"),
        (b"corpus = '\xff\xfe'\n", "is not UTF-8"),
    ],
)
def test_a_file_that_is_no_toml_is_named_with_the_line(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "dedup.toml").write_bytes(content)
    with pytest.raises(UsageError, match=rf"dedup\.toml: ({told})"):
        load_settings(tmp_path)


@pytest.mark.parametrize(("written", "ratio"), [("0.2", 0.2), ('"20%"', 0.2), ('"20 ％"', 0.2), ("1", 1.0)])
def test_a_ratio_may_be_written_per_cent(tmp_path: Path, written: str, ratio: float) -> None:
    (tmp_path / "dedup.toml").write_text(f"fail_over = {written}\n", encoding="utf-8")
    assert load_settings(tmp_path).fail_over == ratio


def test_tool_dedup_must_be_a_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("tool.dedup = 3\n", encoding="utf-8")
    with pytest.raises(UsageError, match="not a table"):
        load_settings(tmp_path)


def test_every_setting_has_its_rule_and_its_default_passes_it() -> None:
    names = [field.name for field in dataclasses.fields(Settings)]
    assert set(RULES) == set(names)
    for name in names:
        value = getattr(Settings(), name)
        if value is not None:
            assert RULES[name](value) == value
