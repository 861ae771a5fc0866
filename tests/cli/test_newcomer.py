"""The first steps: a configuration with a first index, and what the doctor says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from dedup.configuration import load_settings

Run = Callable[..., CompletedProcess[str]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_init_writes_a_configuration_that_works_and_an_index(
    dedup: Run, corpus: Path, copied: Path, tmp_path: Path, language: str
) -> None:
    corpus.rename(tmp_path / "范 文")
    done = dedup("init", "范 文", "--lang", language)
    assert done.returncode == 0
    assert (tmp_path / "范 文" / ".dedup" / "manifest.json").is_file()
    settings = load_settings(tmp_path)
    assert (settings.corpus, settings.block_over) == (tmp_path / "范 文", 0.2)
    assert (tmp_path / "dedup.toml").read_text(encoding="utf-8").count("#") > 5
    assert dedup("check", copied, "--quiet").returncode == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_line_of_the_first_configuration_may_be_taken_in(
    dedup: Run, corpus: Path, tmp_path: Path, language: str
) -> None:
    dedup("init", corpus, "--lang", language)
    path = tmp_path / "dedup.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(one.removeprefix("# ") if "=" in one or "# [" in one else one for one in lines))
    settings = load_settings(tmp_path)
    assert dict(settings.limits).keys() >= {"warn.source", "warn.paragraph", "warn.run"}
    assert settings.lint
    assert settings.overrides
    assert settings.fail_over == 0.2


@pytest.mark.parametrize(
    ("name", "content"), [("dedup.toml", "warn_over = 0.1\n"), ("pyproject.toml", "[tool.dedup]\n")]
)
def test_init_never_writes_over_a_configuration(
    dedup: Run, corpus: Path, tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    done = dedup("init", corpus)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert (tmp_path / name).read_text(encoding="utf-8") == content
    assert not (corpus / ".dedup").exists()


def test_init_without_a_corpus_writes_nothing(dedup: Run, tmp_path: Path) -> None:
    done = dedup("init", "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert list(tmp_path.glob("dedup.toml")) == []


def test_the_doctor_finds_a_sound_index_and_says_what_is_not_fresh(dedup: Run, corpus: Path) -> None:
    dedup("index", "--quiet")
    done = dedup("doctor")
    assert done.returncode == 0
    assert "索引完好" in done.stdout
    assert "3 篇" in done.stdout


def test_the_doctor_names_a_damaged_index_and_the_cure(dedup: Run, corpus: Path) -> None:
    dedup("index", "--quiet")
    (segment, *_) = (corpus / ".dedup" / "segments").iterdir()
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 255
    segment.chmod(0o644)
    segment.write_bytes(content)
    done = dedup("doctor")
    assert done.returncode == 2
    assert "--rebuild" in done.stdout


def test_the_doctor_tells_what_to_run_without_an_index_or_a_corpus(
    dedup: Run, corpus: Path, tmp_path: Path
) -> None:
    done = dedup("doctor")
    assert done.returncode == 0
    assert "dedup index" in done.stdout
    done = dedup("doctor", tmp_path / "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stdout


@pytest.mark.parametrize("command", ["doctor", "verify"])
def test_the_corpus_may_be_named_as_check_has_it(dedup: Run, corpus: Path, command: str) -> None:
    dedup("index", corpus)
    assert dedup(command, "--corpus", corpus).stdout == dedup(command, corpus).stdout
    twice = dedup(command, "--corpus", corpus, corpus)
    assert (twice.returncode, "多出的参数" in twice.stderr) == (2, True)


def test_the_doctor_gives_the_command_for_what_is_not_installed(
    dedup: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr("dedup.doctor.find_spec", lambda name: None if name == "pypdf" else find(name))
    done = dedup("doctor")
    assert done.returncode == 0
    assert "pip install 'gongwen-dedup[documents]'" in done.stdout
