"""Ours beside datasketch, rensa, text-dedup and datatrove, in one run: build, check, scan, and scale.

`python -m pytest -m bench -s tests/bench/bench_side_by_side.py` prints two tables in Markdown. The first is
about the documents in the folder named by DEDUP_BENCH_CORPUS (without it: 6,000 paragraphs recombined from
the sample corpus), where recall and precision are known from an exact join. The second is about
DEDUP_BENCH_PARAGRAPHS (1,000,000; 100,000 without a corpus) recombined from the same documents.

Ours runs as its users run it, from files to files. The others are given the paragraphs of 40 characters and
more as ours has read and folded them, which costs them nothing. Every system is a process of its own; memory
is that of all its processes. What is not installed is named in the table. See `environments.py` for that.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from dedup.scan.results import CLUSTERS, DOCUMENTS, PAIRS
from dedup.sketch.arrays import Ints
from tests.bench.environments import Missing, interpreter
from tests.bench.exact_join import Found, Truth, opened
from tests.bench.given import Given, folded_texts, give, write_lines
from tests.bench.measuring import IMPORTS, Cost, alternating, median, run
from tests.bench.ours import Ours, build_and_scan, nightly
from tests.bench.recombined import document, read_source, submissions, write
from tests.bench.tables import NOTHING, machine, table

pytestmark = pytest.mark.bench

PEERS = Path(__file__).parent / "peers"
THRESHOLD = 0.7
LEAST_CHARACTERS = 40
"""Of the paragraphs that the others are given and that recall is measured on."""
SUBMISSION = 10_000
RUNS = 9
"""Of what takes less than a second."""
SMALL = 6_000
"""Paragraphs made where no corpus is given: with more, many are boilerplate, whose pairs are not listed."""
SAMPLE = 20_000
"""Paragraphs that datasketch builds of the large corpus; its time for all is that in proportion."""

LEAST_RECALL = 0.998
LEAST_TIMES_DATASKETCH = 25
LEAST_CHARACTERS_BUILT = 680_000
"""In the time of the imports: 8 million a second where those take 85 ms."""
MOST_BUILD_MEMORY = 1500
MOST_CHECK = {"few": 2.5, "phrases": 6.0}
"""Times the imports."""
MOST_CHECK_MEMORY = 300
MOST_SCAN_MEMORY = 3000
MOST_SCAN = 700
"""Times the imports: 60 s where those take 85 ms."""
MOST_INCREMENT = 0.05
"""Of the time of a first scan, after one document in a hundred came; starting comes on top."""
LARGE = 10_000
"""Documents of a collection of which starting is no large share of a scan."""
NIGHTS = 5
SETTLED = 3
"""Seconds after which a change of a folder shows in the times of change of its files, and disks are idle."""


HEAD = ("", "time", "× the imports", "processor", "memory", "")
"""Of the second table."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A line of the first table; what a system does not do, or was not asked for, is None."""

    name: str
    build: Cost | None = None
    scan: Cost | None = None
    whole: Cost | None = None
    """From paragraphs to pairs, building included."""
    check: Cost | None = None
    found: Found | None = None


@pytest.fixture(scope="module")
def source() -> Path:
    return Path(os.environ.get("DEDUP_BENCH_CORPUS") or Path(__file__).parents[2] / "corpus")


