"""Settings: their defaults and rules, and how the values of a user go over one another."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import get_args

import pytest

from dedup.configuration import load_settings
from dedup.configuration.rules import RULES
from dedup.configuration.standing import value_of
from dedup.errors import UsageError
from dedup.settings import FindingKind, Settings, applied, contradictions, deciding


def written(folder: Path, content: str, name: str = "dedup.toml") -> Path:
    (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()


def test_dedup_toml_goes_over_defaults_and_the_command_line_over_both(tmp_path: Path) -> None:
    written(tmp_path, 'corpus = "范文"\nfail-over = 0.2\nown = ["旧稿/*"]\n')
    settings = load_settings(tmp_path, {"fail_over": 0.0, "corpus": None})
    assert settings.corpus == tmp_path / "范文"
    assert settings.fail_over == 0.0
    assert settings.own == ("旧稿/*",)


def test_a_warning_line_above_the_blocking_line_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "warn_over = 0.5\nblock_over = 0.1\n")
    with pytest.raises(UsageError, match=r"warn_over.*block_over"):
        load_settings(tmp_path)


@pytest.mark.parametrize(("value", "ratio"), [("0.2", 0.2), ('"20%"', 0.2), ('"20 ％"', 0.2), ("1", 1.0)])
def test_a_ratio_may_be_written_per_cent(tmp_path: Path, value: str, ratio: float) -> None:
    assert load_settings(written(tmp_path, f"fail_over = {value}\n")).fail_over == ratio


@pytest.mark.parametrize(
    "value", ["nan", "inf", "-inf", "1e400", '"nan"', '"9e999%"', "true", "[]", "1" + "0" * 400]
)
@pytest.mark.parametrize("name", ["warn_over", "lsh_threshold", "limits.block.source", "reading.seconds"])
def test_what_is_no_number_of_that_kind_is_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(UsageError, match=name):
        load_settings(written(tmp_path, f"{name} = {value}\n"))


@pytest.mark.parametrize("value", ["nan", "inf", "0", "-1", "1.5", '"many"', "1" + "0" * 30])
def test_limits_of_reading_are_whole_numbers_that_a_machine_knows(tmp_path: Path, value: str) -> None:
    with pytest.raises(UsageError, match=r"reading.members"):
        load_settings(written(tmp_path, f"[reading]\nmembers = {value}\n"))


def test_every_value_can_be_set_by_its_name_and_read_again() -> None:
    samples: dict[object, tuple[object, ...]] = {}
    for name, rule in RULES.items():
        for sample in (0.25, 7, "0.3", "off", "word", "en", "spark", "own", True, "名称", 200, "note"):
            try:
                value = rule(sample)
            except ValueError:
                continue
            kept = value_of(applied(Settings(), {name: value}), name)
            assert kept == (str(value) if isinstance(value, Path) else value)
            samples[name] = (*samples.get(name, ()), sample)
    assert set(samples) == set(RULES)


def test_defaults_pass_their_rules() -> None:
    for name, rule in RULES.items():
        value = value_of(Settings(), name)
        if value is not None:
            assert rule(value) == (Path(str(value)) if name == "corpus" else value)


def test_every_field_can_be_set_but_for_where_the_settings_are_from() -> None:
    names = {name.partition(".")[0] for name in RULES} | {"ignored", "overrides", "configuration"}
    assert names == {field.name for field in dataclasses.fields(Settings)}
    assert {f"lint.{kind.replace('-', '_')}" for kind in get_args(FindingKind)} <= set(RULES)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"limits.warn.source": 0.3, "limits.block.source": 0.2}, "limits.warn.source"),
        ({"limits.warn.run": 80, "limits.block.run": 60}, "limits.warn.run"),
        ({"limits.warn.paragraph": 200, "limits.block.paragraph": 100}, "limits.warn.paragraph"),
        (
            {"limits.warn.relation.elsewhere": 0.1, "limits.block.relation.elsewhere": 0.05},
            "limits.warn.relation.elsewhere",
        ),
        (
            {"limits.block.relation.superior": 0.1, "limits.ignore": ("superior",)},
            "limits.block.relation.superior",
        ),
    ],
)
def test_limits_that_contradict_one_another_are_told(values: dict[str, object], name: str) -> None:
    assert [one for one, _ in contradictions(applied(Settings(), values))] == [name]


def test_equal_limits_and_a_share_beside_characters_are_no_contradiction() -> None:
    values = {
        "limits.warn.source": 0.2,
        "limits.block.source": 0.2,
        "limits.warn.paragraph": 0.9,
        "limits.block.paragraph": 60,
    }
    assert list(contradictions(applied(Settings(), values))) == []


def test_what_decides_is_told_only_where_it_is_set() -> None:
    assert set(deciding(Settings())) == {"warn_over", "block_over", "notice_floor"}
    values = {
        "limits.block.run": 60,
        "lint.mask": "off",
        "limits.ignore": ("superior",),
        "retention.drafts": 3,
    }
    decided = deciding(applied(Settings(), values))
    assert (
        decided.items()
        >= {"limits.block.run": 60, "lint.mask": "off", "limits.ignore": ("superior",)}.items()
    )
    assert not any("retention" in name for name in decided)
