"""The text of `summary.json`: for programs and for people."""

import json

from hypothesis import given
from hypothesis import strategies as st

from dedup.scan.results import summary_text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.text(), VALUES))
def test_the_text_says_what_the_summary_says(summary: dict[str, object]) -> None:
    assert json.loads(summary_text(summary)) == summary


def test_an_entry_of_a_list_takes_a_line() -> None:
    summary = {"since": {"pairs": [{"a": "甲.txt", "b": {"start": 3}}, {"a": "乙.txt", "b": {}}], "new": []}}
    assert summary_text(summary) == """{
  "since": {
    "pairs": [
      {"a": "甲.txt", "b": {"start": 3}},
      {"a": "乙.txt", "b": {}}
    ],
    "new": []
  }
}
"""  # fmt: skip
