"""What is installed without a network: made from a package index, measured, and installed in a namespace
that has no network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

MEGABYTE = 1_000_000
LARGEST = {"base": 80 * MEGABYTE, "documents": 120 * MEGABYTE}
Made = Callable[..., Path]


def _run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env={**environment, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Made:
    """Make an archive; each is made once."""

    @cache
    def make(part: str, *platform: str) -> Path:
        out = tmp_path_factory.mktemp(part) / "dedup"
        done = _run(repository / ".ci" / "bundle", out, part, *platform, cwd=repository)
        assert done.returncode == 0, done.stderr
        return out.with_suffix(".tar.gz")

    return make


def _unpacked(archive: Path) -> Path:
    """The folder that an archive holds."""
    with tarfile.open(archive) as file:
        file.extractall(archive.parent, filter="data")
    (folder,) = [one for one in archive.parent.iterdir() if one.is_dir()]
    return folder


@pytest.fixture(scope="session")
def apart() -> tuple[str, ...]:
    """What runs a command where there is no network."""
    for command in (("unshare", "--net"), ("unshare", "--map-root-user", "--net")):
        if shutil.which("unshare") and subprocess.run([*command, "true"], check=False).returncode == 0:
            return command
    pytest.skip("this machine lets nobody make a network namespace (unshare --net)")


@pytest.mark.parametrize("part", LARGEST)
def test_it_installs_without_a_network_and_works(
    made: Made, apart: tuple[str, ...], repository: Path, tmp_path: Path, part: str
) -> None:
    archive = made(part)
    assert archive.stat().st_size <= LARGEST[part]
    folder, place = _unpacked(archive), tmp_path / "installed"
    seen = _run(*apart, "cat", "/proc/net/dev", cwd=tmp_path)
    assert [line.split(":")[0].strip() for line in seen.stdout.splitlines() if ":" in line] == ["lo"]
    installed = _run(*apart, "sh", folder / "install.sh", place, cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr
    dedup = installed.stdout.strip()
    shutil.copytree(repository / "corpus", tmp_path / "corpus", ignore=shutil.ignore_patterns(".dedup"))
    draft = repository / "tests" / "samples" / "submission.txt"
    checked = _run(*apart, dedup, "check", draft, "--format", "html", "--output", "report.html", cwd=tmp_path)
    assert checked.returncode == 1, checked.stderr
    assert "</html>" in (tmp_path / "report.html").read_text(encoding="utf-8")
    doctor = _run(*apart, dedup, "doctor", "--lang", "en", cwd=tmp_path)
    assert doctor.returncode == 0
    features = ("read Word, WPS, PDF", "serve the page", "watch a folder", "write reports as Word")
    assert [f"can {one}" in doctor.stdout for one in features] == [part == "documents"] * len(features)
    again = _run(*apart, "sh", folder / "install.sh", place, cwd=tmp_path)
    assert (again.returncode, "is there already" in again.stderr) == (2, True)


@pytest.mark.parametrize("part", LARGEST)
def test_sizes_of_all_packages_are_listed(made: Made, part: str) -> None:
    folder = _unpacked(made(part))
    listed = [line.split("\t") for line in (folder / "sizes.txt").read_text(encoding="utf-8").splitlines()]
    wheels = {one.name: one.stat().st_size for one in (folder / "wheels").iterdir()}
    assert {name: int(size) for size, name in listed} == wheels
    assert len([name for name in wheels if name.startswith("jieba-")]) == 1


def test_there_is_a_wheel_of_everything_for_aarch64(made: Made) -> None:
    """What pip cannot resolve for that machine it refuses, and then no archive is made."""
    archive = made("documents", "aarch64")
    assert archive.stat().st_size <= LARGEST["documents"]
    wheels = [one.name for one in (_unpacked(archive) / "wheels").iterdir()]
    assert [name for name in wheels if not name.endswith(("_aarch64.whl", "-any.whl"))] == []
    for name in ("numpy", "scipy", "rapidfuzz", "lxml", "pypdfium2", "pydantic_core", "watchfiles"):
        assert [one for one in wheels if one.startswith(f"{name}-") and one.endswith("_aarch64.whl")]
