"""What every test may use."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from hypothesis import settings

from dedup.cli.program import run as run_program

# How long an example takes says how busy the machine is, not whether the program is right. The gate tries
# the same examples each time; `--hypothesis-profile thorough` is what its slower part runs properties with.
for profile, examples in (("quick", 15), ("thorough", 60)):
    settings.register_profile(
        profile, deadline=None, max_examples=examples, derandomize=bool(os.environ.get("CI"))
    )
settings.load_profile("quick")

# pytest rewrites the assertions of hundreds of files: looking for cycles after every 700 objects would take a
# fifth of that. The program does the same.
gc.set_threshold(100_000)

# Who starts the tests in the background of a script has them ignore Ctrl-C, and all that they start too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

REPOSITORY = Path(__file__).parent.parent

Finished = subprocess.CompletedProcess[str]
Run = Callable[..., Finished]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write golden files and the generated blocks of README.md anew instead of comparing",
    )


FOLDER_MARKS = {REPOSITORY / "tests" / name: name for name in ("browser", "bundle", "spark")}
"""All tests in such a folder need what their mark stands for."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if mark := FOLDER_MARKS.get(item.path.parent):
            item.add_marker(mark)


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of the project."""
    return REPOSITORY


@pytest.fixture
def golden(update_golden: bool) -> Callable[[Path, str], None]:
    """Compare a text with the golden file that holds what it should be."""

    def compare(path: Path, text: str) -> None:
        if update_golden:
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path.name} is missing: write it with --update-golden"
        assert text == path.read_text(encoding="utf-8"), "differs; if it should, run with --update-golden"

    return compare


@pytest.fixture
def dedup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the program in this process, in the test's folder: to start one costs more than most commands do.

    `process` is for what a process of its own has: permissions, descriptors, an encoding, a way to end.
    """

    def run(
        *arguments: str | Path, stdin: str | bytes = b"", cwd: Path = tmp_path, **environment: str
    ) -> Finished:
        given, out, err = (BytesIO(_bytes(stdin)), BytesIO(), BytesIO())
        texts = TextIOWrapper(given, "utf-8"), TextIOWrapper(out, "utf-8"), TextIOWrapper(err, "utf-8")
        with monkeypatch.context() as patch:
            patch.chdir(cwd)
            for name in UNSET:
                patch.delenv(name, raising=False)
            for name, value in (_places(tmp_path) | environment).items():
                patch.setenv(name, value)
            for name, stream in zip(("stdin", "stdout", "stderr"), texts, strict=True):
                patch.setattr(sys, name, stream)
            status = run_program([str(one) for one in arguments])
            sys.stdout.flush()
            sys.stderr.flush()
        return Finished(arguments, status, out.getvalue().decode(), err.getvalue().decode())

    return run


@pytest.fixture
def process(tmp_path: Path) -> Run:
    """Run the program in a process of its own, in the test's folder."""

    def run(
        *arguments: str | Path,
        stdin: str | bytes = b"",
        cwd: Path = tmp_path,
        through: Sequence[str] = (),
        **environment: str,
    ) -> Finished:
        inherited = {name: value for name, value in os.environ.items() if name not in UNSET}
        done = subprocess.run(
            [*through, sys.executable, "-m", "dedup", *map(str, arguments)],
            input=_bytes(stdin),
            capture_output=True,
            cwd=cwd,
            env=inherited | _places(tmp_path) | environment,
            check=False,
            timeout=120,
        )
        return Finished(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


UNSET = ("DEDUP_CORPUS", "DEDUP_INDEX", "NO_COLOR", "COLUMNS")
"""Variables that a tester may have set, and no test expects."""


def _places(folder: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(REPOSITORY), "XDG_CACHE_HOME": str(folder / "cache")}


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
