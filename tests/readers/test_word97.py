"""Word 97 by programs that are played here: what each of them gives of hidden text and of tables is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.readers.here import read_content
from tests.readers.made import docx, paragraph, run
from tests.readers.made_binary import doc_of

_PLAIN = """
前一段文字
|主要做法  |今年以来全县完|
|          |成清淤任务    |
|下一步    |继续加固      |

可见隐藏的字和删去的字完
末段[pic]文字
"""
_MARKED = """
*前一段*文字
|*主要做法*|今年以来全县完|
|          |成清淤任务    |
|下一步    |继续加固      |

可见_和_完
末段[pic]文字
"""
_XML = """
<book><informaltable><tbody><row><entry>
<emphasis role='bold'>主要做法</emphasis>
</entry><entry>
今年以来全县完成清淤任务
</entry></row><row><entry>
下一步
</entry><entry>
继续加固
</entry></row></tbody></informaltable></book>
"""
_ANTIWORD = f"""#!/bin/sh
case "$1" in
-f) cat <<'END'{_MARKED}END
;;
-x) cat <<'END'{_XML}END
;;
*) cat <<'END'{_PLAIN}END
;;
esac
"""


def _program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)


def test_tables_come_cell_by_cell_and_what_is_not_seen_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(tmp_path, "antiword", _ANTIWORD)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert read_content(doc_of("x"), "a.doc").text.split() == [
        "前一段文字",
        "主要做法",
        "今年以来全县完成清淤任务",
        "下一步",
        "继续加固",
        "可见和完",
        "末段文字",
    ]


def test_libreoffice_is_asked_for_what_tells_hidden_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "made.docx"
    made.write_bytes(docx(paragraph(run("看得见") + run("藏着", "<w:vanish/>"))))
    _program(tmp_path, "antiword", "#!/bin/sh\nexit 1\n")
    _program(
        tmp_path,
        "soffice",
        f'#!/bin/sh\nwhile [ "$1" != --outdir ]; do shift; done\ncp {made} "$2/document.docx"\n',
    )
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    reading = read_content(doc_of("x" * 9_000), "a.doc")
    assert (reading.format, reading.text) == ("doc", "看得见\n")
    assert [one.text for one in reading.hidden] == ["藏着"]
    assert [one.code for one in reading.remarks] == ["hidden-text", "converted"]
