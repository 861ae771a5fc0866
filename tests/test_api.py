"""The public names: all there, each what it says, none paid for before it is used."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import pytest

import dedup


@pytest.mark.parametrize("name", dedup.__all__)
def test_every_public_name_can_be_had(name: str) -> None:
    value = getattr(dedup, name)
    assert callable(value)
    assert not isinstance(value, ModuleType)
    assert value.__doc__


def test_check_stays_the_function_when_its_module_is_imported() -> None:
    script = "import dedup.check, dedup; from dedup.check import check; assert dedup.check is check"
    subprocess.run([sys.executable, "-c", script], check=True)


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
