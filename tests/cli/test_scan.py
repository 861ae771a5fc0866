"""`dedup scan` and `dedup verify` as a keeper of a collection uses them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

ORCHARD = (
    "老果园改造是今年啃下的硬骨头。全镇把三十年树龄以上的低产梨树逐株登记挂牌，请省里的专家蹲点半个月，"
    "砍掉病株两千一百多棵，高接换种四百亩，果农从观望到排着队报名，只用了一个春天。"
)


@pytest.fixture
def copy(corpus: Path) -> Path:
    """A second document with the orchard in it."""
    path = corpus / "2023年抄件.txt"
    path.write_text(f"我镇工作总结\n{ORCHARD}\n", encoding="utf-8")
    return path


def test_nothing_in_common_ends_in_0(dedup: Run, corpus: Path) -> None:
    done = dedup("scan", corpus)
    assert done.returncode == 0, done.stderr
    assert "全库自查" in done.stdout


@pytest.mark.usefixtures("copy")
def test_a_pair_ends_in_1_and_the_page_shows_it(dedup: Run, corpus: Path) -> None:
    dedup("index", corpus)
    done = dedup("scan", corpus)
    assert done.returncode == 1, done.stderr
    assert "2023年抄件.txt" in done.stdout
    assert "老果园改造" in done.stdout
    assert done.stderr == ""


@pytest.mark.usefixtures("copy")
def test_results_are_written_and_json_alone_is_silent(dedup: Run, corpus: Path, tmp_path: Path) -> None:
    output = tmp_path / "结果"
    done = dedup("scan", corpus, "--format", "json", "--output", output)
    assert done.returncode == 1
    assert done.stdout == ""
    assert sorted(path.name for path in output.iterdir()) == [
        "clusters.jsonl",
        "documents.jsonl",
        "duplicates.csv",
        "pairs.jsonl",
        "summary.json",
    ]
    (pair,) = map(json.loads, (output / "pairs.jsonl").read_text(encoding="utf-8").splitlines())
    assert pair["a"]["document"] == "2023年抄件.txt"
    summary = json.loads((output / "summary.json").read_text(encoding="utf-8"))
    assert summary["counts"]["pairs"] == 1
    assert json.loads(dedup("scan", corpus, "--format", "json").stdout)["counts"] == summary["counts"] | {
        "compared_texts": 0
    }


def test_the_next_scan_names_what_came(dedup: Run, corpus: Path) -> None:
    dedup("scan", corpus)
    (corpus / "新抄件.txt").write_text(f"我镇工作总结\n{ORCHARD}\n", encoding="utf-8")
    done = dedup("scan", corpus)
    assert "+ 新抄件.txt" in done.stdout
    assert "新增段落对 1" in done.stdout


def test_a_file_that_cannot_be_read_ends_in_2_and_is_named(dedup: Run, corpus: Path) -> None:
    (corpus / "图.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    done = dedup("scan", corpus)
    assert done.returncode == 2
    assert "图.txt" in done.stdout
    assert "图.txt" in done.stderr


def test_what_is_no_document_is_counted_and_no_error(dedup: Run, corpus: Path, tmp_path: Path) -> None:
    for name in ("一览.tsv", "照片.png", "旧稿.exe", "另一张.png"):
        (corpus / name).write_bytes(b"\0" * 9)
    done = dedup("scan", corpus, "--output", tmp_path / "结果")
    assert done.returncode == 0, done.stderr
    assert ".png (2)" in done.stdout
    summary = json.loads((tmp_path / "结果" / "summary.json").read_text(encoding="utf-8"))
    assert {one["path"] for one in summary["skipped"]} == {"一览.tsv", "照片.png", "旧稿.exe", "另一张.png"}
    assert not any(one["document"] for one in summary["skipped"])


def test_a_document_nobody_can_read_yet_is_an_error(dedup: Run, corpus: Path) -> None:
    (corpus / "总结.docx").write_bytes(b"PK\x03\x04\0\0")
    done = dedup("scan", corpus, "--quiet")
    assert done.returncode == 2
    assert "总结.docx" in done.stderr


def test_quiet_scans_tell_what_is_new_and_nothing_else(dedup: Run, corpus: Path, tmp_path: Path) -> None:
    def night() -> subprocess.CompletedProcess[str]:
        return dedup("scan", corpus, "--quiet", "--output", tmp_path / "结果")

    first = night()
    assert (first.returncode, first.stderr) == (0, "")
    assert "全库自查" in first.stdout
    (corpus / "简报.txt").write_text(
        "简报\n河道清淤三公里，清出的淤泥还田，岸边补种了柳树。\n", encoding="utf-8"
    )
    nothing_repeated = night()
    assert (nothing_repeated.returncode, nothing_repeated.stdout) == (0, "")
    (corpus / "新抄件.txt").write_text(f"我镇工作总结\n{ORCHARD}\n", encoding="utf-8")
    found = night()
    assert found.returncode == 1
    assert "+ 新抄件.txt" in found.stdout
    assert "老果园改造" in found.stdout
    nothing_new = night()
    assert (nothing_new.returncode, nothing_new.stdout, nothing_new.stderr) == (1, "", "")


@pytest.mark.parametrize("form", ["html", "csv", "json"])
def test_quiet_scans_tell_what_is_new_whatever_they_write(
    dedup: Run, corpus: Path, tmp_path: Path, form: str
) -> None:
    def night() -> subprocess.CompletedProcess[str]:
        return dedup("scan", corpus, "--quiet", "--format", form, "--output", tmp_path / "结果")

    night()
    (corpus / "新抄件.txt").write_text(f"我镇工作总结\n{ORCHARD}\n", encoding="utf-8")
    found = night()
    assert (found.returncode, found.stderr) == (1, "")
    assert "+ 新抄件.txt" in found.stdout
    nothing_new = night()
    assert (nothing_new.returncode, nothing_new.stdout, nothing_new.stderr) == (1, "", "")


def test_json_on_standard_output_stays_json_when_quiet(dedup: Run, corpus: Path) -> None:
    done = dedup("scan", corpus, "--quiet", "--format", "json")
    assert json.loads(done.stdout)["counts"]["documents"] == 3


def test_a_group_that_lost_a_paragraph_has_changed_and_is_not_new(dedup: Run, corpus: Path) -> None:
    for name in ("甲", "乙"):
        (corpus / f"{name}.txt").write_text(f"{name}镇工作总结\n{ORCHARD}\n", encoding="utf-8")
    dedup("scan", corpus)
    (corpus / "乙.txt").unlink()
    done = dedup("scan", corpus)
    assert "变动组 1" in done.stdout
    groups = [line for line in done.stdout.splitlines() if line.endswith(("] 变动", "] 新"))]
    assert len(groups) == 2, "as a change, and among those repeated most"
    assert all(line.endswith("变动") for line in groups)


def test_what_the_news_leave_out_is_where_they_say(dedup: Run, corpus: Path, tmp_path: Path) -> None:
    dedup("scan", corpus)
    for number in range(12):
        (corpus / f"抄件{number:02}.txt").write_text(f"{number}镇工作总结\n{ORCHARD}\n", encoding="utf-8")
    output = tmp_path / "结果"
    done = dedup("scan", corpus, "--quiet", "--output", output)
    told = done.stdout.replace("\n", "").replace(" ", "")
    assert f"另有2项，全部记在{output}/summary.json" in told
    assert "--verbose" not in done.stdout, "the next scan would compare with this one"
    summary = json.loads((output / "summary.json").read_text(encoding="utf-8"))
    assert len(summary["since_last_scan"]["new_documents"]) == 12
    for number in range(12):
        (corpus / f"抄件{number:02}.txt").unlink()
    assert "--output" in dedup("scan", corpus, "--quiet").stdout, "where nothing is written nothing is kept"


@pytest.mark.parametrize(("form", "name"), [("html", "report.html"), ("csv", "pairs.csv")])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_of_an_earlier_scan_stands_beside_newer_results(
    dedup: Run, corpus: Path, tmp_path: Path, form: str, name: str, language: str
) -> None:
    output = tmp_path / "结果"
    dedup("scan", corpus, "--format", form, "--output", output, "--lang", language)
    assert (output / name).exists()
    done = dedup("scan", corpus, "--output", output)
    assert not (output / name).exists()
    assert f"--format {form}" in done.stderr
    (output / name).write_text("a,b\n我自己的表\n<title>我的 · 报告</title>\n", encoding="utf-8")
    assert name not in dedup("scan", corpus, "--output", output).stderr
    assert "我自己" in (output / name).read_text(encoding="utf-8"), "what others wrote stays"


def test_a_damaged_record_of_the_last_scan_is_told_of_once(dedup: Run, corpus: Path) -> None:
    dedup("scan", corpus)
    (record,) = (corpus / ".dedup" / "scan").glob("last-*.scan")
    record.write_bytes(record.read_bytes()[:-30])
    (corpus / "新抄件.txt").write_text(f"我镇工作总结\n{ORCHARD}\n", encoding="utf-8")
    checked = dedup("verify", corpus)
    assert "说不出比上次多了什么" in checked.stderr
    done = dedup("scan", corpus, "--quiet")
    assert done.returncode == 1
    assert record.name in done.stderr
    assert "说不出比上次多了什么" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert dedup("scan", corpus, "--quiet").stderr == ""


@pytest.mark.parametrize("threshold", ["0", "1.5", "x"])
def test_a_threshold_that_is_none(dedup: Run, corpus: Path, threshold: str) -> None:
    done = dedup("scan", corpus, "--threshold", threshold)
    assert done.returncode == 2
    assert "--threshold" in done.stderr


def test_two_scans_exclude_each_other_and_checks_go_on(dedup: Run, corpus: Path, copied: Path) -> None:
    dedup("scan", corpus)
    holding = (
        "import sys\n"
        "from dedup.scan.state import locked_folder\n"
        "with locked_folder(sys.argv[1]):\n"
        "    print('locked', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(corpus / ".dedup")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        done = dedup("scan", corpus)
        assert done.returncode == 2
        assert "另一次自查正在进行" in done.stderr
        assert dedup("check", copied, "--corpus", corpus).returncode == 1
        other.communicate("")
    assert dedup("scan", corpus).returncode == 0


def test_no_index_can_be_scanned_without_refreshing(dedup: Run, corpus: Path) -> None:
    done = dedup("scan", corpus, "--no-refresh")
    assert done.returncode == 2
    assert "dedup index" in done.stderr


def test_an_index_of_word_shingles_is_refused_with_a_cure(dedup: Run, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_text('shingle = "word"\nshingle_size = 2\n', encoding="utf-8")
    done = dedup("scan", corpus)
    assert done.returncode == 2
    assert "--index" in done.stderr


def test_verify_finds_a_flipped_byte_and_names_the_file_and_the_cure(dedup: Run, corpus: Path) -> None:
    dedup("scan", corpus)
    intact = dedup("verify", corpus)
    assert intact.returncode == 0, intact.stderr
    assert "完好" in intact.stdout
    index = corpus / ".dedup"
    files = [*(index / "segments").iterdir(), *(index / "scan").glob("*.*")]
    for number, path in enumerate(files):
        original = path.read_bytes()
        altered = bytearray(original)
        altered[(70, len(original) // 2, len(original) - 5)[number % 3]] ^= 4
        path.write_bytes(altered)
        done = dedup("verify", corpus)
        path.write_bytes(original)
        assert done.returncode == 2, path
        assert path.name in done.stderr
        assert re.search("[(（]", done.stderr)


def test_verify_finds_what_the_manifest_did_not_say(dedup: Run, corpus: Path) -> None:
    dedup("index", corpus)
    manifest = corpus / ".dedup" / "manifest.json"
    original = manifest.read_bytes()
    place = original.index(b'"documents":') + len('"documents":')
    manifest.write_bytes(original[:place] + b"9" + original[place + 1 :])
    done = dedup("verify", corpus)
    assert done.returncode == 2
    assert "manifest.json" in done.stderr
    assert "--rebuild" in done.stderr
    manifest.write_bytes(original)
    assert dedup("verify", corpus).returncode == 0


def recipe(repository: Path, name: str, language: str, folder: Path) -> str:
    """A recipe of the guide, made to run this program in a folder for the test."""
    readme = (repository / "dedup" / "guide" / "zh" / "keeper.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- {name} -->\n```{language}\n(.*?)```", readme, re.DOTALL)
    assert found
    return found[1].replace("/srv/", f"{folder}/")


def test_the_line_for_cron_speaks_when_there_is_something_to_say(
    dedup: Run, corpus: Path, copy: Path, repository: Path, tmp_path: Path
) -> None:
    mail_to, encoding, line = recipe(repository, "cron", "cron", tmp_path).splitlines()
    assert mail_to.startswith("MAILTO=")
    # Without it cron goes by the locale of its daemon, and calls Chinese in a plain one US-ASCII.
    assert encoding == 'CONTENT_TYPE="text/plain; charset=UTF-8"'
    command = line.split(maxsplit=5)[5].replace(f"{tmp_path}/corpus", str(corpus))
    program = f"cd {repository} && {sys.executable} -m dedup"
    command = command.replace(f"{tmp_path}/dedup/.venv/bin/dedup", program)

    def night() -> subprocess.CompletedProcess[str]:
        # As cron runs it: by /bin/sh, with next to no environment; what it prints is mailed.
        environment = {"PATH": "/usr/bin:/bin"}
        shell = ["/bin/sh", "-c", command]
        return subprocess.run(
            shell, env=environment, check=False, capture_output=True, text=True, encoding="utf-8"
        )

    first, second = night(), night()
    assert (first.returncode, first.stderr) == (1, "")
    assert "全库自查" in first.stdout
    assert (second.returncode, second.stdout + second.stderr) == (1, "")
    assert (tmp_path / "scan" / "pairs.jsonl").exists()
    copy.unlink()
    third = night()
    assert third.returncode == 0
    assert f"- {copy.name}" in third.stdout


@pytest.mark.skipif(
    which("systemd-analyze") is None, reason="needs systemd-analyze (apt-get install systemd)"
)
def test_the_units_for_systemd_are_sound(repository: Path, tmp_path: Path) -> None:
    program = tmp_path / "dedup" / ".venv" / "bin" / "dedup"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    units = [tmp_path / "dedup-scan.service", tmp_path / "dedup-scan.timer"]
    for unit in units:
        text = recipe(repository, unit.suffix[1:], "ini", tmp_path)
        assert "scan" in text or "OnCalendar" in text
        unit.write_text(text, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", *units], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
