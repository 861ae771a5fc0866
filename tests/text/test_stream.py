from __future__ import annotations

import numpy as np
from hypothesis import given

from dedup.text.normalize import normalize
from dedup.text.stream import MatchText, stream, stream_document
from dedup.text.structure import parse
from tests.strategies import documents

BODY = "今年以来，我镇紧盯目标任务，扎实做好各项工作，取得了较好成效。"


def shown(text: MatchText) -> str:
    return "".join(map(chr, text.codes))


def test_notices_titles_and_furniture_stay_out_of_the_match_text() -> None:
    text = f"本文系邮箱投稿，请勿照搬照抄！\nXX镇工作总结\n一、总体情况\n{BODY}\n- 1 -\n{BODY}\n"
    document = parse("a.txt", text)
    matched = stream(document, document.parts[0])
    body = "".join(map(chr, normalize(BODY).codes))
    assert shown(matched) == "一总体情况" + body + body
    assert list(matched.paragraph_numbers) == [2, 3, 5]
    assert list(matched.paragraph_starts) == [0, 5, 5 + len(body), 5 + 2 * len(body)]


def test_a_run_over_a_paragraph_border_maps_back_to_both_paragraphs() -> None:
    document = parse("a.txt", "第一段说到这里。\n第二段从这里说起。")
    matched = stream(document, document.parts[0])
    start = shown(matched).index("到这里第二段")
    span = matched.span(start, start + 6)
    assert document.text[span.start : span.end] == "到这里。\n第二段"


def test_a_document_without_text_has_an_empty_stream() -> None:
    document = parse("a.txt", "\n\n")
    matched = stream(document, document.parts[0])
    assert len(matched) == 0
    assert list(matched.paragraph_starts) == [0]
    assert list(stream_document(document).part_starts) == [0, 0]


@given(documents)
def test_the_stream_is_its_paragraphs_normalised_one_after_the_other(text: str) -> None:
    document = parse("a.txt", text)
    whole = stream_document(document)
    matched = whole.text
    assert (np.diff(matched.offsets) > 0).all()
    for place, number in enumerate(matched.paragraph_numbers):
        start, end = document.paragraphs.starts[number], document.paragraphs.ends[number]
        codes = matched.codes[matched.paragraph_starts[place] : matched.paragraph_starts[place + 1]]
        np.testing.assert_array_equal(codes, normalize(text[start:end]).codes)
    parts = [stream(document, part) for part in document.parts]
    np.testing.assert_array_equal(matched.codes, np.concatenate([part.codes for part in parts]))
    np.testing.assert_array_equal(matched.offsets, np.concatenate([part.offsets for part in parts]))
    assert list(np.diff(whole.part_starts)) == [len(part) for part in parts]
    assert list(np.diff(whole.part_paragraphs)) == [len(part.paragraph_numbers) for part in parts]
