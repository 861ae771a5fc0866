"""Fingerprints know a passage again, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.fingerprint import GUARANTEED, as_text, fingerprint, from_text, share
from tests.cli.conftest import FERRY, LIBRARY, ORCHARD

WORDS = st.text("渡口梨树图书馆夜间借阅收成抗旱机井镇村0123。，", max_size=60)


@given(WORDS, st.text("甲乙丙丁戊己庚辛壬癸子丑寅卯", min_size=GUARANTEED, max_size=40), WORDS)
def test_thirteen_characters_in_a_row_share_a_print_wherever_they_stand(
    before: str, shared: str, behind: str
) -> None:
    assert fingerprint(shared) & fingerprint(before + shared + behind)


@given(st.text(max_size=80))
def test_what_was_written_is_read_again(text: str) -> None:
    prints = fingerprint(text)
    assert from_text(as_text(prints)) == prints


def test_a_passage_is_known_again_when_ends_moved_and_layout_changed() -> None:
    prints = fingerprint(ORCHARD)
    assert share(fingerprint(ORCHARD[4:-6]), prints) > 0.9
    assert share(prints, fingerprint(FERRY + ORCHARD + LIBRARY)) > 0.9
    assert fingerprint(ORCHARD.replace("，", " ,\n")) == prints
    assert share(fingerprint(ORCHARD.replace("三十年", "二十五年")), prints) > 0.6


def test_another_passage_is_another() -> None:
    assert share(fingerprint(FERRY), fingerprint(ORCHARD)) == 0
    assert share(frozenset(), fingerprint(ORCHARD)) == 0


def test_short_texts_have_one_print_and_empty_ones_none() -> None:
    assert len(fingerprint("渡口")) == 1
    assert fingerprint("渡口") != fingerprint("渡船")
    assert fingerprint("，。\n") == frozenset()


@pytest.mark.parametrize("damaged", ["123", "zzzzzzzz", "1234567", "0x123456", "＋1234567"])
def test_damaged_digits_are_refused(damaged: str) -> None:
    with pytest.raises(ValueError, match=damaged):
        from_text(damaged)
