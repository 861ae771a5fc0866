"""The public names: all there, each what it says, none paid for before it is used."""

from __future__ import annotations

import ast
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import dedup


def test_every_public_name_can_be_had_and_says_what_it_is() -> None:
    script = "import dedup; print([n for n in dedup.__all__ if not getattr(dedup, n).__doc__])"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_no_public_name_is_that_of_a_module() -> None:
    """Importing the module would put it in place of the name."""
    modules = {one.name for one in pkgutil.iter_modules(dedup.__path__)}
    assert modules & set(dedup.__all__) == set()


def test_type_checkers_are_told_of_the_same_names() -> None:
    tree = ast.parse(Path(dedup.__file__).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    told = {one.asname for node in imports for one in node.names if one.asname}
    assert told == set(dedup.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="scam"):
        dedup.scam  # noqa: B018


@pytest.mark.parametrize(
    ("statement", "heavy"),
    [
        ("import dedup", "numpy"),
        ("import dedup.cli.program", "numpy"),
        ("import dedup; dedup.open_index, dedup.check, dedup.read, dedup.parse", "datasketch"),
        ("import dedup; dedup.open_index, dedup.check, dedup.read, dedup.parse", "jieba"),
        ("import dedup; dedup.open_index, dedup.check, dedup.read, dedup.parse", "tabulate"),
        ("import dedup; dedup.open_index, dedup.check, dedup.read, dedup.parse", "importlib.metadata"),
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(statement: str, heavy: str) -> None:
    script = f"{statement}\nimport sys; sys.exit({heavy!r} in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("heavy", ["scipy", "datasketch", "jieba", "numba", "lxml", "docx", "numpy.ma"])
def test_a_check_loads_nothing_that_it_does_not_need(loaded_by_a_check: set[str], heavy: str) -> None:
    assert "numpy" in loaded_by_a_check
    assert heavy not in loaded_by_a_check


@pytest.fixture(scope="module")
def loaded_by_a_check(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The packages that are loaded when a check that built its index is over."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "渡口.txt").write_text(
        "渡口的老船工每天清早把缆绳检查一遍才肯开船。\n", encoding="utf-8"
    )
    (folder / "draft.txt").write_text(
        "他说渡口的老船工每天清早把缆绳检查一遍才肯开船。\n雾天他把缆绳检查一遍又一遍，等灯亮了再走。\n",
        encoding="utf-8",
    )
    script = """
import sys
from dedup.cli.program import run
status = run(["check", "draft.txt"])
loaded = {name.partition(".")[0] for name in sys.modules} | {"numpy.ma"} & set(sys.modules)
print(status, *sorted(loaded), file=sys.stderr)
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command,
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(dedup.__file__).parents[1])},
    )
    status, *packages = done.stderr.splitlines()[-1].split()
    assert status == "1"
    return set(packages)
