"""Ours beside datasketch, rensa, text-dedup and datatrove, in one run: build, check and scan.

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
import platform
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dedup.index.contents import open_with_files
from dedup.readers import read
from dedup.scan.collection import Collection
from dedup.settings import Settings
from dedup.text.folding import as_text
from dedup.text.normalize import normalize
from tests.bench.environments import Missing, interpreter
from tests.bench.exact_join import Found, Truth, opened
from tests.bench.measuring import IMPORTS, Cost, alternating, run
from tests.bench.recombined import document, read_source, submissions, write

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

NOTHING = "–"
Row = Sequence[str]


@dataclass(frozen=True)
class Measured:
    """A line of the first table; what a system does not do, or was not asked for, is None."""

    name: str
    build: Cost | None = None
    scan: Cost | None = None
    whole: Cost | None = None
    """From paragraphs to pairs, building included."""
    check: Cost | None = None
    found: Found | None = None


@dataclass(frozen=True)
class Ours:
    """A corpus and what our own commands did with it."""

    settings: Settings
    files: int
    characters: int
    """Normalised, of all files."""
    build: Cost
    scan: Cost
    results: Path

    def check(self, submission: Path, *, look_at_memory: bool = True) -> Cost:
        """A check as somebody waits for it, of the index as it is."""
        command = ["check", submission, "--format", "json", "--no-refresh", "--fail-over", "1"]
        return dedup(self.settings, *command, look_at_memory=look_at_memory)


def dedup(settings: Settings, *arguments: object, look_at_memory: bool = True) -> Cost:
    corpus = ["--corpus", settings.corpus] if arguments[0] == "check" else [settings.corpus]
    command = ["-m", "dedup", *arguments, *corpus, "--index", settings.index]
    statuses = (0, 1, 2)  # 2, too, where a file of the corpus cannot be read
    return run(*command, statuses=statuses, look_at_memory=look_at_memory)


def build_and_scan(corpus: Path, place: Path) -> Ours:
    settings = replace(Settings(), corpus=corpus, index=place / "index")
    built = dedup(settings, "index", "--rebuild", "--quiet")
    scanned = dedup(settings, "scan", "--full", "--no-refresh", "--quiet", "--output", place / "scan")
    index, rows = open_with_files(corpus, settings.index, settings)
    index.close()
    characters = sum(row.characters for row in rows)
    return Ours(settings, len(rows), characters, built, scanned, place / "scan")


@pytest.fixture(scope="module")
def source() -> Path:
    return Path(os.environ.get("DEDUP_BENCH_CORPUS") or Path(__file__).parents[2] / "corpus")


@pytest.fixture(scope="module")
def ours(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Ours:
    place = tmp_path_factory.mktemp("ours")
    if not os.environ.get("DEDUP_BENCH_CORPUS"):
        write(source, place / "corpus", SMALL)
        source = place / "corpus"
    return build_and_scan(source, place)


@dataclass(frozen=True)
class Given:
    """What the others are given: JSON lines with `text`, and a folder to work in."""

    folder: Path
    folded: Path
    original: Path
    """The same paragraphs, with punctuation."""
    submission: Path
    """The document to check; as lines, folded, in `submission_lines`."""
    submission_lines: Path
    characters: int


@pytest.fixture(scope="module")
def truth(ours: Ours, tmp_path_factory: pytest.TempPathFactory) -> Truth:
    with opened(ours.settings, tmp_path_factory.mktemp("sketches"), THRESHOLD) as collection:
        return Truth(collection, THRESHOLD, LEAST_CHARACTERS)


@pytest.fixture(scope="module")
def given(source: Path, ours: Ours, truth: Truth, tmp_path_factory: pytest.TempPathFactory) -> Given:
    folder = tmp_path_factory.mktemp("given")
    submission = folder / "submission.txt"
    sentences = read_source(source)
    submission.write_text("".join(document(sentences, 1, n) for n in range(4))[:SUBMISSION], "utf-8")
    lines = (as_text(normalize(line).codes) for line in read(submission).splitlines())
    chosen = truth.numbers
    with opened(ours.settings, tmp_path_factory.mktemp("sketches"), THRESHOLD) as collection:
        folded = folded_texts(collection, truth.paragraphs.text[chosen])
    originals, texts = [], {}
    for file, start, end in zip(
        truth.paragraphs.file[chosen].tolist(),
        truth.paragraphs.start[chosen].tolist(),
        truth.paragraphs.end[chosen].tolist(),
        strict=True,
    ):
        if file not in texts:  # paragraphs are ordered by file
            texts = {file: read(ours.settings.corpus / truth.paths[file])}
        originals.append(texts[file][start:end])
    return Given(
        folder,
        write_lines(folder / "folded.jsonl", folded),
        write_lines(folder / "original.jsonl", originals),
        submission,
        write_lines(folder / "submission.jsonl", [line for line in lines if line]),
        sum(map(len, folded)),
    )


def folded_texts(collection: Collection, texts: np.ndarray) -> list[str]:
    codes, starts = collection.codes(texts)
    borders = starts.tolist()
    written = as_text(codes)
    return [written[begin:end] for begin, end in pairwise(borders)]


def write_lines(path: Path, texts: Sequence[str]) -> Path:
    with path.open("w", encoding="utf-8") as lines:
        for number, text in enumerate(texts):
            lines.write(json.dumps({"id": str(number), "text": text}, ensure_ascii=False) + "\n")
    return path


def phases(cost: Cost) -> dict[str, Cost]:
    """What a peer that is one process said of itself; starting the interpreter is not in it."""
    said = json.loads(cost.output.splitlines()[-1])
    return {name: Cost(**phase) for name, phase in said.items()}


def measure_ours(ours: Ours, given: Given, truth: Truth) -> Measured:
    checks = [ours.check(given.submission, look_at_memory=False) for _ in range(RUNS)]
    seconds = float(np.median([cost.seconds for cost in checks]))
    return Measured(
        "dedup",
        ours.build,
        ours.scan,
        Cost(ours.build.seconds + ours.scan.seconds, max(ours.build.megabytes, ours.scan.megabytes)),
        Cost(seconds, ours.check(given.submission).megabytes),
        truth.judge_results(ours.results),
    )


def measure_lists(system: str, way: str, name: str, given: Given, truth: Truth) -> Measured:
    """A library that keeps an index and names pairs."""
    python, version = interpreter(system)
    program, pairs, index = PEERS / f"with_{system}.py", given.folder / "pairs", given.folder / "kept"
    said = phases(run(program, "scan", given.folded, pairs, index, way, python=python))
    build, scan = said["build"], said["scan"]
    one, other = numbers_in(pairs)
    checks = [run(program, "check", index, given.submission_lines, python=python) for _ in range(3)]
    return Measured(
        f"{system} {version}, {name}",
        build,
        scan,
        Cost(build.seconds + scan.seconds, scan.megabytes),
        Cost(float(np.median([cost.seconds for cost in checks])), checks[0].megabytes),
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
    found = truth.judge_clusters(truth.numbers[(members := numbers_in(clusters))[0]], members[1])
    return Measured(f"{system} {version}, {name}", whole=whole, found=found)


def numbers_in(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """The two columns of a file of numbers."""
    numbers = np.array(path.read_text(encoding="ascii").split(), dtype=np.int64).reshape(-1, 2)
    return numbers[:, 0], numbers[:, 1]


def measured_peers(given: Given, truth: Truth) -> list[Measured]:
    """The others, in the order of the table; of what is missing only the reason."""
    lists: list[tuple[Callable[..., Measured], str, str, str]] = [
        (measure_lists, "datasketch", "documented", "threshold 0.7, as documented"),
        (measure_lists, "datasketch", "verified", "threshold 0.5, pairs verified"),
        (measure_lists, "rensa", "single", "32 bands, pairs verified, text by text"),
        (measure_lists, "rensa", "batch", "32 bands, pairs verified, all at once"),
        (measure_clusters, "text-dedup", "given", "as it comes"),
        (measure_clusters, "text-dedup", "spaced", "characters spaced"),
        (measure_clusters, "datatrove", "given", "as it comes (words by jieba)"),
        (measure_clusters, "datatrove", "characters", "tokenizer of characters"),
    ]
    rows = []
    for measure, system, way, name in lists:
        try:
            rows.append(measure(system, way, name, given, truth))
        except (Missing, RuntimeError) as error:
            rows.append(Measured(f"{system}, {name}: {error}"))
    return rows


def test_side_by_side(ours: Ours, given: Given, truth: Truth) -> None:
    """Less time than rensa takes to verified pairs; what is near is listed, and nothing else."""
    own, *peers = rows = [measure_ours(ours, given, truth), *measured_peers(given, truth)]
    print(f"\n\n{ours.files} documents of {ours.characters / 1e6:.1f} M characters,", end=" ")
    print(f"{len(truth.paragraphs)} paragraphs; {len(truth.numbers)} of {LEAST_CHARACTERS} and more", end=" ")
    print(f"({given.characters / 1e6:.1f} M), {len(truth.pairs)} pairs of them at Jaccard ≥ {THRESHOLD}.")
    print(f"{machine()}.\n")
    head = ("", "build", "M chars/s", "scan", "both", "memory", "check", "memory", "recall", "precision")
    sizes = [ours.characters, *[given.characters] * len(peers)]
    print(table(head, [line(row, size) for row, size in zip(rows, sizes, strict=True)]))
    assert own.found
    assert own.found.recall >= LEAST_RECALL
    assert own.found.precision == 1.0
    assert own.scan
    for peer in peers:
        if peer.name.startswith("rensa") and peer.whole:
            assert own.scan.seconds < peer.whole.seconds


def line(row: Measured, characters: int) -> Row:
    def seconds(cost: Cost | None) -> str:
        return f"{cost.seconds:.2f} s" if cost else NOTHING

    def megabytes(cost: Cost | None) -> str:
        return f"{cost.megabytes:.0f} MB" if cost else NOTHING

    return (
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
    )


def table(head: Row, rows: Sequence[Row]) -> str:
    ruled = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in ruled)


def machine() -> str:
    """Processor, cores, memory and the Python that runs ours."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    name = model.group(1) if model else platform.machine()
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}"
    return f"{name}, {os.cpu_count()} cores, {gigabytes:.0f} GB, {sys.platform}, {versions}"


