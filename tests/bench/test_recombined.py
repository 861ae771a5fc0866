"""The corpus that figures at scale are measured on: the same for everybody, and of the kind it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.bench import recombined
from tests.bench.recombined import PARAGRAPHS, Source, document, read_source, submissions, write


@pytest.fixture(scope="module")
def source(repository: Path) -> Source:
    return read_source(repository / "corpus")


def shingles(text: str, size: int = 5) -> set[str]:
    return {text[place : place + size] for place in range(len(text) - size + 1)}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.txt")}


def test_a_corpus_does_not_depend_on_how_it_is_made(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recombined, "FOLDER", 4)  # several folders, so that processes have something to share
    made = []
    for name, processes in (("one", 1), ("three", 3)):
        assert write(repository / "corpus", tmp_path / name, 9 * PARAGRAPHS, processes=processes) == 9
        made.append(contents(tmp_path / name))
    assert made[0] == made[1]
    assert len(made[0]) == 9


def test_a_larger_corpus_begins_with_the_smaller_one(repository: Path, tmp_path: Path) -> None:
    write(repository / "corpus", tmp_path / "small", 5 * PARAGRAPHS, processes=1)
    write(repository / "corpus", tmp_path / "large", 8 * PARAGRAPHS, processes=1)
    small, large = contents(tmp_path / "small"), contents(tmp_path / "large")
    assert len(large) == 8
    assert small == dict(sorted(large.items())[:5])


def test_another_seed_makes_another_corpus(source: Source) -> None:
    for number in range(4):
        one, other = document(source, 0, number), document(source, 1, number)
        assert one == document(source, 0, number)
        assert one.splitlines()[1:] != other.splitlines()[1:]


@pytest.mark.slow
def test_every_twentieth_document_is_a_version_of_an_earlier_one(source: Source) -> None:
    sets = [shingles(document(source, 0, number)) for number in range(120)]
    likeness = [
        max((len(sets[number] & earlier) / len(sets[number]) for earlier in sets[:number]), default=0.0)
        for number in range(120)
    ]
    versions = sum(share > 0.8 for share in likeness)
    others = [share for share in likeness if share <= 0.8]
    assert 2 <= versions <= 14
    assert float(np.median(others)) < 0.4


def test_paragraphs_are_as_many_and_as_long_as_said(source: Source) -> None:
    lines = [document(source, 0, number).splitlines()[1:] for number in range(60)]
    assert all(PARAGRAPHS // 2 <= len(paragraphs) <= PARAGRAPHS for paragraphs in lines)
    assert 150 < np.mean([len(paragraph) for paragraphs in lines for paragraph in paragraphs]) < 240


def test_set_phrases_stand_in_many_documents_and_the_rest_in_few(source: Source) -> None:
    texts = [document(source, 0, number) for number in range(60)]
    sentences = [
        source.codes[begin:end].tobytes().decode("utf-32-le")
        for begin, end in zip(source.starts[:-1], source.starts[1:], strict=True)
    ]
    stands_in = np.array([sum(sentence in text for text in texts) for sentence in sentences])
    assert stands_in[source.phrases[0]] > 30
    assert np.median(np.delete(stands_in, source.phrases)) <= 3


def test_submissions_have_few_matches_or_nothing_but_phrases(source: Source) -> None:
    texts = dict(submissions(source, 0))
    assert list(texts) == ["few", "phrases"]
    assert texts == dict(submissions(source, 0))
    assert all(9_900 <= len(text) <= 10_010 for text in texts.values())
    phrases = [
        source.codes[source.starts[phrase] : source.starts[phrase + 1]].tobytes().decode("utf-32-le")
        for phrase in source.phrases
    ]
    left = texts["phrases"]
    for phrase in sorted(phrases, key=len, reverse=True):
        left = left.replace(phrase, "")
    assert len(left) < 100
    corpus = set.union(*(shingles(document(source, 0, number), 13) for number in recombined.CARRIED))
    shared = shingles(texts["few"], 13) & corpus
    assert 500 < len(shared) < 700


def test_a_source_of_a_few_words_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("今天天气很好，我们一起去开会。", encoding="utf-8")
    with pytest.raises(SystemExit, match="1 sentences; 10 are needed"):
        read_source(tmp_path)
