"""Interpreters that have the programs we are measured beside.

Those that get along with ours come with `pip install -e '.[bench]'`. The others pin what they are built on,
or bring hundreds of megabytes: each has an environment of its own below `.venv-bench`, made when it is
first asked for. DEDUP_BENCH_ENVIRONMENTS names another folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

APART = {
    "text-dedup": ("text-dedup>=0.4",),
    "datatrove": ("datatrove[io,processing]>=0.10", "spacy>=3.8", "jieba>=0.42.1"),
}
"""What is installed apart, with what it takes to read Chinese."""


class Missing(Exception):
    """A system is not here, and cannot be had."""


def interpreter(system: str) -> tuple[str, str]:
    """The Python that can import a system, and the system's version. Raises Missing."""
    try:
        return sys.executable, version(system)
    except PackageNotFoundError:
        if system not in APART:
            raise Missing(f"{system} is not installed: pip install -e '.[bench]'") from None
    python = _folder() / system / "bin" / "python"
    said = _version(python, system)
    if not said:
        _install(python.parents[1], *APART[system])
        said = _version(python, system)
    if not said:
        raise Missing(f"{system} could not be installed; DEDUP_BENCH_ENVIRONMENTS may name where it is")
    return str(python), said


def _folder() -> Path:
    given = os.environ.get("DEDUP_BENCH_ENVIRONMENTS")
    return Path(given) if given else Path(__file__).parents[2] / ".venv-bench"


def _version(python: Path, system: str) -> str:
    if not python.exists():
        return ""
    ask = f"from importlib.metadata import version; print(version({system!r}))"
    done = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _install(place: Path, *requirements: str) -> None:
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    pip: list[str | Path] = [
        place / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    done = subprocess.run([*pip, *requirements], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"{requirements[0]} could not be installed: {done.stderr.strip().splitlines()[-1]}")