@pytest.fixture(scope="module")
def large(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Ours:
    usual = 1_000_000 if os.environ.get("DEDUP_BENCH_CORPUS") else 100_000
    paragraphs = int(os.environ.get("DEDUP_BENCH_PARAGRAPHS") or usual)
    place = tmp_path_factory.mktemp("large")
    write(source, place / "corpus", paragraphs)
    return build_and_scan(place / "corpus", place)


def test_at_scale(source: Path, large: Ours, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Many times as fast as datasketch; a check costs little more than starting Python."""
    place = tmp_path_factory.mktemp("scale")
    imports = alternating(RUNS, lambda: run(*IMPORTS, look_at_memory=False))[0]
    build, scan = large.build, large.scan
    with opened(large.settings, tmp_path_factory.mktemp("sketches"), THRESHOLD) as collection:
        paragraphs = collection.paragraphs
        step = max(1, len(collection) // SAMPLE)
        sample = folded_texts(collection, np.arange(0, len(collection), step))
    lines = write_lines(place / "sample.jsonl", sample)

    def cost(name: str, cost: Cost, note: str) -> Row:
        times = f"{cost.seconds / imports:.1f}"
        return name, f"{cost.seconds:.2f} s", times, f"{cost.megabytes:.0f} MB", note

    rate = large.characters / build.seconds
    rows = [cost("build", build, f"{rate / 1e6:.1f} M characters/s")]
    datasketch = {}
    version = interpreter("datasketch")[1]
    for way in ("update", "update_batch"):
        measured = phases(run(PEERS / "with_datasketch.py", "build", lines, way))["build"]
        datasketch[way] = Cost(measured.seconds * paragraphs / len(sample), float("nan"))
        note = (
            f"{datasketch[way].seconds / build.seconds:.0f} × ours; {len(sample)} paragraphs, in proportion"
        )
        row = cost(f"build, datasketch {version}, `{way}`", datasketch[way], note)
        rows.append((*row[:3], NOTHING, row[4]))
    rows.append(cost("scan", scan, "after the build, all results written"))
    checks = {}
    for name, text in submissions(read_source(source), 0, SUBMISSION):
        path = place / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        warm = large.check(path)
        seconds, beside = alternating(
            RUNS,
            lambda path=path: large.check(path, look_at_memory=False),
            lambda: run(*IMPORTS, look_at_memory=False),
        )
        checks[name] = (seconds / beside, warm.megabytes)
        passages = len(json.loads(warm.output)["passages"])
        row = cost(f"check, {name}", Cost(seconds, warm.megabytes), f"{passages} passages")
        rows.append((*row[:2], f"{seconds / beside:.1f}", *row[3:]))
    print(f"\n\n{large.files} documents of {large.characters / 1e6:.1f} M characters,", end=" ")
    print(f"{paragraphs} paragraphs. {machine()}; `import numpy, click` {imports * 1000:.0f} ms.\n")
    print(table(("", "time", "× the imports", "memory", ""), rows))
    assert datasketch["update"].seconds >= LEAST_TIMES_DATASKETCH * build.seconds
    assert rate * imports >= LEAST_CHARACTERS_BUILT
    assert build.megabytes <= MOST_BUILD_MEMORY
    assert scan.seconds <= MOST_SCAN * imports
    assert scan.megabytes <= MOST_SCAN_MEMORY
    for name, (times, megabytes) in checks.items():
        assert times <= MOST_CHECK[name]
        assert megabytes <= MOST_CHECK_MEMORY
