"""Coverage-guided fuzzing, by atheris: a target for each reader of ours, normalisation, structure, alignment.

    python tests/fuzz/targets.py NAME -max_total_time=600      one of them, ten minutes
    python tests/fuzz/targets.py all 10                        each for ten seconds, one after the other

A target fails on anything but a text or an UnreadableInput. What it finds becomes a test.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

from dedup.errors import UnreadableInput
from tests.readers import made

TEXT = "鹿溪县2024年水利工作总结\n今年以来，鹿溪县完成河道清淤三十二公里，新修渠道十一条。\n"


def _reader(module: str) -> Callable[[bytes], None]:
    from importlib import import_module

    from dedup.readers import read_inside
    from dedup.readers.reading import Budget, Context
    from dedup.settings import ReadingLimits

    read = import_module(f"dedup.readers.{module}").read
    limits = ReadingLimits(unpacked_bytes=5_000_000, members=200, pages=20, characters=500_000)

    def target(data: bytes) -> None:
        with suppress(UnreadableInput, RecursionError):
            read(data, Context("fuzz", Budget(limits), read_inside))

    return target


def _inside(module: str, entry: str, wrap: Callable[[bytes], bytes]) -> Callable[[bytes], None]:
    """The reader of a package, given the bytes as one entry: zip files hardly ever come about by chance."""
    target = _reader(module)
    return lambda data: target(wrap(data))


def _normalisation(data: bytes) -> None:
    from dedup.text.normalize import normalize

    normalize(data.decode("utf-16-le", "surrogatepass") if len(data) % 2 == 0 else data.decode("latin-1"))


def _structure(data: bytes) -> None:
    from dedup.text.structure import parse

    parse("fuzz.txt", data.decode("utf-8", "replace"))


def _alignment(data: bytes) -> None:
    from tests.corpora import checked

    text = data.decode("utf-8", "replace").replace("\r", "\n")
    half = len(text) // 2
    checked(text[:half], {"a.txt": text[half:] or "空"})


TARGETS: dict[str, tuple[Callable[[], Callable[[bytes], None]], bytes]] = {
    "plain": (lambda: _reader("plain"), TEXT.encode("gb18030")),
    "html": (lambda: _reader("html"), made.html_of(TEXT)),
    "mail": (lambda: _reader("mail"), made.eml_of(TEXT, {"a.txt": b"x"})),
    "archive": (lambda: _reader("archive"), made.zipped({"a.txt": TEXT})),
    "docx": (
        lambda: _inside("docx", "word/document.xml", lambda data: made.zipped({"word/document.xml": data})),
        (
            f'<w:document xmlns:w="{made.W}"><w:body>{made.paragraph(made.run("字"))}</w:body></w:document>'
        ).encode(),
    ),
    "odt": (
        lambda: _inside("odt", "content.xml", lambda data: made.zipped({"content.xml": data})),
        b'<o:d xmlns:o="o" xmlns:t="t"><o:body><o:text><t:p>x</t:p></o:text></o:body></o:d>',
    ),
    "ofd": (
        lambda: _inside("ofd", "Pages/P0.xml", lambda data: made.ofd([data.decode("utf-8", "ignore")])),
        made.on_layer(made.ofd_text("正文", 30, 50)).encode(),
    ),
    "pdf": (lambda: _reader("pdf"), made.pdf_of(TEXT)),
    "rtf": (lambda: _reader("rtf"), made.rtf_of(TEXT)),
    "normalisation": (lambda: _normalisation, TEXT.encode("utf-16-le")),
    "structure": (lambda: _structure, TEXT.encode()),
    "alignment": (lambda: _alignment, (TEXT * 2).encode()),
}


def main(arguments: list[str]) -> int:
    """Run one target, or all of them for some seconds each."""
    if arguments[:1] == ["all"]:
        seconds = arguments[1] if len(arguments) > 1 else "10"
        failed = [name for name in TARGETS if _run_apart(name, seconds)]
        print(f"{len(TARGETS) - len(failed)} of {len(TARGETS)} targets survived; failed: {failed or 'none'}")
        return bool(failed)
    import atheris

    make, seed = TARGETS[arguments[0]]
    with atheris.instrument_imports(include=["dedup"]):
        target = make()
    with TemporaryDirectory() as seeds:
        Path(seeds, "seed").write_bytes(seed)
        atheris.Setup([sys.argv[0], *arguments[1:], seeds], target)
        atheris.Fuzz()
    return 0


def _run_apart(name: str, seconds: str) -> int:
    options = [f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=1200", "-verbosity=0"]
    return subprocess.run([sys.executable, __file__, name, *options], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
