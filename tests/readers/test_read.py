from __future__ import annotations

import os
from pathlib import Path

import pytest

from dedup.errors import MissingInput, UndecodableInput, UnreadableInput, UnsupportedInput
from dedup.readers import is_registered, read, read_text


@pytest.mark.parametrize("name", ["总结.txt", "总结.TXT", "总结.md", "总结.text", "总结"])
def test_plain_text_is_read_whatever_its_suffix_is_called(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes("\ufeff工作总结\r\n".encode())
    assert is_registered(path)
    assert read_text(path) == read(str(path)).text == "工作总结\n"


def test_an_empty_file_is_an_empty_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    assert read(tmp_path / "a.txt").text == ""


@pytest.mark.parametrize("name", ["没有.txt", "没有.docx"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(MissingInput, match="no such file") as caught:
        read(tmp_path / name)
    assert name in str(caught.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match="is a folder"):
        read(tmp_path)


def test_a_format_without_reader_is_refused_with_a_cure(tmp_path: Path) -> None:
    (tmp_path / "总结.mdb").write_bytes(b"PK\x03\x04")
    assert not is_registered("总结.mdb")
    with pytest.raises(UnsupportedInput, match=r"no reader for \.mdb files") as caught:
        read(tmp_path / "总结.mdb")
    assert ".docx" in str(caught.value.cure)


def test_undecodable_bytes_are_reported_with_the_path(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc\xff\xff\xff")
    with pytest.raises(UndecodableInput) as caught:
        read(path)
    assert caught.value.what == str(path)


@pytest.mark.skipif(os.name != "posix", reason="permissions are set the POSIX way")
def test_a_file_that_may_not_be_read_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("工作总结", encoding="utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("the superuser may read everything")
    with pytest.raises(UnreadableInput, match="may not be read"):
        read(path)