@pytest.fixture(scope="module")
def ours(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Ours:
    place = tmp_path_factory.mktemp("ours")
    if os.environ.get("DEDUP_BENCH_CORPUS"):
        return build_and_scan(source, place)
    write(source, place / "corpus", SMALL)
    return build_and_scan(place / "corpus", place)


@pytest.fixture(scope="module")
def truth(ours: Ours, tmp_path_factory: pytest.TempPathFactory) -> Truth:
    with opened(ours.settings, tmp_path_factory.mktemp("sketches"), THRESHOLD) as collection:
        return Truth(collection, THRESHOLD, LEAST_CHARACTERS)


@pytest.fixture(scope="module")
def given(source: Path, ours: Ours, truth: Truth, tmp_path_factory: pytest.TempPathFactory) -> Given:
    folder = tmp_path_factory.mktemp("given")
    sentences = read_source(source)
    submission = folder / "submission.txt"
    submission.write_text("".join(document(sentences, 1, n) for n in range(4))[:SUBMISSION], encoding="utf-8")
    with opened(ours.settings, tmp_path_factory.mktemp("sketches"), THRESHOLD) as collection:
        return give(collection, truth, ours.settings.corpus, submission, folder)


def imports() -> Cost:
    return run(*IMPORTS, look_at_memory=False)


def phases(cost: Cost) -> dict[str, Cost]:
    """What a peer that is one process said of itself; starting the interpreter is not in it."""
    said = json.loads(cost.output.splitlines()[-1])
    return {name: Cost(**phase) for name, phase in said.items()}


def measure_ours(ours: Ours, given: Given, truth: Truth) -> Measured:
    checks = [ours.check(given.submission, look_at_memory=False) for _ in range(RUNS)]
    return Measured(
        "dedup",
        ours.build,
        ours.scan,
        Cost(ours.build.seconds + ours.scan.seconds, max(ours.build.megabytes, ours.scan.megabytes)),
        Cost(median(checks), ours.check(given.submission).megabytes),
        truth.judge_results(ours.results),
    )


def measure_lists(system: str, way: str, name: str, given: Given, truth: Truth) -> Measured:
    """A library that keeps an index and names pairs."""
    python, version = interpreter(system)
    program, pairs, index = PEERS / f"with_{system}.py", given.folder / "pairs", given.folder / "kept"
    said = phases(run(program, "scan", given.folded, pairs, index, way, python=python))
    build, scan = said["build"], said["scan"]
    one, other = columns(pairs)
    checks = [run(program, "check", index, given.submission_lines, python=python) for _ in range(3)]
    return Measured(
        f"{system} {version}, {name}",
        build,
        scan,
        Cost(build.seconds + scan.seconds, scan.megabytes),
        Cost(median(checks), checks[0].megabytes),
        truth.judge(truth.numbers[one], truth.numbers[other]),
    )


def measure_clusters(system: str, way: str, name: str, given: Given, truth: Truth) -> Measured:
    """A program that goes from texts to clusters, at one go."""
    python, version = interpreter(system)
    work = given.folder / f"{system}-{way}"
    work.mkdir()
    paragraphs, clusters = given.original if way == "given" else given.folded, work / "found"
    program = PEERS / f"with_{system.replace('-', '_')}.py"
    whole = run(program, "scan", paragraphs, clusters, work, way, python=python)
    members, cluster = columns(clusters)
    found = truth.judge_clusters(truth.numbers[members], cluster)
    return Measured(f"{system} {version}, {name}", whole=whole, found=found)


def columns(path: Path) -> tuple[Ints, Ints]:
    """The two columns of a file of numbers."""
    numbers = np.array(path.read_text(encoding="ascii").split(), dtype=np.int64).reshape(-1, 2)
    return numbers[:, 0], numbers[:, 1]


Measure = Callable[[str, str, str, Given, Truth], Measured]

OTHERS: tuple[tuple[Measure, str, str, str], ...] = (
    (measure_lists, "datasketch", "documented", "threshold 0.7, as documented"),
    (measure_lists, "datasketch", "verified", "threshold 0.5, pairs verified"),
    (measure_lists, "rensa", "single", "32 bands, pairs verified, text by text"),
    (measure_lists, "rensa", "batch", "32 bands, pairs verified, all at once"),
    (measure_clusters, "text-dedup", "given", "as it comes"),
    (measure_clusters, "text-dedup", "spaced", "characters spaced"),
    (measure_clusters, "datatrove", "given", "as it comes (words by jieba)"),
    (measure_clusters, "datatrove", "characters", "tokenizer of characters"),
)


def measured_or_missing(
    measure: Measure, system: str, way: str, name: str, given: Given, truth: Truth
) -> Measured:
    """The measures of a system, or a line that says why there are none."""
    try:
        return measure(system, way, name, given, truth)
    except (Missing, RuntimeError) as error:
        return Measured(f"{system}, {name}: {error}")


def line(row: Measured, characters: int) -> list[str]:
    def seconds(cost: Cost | None) -> str:
        return f"{cost.seconds:.2f} s" if cost else NOTHING

    def megabytes(cost: Cost | None) -> str:
        return f"{cost.megabytes:,.0f} MB" if cost else NOTHING

    return [
        row.name,
        seconds(row.build),
        f"{characters / row.build.seconds / 1e6:.2f}" if row.build else NOTHING,
        seconds(row.scan),
        seconds(row.whole),
        megabytes(row.whole),
        seconds(row.check),
        megabytes(row.check),
        f"{row.found.recall:.4f}" if row.found else NOTHING,
        f"{row.found.precision:.4f}" if row.found else NOTHING,
    ]


def test_side_by_side(ours: Ours, given: Given, truth: Truth) -> None:
    """Less time than rensa takes to verified pairs; what is near is listed, and nothing else."""
    yardstick = alternating(RUNS, imports)[0]
    own = measure_ours(ours, given, truth)
    others = [measured_or_missing(*other, given, truth) for other in OTHERS]
    print(f"\n\n{ours.files} documents of {ours.characters / 1e6:.1f} M characters,", end=" ")
    print(f"{len(truth.paragraphs)} paragraphs; {len(truth.numbers)} of {LEAST_CHARACTERS} and more", end=" ")
    print(f"({given.characters / 1e6:.1f} M), {len(truth.pairs)} pairs of them at Jaccard ≥ {THRESHOLD}.")
    print(f"{machine()}; `import numpy, click` {yardstick * 1000:.0f} ms.\n")
    head = ("", "build", "M chars/s", "scan", "both", "memory", "check", "memory", "recall", "precision")
    lines = [line(own, ours.characters), *(line(other, given.characters) for other in others)]
    print(table(head, lines))
    assert own.found
    assert own.found.recall >= LEAST_RECALL
    assert own.found.precision == 1.0
    for other in others:
        if other.name.startswith("rensa") and other.whole:
            assert ours.scan.seconds < other.whole.seconds


@pytest.fixture(scope="module")
def large(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Ours:
    usual = 1_000_000 if os.environ.get("DEDUP_BENCH_CORPUS") else 100_000
    paragraphs = int(os.environ.get("DEDUP_BENCH_PARAGRAPHS") or usual)
    place = tmp_path_factory.mktemp("large")
    write(source, place / "corpus", paragraphs)
    return build_and_scan(place / "corpus", place)


def test_build_and_scan_at_scale(large: Ours, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Many times as fast as datasketch from the same paragraphs, in little memory."""
    yardstick = alternating(RUNS, imports)[0]
    with opened(large.settings, tmp_path_factory.mktemp("sketches"), THRESHOLD) as collection:
        paragraphs = collection.paragraphs
        sample = folded_texts(collection, np.arange(0, len(collection), max(1, len(collection) // SAMPLE)))
    lines = write_lines(tmp_path_factory.mktemp("given") / "sample.jsonl", sample)
    version = interpreter("datasketch")[1]
    rate, normalised = large.written / large.build.seconds, large.characters / large.build.seconds
    note = f"{rate / 1e6:.1f} M characters/s, {normalised / 1e6:.1f} M normalised"
    rows: list[tuple[str, ...]] = [
        ("build", *figures(large.build, yardstick), note),
        ("scan", *figures(large.scan, yardstick), "after the build; all results written"),
    ]
    datasketch = {}
    for way in ("update", "update_batch"):
        built = phases(run(PEERS / "with_datasketch.py", "build", lines, way))["build"]
        share = paragraphs / len(sample)
        datasketch[way] = whole = Cost(built.seconds * share, 0, built.processor * share)
        note = f"{whole.seconds / large.build.seconds:.0f} × ours by the clock,"
        note += f" {whole.processor / large.build.processor:.0f} × by the processor; in proportion"
        *taken, _ = figures(whole, yardstick)
        rows.append((f"datasketch {version}, `{way}`, {len(sample)} paragraphs", *taken, NOTHING, note))
    print(f"\n\n{large.files} documents of {large.written / 1e6:.1f} M characters,", end=" ")
    print(f"{large.characters / 1e6:.1f} M normalised, {paragraphs} paragraphs.", end=" ")
    print(f"{machine()}; `import numpy, click` {yardstick * 1000:.0f} ms.\n")
    print(table(HEAD, rows))
    assert datasketch["update"].seconds >= LEAST_TIMES_DATASKETCH * large.build.seconds
    assert rate * yardstick >= LEAST_CHARACTERS_BUILT
    assert large.build.megabytes <= MOST_BUILD_MEMORY
    assert large.scan.seconds <= MOST_SCAN * yardstick
    assert large.scan.megabytes <= MOST_SCAN_MEMORY


def test_check_at_scale(source: Path, large: Ours, tmp_path: Path) -> None:
    """Little more than starting Python, however large the corpus is."""
    rows, ratios, memory = [], {}, []
    for name, text in submissions(read_source(source), 0, SUBMISSION):
        path = tmp_path / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        warm = large.check(path)
        checks, yardsticks = alternating(RUNS, partial(large.check, path, look_at_memory=False), imports)
        ratios[name] = checks / yardsticks
        passages = len(json.loads(warm.output)["passages"])
        taken = figures(Cost(checks, warm.megabytes, warm.processor), yardsticks)
        rows.append((f"check, {name}", *taken, f"{passages} passages"))
        memory.append(warm.megabytes)
    print("\n\n" + table(HEAD, rows))
    assert max(memory) <= MOST_CHECK_MEMORY
    for name, ratio in ratios.items():
        assert ratio <= MOST_CHECK[name]


def test_incremental_scan_at_scale(large: Ours, tmp_path: Path) -> None:
    """What came since last night takes little more than starting does, and ends where all of it ends."""
    corpus, one = large.settings.corpus, tmp_path / "one"
    documents = sorted(corpus.rglob("*.txt"))
    came = documents[:: min(100, len(documents))]
    one.mkdir()
    (one / "a.txt").write_text(came[0].read_text(encoding="utf-8"), encoding="utf-8")
    nightly(one, tmp_path / "of one")
    first = nightly(corpus, tmp_path / "nights")
    results = {name: tmp_path / "nights" / "scan" / name for name in (PAIRS, CLUSTERS, DOCUMENTS)}
    contents = {name: path.read_bytes() for name, path in results.items()}
    nights = []
    for _ in range(NIGHTS):
        for number, path in enumerate(came):
            path.rename(tmp_path / str(number))
        nightly(corpus, tmp_path / "nights")
        for number, path in enumerate(came):
            (tmp_path / str(number)).rename(path)
        time.sleep(SETTLED)
        with_new = nightly(corpus, tmp_path / "nights")
        assert contents == {name: path.read_bytes() for name, path in results.items()}
        start, yardstick = nightly(one, tmp_path / "of one"), imports()
        nights.append((with_new, nightly(corpus, tmp_path / "nights"), start, yardstick))
    new, nothing, begun, imported = (median(column) for column in zip(*nights, strict=True))
    share = (new - begun) / first.seconds
    rows = [
        ("scan of a folder never seen, index included", f"{first.seconds:.2f} s", NOTHING),
        (f"after {len(came)} documents came", f"{new:.2f} s", f"{share:.1%} of all of it, and the start"),
        ("when nothing is new", f"{nothing:.2f} s", NOTHING),
        ("of one document: the start", f"{begun:.2f} s", f"{begun / imported:.1f} × the imports"),
    ]
    print("\n\n" + table(("", "time", ""), rows))
    if len(documents) >= LARGE:
        assert share <= MOST_INCREMENT


def figures(cost: Cost, yardstick: float) -> tuple[str, str, str, str]:
    return (
        f"{cost.seconds:,.2f} s",
        f"{cost.seconds / yardstick:,.1f}",
        f"{cost.processor:,.2f} s",
        f"{cost.megabytes:,.0f} MB",
    )
