"""Coverage-guided fuzzing, by atheris: a target for each reader of ours, normalisation, structure, alignment.

    python tests/fuzz/targets.py NAME -max_total_time=600      one of them, ten minutes
    python tests/fuzz/targets.py all                           the same inputs every time: a minute or two
    python tests/fuzz/targets.py all 600                       new inputs, so many seconds a target

The memory of a run grows by some two kilobytes an input; read without atheris the same inputs leave nothing.
A target fails on anything but a text or an UnreadableInput. What it finds becomes a test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.readers import made

TEXT = "鹿溪县2024年水利工作总结\n今年以来，鹿溪县完成河道清淤三十二公里，新修渠道十一条。\n"

Target = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """One target: how it is made (imports are instrumented meanwhile), where it starts, how far it goes."""

    make: Callable[[], Target]
    seed: bytes
    runs: int
    """Inputs that take about ten seconds."""


# ------------------------------------------------------------------------------------------ readers

READERS = (
    "archive",
    "docx",
    "html",
    "image",
    "layout",
    "mail",
    "odt",
    "ofd",
    "outlook",
    "pdf",
    "plain",
    "rtf",
    "sheets",
)


def _reader(module: str) -> Target:
    """The reader of one format; members inside are read by theirs, which are instrumented too."""
    from dedup.errors import UnreadableInput
    from dedup.readers import read_inside
    from dedup.readers.reading import Budget, Context
    from dedup.settings import ReadingLimits

    for one in READERS:
        import_module(f"dedup.readers.{one}")
    read = import_module(f"dedup.readers.{module}").read
    limits = ReadingLimits(unpacked_bytes=5_000_000, members=200, pages=20, characters=500_000)

    def target(data: bytes) -> None:
        with suppress(UnreadableInput, RecursionError):
            reading = read(data, Context("fuzz", Budget(limits), read_inside))
            if not all(0 <= place.start <= len(reading.text) for place in (*reading.places, *reading.hidden)):
                raise AssertionError("a place outside the text")

    return target


def _document(module: str, vocabulary: Sequence[str], wrap: Callable[[str], bytes]) -> Target:
    """The reader of a package, given documents that are well formed: each byte is a word of its language."""
    target = _reader(module)
    return lambda data: target(wrap(_spoken(data, vocabulary)))


def _spoken(data: bytes, vocabulary: Sequence[str]) -> str:
    """XML of the words that bytes stand for; an element stays open until a byte closes it."""
    pieces: list[str] = []
    open_names: list[str] = []
    for byte in data[:4_000]:
        if byte >= 160:
            if open_names:
                pieces.append(f"</{open_names.pop()}>")
            continue
        word = vocabulary[byte % len(vocabulary)]
        pieces.append(word)
        if word.startswith("<") and not word.endswith("/>") and "</" not in word:
            open_names.append(word[1:-1].split()[0])
    return "".join(pieces) + "".join(f"</{name}>" for name in reversed(open_names))


def _leaf(name: str, **attributes: str) -> str:
    written = "".join(f' w:{key}="{value}"' for key, value in attributes.items())
    return f"<w:{name}{written}/>"


DOCX = (
    *(f"<w:{name}>" for name in ("p", "r", "t", "pPr", "rPr", "tbl", "tr", "tc", "tcPr", "trPr", "tblPr")),
    *(f"<w:{name}>" for name in ("ins", "del", "moveFrom", "moveTo", "sdt", "sdtPr", "sdtContent", "numPr")),
    *(f"<w:{name}>" for name in ("txbxContent", "drawing", "pict", "hyperlink", "fldSimple", "ruby")),
    "<w:rubyBase>", "<mc:AlternateContent>", "<mc:Choice>", "<mc:Fallback>", "<w:instrText>", "字，", "TOC ",
    "<wp:posOffset>", "-20000000", "9", _leaf("vanish"), _leaf("color", val="FFFFFF"), _leaf("sz", val="2"),
    *(_leaf("fldChar", fldCharType=kind) for kind in ("begin", "separate", "end")),
    _leaf("numId", val="1"), _leaf("ilvl", val="8"), _leaf("pStyle", val="a"), _leaf("rStyle", val="a"),
    _leaf("vMerge"), _leaf("tab"), _leaf("br"), _leaf("lastRenderedPageBreak"), _leaf("footnoteReference"),
    _leaf("showingPlcHdr"), _leaf("tblStyle", val="a"), _leaf("altChunk"),
    _leaf("shd", fill="FFFFFF", val="clear"),
)  # fmt: skip
ODT = (
    *(f"<text:{name}>" for name in ("p", "h", "list", "list-item", "span", "a", "note", "note-body")),
    *(f"<text:{name}>" for name in ("ruby", "ruby-base", "table-of-content", "tracked-changes", "section")),
    *(f"<table:{name}>" for name in ("table", "table-row", "table-cell", "covered-table-cell")),
    "<draw:frame>", "<draw:text-box>", '<text:p text:style-name="a">', '<text:span text:style-name="a">',
    "<text:s/>", '<text:s text:c="99999999"/>', "<text:tab/>", "<text:line-break/>", "字，",
    '<text:change-start text:change-id="c"/>', '<text:change-end text:change-id="c"/>',
    "<text:soft-page-break/>",
)  # fmt: skip
OFD = (
    "<ofd:Content>", '<ofd:Layer ID="1">', "<ofd:PageBlock>", "字样", "9", " ",
    '<ofd:TextObject ID="1" Boundary="9 9 99 9" Size="5">', '<ofd:TextCode X="0" Y="5" DeltaX="g 9 5">',
    '<ofd:TextObject Boundary="300 0 5 5" Size="0.1" CTM="1 0 0 1 0 0">',
    '<ofd:TextCode X="-1e9" Y="nan" DeltaY="5 5 5">', '<ofd:FillColor Value="255 255 255"/>',
    '<ofd:ImageObject Boundary="0 0 210 297"/>', '<ofd:PathObject Boundary="0 0 9 9" Fill="true"/>',
    '<ofd:CompositeObject ResourceID="1" Boundary="1 1 1 1"/>', '<ofd:Template TemplateID="0"/>',
)  # fmt: skip


# --------------------------------------------------------------------------------------------- text


def _normalisation() -> Target:
    from dedup.text.evasion import tricks
    from dedup.text.normalize import normalize

    def target(data: bytes) -> None:
        text = data[: len(data) // 2 * 2].decode("utf-16-le", "surrogatepass")
        normalized = normalize(text)
        if len(normalized) and not 0 <= normalized.offsets[0] <= normalized.offsets[-1] < len(text):
            raise AssertionError("an offset outside the text")
        if (
            normalize("".join(map(chr, normalized.codes.tolist()))).codes.tolist()
            != normalized.codes.tolist()
        ):
            raise AssertionError("normalising twice changes something")
        tricks(text[: len(text) // 2], text[len(text) // 2 :])

    return target


def _structure() -> Target:
    from dedup.text.official import official_elements
    from dedup.text.structure import parse

    def target(data: bytes) -> None:
        text = data.decode("utf-8", "replace").replace("\r", "\n")
        paragraphs = parse("fuzz.txt", text).paragraphs
        starts, ends = paragraphs.starts.tolist(), paragraphs.ends.tolist()
        spans = [
            *zip(starts, ends, strict=True),
            *((e.span.start, e.span.end) for e in official_elements(text)),
        ]
        if not all(0 <= start <= end <= len(text) for start, end in spans):
            raise AssertionError("a span outside the text")

    return target


def _alignment() -> Target:
    from dedup.checking import check
    from dedup.index import open_index
    from dedup.settings import Settings
    from dedup.text.structure import parse

    folder = TemporaryDirectory()
    for number in range(3):
        path = Path(folder.name, "corpus", f"{number}.txt")
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            TEXT * 2 + f"其余的话是第{number}份自己的，别处没有第二份这样写。\n", encoding="utf-8"
        )
    index = open_index(path.parent, None, Settings()).__enter__()

    def target(data: bytes, folder: TemporaryDirectory[str] = folder) -> None:
        text = data.decode("utf-8", "replace").replace("\r", "\n")
        report = check(parse("fuzz.txt", text), index, Settings())
        if not all(0 <= one.start < one.end <= len(text) for one in report.passages):
            raise AssertionError("a passage outside the text")

    return target


TARGETS: dict[str, Fuzzed] = {
    "plain": Fuzzed(lambda: _reader("plain"), TEXT.encode("gb18030"), 15_000),
    "html": Fuzzed(lambda: _reader("html"), made.html_of(TEXT), 12_000),
    "mail": Fuzzed(lambda: _reader("mail"), made.eml_of(TEXT, {"a.txt": b"x"}), 6_000),
    "archive": Fuzzed(lambda: _reader("archive"), made.zipped({"a.txt": TEXT}), 2_500),
    "docx": Fuzzed(lambda: _document("docx", DOCX, made.docx), bytes(range(40)) + b"\xff" * 40, 4_000),
    "odt": Fuzzed(lambda: _document("odt", ODT, made.odt), bytes(range(30)) + b"\xff" * 30, 4_000),
    "ofd": Fuzzed(
        lambda: _document("ofd", OFD, lambda page: made.ofd([page, page], {"0": page})),
        bytes((0, 1, 3, 7, 5, 8, 255, 255, 3, 5, 8)), 2_500,
    ),
    "pdf": Fuzzed(lambda: _reader("pdf"), made.pdf_of(TEXT), 3_500),
    "rtf": Fuzzed(lambda: _reader("rtf"), made.rtf_of(TEXT), 30_000),
    "normalisation": Fuzzed(_normalisation, TEXT.encode("utf-16-le"), 40_000),
    "structure": Fuzzed(_structure, TEXT.encode(), 4_000),
    "alignment": Fuzzed(_alignment, (TEXT * 2).encode(), 300),
}  # fmt: skip


# ------------------------------------------------------------------------------------------ running


def main(arguments: list[str]) -> int:
    """Run one target, or all of them one after the other."""
    if arguments[:1] == ["all"]:
        failed = [name for name in TARGETS if _run_apart(name, arguments[1:])]
        print(f"{len(TARGETS) - len(failed)} of {len(TARGETS)} targets survived; failed: {failed or 'none'}")
        return bool(failed)
    import atheris

    fuzzed = TARGETS[arguments[0]]
    with atheris.instrument_imports(include=["dedup"]):
        target = fuzzed.make()
    with TemporaryDirectory() as seeds:
        Path(seeds, "seed").write_bytes(fuzzed.seed)
        atheris.Setup([sys.argv[0], *arguments[1:], seeds], target)
        atheris.Fuzz()
    return 0


def _run_apart(name: str, seconds: Sequence[str]) -> int:
    """Run one target in a process of its own: for some seconds, or with the inputs that a seed gives.

    What a seed gives depends on addresses and hashes too, which are therefore the same every time.
    """
    until = [f"-max_total_time={seconds[0]}"] if seconds else [f"-runs={TARGETS[name].runs}", "-seed=1"]
    options = [*until, "-timeout=60", "-rss_limit_mb=3000", "-verbosity=0"]
    fixed = ["setarch", "-R"] if not seconds and shutil.which("setarch") else []
    command = [*fixed, sys.executable, __file__, name, *options]
    return subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": "0"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
